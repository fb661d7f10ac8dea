import { describe, expect, test } from "vitest";
import { readAnswerHead } from "./answer-head.ts";
import { testService } from "../runtime-fixture.ts";

const service = testService({
  keys: [
    { name: "long", value: "sk-0123456789", weight: 1 },
    { name: "short", value: "abc", weight: 1 },
  ],
  headers: [["x-extra", "extra-secret"]],
});

const read = (...headers: string[]) =>
  readAnswerHead(
    headers.map((text) => Buffer.from(text, "latin1")),
    service,
  );
const forwarded = (...headers: string[]): string[] => read(...headers).forward;

describe("what is read", () => {
  test("the headers that judging needs, in any spelling", () => {
    expect(
      read(
        "CONTENT-TYPE",
        "application/json",
        "content-Length",
        "17",
        "Content-Encoding",
        "gzip",
        "retry-after",
        "5",
      ),
    ).toMatchObject({
      contentType: "application/json",
      contentLength: 17,
      contentEncoding: "gzip",
      retryAfter: "5",
    });
  });

  test("absent ones are empty, the length is unknown", () => {
    expect(read()).toEqual({
      contentType: "",
      contentLength: undefined,
      contentEncoding: "",
      retryAfter: "",
      forward: [],
    });
  });

  test.each(["identity", "Identity", "IDENTITY"])("the encoding %s is none", (encoding) => {
    expect(read("content-encoding", encoding).contentEncoding).toBe("");
  });
});

describe("what goes on to the client", () => {
  test.each([
    ["the content type", "Content-Type", "text/event-stream"],
    ["the content encoding", "Content-Encoding", "gzip"],
    ["when to come back", "Retry-After", "5"],
    ["rate limits of the service", "x-ratelimit-remaining-requests", "9"],
    ["Anthropic's request id", "request-id", "req_1"],
    ["any other", "OpenAI-Processing-Ms", "12"],
    ["bytes outside ASCII", "x-name", "\u00fc"],
    ["a name that objects have already", "constructor", "1"],
    ["another name that objects have already", "__proto__", "1"],
    ["what the answer varies with", "Vary", "origin"],
  ])("%s: %s", (_, name, value) => {
    expect(forwarded(name, value)).toEqual([name, value]);
  });

  test("the service's request id, under another name", () => {
    expect(forwarded("X-Request-ID", "abc")).toEqual(["x-moongate-upstream-request-id", "abc"]);
  });

  test.each([
    "Connection",
    "Keep-Alive",
    "Proxy-Connection",
    "Transfer-Encoding",
    "TE",
    "Trailer",
    "Upgrade",
    "Set-Cookie",
    "Set-Cookie2",
    "WWW-Authenticate",
    "Proxy-Authenticate",
    "Authorization",
    "X-Api-Key",
    "Api-Key",
    "X-Goog-Api-Key",
    "Content-Length",
    "Alt-Svc",
    "Access-Control-Allow-Origin",
    "Access-Control-Allow-Credentials",
    "X-Moongate-Service",
    "x-moongate-anything",
  ])("not %s", (name) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()])
      expect(forwarded(spelling, "1")).toEqual([]);
  });

  test.each([
    ["a key, whole", "x-echo", "sk-0123456789"],
    ["a key within other text", "x-echo", "Bearer sk-0123456789; ok"],
    ["an added header's value", "x-echo", "a extra-secret b"],
    ["a key in a header that judging reads", "content-type", "text/sk-0123456789"],
    ["a key in the request id", "x-request-id", "sk-0123456789"],
  ])("not a value that shows %s", (_, name, value) => {
    expect(forwarded("x-a", "1", name, value, "x-b", "2")).toEqual(["x-a", "1", "x-b", "2"]);
  });

  test.each([
    ["the beginning of a key", "sk-012345678"],
    ["a key too short to be told from other text", "abc"],
  ])("but one that holds %s", (_, value) => {
    expect(forwarded("x-echo", value)).toEqual(["x-echo", value]);
  });

  test("order and repetitions stay", () => {
    expect(forwarded("b", "1", "set-cookie", "c", "a", "2", "B", "3")).toEqual([
      "b",
      "1",
      "a",
      "2",
      "B",
      "3",
    ]);
  });

  test.each([
    ["one name", ["x-hop", "1", "Connection", "X-Hop", "x-other", "2"], ["x-other", "2"]],
    ["several names", ["a", "1", "b", "2", "c", "3", "connection", "close, A , c"], ["b", "2"]],
    ["each of two Connection headers", ["a", "1", "b", "2", "connection", "a", "connection", "b"], []],
    [
      "two of which the last is plain",
      ["a", "1", "b", "2", "connection", "a", "connection", "close"],
      ["b", "2"],
    ],
    ["none", ["close", "1", "connection", "close"], ["close", "1"]],
  ])("what Connection names ends here: %s", (_, headers, expected) => {
    expect(forwarded(...headers)).toEqual(expected);
  });
});
