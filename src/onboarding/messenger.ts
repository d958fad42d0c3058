/** A request to a receiver of notifications. */
export interface Message {
  readonly url: string;
  readonly contentType: string;
  readonly body: string;
  /** After how long no answer counts as none. */
  readonly secondsMax: number;
  /** The latest version of TLS that the receiver understands, such as `v1_2`. */
  readonly tlsVersion: string;
}

/** What came of it. A redirect is an answer like any other: it is never followed. */
export type Outcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly contentType: string;
      /** As far as it was read: an answer is not expected to be long. */
      readonly body: string;
      readonly milliseconds: number;
    }
  | { readonly kind: "timedOut"; readonly milliseconds: number }
  /** The reason says nothing of addresses: the caller may have nothing to do with them. */
  | { readonly kind: "failed"; readonly reason: string; readonly milliseconds: number };

/** Sends requests to receivers outside, and to nobody else. */
export interface Messenger {
  /** Says what is wrong with a URL that messages are to be sent to, if anything is. Nothing is resolved. */
  complainAbout(url: string): string | undefined;
  /** Sends a message. It never throws. */
  post(message: Message): Promise<Outcome>;
}
