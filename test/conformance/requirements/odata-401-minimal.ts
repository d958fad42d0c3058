import { may, must, type Section, should } from "../requirement.ts";

/** OData Protocol 12.2.1. */
export const odata401Minimal: Section = {
  title: "OData 4.01 Minimal",
  source: "OData Protocol 4.01, section 12.2.1. The numbers from 18 on are those of an updatable service.",
  requirements: [
    must(
      "1",
      "It is a service of 4.0 of the minimal level.",
      ["conformance/reading > the service document names every set, and each of its URLs is a collection"],
      "Each part of that level is shown above.",
    ),
    must("2", "Answers come in the JSON format of 4.01 to whom asks for it.", [
      "server/profiles > with OData-MaxVersion %s > control information has the names of that version",
    ]),
    must(
      "3",
      "The result of asynchronous work says AsyncResult.",
      [
        "server/preferences > for a new customer > 'respond-async, return=minimal, wait=10' is answered 204 and applies %s",
      ],
      "Nothing is answered 202: see decision 63.",
    ),
    must("4", "Headers and preferences are understood with and without their prefix.", [
      "conformance/writing > the preference %s is honoured and said to be",
      "conformance/writing > an isolation of %s, with and without prefix, is refused",
    ]),
    must("5", "A $schemaversion that does not fit is refused.", [
      "conformance/reading > an incompatible $schemaversion is refused",
    ]),
    must("6", "Options are understood with and without the dollar sign.", [
      "conformance/reading > %s means the same with and without the dollar sign, in any case",
    ]),
    must("7", "Options, operators and functions are understood in any case.", [
      "conformance/reading > %s means the same with and without the dollar sign, in any case",
      "conformance/reading > the filter startswith(externalId,'crm') and externalId ne 'crm-2' may be written %s",
      "conformance/reading > the filter lifecycleState in ('active') may be written %s",
    ]),
    must("8", "Identifiers come back in the case that the metadata has.", [
      "conformance/model > the names in answers are those of the metadata",
      "conformance/reading > identifiers count in the case that $metadata has",
    ]),
    must("9a", "A text stands for a value of another type where that is compared.", [
      "odata/query/filter > an instant as text",
      "conformance/reading > the filter createdDateTime gt 2020-01-01T00:00:00Z may be written %s",
    ]),
    must("9b", "Enumerations are understood with and without their type.", [
      "conformance/reading > the filter lifecycleState eq 'active' may be written %s",
    ]),
    must("9c", "Durations are understood with and without their type.", [
      "odata/query/filter > a text that stands for a duration",
      "conformance/reading > the filter createdDateTime gt now() sub duration'P1D' may be written %s",
    ]),
    must("9d", "Functions without parameters are understood with and without parentheses.", [
      "onboarding/delta > %s is understood",
    ]),
    must("9e", "Actions are understood without a body and with an empty one.", [
      "onboarding/credentials > are claimed without a body, and with an empty one",
    ]),
    must("9f", "Operations are understood with and without their namespace.", ["onboarding/delta > %s is understood"]),
    must("9g", "Aliases stand for keys and for parameters of functions.", [
      "server/resource-paths > /customers(@key)?@key='{active}' is answered as /customers/{active}",
    ]),
    should("9h", "Parameters of functions are given by implicit aliases.", [
      "rules/asking > %s asks for the rules of Portugal",
    ]),
    should("9i", "A navigation to one entity is compared with null.", [], "Every navigation leads to a collection."),
    should("9j", "in, divby and substring of a negative start", [
      "odata/query/filter > in",
      "odata/query/filter > divby gives fractions",
      "odata/query/filter > substring from the end",
    ]),
    may("9k", "Keys stand in a segment of their own, and in parentheses all the same.", [
      "server/answers > to the key /{active}/ > are the entity",
      "server/answers > to the key ('{active}') > are the entity",
    ]),
    may("9l", "The count of a collection that is filtered, in expressions", [
      "odata/query/filter > operations: the count of a filtered navigation",
    ]),
    may(
      "9m",
      "Complex values and collections are compared as wholes.",
      ["odata/query/filter > a complex value that was sent"],
      "Collections that are compared are answered 501.",
    ),
    should("10", "$metadata comes as CSDL XML and as CSDL JSON.", ["odata/metadata > says the same in XML as in JSON"]),
    should("11", "No two names differ only in case.", [
      "conformance/model > no two names of one thing differ only in case",
    ]),
    should("12", "The versions that are spoken are annotated.", [
      "conformance/model > the versions that are spoken and the capabilities of the service are annotated",
    ]),
    should("13", "The capabilities are annotated.", [
      "conformance/model > the versions that are spoken and the capabilities of the service are annotated",
      "onboarding/delta-offers > the sets whose changes are tracked are those that offer delta",
    ]),
    may("14", "Entities are filtered by the values of annotations.", [], "No entity has annotations of its own."),
    may("15", "$compute", [
      "odata/query/compute > a computed value is shown with the entity, and the context lists it",
    ]),
    may("16", "$search for every collection", [
      "odata/query/options > %s finds",
      "conformance/reading > an expanded navigation takes $search=Fabrikam and shows 1",
    ]),
    may(
      "17",
      "Answers are in 4.01 unless 4.0 is asked for.",
      [],
      "Graph's dialect is 4.0, and its clients send no OData-MaxVersion.",
    ),
    must(
      "18",
      "It is an updatable service of 4.0.",
      ["conformance/writing > an entity is read, changed and deleted at the URL that its creation says"],
      "Each part of that is shown above.",
    ),
    must("19", "A relation is taken away by DELETE of $ref of the member, by its key.", [
      "server/removed-references > by key leave a failed operation, and the customer stays",
    ]),
    should(
      "20",
      "What is within an entity is replaced by PUT.",
      [],
      "Graph's guidelines advise against PUT: a client that does not know a new property would take its value away.",
    ),
    should(
      "21",
      "Related entities are made and changed together with the entity that they belong to.",
      ["server/deep-insert > runs at once, and the answer shows the customer"],
      "They are made together; a change of both at once is answered 501, and a batch does it.",
    ),
    should(
      "22",
      "The references of a collection are replaced and emptied at once.",
      [],
      "A customer is never exchanged on an operation, and is taken off by name: see decisions 1 and 43.",
    ),
    may("23", "Values are added to collections by POST.", [], "The server alone sets the collections there are."),
    may("24", "All of a collection is changed or deleted at once.", [], "Batches do this, whole or not at all."),
    may("25", "The same behind a cast.", [], "There is nothing to cast to."),
    may("26", "A set is changed by what delta would say.", [], "Batches do this, whole or not at all."),
    may("27", "$select and $expand shape the answer of a change.", [
      "conformance/writing > $select shapes the answer of a creation and of a change",
    ]),
  ],
};
