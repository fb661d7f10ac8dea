// The text that a client signs with its secret key (docs/consumers.md has the recipe), made of a request as it came.
// Knows no credential.
import { headerOf } from "../raw-headers.ts";
import type { RequestHead } from "../request-head.ts";
import type { ClientCall } from "../listener/listener.ts";

/** What a client says of its signature. */
export interface Signature {
  readonly accessKey: string;
  /** HMAC-SHA256, 32 bytes. */
  readonly value: Buffer;
  /** Ms since 1970. */
  readonly dateMs: number;
  /** Of the body; "" without one. */
  readonly contentMd5: string;
  readonly isForm: boolean;
}

const usual = ["accept", "content-md5", "content-type", "date"] as const;
const own = ["x-ca-key", "x-ca-signature", "x-ca-signature-method", "x-ca-signature-headers"] as const;
/** Parts of the text by themselves, or of the signature: never among the signed headers. */
const unsigned: ReadonlySet<string> = new Set([...usual, "x-ca-signature", "x-ca-signature-headers"]);
const maxSignedHeaders = 64;
/** RFC 9110, 5.6.7: the one form that is not obsolete. */
const httpDate = /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;
const hmacSha256 = /^[A-Za-z0-9+/]{43}=$/;

/** Undefined for what is no signature: a part is missing, given twice, or of another form. */
export function readSignature({ rawHeaders }: Pick<ClientCall, "rawHeaders">): Signature | undefined {
  if ([...usual, ...own].some((name) => name !== "accept" && isRepeated(rawHeaders, name))) return undefined;
  const of = (name: string): string => headerOf(rawHeaders, name) ?? "";
  const [accessKey, value, date] = [of("x-ca-key"), of("x-ca-signature"), of("date")];
  const method = of("x-ca-signature-method");
  if (accessKey === "" || !hmacSha256.test(value) || !httpDate.test(date)) return undefined;
  if (method !== "" && method !== "HmacSHA256") return undefined;
  const dateMs = Date.parse(date);
  if (Number.isNaN(dateMs) || signedNames(rawHeaders) === undefined) return undefined;
  return {
    accessKey,
    value: Buffer.from(value, "base64"),
    dateMs,
    contentMd5: of("content-md5"),
    isForm: /^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(of("content-type")),
  };
}

/**
 * METHOD, Accept, Content-MD5, Content-Type, Date, each signed header as `name:value`, path with parameters; each on a
 * line of its own.
 * @param form the body of a form, "" for any other
 */
export function signedText(call: ClientCall, head: RequestHead, form: string): Buffer {
  const { rawHeaders, method } = call;
  const lines = [method, ...usual.map((name) => headerOf(rawHeaders, name) ?? "")];
  for (const name of signedNames(rawHeaders) ?? []) {
    lines.push(`${name}:${headerOf(rawHeaders, name.toLowerCase()) ?? ""}`);
  }
  // Headers came as bytes, one character each; parameters are text.
  return Buffer.concat([
    Buffer.from(`${lines.join("\n")}\n${head.path}`, "latin1"),
    Buffer.from(parametersOf(head.query, form), "utf8"),
  ]);
}

/** As the client spells and sorts them; undefined when one is there twice, as two could read another one of both. */
function signedNames(rawHeaders: readonly string[]): readonly string[] | undefined {
  const names = (headerOf(rawHeaders, "x-ca-signature-headers") ?? "")
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "" && !unsigned.has(name.toLowerCase()));
  if (names.length > maxSignedHeaders || names.some((name) => isRepeated(rawHeaders, name.toLowerCase()))) {
    return undefined;
  }
  return names.toSorted(byCodeUnits);
}

function isRepeated(rawHeaders: readonly string[], name: string): boolean {
  let seen = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    if (rawHeaders[index]?.toLowerCase() === name) seen += 1;
  }
  return seen > 1;
}

/** Decoded, sorted by name; of a name the first value; without its value when that is empty. */
function parametersOf(query: string, form: string): string {
  const parameters = new Map<string, string>();
  for (const text of [query, form]) {
    for (const [name, value] of new URLSearchParams(text)) {
      if (!parameters.has(name)) parameters.set(name, value);
    }
  }
  if (parameters.size === 0) return "";
  const pairs = [...parameters].toSorted(([left], [right]) => byCodeUnits(left, right));
  return `?${pairs.map(([name, value]) => (value === "" ? name : `${name}=${value}`)).join("&")}`;
}

function byCodeUnits(left: string, right: string): number {
  if (left === right) return 0;
  return left < right ? -1 : 1;
}
