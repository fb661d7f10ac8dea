import { describe, expect, test } from "vitest";
import { GatewayError } from "../core/errors.ts";
import type { ClientCall } from "./listener/listener.ts";
import { readHead, type RequestHead } from "./request-head.ts";

interface Request {
  readonly target?: string;
  /** Flat: name, value. */
  readonly headers?: readonly string[];
  readonly httpMinor?: number;
}

/** A call of which only the head may be looked at. */
function callOf({ target = "/", headers = ["Host", "gateway.test"], httpMinor = 1 }: Request): ClientCall {
  const untouched = (): never => {
    throw new Error("reading a head touches nothing else");
  };
  return {
    method: "POST",
    target,
    rawHeaders: headers,
    httpMinor,
    clientIp: "192.0.2.1",
    expectsContinue: false,
    gone: false,
    onGone: null,
    onDrain: null,
    tap: null,
    started: false,
    upgrade: null,
    readBody: untouched,
    declaredLength: undefined,
    openBody: untouched,
    resumeBody: untouched,
    send: untouched,
    start: untouched,
    write: untouched,
    end: untouched,
    endAndClose: untouched,
    destroy: untouched,
  };
}

const head = (request: Request): RequestHead => readHead(callOf(request));

function refusalOf(request: Request): string {
  try {
    readHead(callOf(request));
  } catch (error) {
    if (error instanceof GatewayError) return `${error.status} ${error.code}`;
    throw error;
  }
  return "accepted";
}

/** What goes on when these headers arrive beside a host. */
const forwarded = (...headers: string[]): string[] =>
  head({ headers: ["Host", "gateway.test", ...headers] }).forward;

describe("target", () => {
  test.each([
    ["a path", "/v1/models", "gateway.test", "/v1/models", ""],
    ["a query", "/v1/models?a=1&b=%2F..%2F", "gateway.test", "/v1/models", "?a=1&b=%2F..%2F"],
    ["a lone question mark", "/v1/models?", "gateway.test", "/v1/models", "?"],
    ["a question mark in the query", "/a?b?c", "gateway.test", "/a", "?b?c"],
    ["escapes stay as they are", "/a%62/%C3%A4?x=%62", "gateway.test", "/a%62/%C3%A4", "?x=%62"],
    ["slashes stay as they are", "//a//", "gateway.test", "//a//", ""],
    ["absolute form uses its own host", "http://Other.test:80/v1?x", "other.test", "/v1", "?x"],
    ["absolute form with https", "HTTPS://other.test/", "other.test", "/", ""],
    ["absolute form without a path", "http://other.test", "other.test", "/", ""],
    ["absolute form with a query alone", "http://other.test?x=1", "other.test", "/", "?x=1"],
    ["absolute form with an IPv6 address", "http://[::1]:8080/a", "[::1]", "/a", ""],
    ["the asterisk of OPTIONS", "*", "gateway.test", "*", ""],
  ])("%s: %s", (_, target, ...expected) => {
    const { host, path, query } = head({ target });
    expect([host, path, query]).toEqual(expected);
  });

  test.each([
    ["no path", "v1/models"],
    ["nothing", ""],
    ["an authority", "gateway.test:443"],
    ["another scheme", "ftp://gateway.test/"],
    ["a scheme without slashes", "http:/gateway.test/"],
    ["an empty authority", "http:///v1"],
    ["a user in the authority", "http://user:secret@gateway.test/"],
    ["a back-slash in the authority", "http://gateway.test\\evil.test/"],
    ["a fragment behind the authority", "http://gateway.test#x"],
    ["a query in front", "?x=1"],
  ])("refuses %s: %s", (_, target) => {
    expect(refusalOf({ target })).toBe("400 invalid_request");
  });
});

