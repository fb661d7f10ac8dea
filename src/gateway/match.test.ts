import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { RouteProtocol } from "../core/protocol.ts";
import type { SnapshotRoute } from "../snapshot/snapshot.ts";
import { HostTable, RouteTable, type MatchableApi, type MatchableRoute } from "./match.ts";

type Kind = SnapshotRoute["match"];

interface TestApi extends MatchableApi<MatchableRoute> {
  readonly name: string;
  readonly rows: readonly SnapshotRoute[];
}

/** `GET,POST exact /v1/models`, with the protocol at the end where it is not openai. The row is its own name. */
function row(text: string): SnapshotRoute {
  const [methods = "", match = "", path = "", protocol = "openai"] = text.split(" ");
  return {
    name: text,
    protocol: protocol as RouteProtocol, // Written by the tests below.
    path,
    methods: methods.split(","),
    match: match as Kind, // Written by the tests below.
    websocket: false,
  };
}

function api(hosts: string, basePath: string, ...routes: string[]): TestApi {
  const rows = routes.map(row);
  return {
    name: `${hosts} ${basePath}`,
    basePath,
    hosts: hosts.split(","),
    protocols: ["openai"],
    rows,
    routes: new RouteTable(rows.map((each) => ({ row: each }))),
  };
}

/** What was found as `api | route | path below the base path`, or `404 api`. */
function ask(apis: readonly TestApi[], host: string, path: string, method = "GET"): string {
  const match = new HostTable<TestApi, MatchableRoute>(apis).match(host, path, method);
  if (!match.found) return `404 ${match.api?.name ?? "-"}`;
  return `${match.api.name} | ${match.route.row.name} | ${match.relativePath}`;
}

const anything = "GET prefix /";

describe("host", () => {
  const apis = [
    api("*", "/", anything),
    api("*.example.com", "/", anything),
    api("*.eu.example.com", "/", anything),
    api("api.example.com", "/", anything),
    api("one.test,two.test", "/", anything),
    api("[::1]", "/", anything),
  ];

  test.each([
    ["an exact host before a wildcard", "api.example.com", "api.example.com /"],
    ["a wildcard for one label", "x.example.com", "*.example.com /"],
    ["a wildcard for several labels", "x.y.example.com", "*.example.com /"],
    ["the longer of two wildcards", "x.eu.example.com", "*.eu.example.com /"],
    ["a wildcard does not cover its own end", "example.com", "* /"],
    ["a wildcard covers the end of a longer one", "eu.example.com", "*.example.com /"],
    ["a wildcard ends at a dot", "xexample.com", "* /"],
    ["any other host", "other.test", "* /"],
    ["no host", "", "* /"],
    ["the first of an API's hosts", "one.test", "one.test,two.test /"],
    ["the second of an API's hosts", "two.test", "one.test,two.test /"],
    ["an IPv6 address", "[::1]", "[::1] /"],
  ])("%s", (_, host, expected) => {
    expect(ask(apis, host, "/x")).toBe(`${expected} | ${anything} | /x`);
  });

  test("nothing serves the host", () => {
    expect(ask([api("a.test", "/", anything)], "b.test", "/x")).toBe("404 -");
  });

  test.each([
    ["no base path of the exact host covers the path: the wildcard is asked", "/wild/x", "*.a.test /wild"],
    ["neither exact nor wildcard: any host is asked", "/any/x", "* /any"],
    ["a base path of the exact host covers it: no other is asked", "/own/x", "404 x.a.test /own"],
  ])("%s", (_, path, expected) => {
    const tiers = [
      api("x.a.test", "/own", "POST exact /never"),
      api("*.a.test", "/wild", anything),
      api("*", "/any", anything),
      api("*", "/own", anything),
    ];
    const answer = ask(tiers, "x.a.test", path);
    expect(answer.startsWith("404") ? answer : answer.split(" | ")[0]).toBe(expected);
  });
});

