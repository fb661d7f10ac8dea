import { expect, test } from "vitest";
import { upstreamUrl, prepareBaseUrl } from "./upstream-url.ts";

const rows = [
  [
    "no path in the base URL",
    "https://a.example",
    "/v1/chat/completions",
    "https://a.example/v1/chat/completions",
  ],
  ["a trailing slash in the base URL", "https://a.example/", "/v1/models", "https://a.example/v1/models"],
  ["a shared segment", "https://a.example/v1", "/v1/models", "https://a.example/v1/models"],
  [
    "a shared segment after another",
    "https://a.example/compatible-mode/v1",
    "/v1/chat/completions?a=b",
    "https://a.example/compatible-mode/v1/chat/completions?a=b",
  ],
  [
    "a shared run of two segments",
    "https://a.example/x/api/v1",
    "/api/v1/tasks/1",
    "https://a.example/x/api/v1/tasks/1",
  ],
  ["the longest run wins", "https://a.example/v1/v1", "/v1/v1/models", "https://a.example/v1/v1/models"],
  [
    "only whole segments are shared",
    "https://a.example/v1",
    "/v1beta/models",
    "https://a.example/v1/v1beta/models",
  ],
  [
    "no shared segment",
    "https://a.example/anthropic",
    "/v1/messages",
    "https://a.example/anthropic/v1/messages",
  ],
  [
    "the whole forwarded path is shared",
    "https://a.example/v1/models",
    "/v1/models",
    "https://a.example/v1/models",
  ],
  [
    "the shared run ends at the query",
    "https://a.example/v1/models",
    "/v1/models?x=1",
    "https://a.example/v1/models?x=1",
  ],
  [
    "an unstripped base path keeps the run from being shared",
    "https://a.example/v1",
    "/chat/v1/models",
    "https://a.example/v1/chat/v1/models",
  ],
  [
    "a trailing slash is forwarded as sent",
    "https://a.example/v1",
    "/v1/models/",
    "https://a.example/v1/models/",
  ],
  ["a port", "http://127.0.0.1:8000", "/v1/models", "http://127.0.0.1:8000/v1/models"],
] as const;

test.each(rows)("%s", (_name, baseUrl, forwardedPath, expected) => {
  expect(upstreamUrl(prepareBaseUrl(baseUrl), forwardedPath)).toBe(expected);
});

test.each([
  [
    "its own version replaces the route's",
    "/v1/chat/completions",
    "/v1/chat/completions",
    "https://z.example/api/paas/v4/chat/completions",
  ],
  [
    "the API's base path has no part in the vendor's path",
    "/chat/v1/models?x=1",
    "/v1/models?x=1",
    "https://z.example/api/paas/v4/models?x=1",
  ],
  [
    "a path without the version is joined as it is",
    "/other",
    "/other",
    "https://z.example/api/paas/v4/other",
  ],
  ["a longer segment is another one", "/v1beta/x", "/v1beta/x", "https://z.example/api/paas/v4/v1beta/x"],
] as const)("replaced version: %s", (_name, forwardedPath, routePath, expected) => {
  expect(upstreamUrl(prepareBaseUrl("https://z.example/api/paas/v4", "/v1"), forwardedPath, routePath)).toBe(
    expected,
  );
});
