import { may, must, type Section, should } from "../requirement.ts";

/** OData Protocol 12.1.2. */
export const odata40Intermediate: Section = {
  title: "OData 4.0 Intermediate",
  source: "OData Protocol 4.01, section 12.1.2.",
  requirements: [
    must(
      "1",
      "It is a service of the minimal level.",
      ["conformance/reading > the service document names every set, and each of its URLs is a collection"],
      "Each part of that level is shown above.",
    ),
    must("2", "All of the grammar is read, and what is not carried out is answered 501.", [
      "odata/syntax/expression > %s",
      "odata/syntax/option > %s",
      "odata/syntax/search > %s",
      "odata/query/filter > geography is refused",
    ]),
    must("3", "$select", ["odata/query/options > $select shows what it names, and the key"]),
    must(
      "4",
      "Types that are derived may be cast to.",
      [
        "conformance/model > no entity type is derived from one that is served, so there is nothing to cast to",
        "odata/query/filter > a type cast to itself",
      ],
      "There are none; a cast to the type itself is understood.",
    ),
    must("5", "$top", ["conformance/reading > $top=1 means the same with and without the dollar sign, in any case"]),
    must("6", "A raw value is read at /$value.", [
      "server/property-reads > /customers/{active}/externalId/$value is the text crm-1",
      "server/property-writes > PUT of a raw value takes plain text",
    ]),
    must("7a", "$filter with eq and ne", ["odata/query/filter > equality", "odata/query/filter > inequality"]),
    must("7b", "$filter with parameter aliases", ["odata/query/options > a parameter alias stands for its value"]),
    should("7c", "$filter with the other operators; what there is not is answered 501.", [
      "odata/query/filter > and, or and their precedence",
      "odata/query/filter > arithmetic",
      "odata/query/filter > has",
    ]),
    should("7d", "$filter with the canonical functions; what there is not is answered 501.", [
      "odata/query/filter > contains",
      "odata/query/filter > substring of a length",
      "odata/query/filter > parts of an instant",
      "odata/query/filter > round half away from zero",
      "odata/query/filter > a function that is not supported is refused",
    ]),
    should("7e", "$filter on what is expanded", [
      "conformance/reading > an expanded navigation takes $filter=lifecycleState eq 'active' and shows 1",
      "conformance/reading > an expanded navigation takes $filter=lifecycleState eq 'failed' and shows 0",
    ]),
    should("8", "$metadata", ["odata/metadata > is valid against the XML schema of OASIS, in version %s"]),
    should("9", "JSON", ["server/accept > a read that accepts '%s' is answered with JSON"]),
    should(
      "10",
      "Basic authentication over https",
      [],
      "A caller is a partner by the claims of a token of its issuer; a password would need a second way to say who that is.",
    ),
    should("11", "$search", ["odata/query/options > %s finds"]),
    should("12", "$skip", ["odata/query/options > $skip leaves out the first ones"]),
    should("13", "$count", ["odata/query/options > $count counts what the filter leaves, whatever the page"]),
    should("14", "$expand", ["odata/query/options > $expand shows the customer with its operation"]),
    should("15", "any and all over collections", [
      "odata/query/filter > any over texts",
      "odata/query/filter > all over texts",
      "odata/query/filter > operations: any over a navigation",
      "odata/query/filter > operations: all over a navigation",
    ]),
    should("16", "/$count of a collection", ["server/paging > $count of %s is all of the partner's, as plain text"]),
    should("17", "$orderby", [
      "odata/query/options > $orderby puts null below every value and orders texts by code point",
    ]),
  ],
};

/** OData Protocol 12.1.3. */
export const odata40Advanced: Section = {
  title: "OData 4.0 Advanced",
  source: "OData Protocol 4.01, section 12.1.3.",
  requirements: [
    must(
      "1",
      "It is a service of the intermediate level.",
      ["odata/query/options > $select shows what it names, and the key"],
      "Each part of that level is shown above.",
    ),
    must("2", "$metadata comes as CSDL XML.", [
      "server/accept > /$metadata that is to come as '%s' comes as application/xml",
      "odata/metadata > is valid against the XML schema of OASIS, in version %s",
    ]),
    must("3", "JSON", ["server/accept > a read that accepts '%s' is answered with JSON"]),
    must("4", "/$count of a collection, also in expressions", [
      "server/paging > $count of %s is all of the partner's, as plain text",
      "odata/query/filter > operations: the count of a navigation",
    ]),
    must("5", "any and all", [
      "odata/query/filter > operations: any over a navigation",
      "odata/query/filter > operations: all over a navigation",
      "odata/query/filter > operations: any within any",
    ]),
    must("6", "$skip", ["odata/query/options > $skip leaves out the first ones"]),
    must("7", "$count", ["odata/query/options > $count counts what the filter leaves, whatever the page"]),
    must("8", "$orderby, ascending and descending, on several keys", [
      "odata/query/options > $orderby desc puts null last",
      "odata/query/options > walking the next links yields every entity once, in order, whatever the order and the page",
    ]),
    must("9a", "$expand of references", ["odata/query/options > $expand of references and counts"]),
    must("9b", "$filter in $expand", [
      "conformance/reading > an expanded navigation takes $filter=lifecycleState eq 'active' and shows 1",
      "conformance/reading > an expanded navigation takes $filter=lifecycleState eq 'failed' and shows 0",
    ]),
    must(
      "9c",
      "Casts in $expand, where types are derived",
      ["conformance/model > no entity type is derived from one that is served, so there is nothing to cast to"],
      "There are none.",
    ),
    should("9d", "$orderby, $count, $top, $skip and $search in $expand", [
      "conformance/reading > an expanded navigation takes %s and shows %i",
    ]),
    should("9e", "$levels in $expand", [], "No navigation leads back to where it comes from, so there is one level."),
    must("10", "$search", ["odata/query/options > %s finds"]),
    must("11", "$batch in multipart", [
      "server/batch-multipart > answers each request in the order received, as it would be answered alone",
      "server/batch-multipart > carries out a change set as a whole, in which a request uses the result of another",
      "server/batch-network > in multipart, in both directions",
    ]),
    must("12", "The conventions of resource paths", [
      "odata/path > %s leads to %s",
      "odata/syntax/resource-path > %s",
      "server/answers > a path may be written as %s and is answered %i",
    ]),
    should(
      "13",
      "Work that is asked for with respond-async",
      [
        "server/preferences > for a new customer > 'respond-async, return=minimal, wait=10' is answered 204 and applies %s",
      ],
      "It is answered at once, which the standard allows always: see decision 63.",
    ),
    should("14", "Changes are followed by delta.", [
      "onboarding/delta > a later round tells each change once, as it is now, in the order of the last changes",
      "onboarding/delta-replica > is what GET of the set gives, whatever is done while it reads with %s",
    ]),
    should("15", "$crossjoin", [], "The two sets are joined by the navigation from one to the other."),
    may("9f", "$compute in $expand", ["odata/query/compute > an expanded entity has computed values of its own"]),
    may("16", "$compute", [
      "odata/query/compute > a computed value is shown with the entity, and the context lists it",
    ]),
    may("11b", "$batch in JSON", ["server/batch-json > answers each request as it would be answered alone"]),
  ],
};
