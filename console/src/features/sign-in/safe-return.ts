// Where to go after signing in: only into this console. Knows no page.

const fallback = "/overview";

/** The path to return to; anything that could lead to another origin, or back to a door, becomes the overview. */
export function safeReturn(to: string | undefined): string {
  // "//host" and "/\host" are other hosts to a browser, and control characters are dropped before it looks.
  if (to === undefined || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(to)) return fallback;
  return /^\/(?:sign-in|setup)(?:[/?#]|$)/u.test(to) ? fallback : to;
}
