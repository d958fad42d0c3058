import type { Send, Sending } from "./send.ts";

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** How many there are in all, when the query asks for it. */
  readonly count: number | undefined;
}

/** A list of any length: it is read page by page while it is walked. */
export interface Pages<Item> extends AsyncIterable<Item> {
  /** Walks it page by page. */
  pages(): AsyncIterable<Page<Item>>;
}

/** A set of changes of any length, read page by page while it is walked. */
export interface Round<Item> extends AsyncIterable<Item> {
  /** Where the next round begins: known when this one was walked to its end, before undefined. */
  readonly deltaLink: string | undefined;
}

interface Collection<Item> {
  readonly value: readonly Item[];
  readonly "@odata.count"?: number;
  readonly "@odata.nextLink"?: string;
  readonly "@odata.deltaLink"?: string;
  readonly "@count"?: number;
  readonly "@nextLink"?: string;
  readonly "@deltaLink"?: string;
}

/** Reads a list. */
export function readList<Item>(send: Send, sending: Sending): Pages<Item> {
  async function* pages() {
    for await (const page of readPages<Item>(send, sending)) {
      yield { items: page.value, count: page["@odata.count"] ?? page["@count"] };
    }
  }
  async function* items() {
    for await (const page of pages()) yield* page.items;
  }
  return { pages, [Symbol.asyncIterator]: items };
}

/** Reads a round of changes; `change` says what an item of the answer means. */
export function readRound<Raw, Item>(send: Send, sending: Sending, change: (raw: Raw) => Item): Round<Item> {
  let deltaLink: string | undefined;
  async function* items() {
    for await (const page of readPages<Raw>(send, sending)) {
      yield* page.value.map(change);
      deltaLink = page["@odata.deltaLink"] ?? page["@deltaLink"];
    }
  }
  return {
    get deltaLink() {
      return deltaLink;
    },
    [Symbol.asyncIterator]: items,
  };
}

async function* readPages<Item>(send: Send, first: Sending): AsyncGenerator<Collection<Item>, void> {
  let path: string | undefined = first.path;
  while (path !== undefined) {
    const answer = await send({ ...first, path });
    const page: Collection<Item> = answer.json();
    yield page;
    path = page["@odata.nextLink"] ?? page["@nextLink"];
  }
}