describe("path", () => {
  test.each([
    ["a dot", "/a/./b"],
    ["two dots", "/a/../b"],
    ["two dots at the end", "/a/.."],
    ["a dot at the end", "/a/."],
    ["two dots at the start", "/../a"],
    ["an encoded dot", "/a/%2e/b"],
    ["an encoded dot in capitals", "/a/%2E"],
    ["a half encoded pair of dots", "/a/.%2e/b"],
    ["an encoded pair of dots", "/a/%2e%2E/b"],
    ["an encoded slash", "/a%2fb"],
    ["an encoded slash in capitals", "/a%2Fb"],
    ["dots behind an encoded slash", "/a%2f../b"],
    ["a back-slash", "/a\\b"],
    ["dots between back-slashes", "/a\\..\\b"],
    ["an encoded back-slash", "/a%5cb"],
    ["an encoded back-slash in capitals", "/a%5Cb"],
    ["NUL", "/a%00"],
    ["a fragment", "/a#b"],
    ["a fragment before a query", "/a#b?c"],
    ["a dot in absolute form", "http://gateway.test/a/../b"],
    ["an encoded slash near userdata", "/userdata%2fx"],
    ["an encoded slash before userdata", "/a%2fb/userdata"],
    ["an encoded slash below a userdata name", "/userdata/a/b%2fc"],
    ["an encoded slash in the word move", "/userdata/a/m%2fve/b"],
    ["dots in a userdata name", "/userdata/.."],
    ["dots in a userdata name, before an encoded slash", "/userdata/..%2fsecret"],
    ["dots in a userdata name, between encoded slashes", "/userdata/a%2F..%2Fb"],
    ["dots in a userdata name, behind an encoded slash", "/userdata/a%2f%2e%2e"],
    ["a dot in the new name of a userdata file", "/userdata/a/move/.%2fb"],
  ])("refuses %s: %s", (_, target) => {
    expect(refusalOf({ target })).toBe("400 invalid_request");
  });

  test.each([
    ["dots in a name", "/a.b/..c/d../e...f"],
    ["three dots", "/.../a"],
    ["an encoded dot in a name", "/a%2eb"],
    ["any other escape", "/%7Bid%7D/%23/%3F/%25/%20"],
    ["an encoded escape of a slash", "/a%252fb"],
    ["what an escape may look like", "/100%"],
    ["a name with spaces and colons", "/models/a:b%20c@d"],
    ["a nested userdata name", "/userdata/workflows%2Fmine.json"],
    ["a deeply nested userdata name in lower case", "/api/userdata/a%2fb%2fc.json"],
    ["a nested userdata name that is moved", "/userdata/a%2Fb.json/move/c%2Fd.json"],
    ["dots in a nested userdata name", "/userdata/a..%2F..b%2F.c"],
    ["dots in the query", "/a?x=/../%2e%2e/%00\\"],
  ])("accepts %s: %s", (_, target) => {
    expect(head({ target }).path).toBe(target.split("?")[0]);
  });
});

