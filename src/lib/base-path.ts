// One spelling for URL paths that users write down. Knows no route and no request.

export type PathResult =
  | { readonly ok: true; readonly path: string }
  | { readonly ok: false; readonly problem: string };

const pathCharacters = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/u;
const pathCharactersAndBraces = /^[A-Za-z0-9\-._~!$&'()*+,;=:@/%{}]*$/u;

const problems: readonly (readonly [RegExp, string])[] = [
  [/^(?!\/)/u, 'must start with "/"'],
  [/[?#]/u, 'must not hold "?" or "#"'],
  [/\\/u, "must not hold a back-slash"],
  [/\s/u, "must not hold spaces"],
  [/\/\//u, 'must not hold "//"'],
  [/%2f|%5c/iu, "must not hold a percent-encoded slash"],
  [/%00/u, "must not hold a percent-encoded NUL"],
  [/%(?![0-9a-f]{2})/iu, 'has a "%" that is not followed by two hexadecimal digits'],
  [/\/(?:\.|%2e){1,2}(?:\/|$)/iu, 'must not hold "." or ".." as a segment'],
];

/**
 * Normalises a base path: no trailing slash but for `/` itself.
 * Letters keep their case and escapes stay escaped, since paths are compared as they are sent.
 */
export function normaliseBasePath(text: string): PathResult {
  const problem = pathProblem(text, { maxBytes: 256, braces: false });
  if (problem !== undefined) return { ok: false, problem };
  return { ok: true, path: text === "/" ? text : text.replace(/\/$/u, "") };
}

/** What is wrong with a path, or undefined; `braces` allows `{param}` segments. */
export function pathProblem(
  text: string,
  limits: { readonly maxBytes: number; readonly braces: boolean },
): string | undefined {
  const found = problems.find(([pattern]) => pattern.test(text));
  if (found !== undefined) return found[1];
  if (Buffer.byteLength(text) > limits.maxBytes) return `must not be longer than ${limits.maxBytes} bytes`;
  const allowed = limits.braces ? pathCharactersAndBraces : pathCharacters;
  if (allowed.test(text)) return undefined;
  return `holds a character that a URL path never has; write it percent-encoded, as in "${encodeURI(text.toWellFormed())}"`;
}
