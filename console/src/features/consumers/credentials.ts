// A consumer's keys: their state at a moment, and what a rotation makes of the list. Pure.
import type { Consumer } from "../../api/resources.ts";

export type Credential = Consumer["credentials"][number];

export function hasEnded({ expiresAt }: Pick<Credential, "expiresAt">, now: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= now;
}

/** The name of the key that follows another: `prod` -> `prod-2` -> `prod-3`. */
export function nextKeyName(name: string, taken: readonly string[]): string {
  const base = name.replace(/-\d+$/u, "");
  let number = Number(/-(\d+)$/u.exec(name)?.[1] ?? 1) + 1;
  const names = new Set(taken);
  const nameOf = (suffix: string): string => base.slice(0, 64 - suffix.length) + suffix;
  while (names.has(nameOf(`-${number}`))) number++;
  return nameOf(`-${number}`);
}

/** The list with an end for one key; never a later one than it has. Masked values go back as they came. */
export function withEnd(credentials: readonly Credential[], name: string, end: Date): readonly Credential[] {
  return credentials.map((credential) => {
    if (credential.name !== name) return credential;
    const before =
      credential.expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(credential.expiresAt);
    return before <= end.getTime() ? credential : { ...credential, expiresAt: end.toISOString() };
  });
}

/** `…abcd` of a masked value; null where there is none to show. */
export function hintOf(credential: Credential): string | null {
  const shown: unknown = credential.type === "api-key" ? credential.value : undefined;
  if (typeof shown !== "object" || shown === null || !("hint" in shown)) return null;
  return typeof shown.hint === "string" ? shown.hint : null;
}

/** The file that holds a new key for an application's environment. */
export function envFile(consumer: string, key: string, value: string): string {
  return `# Moongate: consumer ${consumer}, key ${key}\nMOONGATE_API_KEY=${value}\n`;
}