describe("host", () => {
  test.each([
    ["a name", "gateway.test", "gateway.test"],
    ["capitals", "GateWay.TEST", "gateway.test"],
    ["a port", "gateway.test:8080", "gateway.test"],
    ["a trailing dot", "gateway.test.", "gateway.test"],
    ["a trailing dot and a port", "gateway.test.:8080", "gateway.test"],
    ["one label", "localhost", "localhost"],
    ["an underscore", "a_b.test", "a_b.test"],
    ["an A-label", "xn--bcher-kva.example", "xn--bcher-kva.example"],
    ["an IPv4 address", "127.0.0.1:8080", "127.0.0.1"],
    ["an IPv6 address", "[::1]", "[::1]"],
    ["an IPv6 address with a port", "[2001:DB8::1]:8080", "[2001:db8::1]"],
    ["253 characters", `${"a.".repeat(126)}a`, `${"a.".repeat(126)}a`],
  ])("%s: %s", (_, host, expected) => {
    expect(head({ headers: ["Host", host] }).host).toBe(expected);
  });

  test("is the same when it is seen again", () => {
    for (let time = 0; time < 3; time += 1) {
      expect(head({ headers: ["Host", "Seen.Again.test:1"] }).host).toBe("seen.again.test");
      expect(refusalOf({ headers: ["Host", "not a host"] })).toBe("400 invalid_request");
    }
  });

  test("the name of the header may be written in any case", () => {
    for (const name of ["host", "HOST", "hOsT"])
      expect(head({ headers: [name, "a.test"] }).host).toBe("a.test");
  });

  test.each([
    ["two names", "a.test, b.test"],
    ["a space", "a b"],
    ["a path", "a.test/x"],
    ["a query", "a.test?x"],
    ["a user", "user@a.test"],
    ["a scheme", "http://a.test"],
    ["letters as a port", "a.test:http"],
    ["a port too long", "a.test:123456"],
    ["two ports", "a.test:1:2"],
    ["an empty label", "a..test"],
    ["a dot alone", "."],
    ["a dot in front", ".a.test"],
    ["two dots behind", "a.test.."],
    ["a hyphen in front", "-a.test"],
    ["a wildcard", "*.a.test"],
    ["letters outside ASCII", "b\u00fccher.test"],
    ["an escape", "a%2etest"],
    ["an IPv6 address without brackets", "::1"],
    ["an IPv6 address with a zone", "[fe80::1%25eth0]"],
    ["brackets around no address", "[a.test]"],
    ["a bracket that is not closed", "[::1"],
    ["something behind the bracket", "[::1]x"],
    ["too many characters", "a".repeat(300)],
  ])("refuses %s", (_, host) => {
    expect(refusalOf({ headers: ["Host", host] })).toBe("400 invalid_request");
  });

  test.each([
    ["two Host headers", { headers: ["Host", "a.test", "host", "b.test"] }],
    ["two equal Host headers", { headers: ["Host", "a.test", "Host", "a.test"] }],
    [
      "two Host headers beside an absolute target",
      { target: "http://a.test/", headers: ["Host", "a.test", "Host", "a.test"] },
    ],
    ["no Host header", { headers: [] }],
    ["an empty Host header", { headers: ["Host", ""] }],
    [
      "HTTP/1.0 with Transfer-Encoding",
      { headers: ["Host", "a.test", "Transfer-Encoding", "chunked"], httpMinor: 0 },
    ],
    [
      "HTTP/1.0 with two Transfer-Encodings, one of them empty",
      { headers: ["Host", "a.test", "Transfer-Encoding", "chunked", "Transfer-Encoding", ""], httpMinor: 0 },
    ],
  ])("refuses %s", (_, request) => {
    expect(refusalOf(request)).toBe("400 invalid_request");
  });

  test("an HTTP/1.0 client may name none", () => {
    expect(head({ headers: [], httpMinor: 0 }).host).toBe("");
  });
});

