import type { BoundOperation } from "../model/bound-operation.ts";
import type { EntityType, Values } from "../model/define.ts";
import type { DeltaState, EntityChange } from "../model/delta.ts";
import type { AlternateKeys, EntityKey } from "../model/key.ts";
import type { ComplexType } from "../model/kinds.ts";
import type { Checked, Complaint } from "../model/problem.ts";
import type { ConstantValue, QueryOptions } from "../model/query.ts";
import type { ChangeLog } from "../store/change-log.ts";
import type { Database } from "../store/database.ts";
import type { Metrics } from "../telemetry/metrics.ts";
import type { Limits } from "./limits.ts";
import type { Messenger } from "./messenger.ts";
import type { Notation } from "./notation.ts";
import type { OpenedOperations } from "./opened.ts";
import type { Publisher } from "./publisher.ts";
import type { Quotas } from "./quotas.ts";
import type { ValidationSettings } from "./rules/rule.ts";
import type { Vault } from "./vault.ts";

/** What everything stands on. */
export interface Context extends ChangeLog {
  readonly database: Database;
  /** The present instant, as ISO 8601 in UTC with milliseconds. */
  readonly clock: () => string;
  /** A new UUID version 7. */
  readonly newId: () => string;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly limits: Limits;
  /** The suffixes under which a domain may be reserved, without the leading dot. */
  readonly domainSuffixes: readonly string[];
  /** How requests are answered that do not say which OData they understand (D12). */
  readonly profile: "graph" | "oasis";
  /** How strictly customers are checked, and what the operator adds to the rules. */
  readonly validation: ValidationSettings;
  /** Seals what only its owner may read. */
  readonly vault: Vault;
  /** Refuses what a partner may have no more of. */
  readonly quotas: Quotas;
  /** What need not be read again where it was just written. */
  readonly opened: OpenedOperations;
  /** Sends requests to the receivers of notifications. */
  readonly messenger: Messenger;
  /** How the conditions of subscriptions, and the entities in notifications, are written. */
  readonly notation: Notation;
  /** Signs for the receivers of notifications, so that they know who sends. */
  readonly publisher: Publisher;
  /** Tells the work loop of this process that there is something to do. */
  readonly nudge: () => void;
  /** Tells whether this process is about to end, and takes no more requests than it must. */
  readonly isEnding: () => boolean;
}

