// The forms of a secret on its way: text as written, sealed or hashed as stored, masked as read. One place turns each into
// the next. Knows positions of secrets from the resources layer, and no store.
import type { Kind } from "../resources/kinds.ts";
import type { ResourceValue } from "../resources/registry.ts";
import { mapSecrets } from "../resources/secret-positions.ts";
import type { SecretPlace } from "../resources/secret-positions.ts";
import { apiKeySha256, secretHint } from "../resources/secret.ts";
import { isStoredSecret } from "./kept-secrets.ts";
import type { JsonObject } from "./merge-patch.ts";
import { pointerOf } from "./reference-texts.ts";

/** Encrypts small texts; `context` ties a sealed text to its place. */
export interface Cipher {
  seal(plain: string, context: string): string;
  open(sealed: string, context: string): string;
}

export interface SealRequest {
  readonly kind: Kind;
  readonly name: string;
  /** Secrets are texts, or in stored form where they were kept. */
  readonly body: JsonObject;
  /** What is stored now: an unchanged secret keeps its stored form, so that an unchanged object stays equal. */
  readonly before: JsonObject | undefined;
  /** Reference texts by JSON pointer. */
  readonly references: ReadonlyMap<string, string>;
  /** The slow hash of a password that stands in the body as a text. */
  readonly passwordHash?: string | undefined;
}

export interface SecretForms {
  /** Sealed -> text, for parsing and compiling. Hashed ones stay. @throws SealBroken */
  open(kind: Kind, name: string, body: JsonObject): JsonObject;
  /** Text -> sealed or hashed, for the store. */
  seal(request: SealRequest): JsonObject;
  /** Text -> hashed where only a hash is kept, for the set in memory. */
  hash<Value extends ResourceValue[Kind]>(kind: Kind, value: Value, passwordHash: string | undefined): Value;
  /** Any form -> `{ set, hint }`, for readers. */
  mask<Body>(kind: Kind, body: Body): Body;
  /** Any form -> the reference it came from, else `{ set, hint }`. */
  export(kind: Kind, body: JsonObject): JsonObject;
}

/** @param instance part of every context, so that a sealed text of one deployment does not open in another */
export function createSecretForms(cipher: Cipher, instance: string): SecretForms {
  const contextOf = (kind: Kind, name: string, place: SecretPlace) =>
    `${instance}/${kind}/${name}/${place.id}`;

  const openOne = (secret: unknown, context: string): unknown => {
    const sealed = isStoredSecret(secret) ? secret["sealed"] : undefined;
    return typeof sealed === "string" ? cipher.open(sealed, context) : secret;
  };

  const seal = ({ kind, name, body, before, references, passwordHash }: SealRequest): JsonObject => {
    const storedById = new Map<string, JsonObject>();
    if (before !== undefined) {
      mapSecrets(kind, before, (secret, place) => {
        if (isStoredSecret(secret)) storedById.set(place.id, secret);
        return secret;
      });
    }
    return mapSecrets(kind, body, (secret, place) => {
      if (typeof secret !== "string") return secret;
      const context = contextOf(kind, name, place);
      const reference = references.get(pointerOf(place.path));
      const stored = storedById.get(place.id);
      const proof = proofOf(secret, place, passwordHash);
      if (stored !== undefined && stored["reference"] === reference) {
        if (proof === undefined ? openOne(stored, context) === secret : stored["hash"] === proof)
          return stored;
      }
      const rest = { hint: hintOf(secret, place), ...(reference === undefined ? {} : { reference }) };
      return proof === undefined
        ? { sealed: cipher.seal(secret, context), ...rest }
        : { hash: proof, ...rest };
    });
  };

  return {
    seal,
    open: (kind, name, body) =>
      mapSecrets(kind, body, (secret, place) => openOne(secret, contextOf(kind, name, place))),
    hash: (kind, value, passwordHash) =>
      mapSecrets(kind, value, (secret, place) => {
        const proof = typeof secret === "string" ? proofOf(secret, place, passwordHash) : undefined;
        return proof === undefined ? secret : { hash: proof, hint: hintOf(String(secret), place) };
      }),
    mask: (kind, body) => mapSecrets(kind, body, maskOf),
    export: (kind, body) =>
      mapSecrets(kind, body, (secret) => {
        const reference = isStoredSecret(secret) ? secret["reference"] : undefined;
        return reference ?? maskOf(secret);
      }),
  };
}

/** What is kept of a secret that is only compared; undefined for one that must be readable again. */
function proofOf(secret: string, place: SecretPlace, passwordHash: string | undefined): string | undefined {
  if (place.form === "sealed") return undefined;
  if (place.form === "hashed") return apiKeySha256(secret);
  if (passwordHash === undefined) throw new Error("A password is to be stored, but was not hashed.");
  return passwordHash;
}

/** Of a password people choose, each letter told makes the rest easier to guess. */
function hintOf(secret: string, place: SecretPlace): string | null {
  return place.form === "password" ? null : secretHint(secret);
}

function maskOf(secret: unknown): unknown {
  if (typeof secret === "string") return { set: true, hint: secretHint(secret) };
  return isStoredSecret(secret) ? { set: true, hint: secret["hint"] ?? null } : secret;
}
