// What a secret looks like in a resource body, and its hint. Knows neither cipher nor key: sealing is the store's.
import { hash } from "node:crypto";
import { z } from "zod";

/** A secret at rest, encrypted. */
export interface SealedSecret {
  readonly sealed: string;
  /** `…abcd`, or null for a short secret. */
  readonly hint: string | null;
  /** `${env:NAME}` or `${file:path}` as the author wrote it, when it came from one. */
  readonly reference?: string | undefined;
}

/** A secret that is only ever compared: an API key of a consumer, a password. */
export interface HashedSecret {
  /** SHA-256 in hex for API keys; the password scheme's own text for passwords. */
  readonly hash: string;
  readonly hint: string | null;
  readonly reference?: string | undefined;
}

const keptMessage = "there is no stored secret to keep here: give the value";

const storedShape = { hint: z.string().nullable(), reference: z.string().optional() };

/** A secret that must be readable again: plain as its author wrote it, or sealed as the store holds it. */
export function secret() {
  return z.union([z.string().min(1).max(16_384), z.strictObject({ sealed: z.string(), ...storedShape })], {
    error: (issue) => secretMessage(issue.input),
  });
}

/** A secret that is only compared: plain as its author wrote it, or hashed as the store holds it. */
export function hashedSecret() {
  return z.union(
    [
      z.string().min(1).max(16_384),
      z.strictObject({ hash: z.string(), ...storedShape }),
      z.strictObject({ sealed: z.string(), ...storedShape }),
    ],
    { error: (issue) => secretMessage(issue.input) },
  );
}

function secretMessage(input: unknown): string {
  if (input === undefined) return "is required";
  if (typeof input === "object" && input !== null && "set" in input) return keptMessage;
  return "must be a secret: a text of 1 to 16,384 characters";
}

/** The last four characters of a secret that is long enough to spare them. */
export function secretHint(value: string): string | null {
  return value.length < 12 ? null : `…${value.slice(-4)}`;
}

/** `${env:NAME}` or `${file:path}`: stands for a value that the control plane puts in. */
export function isReference(value: string): boolean {
  return /^\$\{(?:env|file):[^}]+\}$/u.test(value);
}

/** SHA-256 of a consumer's API key, hex: what the data plane compares. */
export function apiKeySha256(value: string): string {
  return hash("sha256", value);
}

/** The hex SHA-256 of an API key in any form but sealed; undefined for a sealed one, which must be opened first. */
export function apiKeyHash(value: string | SealedSecret | HashedSecret): string | undefined {
  if (typeof value === "string") return apiKeySha256(value);
  return "hash" in value ? value.hash : undefined;
}
