// A consumer's credentials: their state at a moment, what may be shown of them, the file for a new one. Pure.
import type { Consumer } from "../../api/resources.ts";

export type Credential = Consumer["credentials"][number];

export function hasEnded({ expiresAt }: Pick<Credential, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now;
}

/** Until when what a rotation replaced is taken too; undefined when it is not, or no longer. */
export function overlapEnd(credential: Credential, now: number): string | undefined {
  if (credential.type === "jwt" || credential.previous === undefined) return undefined;
  const { expiresAt } = credential.previous;
  return Date.parse(expiresAt) > now ? expiresAt : undefined;
}

/** What tells a credential from others: `…abcd` of a key, the access key, or issuer and claim. */
export function hintOf(credential: Credential): string | null {
  if (credential.type === "hmac") return credential.accessKey;
  if (credential.type === "jwt") return `${credential.claim}=${credential.claimValue}`;
  return maskedHint(credential.value);
}

/** A masked value has its last four characters, if it is long enough to show them. */
function maskedHint(shown: unknown): string | null {
  if (typeof shown !== "object" || shown === null || !("hint" in shown)) return null;
  return typeof shown.hint === "string" ? shown.hint : null;
}

/** What an application's environment is to hold of a new credential. */
export interface EnvValues {
  readonly value: string;
  /** Of signed requests. */
  readonly accessKey?: string;
}

/** The file that holds a new credential for an application's environment. */
export function envFile(consumer: string, name: string, { value, accessKey }: EnvValues): string {
  const head = `# Moongate: consumer ${consumer}, credential ${name}\n`;
  return accessKey === undefined
    ? `${head}MOONGATE_KEY=${value}\n`
    : `${head}MOONGATE_ACCESS_KEY=${accessKey}\nMOONGATE_SECRET_KEY=${value}\n`;
}