describe("base path", () => {
  const apis = [
    api("*", "/", "GET exact /a/b/root", "GET exact /a/shared"),
    api("*", "/a", "GET exact /b/short", "GET exact /shared", "GET exact /"),
    api("*", "/a/b", "GET exact /long", "GET exact /short"),
    api("*", "/A", anything),
    api("*", "/a%62", anything),
  ];

  test.each([
    ["the longest one first", "/a/b/short", "* /a/b | GET exact /short | /short"],
    [
      "the next shorter one when no route of the longest fits",
      "/a/b/root",
      "* / | GET exact /a/b/root | /a/b/root",
    ],
    ["a longer one before the root", "/a/shared", "* /a | GET exact /shared | /shared"],
    ["itself", "/a", "* /a | GET exact / | /"],
    ["itself with a slash", "/a/", "* /a | GET exact / | /"],
    ["only on a segment boundary", "/ab", "404 * /"],
    ["letters keep their case", "/A/x", `* /A | ${anything} | /x`],
    ["escapes are not decoded", "/a%62/x", `* /a%62 | ${anything} | /x`],
    ["no route anywhere: the longest one speaks", "/a/b/nothing", "404 * /a/b"],
    ["the root speaks where nothing longer covers the path", "/nothing", "404 * /"],
  ])("%s: %s", (_, path, expected) => {
    expect(ask(apis, "h", path)).toBe(expected);
  });

  test("what is no path is covered by no base path", () => {
    expect(ask(apis, "h", "*", "OPTIONS")).toBe("404 -");
  });

  test("a method that the longest one does not take is looked for in the next shorter one", () => {
    const two = [api("*", "/a", "GET exact /x"), api("*", "/", "POST exact /a/x")];
    expect(ask(two, "h", "/a/x", "POST")).toBe("* / | POST exact /a/x | /a/x");
    expect(ask(two, "h", "/a/x", "PUT")).toBe("404 * /a");
  });
});

describe("route", () => {
  const routes = [
    "GET prefix /v1",
    "GET prefix /v1/files",
    "GET prefix /slash/",
    "GET template /v1/{kind}",
    "GET template /v1/{kind}/{id}",
    "GET template /v1/{kind}/content",
    "GET template /ends/{id}/",
    "GET exact /v1/models",
    "GET exact /v1/a%2Db",
    "GET exact /V1/models",
    "GET exact /both",
    "GET exact /both/",
    "POST exact /v1/written",
    "POST,PUT exact /v1/written/twice",
  ];
  const apis = [api("*", "/", ...routes)];
  const found = (route: string, path: string) => `* / | ${route} | ${path}`;

  test.each([
    ["exact before template and prefix", "/v1/models", "GET exact /v1/models"],
    ["exact with a slash behind, forwarded as sent", "/v1/models/", "GET exact /v1/models"],
    ["a route of its own for the slash", "/both/", "GET exact /both/"],
    ["and without it", "/both", "GET exact /both"],
    ["case matters", "/V1/models", "GET exact /V1/models"],
    ["undecoded", "/v1/a%2Db", "GET exact /v1/a%2Db"],
    ["an escape in other case is another path", "/v1/a%2db", "GET template /v1/{kind}"],
    ["template before prefix", "/v1/other", "GET template /v1/{kind}"],
    ["template with a slash behind, forwarded as sent", "/v1/other/", "GET template /v1/{kind}"],
    ["template with more literals first", "/v1/x/content", "GET template /v1/{kind}/content"],
    ["template with two parameters", "/v1/x/y", "GET template /v1/{kind}/{id}"],
    ["template that ends in a slash itself", "/ends/1/", "GET template /ends/{id}/"],
    ["a parameter is a whole segment, whatever it holds", "/v1/%7Bkind%7D", "GET template /v1/{kind}"],
    ["prefix below a segment", "/v1/x/y/z", "GET prefix /v1"],
    ["prefix itself", "/v1", "GET prefix /v1"],
    ["prefix itself with a slash", "/v1/", "GET prefix /v1"],
    ["the longer prefix", "/v1/files/a/b", "GET prefix /v1/files"],
    ["a prefix that ends in a slash", "/slash/x", "GET prefix /slash/"],
    ["and without it", "/slash", "GET prefix /slash/"],
    ["another method falls through to the next kind", "/v1/written", "GET template /v1/{kind}"],
  ])("%s: %s", (_, path, route) => {
    expect(ask(apis, "h", path)).toBe(found(route, path));
  });

  test.each([
    ["a prefix ends on a segment boundary", "/v1x"],
    ["two slashes behind an exact path", "/v1/models//"],
    ["two slashes behind a template", "/v1/other//"],
    ["two slashes below a prefix", "/v1/x//y"],
    ["two slashes in front", "//v1/models"],
    ["an empty parameter", "/ends//"],
    ["a template that ends in a slash, without it", "/ends/1"],
    ["nothing there", "/"],
  ])("404: %s: %s", (_, path) => {
    expect(ask(apis, "h", path)).toBe("404 * /");
  });

  test.each([
    ["HEAD follows GET", "HEAD", "/v1/models", "GET exact /v1/models"],
    ["HEAD does not follow POST", "HEAD", "/v1/written/twice", "GET template /v1/{kind}/{id}"],
    ["OPTIONS asks about any route", "OPTIONS", "/v1/written", "POST exact /v1/written"],
    ["each of several methods", "PUT", "/v1/written/twice", "POST,PUT exact /v1/written/twice"],
  ])("%s", (_, method, path, route) => {
    expect(ask(apis, "h", path, method)).toBe(found(route, path));
  });

  test.each(["DELETE", "PATCH", "get", "PROPFIND"])("404: nothing takes %s", (method) => {
    expect(ask(apis, "h", "/v1/models", method)).toBe("404 * /");
  });
});

