import { may, must, type Section, should } from "../requirement.ts";

/** OData Protocol 12.1.1, and what it adds for a service that can be changed. */
export const odata40Minimal: Section = {
  title: "OData 4.0 Minimal",
  source: "OData Protocol 4.01, section 12.1.1. The numbers from 18 on are those of an updatable service.",
  requirements: [
    must("1", "There is a service document at the service root.", [
      "conformance/reading > the service document names every set, and each of its URLs is a collection",
    ]),
    must("2", "Answers come in the JSON format.", [
      "server/accept > a read that accepts '%s' is answered with JSON",
      "conformance/reading > the context of an answer leads to the metadata, and names what is there",
    ]),
    must("3", "A part of a result is given in no other way than in pages that the server cuts.", [
      "server/paging > %s come in pages of 3, each once, in the order of their making",
      "server/paging > a page that ends with the last entity has no next link",
    ]),
    must("4", "Every answer says its OData-Version.", [
      "server/answers > to %s > say who they are, which OData they speak and that they are not to be kept",
    ]),
    must("5", "Accept and OData-MaxVersion are honoured, or the request fails.", [
      "server/accept > a read that accepts only '%s' is answered 406 with what there is",
      "server/accept > %s of %s that accepts only text/html is answered 406",
      "conformance/reading > an OData-MaxVersion below 4.0 is refused, and the least that is spoken is answered",
    ]),
    must("6", "What is not known, and may be there by the rules of extensibility, disturbs nothing.", [
      "conformance/reading > headers, preferences and options that are a client's own change nothing",
      "conformance/writing > annotations that nobody knows are passed over in a body",
      "server/query-options > options that are not OData's, as in '%s', are the client's own affair",
    ]),
    must("7", "Options that are supported are read by the grammar of OData; others are answered 501.", [
      "odata/syntax/option > %s",
      "server/query-options > GET of %s with $apply is answered 501",
    ]),
    must("8", "Payloads are made of the types that the metadata describes.", [
      "conformance/model > every type is one of OData's own or declared here",
      "odata/metadata > is valid against the XML schema of OASIS, in version %s",
    ]),
    must("9", "No client has to understand annotations or headers of our own.", [
      "clients/graph-client > creates, reads, changes, lists, counts and deletes",
      "clients/typed-client > creates, queries, expands, counts, changes and deletes on %s",
    ]),
    must("10", "Nothing goes against the rules by which data is changed.", [
      "server/customer-updates > complex values are merged, and null takes a value away",
      "server/customer-updates > a value of %s, %s, is answered 400 and changes nothing",
      "conformance/writing > an entity is read, changed and deleted at the URL that its creation says",
    ]),
    must("11", "Nothing goes against any other meaning that OData gives.", [
      "odata/query/filter > %s",
      "odata/query/options > walking the next links yields every entity once, in order, whatever the order and the page",
      "clients/kiota-client > creates, reads, changes, lists, counts and deletes",
    ]),
    should("12", "$expand is supported.", ["odata/query/options > $expand shows the customer with its operation"]),
    should("13", "Metadata is published at $metadata.", [
      "server/accept > /$metadata that is to come as '%s' comes as application/xml",
      "server/authentication > anyone may read /$metadata",
    ]),
    must("14", "Headers and preferences are understood in the prefixed form of 4.0.", [
      "conformance/writing > the preference odata.maxpagesize=2 is honoured and said to be",
      "conformance/writing > an isolation of %s, with and without prefix, is refused",
    ]),
    must("15", "Literals of enumerations and durations are understood with their type.", [
      "odata/query/filter > a choice with its type",
      "odata/query/filter > now and durations",
    ]),
    must(
      "16",
      "The result of asynchronous work is given as application/http to clients of 4.0.",
      [
        "server/preferences > for a new customer > 'respond-async, return=minimal, wait=10' is answered 204 and applies %s",
      ],
      "Nothing is answered 202: see decision 63.",
    ),
    may("17", "AsyncResult is given with it.", [], "Nothing is answered 202: see decision 63."),
    must("18", "The edit link of what can be changed is said, or follows from the metadata.", [
      "conformance/writing > an entity is read, changed and deleted at the URL that its creation says",
    ]),
    must("19", "Entities are made by POST to their set.", [
      "conformance/writing > an entity is read, changed and deleted at the URL that its creation says",
      "server/attaching > by the short way > the customer comes back 201 with where it is, and where its operation is",
    ]),
    must("20", "Related entities are made by POST to a navigation that can be changed.", [
      "server/related-posts > is added as by $ref, and shown",
    ]),
    must("21", "Relations are made by POST to $ref of a collection.", [
      "server/references > a reference that is %s adopts the active customer: nothing is provisioned",
      "onboarding/add-customer > the example of the page is answered 204 with where the customer is, and nothing else",
    ]),
    must(
      "22",
      "A relation to one entity is replaced by PUT of $ref.",
      ["conformance/model > every navigation leads to a collection, so no single reference is there to be put"],
      "There is no navigation to a single entity.",
    ),
    must("23", "Entities are changed by PATCH, by what was sent and nothing else.", [
      "server/customer-updates > complex values are merged, and null takes a value away",
      "server/operation-updates > an open operation moves to another domain, and its old one is free",
    ]),
    must("24", "Entities are deleted by DELETE.", [
      "onboarding/deletion > twice, or with its operation, deletes it once",
    ]),
    must("25", "Relations are taken away by DELETE of $ref.", [
      "server/removed-references > %s leave a failed operation, and the customer stays",
    ]),
    must("26", "If-Match is honoured by everything that is given with an entity tag.", [
      "server/preconditions > %s is answered 412, with the present tag",
      "server/preconditions > with a tag that was present before the last change it is answered 412",
    ]),
    must("27", "A creation is answered with Location.", [
      "conformance/writing > a creation without a body in its answer says which entity it made",
      "server/attaching > by the short way > the customer comes back 201 with where it is, and where its operation is",
    ]),
    must("28", "A creation that is answered 204 says OData-EntityId.", [
      "conformance/writing > a creation without a body in its answer says which entity it made",
    ]),
    must("29", "PATCH and PUT make what is not there, where keys are the client's.", [
      "server/upsert > creates what is not there, with an operation of its own, as POST does",
      "server/upsert > changes what is there, and asks for no more than a change does",
    ]),
    should("30", "Single properties are changed by PUT and PATCH.", [
      "server/property-writes > PUT of a primitive property changes it, once in the log, and gives the new %s",
      "server/property-writes > PATCH of a complex property merges",
    ]),
    should("31", "A single property is made null by DELETE.", [
      "server/property-writes > DELETE sets a property to null, and is answered 204 whatever is preferred",
    ]),
    should("32", "Related entities are made together with the entity that they belong to.", [
      "server/deep-insert > runs at once, and the answer shows the customer",
    ]),
    may("33", "Many entities are changed by one request to their set.", [], "Batches do this, whole or not at all."),
  ],
};
