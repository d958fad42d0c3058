import type { EntityType } from "../model/define.ts";
import type { Property } from "../model/kinds.ts";
import { visible } from "../model/visible.ts";
import { supportedFunctions } from "./bind/method.ts";
import type { AnnotationPath, AnnotationRecord, Annotations, AnnotationValue } from "./csdl.ts";
import { mediaTypes } from "./media.ts";
import type { OfferDescription } from "./offer-description.ts";
import { operators } from "./syntax/operators.ts";

type Offers = readonly OfferDescription[];

// What a client names itself by: `openapi.ts` calls it so too.
const schemeName = "bearer";

/** Describes what the whole service can do (OASIS vocabularies Core, Capabilities, Authorization and Repeatability). */
export function describeContainer(offers: Offers): Annotations {
  return {
    "Core.ODataVersions": "4.0 4.01",
    "Core.ConventionalIDs": true,
    "Core.DereferenceableIDs": true,
    "Authorization.Authorizations": [
      { type: "Authorization.Http", record: { Name: schemeName, Scheme: "bearer", BearerFormat: "JWT" } },
    ],
    "Authorization.SecuritySchemes": [{ record: { Authorization: schemeName, RequiredScopes: [] } }],
    "Capabilities.ConformanceLevel": { member: "Advanced", of: "Capabilities.ConformanceLevelType" },
    "Capabilities.SupportedFormats": [
      "application/json;odata.metadata=minimal",
      "application/json;odata.metadata=full",
      "application/json;odata.metadata=none",
    ],
    "Capabilities.SupportedMetadataFormats": [mediaTypes.xml, mediaTypes.plainJson],
    "Capabilities.AsynchronousRequestsSupported": false,
    "Capabilities.KeyAsSegmentSupported": true,
    "Capabilities.QuerySegmentSupported": offers.some(({ path }) => path.endsWith("/$query")),
    "Capabilities.CrossJoinSupported": false,
    "Capabilities.BatchSupported": true,
    "Capabilities.BatchContinueOnErrorSupported": true,
    "Capabilities.BatchSupport": {
      record: {
        Supported: true,
        ContinueOnErrorSupported: true,
        ReferencesInRequestBodiesSupported: true,
        ReferencesAcrossChangeSetsSupported: true,
        EtagReferencesSupported: true,
        RequestDependencyConditionsSupported: false,
        SupportedFormats: [mediaTypes.plainJson, mediaTypes.multipart],
      },
    },
    "Capabilities.FilterFunctions": [...operators.map(({ word }) => word), ...filterForms, ...supportedFunctions],
    "Capabilities.DeepUpdateSupport": { record: { Supported: false } },
    "Repeatability.Supported": true,
  };
}

/** Describes what can be done with an entity set, by the offers that there are for it. */
export function describeSet(type: EntityType, offers: Offers): Annotations {
  const set = `/${type.set}`;
  const entity = `${set}/{id}`;
  const list = findOffer(offers, "GET", set);
  const takes = (option: string) => list?.options.includes(option) === true;
  return {
    "Core.Description": type.description,
    "Capabilities.ReadRestrictions": describeReading(list, findOffer(offers, "GET", entity)),
    "Capabilities.InsertRestrictions": describeInserting(type, findOffer(offers, "POST", set)),
    "Capabilities.DeepInsertSupport": {
      record: { Supported: findOffer(offers, "POST", set)?.related !== undefined, ContentIDSupported: false },
    },
    "Capabilities.UpdateRestrictions": describeUpdating(type, findOffer(offers, "PATCH", entity)),
    "Capabilities.DeleteRestrictions": describeDeleting(findOffer(offers, "DELETE", entity)),
    "Capabilities.CountRestrictions": {
      record: { Countable: takes("count") && findOffer(offers, "GET", `${set}/$count`) !== undefined },
    },
    "Capabilities.IndexableByKey": findOffer(offers, "GET", entity) !== undefined,
    "Capabilities.FilterRestrictions": { record: { Filterable: takes("filter"), RequiresFilter: false } },
    "Capabilities.SortRestrictions": {
      record: { Sortable: takes("orderby"), NonSortableProperties: paths(type, ({ kind }) => kind.kind === "list") },
    },
    "Capabilities.SearchRestrictions": { record: { Searchable: takes("search") } },
    "Capabilities.ExpandRestrictions": {
      record: { Expandable: takes("expand") && Object.keys(type.navigation).length > 0 },
    },
    "Capabilities.SelectSupport": { record: { Supported: takes("select") } },
    "Capabilities.TopSupported": takes("top"),
    "Capabilities.SkipSupported": takes("skip"),
    "Capabilities.ComputeSupported": takes("compute"),
    ...describeChanges(type),
    ...describeNavigation(type, offers),
  };
}