describe("headers that go on", () => {
  test.each([
    ["any other", "X-Custom", "1"],
    ["the content type", "Content-Type", "application/json"],
    ["accept", "Accept", "text/event-stream"],
    ["the user agent", "User-Agent", "test/1"],
    ["Anthropic's version", "anthropic-version", "2023-06-01"],
    ["Anthropic's beta", "Anthropic-Beta", "a,b"],
    ["OpenAI's organisation", "OpenAI-Organization", "o"],
    ["the trace context", "traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
    ["the trace state", "tracestate", "a=b"],
    ["the content encoding", "Content-Encoding", "gzip"],
    ["a name that objects have already", "constructor", "1"],
    ["another name that objects have already", "__proto__", "1"],
    ["a name that only begins like ours", "x-moongate", "1"],
  ])("%s, as written: %s", (_, name, value) => {
    expect(forwarded(name, value)).toEqual([name, value]);
  });

  test.each([
    ["credentials", "Authorization"],
    ["credentials", "X-Api-Key"],
    ["credentials", "api-key"],
    ["credentials", "X-Goog-Api-Key"],
    ["credentials", "Proxy-Authorization"],
    ["cookies", "Cookie"],
    ["hop-by-hop", "Connection"],
    ["hop-by-hop", "Keep-Alive"],
    ["hop-by-hop", "Proxy-Connection"],
    ["hop-by-hop", "TE"],
    ["hop-by-hop", "Trailer"],
    ["hop-by-hop", "Transfer-Encoding"],
    ["hop-by-hop", "Upgrade"],
    ["a claim about the client", "Forwarded"],
    ["a claim about the client", "X-Forwarded-For"],
    ["a claim about the client", "X-Forwarded-Host"],
    ["a claim about the client", "X-Forwarded-Proto"],
    ["a claim about the client", "X-Forwarded-Port"],
    ["a claim about the client", "X-Real-IP"],
    ["a claim about the client", "Via"],
    ["what the gateway sets", "Content-Length"],
    ["what the gateway sets", "Accept-Encoding"],
    ["what the gateway answers itself", "Expect"],
    ["what the gateway answers itself", "Origin"],
    ["what the gateway answers itself", "Access-Control-Request-Headers"],
    ["what the gateway answers itself", "Access-Control-Request-Method"],
    ["ours", "X-Moongate-Simulator"],
    ["ours", "x-moongate-anything"],
  ])("not %s: %s", (_, name) => {
    for (const spelling of [name, name.toLowerCase(), name.toUpperCase()])
      expect(forwarded(spelling, "1")).toEqual([]);
  });

  test("keep their order and their repetitions", () => {
    expect(forwarded("X-B", "1", "Cookie", "c", "X-A", "2", "x-b", "3")).toEqual([
      "X-B",
      "1",
      "X-A",
      "2",
      "x-b",
      "3",
    ]);
  });

  test.each([
    ["close names no header", ["Connection", "close", "Close", "1"], ["Close", "1"]],
    ["one name", ["X-Hop", "1", "Connection", "x-hop", "X-Other", "2"], ["X-Other", "2"]],
    [
      "several names with spaces",
      ["X-A", "1", "X-B", "2", "X-C", "3", "Connection", "close, X-A ,x-c"],
      ["X-B", "2"],
    ],
    [
      "each of two Connection headers",
      ["X-A", "1", "Connection", "X-A", "X-B", "2", "Connection", "X-B"],
      [],
    ],
    ["every header of the name", ["X-A", "1", "Connection", "x-a", "x-a", "2"], []],
    ["even one that is kept otherwise", ["Connection", "traceparent", "traceparent", "t"], []],
  ])("what Connection names ends here: %s", (_, headers, expected) => {
    expect(forwarded(...headers)).toEqual(expected);
  });
});

describe("headers that the gateway reads", () => {
  test("are found in any spelling", () => {
    const headers = {
      hOST: "a.test",
      AUTHORIZATION: "Bearer k",
      "X-Api-Key": "x",
      "CONTENT-encoding": "br",
      Origin: "https://o.test",
      EXPECT: "100-continue",
      TraceParent: "t",
      "Anthropic-Version": "2023-06-01",
      "access-control-request-headers": "x-a",
    };
    expect(head({ headers: Object.entries(headers).flat() })).toMatchObject({
      authorization: "Bearer k",
      apiKeyHeader: "x",
      contentEncoding: "br",
      origin: "https://o.test",
      expect: "100-continue",
      traceparent: "t",
      hasAnthropicVersion: true,
      requestedCorsHeaders: "x-a",
    });
  });

  test.each([
    ["two keys", ["X-Api-Key", "a", "x-api-key", "b"], { apiKeyHeader: "a, b" }],
    [
      "two Authorizations",
      ["Authorization", "Bearer a", "Authorization", "Bearer b"],
      { authorization: "Bearer a, Bearer b" },
    ],
    [
      "two encodings",
      ["Content-Encoding", "gzip", "Content-Encoding", "identity"],
      { contentEncoding: "gzip, identity" },
    ],
    ["an empty one first", ["X-Api-Key", "", "X-Api-Key", "b"], { apiKeyHeader: "b" }],
  ])("are one list when repeated: %s", (_, headers, expected) => {
    expect(head({ headers: ["Host", "a.test", ...headers] })).toMatchObject(expected);
  });

  test("are empty when absent", () => {
    expect(head({})).toMatchObject({
      authorization: "",
      apiKeyHeader: "",
      contentEncoding: "",
      origin: "",
      expect: "",
      traceparent: "",
      hasAnthropicVersion: false,
      requestedCorsHeaders: "",
      forward: [],
    });
  });

  test("more names and hosts than are remembered are still read", () => {
    for (let index = 0; index < 1_500; index += 1) {
      const headers = ["Host", `h${index}.test`, `x-moongate-${index}`, "1", `x-${index}`, "2"];
      expect(head({ headers })).toMatchObject({ host: `h${index}.test`, forward: [`x-${index}`, "2"] });
    }
  });
});