describe("the protocols of a path that was not found", () => {
  const apis = [
    api(
      "*",
      "/m",
      "POST exact /v1/both anthropic",
      "PUT template /v1/{x} openai",
      "POST exact /v1/messages anthropic",
      "POST exact /v1/chat/completions openai",
    ),
  ];

  test.each([
    ["the route's with that path", "/m/v1/messages/", ["anthropic", "openai"]],
    ["the only route's with that path", "/m/v1/chat/completions", ["openai"]],
    ["each of those that have it", "/m/v1/both", ["anthropic", "openai"]],
    ["none", "/m/nothing", []],
  ])("%s", (_, path, protocols) => {
    const match = new HostTable<TestApi, MatchableRoute>(apis).match("h", path, "GET");
    expect(match).toMatchObject({ found: false, protocols });
  });
});

/** The rules of matching as plain sentences over lists, without any index. */
function referenceAsk(apis: readonly TestApi[], host: string, path: string, method: string): string {
  const specs = [...new Set(apis.flatMap(({ hosts }) => hosts))];
  const wildcards = specs.filter((spec) => spec.startsWith("*.")).toSorted((a, b) => b.length - a.length);
  const covering = [host, ...wildcards.filter((spec) => isBelowHost(host, spec.slice(2))), "*"]
    .map((spec) =>
      apis.filter(({ hosts, basePath }) => hosts.includes(spec) && relative(basePath, path) !== undefined),
    )
    .find((tier) => tier.length > 0);
  if (covering === undefined) return "404 -";
  const longestFirst = covering.toSorted((a, b) => b.basePath.length - a.basePath.length);
  for (const each of longestFirst) {
    const below = relative(each.basePath, path) ?? "";
    const best = below.includes("//") ? undefined : bestRoute(each.rows, below, method);
    if (best !== undefined) return `${each.name} | ${best.name} | ${below}`;
  }
  return `404 ${longestFirst[0]?.name ?? "-"}`;
}

function isBelowHost(host: string, end: string): boolean {
  return host.length > end.length + 1 && host.endsWith(`.${end}`);
}

function relative(basePath: string, path: string): string | undefined {
  const base = basePath === "/" ? [""] : basePath.split("/");
  const segments = path.split("/");
  if (path !== basePath && segments.length <= base.length) return undefined;
  if (base.some((segment, index) => segment !== segments[index])) return undefined;
  return `/${segments.slice(base.length).join("/")}`;
}

function bestRoute(rows: readonly SnapshotRoute[], path: string, method: string): SnapshotRoute | undefined {
  const rank = (each: SnapshotRoute): number[] => {
    const slash = fits(each, path) ? 0 : 1;
    if (each.match === "exact") return [0, slash];
    if (each.match === "template")
      return [1, slash, each.path.split("/").filter(isParameter).length - each.path.split("/").length];
    return [2, -each.path.length];
  };
  return rows
    .filter(
      (each) =>
        fits(each, path) ||
        (each.match !== "prefix" && path.length > 1 && fits(each, path.replace(/\/$/, ""))),
    )
    .filter(({ methods }) => methodsFor(method).some((any) => any === "*" || methods.includes(any)))
    .toSorted((a, b) => compare(rank(a), rank(b)))[0];
}

/** Methods of a route that take this one. */
function methodsFor(method: string): string[] {
  if (method === "OPTIONS") return ["*"];
  return method === "HEAD" ? ["HEAD", "GET"] : [method];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((value, at) => value !== b[at]);
  return index === -1 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}

const isParameter = (segment: string): boolean => segment.startsWith("{");

function fits({ match, path: pattern }: SnapshotRoute, path: string): boolean {
  if (match === "exact") return path === pattern;
  if (match === "prefix") return `${path}/`.startsWith(`${pattern}/`.replace("//", "/"));
  const segments = path.split("/");
  const wanted = pattern.split("/");
  if (wanted.length !== segments.length) return false;
  return wanted.every((want, index) =>
    isParameter(want) ? segments[index] !== "" : want === segments[index],
  );
}

