// Which headers go from one protocol's side of a translation to the other: none that only that protocol knows.
import { withoutHeaders } from "../raw-headers.ts";

/** How headers begin that belong to a protocol or its libraries. */
const ofProtocols = ["anthropic-", "openai-", "x-stainless-", "x-dashscope-", "x-goog-", "x-amz-", "x-amzn-"];

/** What the gateway itself says of the body that it writes. */
const ofTheBody: ReadonlySet<string> = new Set([
  "accept",
  "content-type",
  "content-length",
  "content-encoding",
  "content-language",
  "content-md5",
  "content-disposition",
  "digest",
  "etag",
  "last-modified",
  "accept-ranges",
  "transfer-encoding",
]);

/** @param name lower-case */
export function crosses(name: string): boolean {
  return !ofTheBody.has(name) && !ofProtocols.some((start) => name.startsWith(start));
}

export function crossing(headers: readonly string[]): string[] {
  return withoutHeaders(headers, (name) => !crosses(name));
}

/** The head of a service's answer as it goes on: the same without what does not cross, and with a type of its own. */
export function crossingHead(
  raw: readonly Buffer[],
  contentType: string,
  more: readonly string[] = [],
): Buffer[] {
  const kept: Buffer[] = [];
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index];
    const value = raw[index + 1];
    if (name === undefined || value === undefined) continue;
    if (crosses(name.toString("latin1").toLowerCase())) kept.push(name, value);
  }
  for (const text of ["content-type", contentType, ...more]) kept.push(Buffer.from(text, "latin1"));
  return kept;
}
