import { Problem } from "../model/problem.ts";
import { assertIdentity } from "./media.ts";

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Reads a body that is a text of one of the given media types, in UTF-8. */
export function readText(
  bytes: Uint8Array,
  headers: Readonly<Record<string, string | undefined>>,
  types: readonly string[],
): string {
  assertIdentity(headers["content-encoding"]);
  const contentType = headers["content-type"];
  const [type = "", ...parameters] = (contentType ?? "").split(";").map((each) => each.trim().toLowerCase());
  const others = parameters.filter((each) => each !== "" && !/^charset\s*=\s*"?utf-?8"?$/.test(each));
  if (!types.includes(type) || others.length > 0) {
    const found = contentType === undefined ? "It is missing." : `It is '${contentType}'.`;
    const message = `The Content-Type of the body must be ${types.join(" or ")}, in UTF-8. ${found}`;
    throw new Problem("unsupportedMediaType", message);
  }
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new Problem("invalidRequest", "The body is not well-formed UTF-8.", { cause });
  }
}
