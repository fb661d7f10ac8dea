// A credential that is about to be issued, as its form holds it: checked and written as the control plane takes it. Pure.
import { isObjectName } from "../../api/object-name.ts";
import type { IssueType } from "./owner-search.ts";

export interface CredentialDraft {
  readonly type: IssueType;
  readonly name: string;
  /** Days until it ends, `never`, or `day`: through the end of `until`. */
  readonly life: string;
  /** A date. */
  readonly until: string;
  /** Whether its secret is one of one's own. */
  readonly isOwn: boolean;
  readonly value: string;
  readonly accessKey: string;
  readonly issuer: string;
  readonly audience: string;
  readonly keysFrom: "url" | "inline";
  readonly jwksUrl: string;
  /** JSON text. */
  readonly jwks: string;
  readonly claim: string;
  readonly claimValue: string;
}

export const lifeDays = [30, 90, 365] as const;
const dayMs = 86_400_000;

export function newCredential(type: IssueType, name: string, consumer: string): CredentialDraft {
  return {
    type,
    name,
    life: "never",
    until: "",
    isOwn: false,
    value: "",
    accessKey: "",
    issuer: "",
    audience: "",
    keysFrom: "url",
    jwksUrl: "",
    jwks: "",
    claim: "sub",
    claimValue: consumer,
  };
}

export type CredentialField =
  | "name"
  | "taken"
  | "until"
  | "value"
  | "accessKey"
  | "issuer"
  | "jwksUrl"
  | "jwks"
  | "claim"
  | "claimValue";

/** @param taken names of the consumer's other credentials */
export function credentialProblems(
  draft: CredentialDraft,
  taken: readonly string[],
  now: number,
): ReadonlySet<CredentialField> {
  const found = new Set<CredentialField>();
  const wrongIf = (isWrong: boolean, field: CredentialField): void => {
    if (isWrong) found.add(field);
  };
  wrongIf(!isObjectName(draft.name), "name");
  wrongIf(taken.includes(draft.name), "taken");
  wrongIf(draft.life === "day" && !(endOfDay(draft.until) > now), "until");
  if (draft.type === "jwt") {
    wrongIf(draft.issuer.trim() === "", "issuer");
    wrongIf(draft.keysFrom === "url" && !URL.canParse(draft.jwksUrl.trim()), "jwksUrl");
    wrongIf(draft.keysFrom === "inline" && jwksOf(draft.jwks) === undefined, "jwks");
    wrongIf(draft.claim.trim() === "", "claim");
    wrongIf(draft.claimValue === "", "claimValue");
  } else if (draft.isOwn) {
    wrongIf(draft.type === "api-key" && !/^[\x21-\x7e]{16,256}$/u.test(draft.value), "value");
    wrongIf(draft.type === "hmac" && draft.value.length < 16, "value");
    wrongIf(draft.type === "hmac" && !/^[\x21-\x7e]{1,256}$/u.test(draft.accessKey), "accessKey");
  }
  return found;
}

/** The body that issues it; only of a draft without problems. */
export function credentialBody(draft: CredentialDraft, now: number): object {
  const { type, name, isOwn, value, accessKey } = draft;
  const end = endOf(draft, now);
  const base = { type, name, ...(end === undefined ? {} : { expiresAt: end }) };
  if (type === "api-key") return { ...base, ...(isOwn ? { value } : {}) };
  if (type === "hmac") return { ...base, ...(isOwn ? { accessKey, secretKey: value } : {}) };
  const audience = draft.audience.trim();
  return {
    ...base,
    issuer: draft.issuer.trim(),
    ...(audience === "" ? {} : { audience }),
    ...(draft.keysFrom === "url" ? { jwksUrl: draft.jwksUrl.trim() } : { jwks: jwksOf(draft.jwks) }),
    claim: draft.claim.trim(),
    claimValue: draft.claimValue,
  };
}

/** Public keys in a JSON text: a set, or a single key. Undefined when it is neither; the control plane looks at the keys. */
export function jwksOf(text: string): object | undefined {
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null || Array.isArray(read)) return undefined;
    if ("keys" in read) return Array.isArray(read.keys) ? { keys: read.keys } : undefined;
    return "kty" in read ? { keys: [read] } : undefined;
  } catch {
    return undefined;
  }
}

function endOf({ life, until }: CredentialDraft, now: number): string | undefined {
  if (life === "never") return undefined;
  return new Date(life === "day" ? endOfDay(until) : now + Number(life) * dayMs).toISOString();
}

/** Through the end of that day, where this browser is; not a number for no date. */
function endOfDay(date: string): number {
  return new Date(`${date}T23:59:59`).getTime();
}
