/** A request as plain values: what the network adapter hands over, and what tests and batches make themselves. */
export interface Request {
  readonly method: string;
  /** Scheme and authority, such as `https://localhost:8443`. */
  readonly origin: string;
  /** Path and query as they were sent, still percent-encoded. */
  readonly url: string;
  /** Header names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body?: Uint8Array;
  /** Which member of an atomic group of a batch it is, when it is one. */
  readonly member?: string;
}

export interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}
