// How good a password is, in three words, by rules of thumb; and what the gateway asks of it.

export const leastLength = 10;
export const mostLength = 256;

export type Strength = "short" | "weak" | "fair" | "strong";

const common = /passw|qwert|abcdef|12345|letmein|welcome|moongate|iloveyou|admin/iu;

/** Counted as the gateway counts: by characters, not by UTF-16 units. */
export function passwordLength(password: string): number {
  return Array.from(password).length;
}

export function strengthOf(password: string): Strength {
  const length = passwordLength(password);
  if (length < leastLength) return "short";
  const different = new Set(Array.from(password.toLowerCase())).size;
  if (different < 6 || (common.test(password) && length < 16)) return "weak";
  const sorts = [/\p{Ll}/u, /\p{Lu}/u, /\d/u, /[^\p{L}\d]/u].filter((sort) => sort.test(password)).length;
  return length >= 16 || (length >= 13 && sorts >= 3)
    ? "strong"
    : length >= 12 || sorts >= 3
      ? "fair"
      : "weak";
}
