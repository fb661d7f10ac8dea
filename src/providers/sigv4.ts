// Signs requests as AWS wants them: Signature Version 4, in headers. Must not know keys' places, services or sockets.
// Source: "Create a signed AWS API request" in the IAM user guide.
import { createHash, createHmac } from "node:crypto";

export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SigningScope {
  /** Such as `us-east-1`. */
  readonly region: string;
  /** Such as `bedrock`. */
  readonly service: string;
}

export interface SignedRequest {
  readonly method: string;
  /** As it is sent, with the port where one stands there. */
  readonly host: string;
  /** With query, encoded as it is sent. */
  readonly path: string;
  /** Lower-case names with values, besides `host`, that are signed. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** Undefined: it is not known before it is sent. */
  readonly body: Uint8Array | string | undefined;
}

const algorithm = "AWS4-HMAC-SHA256";

/** Headers that a signature brings, in lower case: nobody else may set them. */
export const signatureHeaders = [
  "authorization",
  "x-amz-content-sha256",
  "x-amz-date",
  "x-amz-security-token",
] as const;

/** One access key at one service of one region. Keeps the key of the day. */
export class RequestSigner {
  readonly #key: AccessKey;
  readonly #scope: SigningScope;
  #day = "";
  #dayKey: Buffer = Buffer.alloc(0);

  constructor(key: AccessKey, scope: SigningScope) {
    this.#key = key;
    this.#scope = scope;
  }

  /** @returns flat: name, value, of what is to be added */
  sign(request: SignedRequest, nowMs: number): string[] {
    const time = timeText(nowMs);
    const day = time.slice(0, 8);
    const added: [string, string][] = [["x-amz-date", time]];
    const { accessKeyId, sessionToken } = this.#key;
    if (sessionToken !== undefined) added.push(["x-amz-security-token", sessionToken]);
    const bodyHash = request.body === undefined ? "UNSIGNED-PAYLOAD" : sha256(request.body);
    if (request.body === undefined) added.push(["x-amz-content-sha256", bodyHash]);
    const headers = [["host", request.host] as const, ...request.headers, ...added].toSorted(
      ([left], [right]) => (left < right ? -1 : 1),
    );
    const names = headers.map(([name]) => name).join(";");
    const scope = `${day}/${this.#scope.region}/${this.#scope.service}/aws4_request`;
    const canonical = canonicalRequest(request, headers, names, bodyHash);
    const text = `${algorithm}\n${time}\n${scope}\n${sha256(canonical)}`;
    const signature = hmac(this.#keyOf(day), text).toString("hex");
    const authorization = `${algorithm} Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
    return [...added.flat(), "authorization", authorization];
  }

  #keyOf(day: string): Buffer {
    if (this.#day === day) return this.#dayKey;
    const { region, service } = this.#scope;
    const ofDay = hmac(`AWS4${this.#key.secretAccessKey}`, day);
    this.#dayKey = hmac(hmac(hmac(ofDay, region), service), "aws4_request");
    this.#day = day;
    return this.#dayKey;
  }
}

/** `20150830T123600Z`. */
function timeText(nowMs: number): string {
  return `${new Date(nowMs).toISOString().slice(0, 19).replaceAll(/[-:]/gu, "")}Z`;
}

function canonicalRequest(
  { method, path }: SignedRequest,
  headers: readonly (readonly [string, string])[],
  names: string,
  bodyHash: string,
): string {
  const mark = path.indexOf("?");
  const bare = mark === -1 ? path : path.slice(0, mark);
  const query = mark === -1 ? "" : path.slice(mark + 1);
  const lines = headers.map(([name, value]) => `${name}:${value.trim().replaceAll(/ +/gu, " ")}\n`).join("");
  return `${method}\n${canonicalPath(bare)}\n${canonicalQuery(query)}\n${lines}\n${names}\n${bodyHash}`;
}

/** Encoded once more than it is sent; without empty and dot segments. */
function canonicalPath(path: string): string {
  const segments: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") segments.pop();
    else segments.push(encode(segment));
  }
  const end = segments.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${segments.join("/")}${end}`;
}

/** By name, then value, in their encoded forms. */
function canonicalQuery(query: string): string {
  if (query === "") return "";
  const pairs = query.split("&").filter((pair) => pair !== "");
  const parts = pairs.map((pair) => {
    const at = pair.indexOf("=");
    const name = at === -1 ? pair : pair.slice(0, at);
    return [encode(decode(name)), encode(decode(at === -1 ? "" : pair.slice(at + 1)))] as const;
  });
  const sorted = parts.toSorted(([leftName, left], [rightName, right]) =>
    leftName === rightName ? order(left, right) : order(leftName, rightName),
  );
  return sorted.map(([name, value]) => `${name}=${value}`).join("&");
}

function order(left: string, right: string): number {
  return left === right ? 0 : left < right ? -1 : 1;
}

/** What is no encoding stands for itself. */
function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** All but unreserved characters (RFC 3986). */
function encode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

function hmac(key: Buffer | string, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
