// Service accounts of Google: what their keys hold, and the signed request for an access token (RFC 7523). Opens no socket.
import { createPrivateKey, createSign } from "node:crypto";
import { countOf, isJsonObject, parseJson, textOf } from "../lib/json-value.ts";

export interface ServiceAccount {
  readonly email: string;
  readonly privateKey: string;
  readonly keyId: string | undefined;
  /** Undefined: the key does not say. */
  readonly projectId: string | undefined;
  /** Where tokens are given. */
  readonly tokenUrl: string;
}

const usualTokenUrl = "https://oauth2.googleapis.com/token";
const scope = "https://www.googleapis.com/auth/cloud-platform";
const grantType = "urn:ietf:params:oauth:grant-type:jwt-bearer";
const lifeSeconds = 3_600;

/** Only these are ever sent a signed request: a key that names another place is no key of Google's. */
const tokenHosts: ReadonlySet<string> = new Set([
  "oauth2.googleapis.com",
  "www.googleapis.com",
  "accounts.google.com",
]);
/** For stand-ins on the same machine. */
const loopbackHosts: ReadonlySet<string> = new Set(["127.0.0.1", "[::1]", "localhost"]);

/** Undefined: the text is no JSON, so no such key. A string: what is wrong with one. */
export function serviceAccountIn(text: string): ServiceAccount | string | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  const json = parseJson(text);
  if (!isJsonObject(json)) return "is not valid JSON";
  const email = textOf(json, "client_email");
  const privateKey = textOf(json, "private_key");
  if (email === undefined) return "holds no client_email: it must be the JSON key of a service account";
  if (privateKey === undefined) return "holds no private_key: it must be the JSON key of a service account";
  const tokenUrl = textOf(json, "token_uri") ?? usualTokenUrl;
  if (!isTokenUrl(tokenUrl)) return "names a token_uri that is not Google's";
  return {
    email,
    privateKey,
    keyId: textOf(json, "private_key_id"),
    projectId: textOf(json, "project_id"),
    tokenUrl,
  };
}

/** The private key can be read. Takes a moment: not for every request. */
export function hasReadableKey({ privateKey }: ServiceAccount): boolean {
  try {
    return createPrivateKey(privateKey).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

function isTokenUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, port, username, password } = new URL(text);
  if (username !== "" || password !== "") return false;
  if (loopbackHosts.has(hostname)) return protocol === "http:" || protocol === "https:";
  return protocol === "https:" && port === "" && tokenHosts.has(hostname);
}

/** The body that asks for a token. @throws when the private key cannot be read */
export function tokenRequestBody(
  { email, privateKey, keyId, tokenUrl }: ServiceAccount,
  nowMs: number,
): string {
  const issuedAt = Math.floor(nowMs / 1_000);
  const head = { alg: "RS256", typ: "JWT", ...(keyId === undefined ? {} : { kid: keyId }) };
  const claims = { iss: email, scope, aud: tokenUrl, iat: issuedAt, exp: issuedAt + lifeSeconds };
  const signed = `${base64url(head)}.${base64url(claims)}`;
  const signature = createSign("RSA-SHA256").update(signed).sign(privateKey, "base64url");
  return new URLSearchParams({ grant_type: grantType, assertion: `${signed}.${signature}` }).toString();
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

export interface AccessToken {
  readonly value: string;
  readonly lifeSeconds: number;
}

/** What the answer of a 200 gives; undefined: no token. */
export function readTokenAnswer(body: string): AccessToken | undefined {
  const json = parseJson(body);
  const value = textOf(json, "access_token");
  // A header takes no more than this.
  if (value === undefined || value.length > 16_384 || !/^[\x21-\x7e]+$/u.test(value)) return undefined;
  return { value, lifeSeconds: countOf(json, "expires_in") ?? lifeSeconds };
}

/** The class of an error answer, such as `invalid_grant`; "" where it has none. */
export function tokenErrorClass(body: string): string {
  const name = textOf(parseJson(body), "error") ?? "";
  return /^[a-z_]{1,40}$/u.test(name) ? name : "";
}