describe("any table and any request", () => {
  const plain = fc.constantFrom("a", "b", "A", "aa", "%61");
  const slash = fc.constantFrom("", "", "/");
  const join = (segments: readonly string[], end: string): string =>
    segments.length === 0 ? "/" : `/${segments.join("/")}${end}`;
  const pathOf = (segment: fc.Arbitrary<string>, maxLength: number) =>
    fc.tuple(fc.array(segment, { maxLength }), slash).map(([segments, end]) => join(segments, end));
  const methods = fc.constantFrom("GET", "POST", "GET,PUT");
  const routeText = fc.oneof(
    fc.tuple(methods, fc.constant("exact"), pathOf(plain, 3)),
    fc.tuple(methods, fc.constant("prefix"), pathOf(plain, 3)),
    fc.tuple(methods, fc.constant("template"), pathOf(fc.oneof(plain, fc.constant("{x}")), 3)),
  );
  const hostSpec = fc.constantFrom("*", "*.t", "*.b.t", "a.t", "b.t", "a.b.t");
  const tables = fc
    .array(
      fc.record({
        hosts: fc.uniqueArray(hostSpec, { minLength: 1, maxLength: 2 }),
        base: fc.array(plain, { maxLength: 2 }).map((segments) => join(segments, "")),
        routes: fc.array(
          routeText.map((parts) => parts.join(" ")),
          { maxLength: 6 },
        ),
      }),
      { minLength: 1, maxLength: 6 },
    )
    .map((apis) => {
      // A pair of host and base path belongs to one Model API.
      const taken = new Set<string>();
      return apis.flatMap(({ hosts, base, routes }) => {
        const free = hosts.filter((host) => !taken.has(`${host} ${base}`));
        for (const host of free) taken.add(`${host} ${base}`);
        return free.length === 0 ? [] : [api(free.join(","), base, ...routes)];
      });
    });
  const requestPath = fc
    .tuple(
      fc.array(fc.oneof({ weight: 12, arbitrary: plain }, { weight: 1, arbitrary: fc.constant("") }), {
        maxLength: 5,
      }),
      slash,
    )
    .map(([segments, end]) => join(segments, end));

  const requestHost = fc.constantFrom("a.t", "b.t", "a.b.t", "x.b.t", "x.t", "t", ".b.t", "other", "");
  const requestMethod = fc.constantFrom("GET", "HEAD", "POST", "PUT", "OPTIONS", "DELETE");

  test("agree with the plain rules", () => {
    fc.assert(
      fc.property(tables, requestHost, requestPath, requestMethod, (apis, host, path, method) => {
        expect(ask(apis, host, path, method)).toBe(referenceAsk(apis, host, path, method));
      }),
      { numRuns: 3_000 },
    );
  });

  /** A path that one of the routes is meant for, or that misses it by its end. */
  const aimed = fc
    .tuple(tables, fc.nat(), fc.nat(), fc.array(plain, { minLength: 3, maxLength: 3 }))
    .filter(([apis]) => apis.some(({ rows }) => rows.length > 0))
    .map(([apis, whichApi, whichRoute, parameters]) => {
      const withRoutes = apis.filter(({ rows }) => rows.length > 0);
      const { basePath, rows } = withRoutes[whichApi % withRoutes.length] ?? { basePath: "/", rows: [] };
      const path = rows[whichRoute % rows.length]?.path ?? "/";
      const filled = path
        .split("/")
        .map((segment, index) => (isParameter(segment) ? (parameters[index % 3] ?? "") : segment))
        .join("/");
      return { apis, path: basePath === "/" ? filled : basePath + filled };
    });

  test("agree with the plain rules where a request aims at a route", () => {
    const seen = { found: 0, missed: 0 };
    const end = fc.constantFrom("", "", "/", "/a");
    fc.assert(
      fc.property(aimed, requestHost, end, requestMethod, ({ apis, path }, host, more, method) => {
        const expected = referenceAsk(apis, host, path + more, method);
        seen[expected.startsWith("404") ? "missed" : "found"] += 1;
        expect(ask(apis, host, path + more, method)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
    expect(Math.min(seen.found, seen.missed)).toBeGreaterThan(500);
  });

  test("templates with more literal segments come first, wherever they stand", () => {
    const segment = fc.oneof(fc.constantFrom("a", "b"), fc.constant("{x}"));
    const template = fc.array(segment, { minLength: 2, maxLength: 3 }).map((parts) => `/${parts.join("/")}`);
    const path = fc.array(fc.constantFrom("a", "b"), { minLength: 2, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(template, { minLength: 2, maxLength: 8 }), path, (templates, segments) => {
        const apis = [api("*", "/", ...templates.map((each) => `GET template ${each}`))];
        const asked = `/${segments.join("/")}`;
        expect(ask(apis, "h", asked)).toBe(referenceAsk(apis, "h", asked, "GET"));
      }),
      { numRuns: 1_000 },
    );
  });
});
