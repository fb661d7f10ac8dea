import { expect, test } from "vitest";
import { normaliseBasePath, pathProblem } from "./base-path.ts";

test.each([
  ["the root", "/", "/"],
  ["one segment", "/api", "/api"],
  ["a trailing slash", "/api/", "/api"],
  ["case is kept", "/API/v1", "/API/v1"],
  ["escapes stay", "/caf%C3%A9", "/caf%C3%A9"],
  ["dots within a segment", "/a.b/..c", "/a.b/..c"],
  ["256 bytes", `/${"a".repeat(255)}`, `/${"a".repeat(255)}`],
])("%s is taken: %.40s", (_name, text, path) => {
  expect(normaliseBasePath(text)).toEqual({ ok: true, path });
});

test.each([
  ["nothing", "", 'start with "/"'],
  ["no slash", "api", 'start with "/"'],
  ["257 bytes", `/${"a".repeat(256)}`, "256 bytes"],
  ["a double slash", "/a//b", '"//"'],
  ["only slashes", "//", '"//"'],
  ["a query", "/a?b", '"?"'],
  ["a fragment", "/a#b", '"#"'],
  ["a space", "/a b", "spaces"],
  ["a back-slash", "/a\\b", "back-slash"],
  ["a dot segment", "/a/./b", '"."'],
  ["a double dot at the end", "/a/..", '"."'],
  ["an encoded dot segment", "/a/%2E%2e/b", '"."'],
  ["an encoded slash", "/a%2Fb", "percent-encoded slash"],
  ["an encoded back-slash", "/a%5cb", "percent-encoded slash"],
  ["an encoded NUL", "/a%00", "NUL"],
  ["half an escape", "/a%2", "hexadecimal"],
  ["letters outside ASCII", "/café", "/caf%C3%A9"],
  ["braces", "/{a}", "percent-encoded"],
])("%s is refused: %.40s", (_name, text, words) => {
  const result = normaliseBasePath(text);
  expect(result.ok ? result.path : result.problem).toContain(words);
  expect(result.ok).toBe(false);
});

test("a route's path may have braces", () => {
  expect(pathProblem("/v1/things/{id}", { maxBytes: 1024, braces: true })).toBeUndefined();
});