/** Writes structured lines. */
interface Log {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** The permissions of the API, as tokens name them. */
export type Permission =
  | "AuditEvent.Read.All"
  | "Customer.Read.All"
  | "Customer.ReadWrite.All"
  | "CustomerCreationOperation.Read.All"
  | "CustomerCreationOperation.ReadWrite.All";

/** Who calls: the partner, the application or person, and what they may do. */
export interface Caller {
  readonly partnerId: string;
  readonly name: string;
  readonly permissions: ReadonlySet<string>;
}

/** Which versions an entity must (not) have for the request to be carried out; `*` stands for any. */
interface Preconditions {
  readonly ifMatch?: readonly string[];
  readonly ifNoneMatch?: readonly string[];
}

/** What the body of an update says of itself. */
interface Marks {
  /** The version that it is of; `*` is any. */
  readonly version?: string;
  /** What becomes of an open complex value that is named: it is merged, unless this says otherwise. */
  readonly open?: "replaced";
  /** What is wrong with it, when that is to be told instead of refused. */
  readonly complaints?: readonly Complaint[];
}

/** What a body says of where its navigation leads: the key of an entity, or the values of one that comes with it. */
type Related =
  | { readonly kind: "reference"; readonly key: EntityKey }
  | { readonly kind: "entity"; readonly values: Values };

/** What a body says, after it was checked against the model; what is wrong with it, when that is to be told. */
export type Body =
  | { readonly kind: "none" }
  | ({ readonly kind: "entity"; readonly values: Values; readonly related?: Related } & Marks)
  | { readonly kind: "reference"; readonly key: EntityKey }
  /** What it says to an entity that is there, and what it says when none is and one is to be created. */
  | ({
      readonly kind: "upsert";
      readonly update: Values;
      readonly create: Checked;
    } & Marks);

/** One request, understood. */
export interface Task {
  readonly context: Context;
  readonly caller: Caller;
  readonly correlationId: string;
  /** The keys in the path, by the names in the offer's template. */
  readonly keys: Readonly<Record<string, string>>;
  /** Those of them that are yet to be found by an alternate key. */
  readonly alternateKeys?: AlternateKeys;
  readonly body: Body;
  readonly preconditions: Preconditions;
  /** What the request asks of a collection, and what it wants to be shown of an entity. */
  readonly options: QueryOptions & {
    /** How many entities a page may have at the most, when the request prefers that. */
    readonly pageSize?: number;
    /** How far delta has come; `latest` begins with the present state without telling it. */
    readonly delta?: DeltaState | "latest";
  };
}

/** A page of a collection. */
interface Page {
  readonly type: EntityType;
  readonly entities: readonly Values[];
  /** How many there are on all pages, if the request asks. */
  readonly count?: number;
  /** Where the next page begins. */
  readonly next?: readonly ConstantValue[];
}

/** What came of it. */
export type Result =
  | { readonly kind: "entity"; readonly type: EntityType; readonly entity: Values }
  | (Page & { readonly kind: "collection" })
  | {
      readonly kind: "changes";
      readonly type: EntityType;
      readonly changes: readonly EntityChange[];
      /** Where the next page begins, or the next round. */
      readonly state: DeltaState;
    }
  | { readonly kind: "reference"; readonly type: EntityType; readonly id: string }
  | (Omit<Page, "entities"> & { readonly kind: "references"; readonly ids: readonly string[] })
  | { readonly kind: "count"; readonly count: number }
  /** What a function or an action gives: a value of a complex type of its own. */
  | { readonly kind: "value"; readonly type: ComplexType; readonly value: Values; readonly secret?: true }
  | {
      readonly kind: "created";
      readonly type: EntityType;
      readonly entity: Values;
      /** The operation that carries out what is left to do. */
      readonly operationId?: string;
      /** What is answered when the request states no preference. */
      readonly byDefault: "representation" | "minimal";
    }
  | { readonly kind: "done" };

/** What an offer takes as its body. */
type Accepts =
  | { readonly body: "none" }
  | { readonly body: "create" | "update" | "createOrReference"; readonly type: EntityType }
  /** The value of a property, or its raw text. */
  | { readonly body: "property" | "text"; readonly type: EntityType }
  /** A body that changes the entity of a key, or creates it with that key. */
  | { readonly body: "upsert"; readonly type: EntityType; readonly key: EntityKey }
  /** The parameters of an action: a change of an entity under the name of its type, or none. The body may be absent. */
  | { readonly body: "parameters"; readonly type?: EntityType };

/** The query options that offers can honour (OData URL Conventions 5.1). */
export type OptionName =
  | ("filter" | "search" | "orderby" | "top" | "skip" | "count" | "skiptoken" | "deltatoken")
  | ("select" | "expand" | "compute" | "format" | "id" | "schemaversion");

/** One thing that the API can be asked to do. */
export interface Offer {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** The path under the service root, keys in braces. */
  readonly path: string;
  readonly summary: string;
  /** The least privileged permission that suffices. */
  readonly permission: Permission;
  readonly accepts: Accepts;
  /** The query options that it takes besides those that go with its answer. */
  readonly needs?: readonly OptionName[];
  readonly answers: {
    readonly result: Result["kind"];
    readonly type: EntityType;
    /** Present when of an entity only the property in the path is shown: its value, or a text. */
    readonly part?: "value" | "text";
  };
  /** What the documents say of it, when it calls a function or an action. */
  readonly operation?: BoundOperation;
  /**
   * Checks what the model cannot: gives the values in their canonical form, and the faults that it does not know of, which
   * are told together with those that it knows.
   */
  readonly check?: (context: Context, given: Values) => Checked;
  /** The navigation of which its body may say where it leads. */
  readonly related?: {
    readonly navigation: string;
    /** Checks an entity that comes with the body. */
    readonly check: NonNullable<Offer["check"]>;
    /** What need not be given when the body refers to an entity that is there. */
    readonly givenByReference: readonly string[];
  };
  /** What it does instead when an alternate key names an entity that is not there yet (OData Protocol 11.4.4, upsert). */
  readonly insert?: Pick<Offer, "check" | "run">;
  /** Present when nothing comes of it: the faults of the body are handed on, not refused. */
  readonly isRehearsal?: true;
  /** Present when the faults of the body are told together with those that only its work can find. */
  readonly refusesItself?: true;
  readonly run: (task: Task) => Promise<Result>;
}
