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
    should("7", "Complex values and collections are compared as wholes.", []),
    should("8", "$compute", []),
    should("9", "Other options within $select", []),
    may("10", "Aliases are given values within $select and $expand.", [], "Nothing needs it."),
    may("11", "/$filter as a segment of the path", []),
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
    must("3b", "The count of a collection that is searched", []),
    must("4", "$compute", []),
    must("5a", "$filter within $select", []),
    should("5b", "$orderby, $count, $top, $skip and $search within $select", []),
    must("6", "$metadata comes as CSDL JSON.", []),
    must("7", "$batch in both formats", [
      "server/batch-json > answers each request as it would be answered alone",
      "server/batch-multipart > answers each request in the order received, as it would be answered alone",
      "server/batch-json > answers in multipart when that is what is accepted",
      "server/batch-multipart > is answered in JSON when that is what is accepted",
    ]),
    should("8", "/$filter as a segment of the path", []),
    should("9", "Aliases are given values within $select and $expand.", [], "Nothing needs it."),
    may("10", "Identifiers of paths are understood in any case.", [
      "server/answers > a path may be written as /CUSTOMERS/{active} and is answered 200",
    ]),
  ],
};
