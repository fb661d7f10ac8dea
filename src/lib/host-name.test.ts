import { expect, test } from "vitest";
import { normaliseHostName } from "./host-name.ts";

test.each([
  ["any host", "*", "*"],
  ["a plain name", "api.example.com", "api.example.com"],
  ["letters of any case", "API.Example.COM", "api.example.com"],
  ["a trailing dot", "api.example.com.", "api.example.com"],
  ["an international name", "Bücher.example", "xn--bcher-kva.example"],
  ["an A-label", "XN--BCHER-KVA.example", "xn--bcher-kva.example"],
  ["a wildcard", "*.Example.com.", "*.example.com"],
  ["an international wildcard", "*.bücher.example", "*.xn--bcher-kva.example"],
  ["one label", "localhost", "localhost"],
  ["an underscore", "my_service", "my_service"],
  ["an address", "127.0.0.1", "127.0.0.1"],
  ["an ideographic full stop", "例え。jp", "xn--r8jz45g.jp"],
])("%s is taken: %s", (_name, text, host) => {
  expect(normaliseHostName(text)).toEqual({ ok: true, host });
});

test.each([
  ["nothing", "", "is not a valid"],
  ["a dot", ".", "is not a valid"],
  ["a URL", "https://api.example.com", "without scheme"],
  ["a port", "api.example.com:8080", "without port"],
  ["a path", "api.example.com/x", "no host name has"],
  ["a space", "api example.com", "no host name has"],
  ["an escape", "%61pi.example.com", "no host name has"],
  ["a wildcard in the middle", "api.*.com", "wildcard only"],
  ["a wildcard within a label", "a*.example.com", "wildcard only"],
  ["a double wildcard", "*.*.example.com", "wildcard only"],
  ["an empty label", "api..example.com", "labels of 1 to 63"],
  ["a label that starts with a hyphen", "-api.example.com", "labels of 1 to 63"],
  ["a label of 64", `${"a".repeat(64)}.com`, "labels of 1 to 63"],
  ["254 characters", `${"a.".repeat(126)}aa`, "longer than 253"],
  ["a shortened address", "127.1", "is not a valid"],
  ["a wildcard address", "*.127.0.0.1", "is not a valid"],
  ["IPv6", "[::1]", "no host name has"],
])("%s is refused: %s", (_name, text, words) => {
  const result = normaliseHostName(text);
  expect(result.ok ? result.host : result.problem).toContain(words);
  expect(result.ok).toBe(false);
});
