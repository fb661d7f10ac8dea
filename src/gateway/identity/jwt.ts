// Proves a consumer by a signed token (RFC 7519) of its identity provider. Believes nothing in a token before its
// signature is checked, with the keys of the very credential that it claims to be. Knows no request.
import { hash } from "node:crypto";
import { errors, jwtVerify } from "jose";
import { parseObject } from "../../lib/unknown-json.ts";
import { subjectKey, type Credentials, type KnownIssuer, type KnownJwt } from "./credentials.ts";
import { tokenAlgorithms } from "./key-set.ts";
import type { TokenKeys } from "./token-keys.ts";

const maxTokenLength = 16 * 1024;
const skewSeconds = 60;
/** Keys that a provider has withdrawn stop working for remembered tokens too. */
const longestMemoryMs = 5 * 60_000;
const maxRemembered = 10_000;
/** A token may hold several claims that credentials of its issuer go by; so many of them are looked at. */
const maxClaims = 8;

/** Tokens that were verified lately, by the SHA-256 of the whole token. */
export type VerifiedTokens = Map<string, { readonly known: KnownJwt; readonly untilMs: number }>;

/** `header.payload.signature` with a JSON object as header: what no API key looks like by chance. */
export function looksLikeToken(text: string): boolean {
  return text.startsWith("eyJ") && /^[\w-]+\.[\w-]*\.[\w-]*$/.test(text);
}

/** The token of `Authorization: Bearer`; "" for anything else. */
export function bearerOf(authorization: string): string {
  return /^bearer +(\S+) *$/i.exec(authorization)?.[1] ?? "";
}

export interface TokenSurroundings {
  readonly credentials: Credentials;
  readonly verified: VerifiedTokens;
  readonly keys: TokenKeys;
  readonly wallMs: number;
}

/** What a token says of itself, unproven. */
interface Claimed {
  readonly alg: string;
  readonly kid: string | undefined;
  readonly payload: Readonly<Record<string, unknown>>;
}

/** The credential that a token proves, or why it proves none: for whoever configures the gateway. */
export async function proveToken(token: string, surroundings: TokenSurroundings): Promise<KnownJwt | string> {
  const { credentials, verified, wallMs } = surroundings;
  if (token.length > maxTokenLength) return "the token is longer than 16 KiB";
  const digest = hash("sha256", token);
  const remembered = verified.get(digest);
  if (remembered !== undefined && remembered.untilMs > wallMs) return remembered.known;
  const claimed = readClaimed(token);
  if (typeof claimed === "string") return claimed;
  const issuer = credentials.issuer(textOf(claimed.payload["iss"]));
  if (issuer === undefined) return "no credential has the issuer of the token";
  const candidates = candidatesOf(issuer, claimed.payload);
  const [anyone] = issuer.subjects.values();
  let refusal = "no enabled consumer has the claim of the token";
  // A token of nobody costs the same work as one of somebody.
  for (const known of candidates.length > 0 || anyone === undefined ? candidates : [anyone]) {
    const outcome = await verify(token, claimed, known, surroundings);
    if (candidates.length === 0) break;
    if (typeof outcome === "string") {
      refusal = outcome;
      continue;
    }
    remember(verified, digest, { known, untilMs: Math.min(outcome, wallMs + longestMemoryMs) });
    return known;
  }
  return refusal;
}

function candidatesOf(issuer: KnownIssuer, payload: Claimed["payload"]): KnownJwt[] {
  const found: KnownJwt[] = [];
  for (const claim of issuer.claims.keys()) {
    if (!Object.hasOwn(payload, claim)) continue;
    const known = issuer.subjects.get(subjectKey(claim, textOf(payload[claim])));
    if (known !== undefined) found.push(known);
    if (found.length === maxClaims) break;
  }
  return found;
}

/** Its end, ms since 1970, or what is wrong with it. */
async function verify(
  token: string,
  { alg, kid }: Claimed,
  { config }: KnownJwt,
  { keys, wallMs }: TokenSurroundings,
): Promise<number | string> {
  const set = await keys.setFor(config.keys, alg, kid);
  if (set === null) return "the public keys of the issuer could not be fetched";
  const fitting = await set.keysFor(alg, kid);
  let refusal = "the issuer has no public key of the kind and kid that the token names";
  for (const key of fitting) {
    try {
      const { payload } = await jwtVerify(token, key, {
        algorithms: tokenAlgorithms,
        issuer: config.issuer,
        ...(config.audience === undefined ? {} : { audience: config.audience }),
        clockTolerance: skewSeconds,
        requiredClaims: ["exp"],
        currentDate: new Date(wallMs),
      });
      return (payload.exp ?? 0) * 1000;
    } catch (error) {
      refusal = wordsFor(error);
    }
  }
  return refusal;
}

/** Never repeats what the token says. */
function wordsFor(error: unknown): string {
  if (error instanceof errors.JWTExpired) return "the token has ended";
  if (error instanceof errors.JWTClaimValidationFailed) {
    const claim = ["exp", "nbf", "iat", "aud", "iss"].find((name) => name === error.claim);
    return `the claim ${claim ?? "set"} of the token is missing or does not hold`;
  }
  if (error instanceof errors.JWSSignatureVerificationFailed) return "the signature of the token is wrong";
  return "the token is malformed";
}

function readClaimed(token: string): Claimed | string {
  const [head = "", body = ""] = token.split(".");
  const header = parsePart(head);
  const payload = parsePart(body);
  if (header === undefined || payload === undefined) return "the token is malformed";
  const { alg, kid } = header;
  if (typeof alg !== "string" || !tokenAlgorithms.includes(alg)) {
    return `the token is not signed with one of ${tokenAlgorithms.join(", ")}`;
  }
  if (Object.hasOwn(header, "crit")) return "the token has critical headers, which none is understood of";
  if (kid !== undefined && typeof kid !== "string") return "the token is malformed";
  return { alg, kid, payload };
}

function parsePart(part: string): Readonly<Record<string, unknown>> | undefined {
  return parseObject(Buffer.from(part, "base64url").toString("utf8"));
}

/** Providers write ids as texts or as numbers. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? String(value) : "";
}

function remember(
  verified: VerifiedTokens,
  digest: string,
  entry: { readonly known: KnownJwt; readonly untilMs: number },
): void {
  const [oldest] = verified.keys();
  if (verified.size >= maxRemembered && oldest !== undefined) verified.delete(oldest);
  verified.set(digest, entry);
}