/** Names the permissions of which one suffices for an offer. */
export function describePermissions({ permissions }: OfferDescription): AnnotationValue {
  const scopes = permissions.map((permission) => ({ record: { Scope: permission } }));
  return [{ record: { SchemeName: schemeName, Scopes: scopes } }];
}

// What is no binary operator and no function, and may stand in a filter all the same.
const filterForms = ["not", "any", "all", "case"];

// Members are changed one by one: neither behind a filter nor behind a cast is there a segment `$each`.
const noSegments = { FilterSegmentSupported: false, TypecastSegmentSupported: false };

function findOffer(offers: Offers, method: string, path: string): OfferDescription | undefined {
  return offers.find((each) => each.method === method && each.path === path);
}

function describeReading(list: OfferDescription | undefined, read: OfferDescription | undefined): AnnotationRecord {
  return {
    record: {
      Readable: list !== undefined,
      ...permissionsOf(list),
      ReadByKeyRestrictions: { record: { Readable: read !== undefined, ...permissionsOf(read) } },
    },
  };
}

function describeInserting(type: EntityType, offer: OfferDescription | undefined): AnnotationRecord {
  return {
    record: {
      Insertable: offer !== undefined,
      ...permissionsOf(offer),
      ...queryOptionsOf(offer),
      NonInsertableProperties: paths(type, ({ create }) => create === "computed"),
      RequiredProperties: paths(type, ({ create }) => create === "required"),
    },
  };
}

function describeUpdating(type: EntityType, offer: OfferDescription | undefined): AnnotationRecord {
  return {
    record: {
      Updatable: offer !== undefined,
      Upsertable: offer?.insert !== undefined,
      DeltaUpdateSupported: false,
      UpdateMethod: { member: "PATCH", of: "Capabilities.HttpMethod" },
      ...noSegments,
      ...permissionsOf(offer),
      ...queryOptionsOf(offer),
      NonUpdatableProperties: paths(type, ({ update }) => update === "refused"),
    },
  };
}

function describeDeleting(offer: OfferDescription | undefined): AnnotationRecord {
  return { record: { Deletable: offer !== undefined, ...noSegments, ...permissionsOf(offer) } };
}

/** What delta can do with a set: nothing can be expanded, and a filter may name the properties listed. */
function describeChanges(type: EntityType): Annotations {
  if (type.changes !== "tracked") return {};
  const filterable = paths(type, () => true);
  return {
    "Capabilities.ChangeTracking": {
      record: { Supported: true, FilterableProperties: filterable, ExpandableProperties: [] },
    },
  };
}

/** What can be done with the entities behind a navigation; references to them are linked and unlinked by `$ref`. */
function describeNavigation(type: EntityType, offers: Offers): Annotations {
  const restricted = Object.entries(type.navigation).map(([name, { to }]) => {
    const collection = `/${type.set}/{id}/${name}`;
    const member = `${collection}/{${to().name}Id}`;
    const read = findOffer(offers, "GET", member);
    return {
      record: {
        NavigationProperty: { path: name, leadsTo: "NavigationPropertyPath" },
        IndexableByKey: read !== undefined,
        InsertRestrictions: { record: { Insertable: findOffer(offers, "POST", collection) !== undefined } },
        UpdateRestrictions: { record: { Updatable: findOffer(offers, "PATCH", member) !== undefined } },
        DeleteRestrictions: { record: { Deletable: findOffer(offers, "DELETE", member) !== undefined } },
        ReadRestrictions: describeReading(findOffer(offers, "GET", collection), read),
      },
    } as const;
  });
  if (restricted.length === 0) return {};
  return { "Capabilities.NavigationRestrictions": { record: { RestrictedProperties: restricted } } };
}

function permissionsOf(offer: OfferDescription | undefined): Annotations {
  return offer === undefined ? {} : { Permissions: describePermissions(offer) };
}

function queryOptionsOf(offer: OfferDescription | undefined): Annotations {
  if (offer === undefined) return {};
  const takes = (option: string) => offer.options.includes(option);
  return {
    QueryOptions: {
      record: {
        ExpandSupported: takes("expand"),
        SelectSupported: takes("select"),
        ComputeSupported: takes("compute"),
      },
    },
  };
}

function paths(type: EntityType, isMeant: (property: Property) => boolean): readonly AnnotationPath[] {
  const meant = visible(type.properties).filter(([, property]) => isMeant(property));
  return meant.map(([path]) => ({ path, leadsTo: "PropertyPath" }));
}
