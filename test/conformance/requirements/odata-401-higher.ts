import { may, must, type Section, should } from "../requirement.ts";

/** OData Protocol 12.2.2. */
export const odata401Intermediate: Section = {
  title: "OData 4.01 Intermediate",
  source: "OData Protocol 4.01, section 12.2.2.",
  requirements: [
    must(
      "1",
      "It is a service of 4.01 of the minimal level.",
      ["conformance/reading > %s means the same with and without the dollar sign, in any case"],
      "Each part of that level is shown above.",
    ),
    must(
      "2",
      "It is a service of 4.0 of the intermediate level.",
      ["odata/query/options > $select shows what it names, and the key"],
      "Each part of that level is shown above.",
    ),
    must(
      "3",
      "A navigation to one entity is compared with null.",
      ["conformance/model > every navigation leads to a collection, so no single reference is there to be put"],
      "There is no navigation to a single entity.",
    ),
    must("4", "in", ["odata/query/filter > in", "odata/query/filter > in with null", "odata/query/filter > not in"]),
    must("5", "$select within $select", [
      "conformance/reading > a complex property is selected with the options of its own $select",
    ]),
    should("6", "The count of a collection that is filtered, in expressions", [
      "odata/query/filter > operations: the count of a filtered navigation",
    ]),
    should(
      "7",
      "Complex values and collections are compared as wholes.",
      ["odata/query/filter > a complex value that was sent", "odata/query/filter > two complex values"],
      "Collections that are compared are answered 501.",
    ),
    should("8", "$compute", ["odata/query/compute > it may be filtered and ordered by, and counted"]),
    should("9", "Other options within $select", ["odata/query/select-items > %s chooses the items that are shown"]),
    may("10", "Aliases are given values within $select and $expand.", [], "Nothing needs it."),
    may("11", "/$filter as a segment of the path", [
      "server/resource-paths > what follows a filter in the path leads to pages as well",
    ]),
  ],
};

/** OData Protocol 12.2.3. */
export const odata401Advanced: Section = {
  title: "OData 4.01 Advanced",
  source: "OData Protocol 4.01, section 12.2.3.",
  requirements: [
    must(
      "1",
      "It is a service of 4.01 of the intermediate level.",
      ["odata/query/filter > in"],
      "Each part of that level is shown above.",
    ),
    must(
      "2",
      "It is a service of 4.0 of the advanced level.",
      ["server/batch-multipart > answers each request in the order received, as it would be answered alone"],
      "Each part of that level is shown above.",
    ),
    must("3a", "The count of a collection that is filtered", [
      "odata/query/filter > operations: the count of a filtered navigation",
    ]),
    must("3b", "The count of a collection that is searched", [
      "odata/query/filter > operations: the count of a searched navigation",
    ]),
    must("4", "$compute", [
      "odata/query/compute > a computed value is shown with the entity, and the context lists it",
    ]),
    must("5a", "$filter within $select", [
      "odata/query/select-items > $filter chooses the items that are shown",
      "odata/query/select-items > $filter that looks at the entity chooses the items that are shown",
    ]),
    should(
      "5b",
      "$orderby, $count, $top, $skip and $search within $select",
      [
        "odata/query/select-items > all of them chooses the items that are shown",
        "odata/query/select-items > $count tells how many are left by the filter, whatever is shown of them",
      ],
      "There is nothing to $search in a collection of texts.",
    ),
    must("6", "$metadata comes as CSDL JSON.", [
      "odata/metadata > is valid against the JSON Schema of OASIS",
      "server/documents > comes as JSON when it is asked for with '%s' and Accept %s",
    ]),
    must("7", "$batch in both formats", [
      "server/batch-json > answers each request as it would be answered alone",
      "server/batch-multipart > answers each request in the order received, as it would be answered alone",
      "server/batch-json > answers in multipart when that is what is accepted",
      "server/batch-multipart > is answered in JSON when that is what is accepted",
    ]),
    should("8", "/$filter as a segment of the path", [
      "server/resource-paths > what follows a filter in the path leads to pages as well",
    ]),
    should("9", "Aliases are given values within $select and $expand.", [], "Nothing needs it."),
    may("10", "Identifiers of paths are understood in any case.", [
      "server/answers > a path may be written as /CUSTOMERS/{active} and is answered 200",
    ]),
  ],
};
