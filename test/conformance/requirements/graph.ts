import { must, type Section, should } from "../requirement.ts";

/** What a reviewer of Microsoft Graph looks for. */
export const graph: Section = {
  title: "Microsoft Graph's guidelines",
  source: "The REST API guidelines that Microsoft publishes for Graph, as far as they concern an API of this kind.",
  requirements: [
    must("1", "Names are in lowerCamelCase.", [
      "conformance/model > every name begins in lower case and holds letters and digits only",
    ]),
    must("2", "Types are singular and sets plural.", [
      "conformance/model > types are named in the singular and their sets in the plural",
    ]),
    must("3", "Names have no redundant words, such as Collection, Response or Request at their end.", [
      "conformance/model > no name ends in what it is: a collection, a response or a request",
    ]),
    must("4", "Instants end in DateTime, days in Date, times of day in Time.", [
      "conformance/model > instants are named as such, and nothing else is",
    ]),
    must(
      "5",
      "Common names are used for common things.",
      ["conformance/model > what is made and changed says when by the names of the common list"],
      "Truth values are named as the drafts have them; our own begin with is.",
    ),
    must("6", "Every entity has one key, a text named id.", [
      "conformance/model > every entity has one key, a text named id, from the common base type",
    ]),
    must("7", "Payloads are JSON objects, and lists stand in value.", [
      "conformance/reading > the context of an answer leads to the metadata, and names what is there",
      "server/paging > a partner with nothing has an empty page and a count of 0",
    ]),
    must(
      "8",
      "@odata.type tells types where they could be mistaken.",
      [
        "conformance/writing > the type of %s may be named as %s",
        "server/properties > types may be named in each of their spellings",
      ],
      "No property has more than one type, so answers need not say it.",
    ),
    must("9", "$select", ["odata/query/options > $select shows what it names, and the key"]),
    must("10", "Lists come in pages with @odata.nextLink, from the first day.", [
      "server/paging > the link to the next page of /%s is absolute, opaque and of the same root",
      "clients/kiota-client > goes through six pages with PageIterator, and each customer comes once",
    ]),
    must("11", "GET reads, POST makes, PATCH changes, DELETE deletes.", [
      "conformance/writing > an entity is read, changed and deleted at the URL that its creation says",
      "server/refusals > %s of %s is answered 405 with the methods that are allowed",
    ]),
    must("12", "Errors are an object whose code is the status in camelCase.", [
      "conformance/faults > the code of a fault is its status in camelCase, but for 401, which clients compare",
      "conformance/faults > 400 unknownProperty: a property that there is not",
    ]),
    must(
      "13",
      "403 says that permissions are missing, 503 that the service is not there; 429 is kept for throttling.",
      [
        "server/permissions > for $method $path > answers 403 to %s, and names what would suffice",
        "store/outage > answers in the shape of an error, lives on, and works again when %s is back",
        "server/throttle > admits as many as it says, refuses the rest, changes nothing for them, and begins anew with the next minute",
      ],
    ),
    must("14", "Enumerations may grow, by unknownFutureValue.", [
      "conformance/model > enumerations may grow: each ends with unknownFutureValue",
    ]),
    must("15", "Functions and actions are bound.", [
      "conformance/model > functions and actions are bound, and none is imported by the container",
    ]),
    must(
      "16",
      "v1.0 breaks nothing that it has once promised.",
      [
        "generated > generated files > generated/metadata.xml is what npm run generate writes",
        "clients/typed-client > compiles under the strict rules of TypeScript, with a program that uses it",
      ],
      "A change of the metadata shows in the review of the generated file. No version has been released yet.",
    ),
    must("17", "Changes are followed by a function delta, which is annotated.", [
      "onboarding/delta-offers > $metadata names the function of each set",
      "onboarding/delta-offers > the sets whose changes are tracked are those that offer delta",
    ]),
    must(
      "18",
      "A relation is a navigation and not a property with a key in it.",
      [
        "conformance/model > every navigation leads to a collection, so no single reference is there to be put",
        "odata/query/options > $expand shows the customer with its operation",
      ],
      "tenantId and associatedPartnerId name things that this API does not serve.",
    ),
    must("19", "Links to the next page and the next round are opaque.", [
      "odata/skip-token > does not show what it was made of",
      "onboarding/delta-refusals > a token %s is answered 410 with where to begin anew",
    ]),
    should("20", "$expand", ["odata/query/options > $expand shows the customer with its operation"]),
    should("21", "$filter with eq and ne", ["odata/query/filter > equality", "odata/query/filter > inequality"]),
    should("22", "$top and $skip", [
      "conformance/reading > $top=1 means the same with and without the dollar sign, in any case",
      "odata/query/options > $skip leaves out the first ones",
    ]),
    should("23", "$count and $orderby", [
      "odata/query/options > $count counts what the filter leaves, whatever the page",
      "odata/query/options > $orderby desc puts null last",
    ]),
    should("24", "PATCH makes what is not there, by a key of the client's.", [
      "server/upsert > creates what is not there, with an operation of its own, as POST does",
    ]),
    should("25", "An alternate key names what infrastructure as code declares.", [
      "server/alternate-keys > GET %s is answered as it is by the id",
    ]),
    should("26", "Long work is a resource with a status rather than an answer 202.", [
      "onboarding/add-customer > the customer is readable at once and active when the operation has succeeded",
      "server/answers > an operation that is running has the Retry-After 1",
    ]),
    should("27", "There is no PUT of entities.", [
      "server/refusals > PUT of %s is answered 405 with the methods that are allowed",
    ]),
    should("28", "404 hides what a caller may not know of.", [
      "server/refusals > %s of a %s%s tells another partner's from nothing in no way",
    ]),
    should("29", "Enumerations stand for texts of which only some are good.", [
      "server/operation-updates > a status that is not known is answered 400 in a PATCH",
    ]),
    should("30", "An entity shows at most twenty properties by default.", [
      "conformance/model > an entity shows no more than twenty properties by default",
    ]),
  ],
};
