import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { GatewayError } from "../core/errors.ts";
import type { ApiKeySource, Snapshot, SnapshotApi } from "../snapshot/snapshot.ts";
import { authenticate } from "./authenticate.ts";
import { Exchange } from "./exchange.ts";
import { keyHeaders, withoutKeyParameters } from "./key-sources.ts";
import type { ClientCall } from "./listener/listener.ts";
import { Credentials } from "./identity/credentials.ts";
import { TokenKeys } from "./identity/token-keys.ts";
import { createPlan } from "./plan.ts";
import { readHead } from "./request-head.ts";

const tools = { clock: systemClock, random: Math.random };

/** No provider answers, and nobody tries a Model API out. */
const means = {
  debugSecret: null,
  tokenKeys: new TokenKeys({ get: () => Promise.reject(new Error("down")), clock: systemClock }),
};

const nowMs = Date.UTC(2030, 0, 1);

const bearer: ApiKeySource = { in: "bearer" };
const xApiKey: ApiKeySource = { in: "header", name: "X-Api-Key" };
const header = (name: string): ApiKeySource => ({ in: "header", name });
const query = (name: string): ApiKeySource => ({ in: "query", name });

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** An API with one route, and consumers whose keys are `key-of-NAME`. */
function apiOf(sources: readonly ApiKeySource[] | null): SnapshotApi {
  return {
    name: "api",
    useCase: "text-generation",
    resourceGroup: "default",
    protocols: ["openai"],
    hosts: ["*"],
    basePath: "/",
    stripBasePath: true,
    routes: [
      { name: "r", protocol: "openai", path: "/", methods: ["GET"], match: "prefix", websocket: false },
    ],
    modelService: { mode: "single", target: { service: "none" } },
    fallback: { on: [], targets: [] },
    retries: { max: 0, on: [], budgetPercent: 20 },
    firstPacketTimeoutMs: 0,
    auth: sources && {
      apiKeySources: sources,
      grants: [
        { consumer: "granted", expiresAtMs: null },
        { consumer: "granted-until-later", expiresAtMs: nowMs + 1 },
        { consumer: "granted-until-now", expiresAtMs: nowMs },
        { consumer: "granted-too", expiresAtMs: null },
      ],
    },
    corsOrigins: [],
    monitoring: { metrics: true, logs: true, traces: true, traceSampleRatio: 1, exposeHeaders: true },
  };
}

function exchangeFor(
  sources: readonly ApiKeySource[] | null,
  target: string,
  headers: readonly string[],
): Exchange {
  const credentials = new Credentials();
  const names = ["granted", "granted-until-later", "granted-until-now", "granted-too", "not-granted"];
  for (const name of names) {
    credentials.change(undefined, {
      name,
      apiKeys: [
        { name: "main", sha256: sha256(`key-of-${name}`), expiresAtMs: null },
        { name: "old", sha256: sha256(`old-key-of-${name}`), expiresAtMs: nowMs },
        { name: "young", sha256: sha256(`young-key-of-${name}`), expiresAtMs: nowMs + 1 },
      ],
    });
  }
  const snapshot: Snapshot = {
    revision: 1,
    instance: "default",
    apis: new Map([["api", apiOf(sources)]]),
    services: new Map(),
    consumers: new Map(),
  };
  const plan = createPlan(snapshot, new Map(), credentials, tools);
  // Of a call, authentication may look at the head alone.
  const call = {
    method: "GET",
    target,
    rawHeaders: ["Host", "a.test", ...headers],
    httpMinor: 1,
  } as unknown as ClientCall;
  const exchange = new Exchange(call, plan, "r", { monotonicMs: 0, wallMs: nowMs });
  exchange.head = readHead(call);
  const match = plan.hosts.match(exchange.head.host, exchange.head.path, "GET");
  if (!match.found) throw new Error("the route of this test was not found");
  const [operation] = match.route.traits;
  exchange.matched = { api: match.api, route: match.route, operation, relativePath: match.relativePath };
  return exchange;
}

/** `consumer/credential`, or the code of the refusal. */
function caller(sources: readonly ApiKeySource[] | null, target: string, ...headers: string[]): string {
  const exchange = exchangeFor(sources, target, headers);
  try {
    const late = authenticate(exchange, { wallMs: nowMs }, means);
    if (late !== undefined) throw new Error("an API key is looked up without a promise");
  } catch (error) {
    if (error instanceof GatewayError) return `${error.code}: ${error.message}`;
    throw error;
  }
  return `${exchange.consumer}/${exchange.credential}`;
}

const invalid = /^invalid_credentials: /;
const notAllowed = /^consumer_not_allowed: /;

describe("where a key may stand", () => {
  test.each([
    ["bearer", [bearer], "/", ["Authorization", "Bearer key-of-granted"]],
    ["bearer in any case", [bearer], "/", ["authorization", "bEARER key-of-granted"]],
    ["bearer with more spaces", [bearer], "/", ["Authorization", "Bearer   key-of-granted "]],
    ["x-api-key", [xApiKey], "/", ["x-api-key", "key-of-granted"]],
    ["a header of its own", [header("X-Team-Key")], "/", ["x-team-KEY", "key-of-granted"]],
    ["the whole Authorization header", [header("authorization")], "/", ["Authorization", "key-of-granted"]],
    ["a query parameter", [query("key")], "/?a=1&key=key-of-granted", []],
    ["an encoded query parameter", [query("key")], "/?k%65y=key%2Dof-granted", []],
    ["a later source when the first is absent", [bearer, xApiKey, query("k")], "/?k=key-of-granted", []],
    [
      "a later source when the first is empty",
      [xApiKey, bearer],
      "/",
      ["x-api-key", "", "Authorization", "Bearer key-of-granted"],
    ],
    [
      "a later source when the first has another scheme",
      [bearer, xApiKey],
      "/",
      ["Authorization", "Basic a", "x-api-key", "key-of-granted"],
    ],
    [
      "the first source, whatever the second holds",
      [bearer, xApiKey],
      "/",
      ["x-api-key", "wrong", "Authorization", "Bearer key-of-granted"],
    ],
  ])("%s", (_, ...row) => {
    const [sources, target, headers] = row;
    expect(caller(sources, target, ...headers)).toBe("granted/main");
  });

  test.each([
    ["no key at all", [bearer], "/", []],
    ["an unknown key", [bearer], "/", ["Authorization", "Bearer unknown"]],
    ["a key without its scheme", [bearer], "/", ["Authorization", "key-of-granted"]],
    ["another scheme", [bearer], "/", ["Authorization", "Basic key-of-granted"]],
    ["a scheme without a key", [bearer], "/", ["Authorization", "Bearer "]],
    ["two words behind the scheme", [bearer], "/", ["Authorization", "Bearer key-of-granted x"]],
    [
      "a key where this API takes none",
      [xApiKey],
      "/?key=key-of-granted",
      ["Authorization", "Bearer key-of-granted"],
    ],
    ["a key in other case", [bearer], "/", ["Authorization", "Bearer KEY-OF-GRANTED"]],
    ["the beginning of a key", [bearer], "/", ["Authorization", "Bearer key-of-grante"]],
    ["the hash of a key", [bearer], "/", ["Authorization", `Bearer ${sha256("key-of-granted")}`]],
    [
      "a bad key in the first source, a good one in the second",
      [bearer, xApiKey],
      "/",
      ["Authorization", "Bearer bad", "x-api-key", "key-of-granted"],
    ],
    [
      "two keys in one header",
      [xApiKey],
      "/",
      ["x-api-key", "key-of-granted", "x-api-key", "key-of-granted"],
    ],
    ["an expired key", [bearer], "/", ["Authorization", "Bearer old-key-of-granted"]],
    ["no source at all", [], "/", ["Authorization", "Bearer key-of-granted"]],
  ])("%s is refused", (_, ...row) => {
    const [sources, target, headers] = row;
    expect(caller(sources, target, ...headers)).toMatch(invalid);
  });

  test("unknown, expired and missing keys get one and the same answer", () => {
    const answers = ["unknown", "old-key-of-granted", "old-key-of-not-granted", ""].map((key) =>
      caller([bearer], "/", "Authorization", `Bearer ${key}`),
    );
    expect(new Set(answers).size).toBe(1);
  });
});

describe("who may call", () => {
  const callerWith = (key: string): string => caller([bearer], "/", "Authorization", `Bearer ${key}`);

  test.each([
    ["a grant without end", "key-of-granted", "granted/main"],
    ["a grant that still holds", "key-of-granted-until-later", "granted-until-later/main"],
    ["a key that still holds", "young-key-of-granted-too", "granted-too/young"],
  ])("%s", (_, key, expected) => {
    expect(callerWith(key)).toBe(expected);
  });

  test.each([
    ["a consumer without a grant", "key-of-not-granted"],
    ["a consumer whose grant ends now", "key-of-granted-until-now"],
  ])("%s is known and not allowed", (_, key) => {
    expect(callerWith(key)).toMatch(notAllowed);
  });

  test("a consumer that is not allowed is recorded all the same", () => {
    const exchange = exchangeFor([bearer], "/", ["Authorization", "Bearer key-of-not-granted"]);
    expect(() => authenticate(exchange, { wallMs: nowMs }, means)).toThrow(GatewayError);
    expect(exchange).toMatchObject({ consumer: "not-granted", credential: "main" });
  });

  test("everybody where authentication is off, as nobody", () => {
    expect(caller(null, "/", "Authorization", "Bearer key-of-granted")).toBe("/");
  });
});

describe("withoutKeyParameters", () => {
  const sources = [bearer, query("key"), query("api key")];

  test.each([
    ["no query", "", ""],
    ["no key in it", "?a=1&b=%2f+x&&c", "?a=1&b=%2f+x&&c"],
    ["a key first", "?key=s&a=1", "?a=1"],
    ["a key in the middle", "?a=%20&key=s&b=2", "?a=%20&b=2"],
    ["a key last", "?a=1&key=s", "?a=1"],
    ["a key alone", "?key=s", ""],
    ["every key", "?key=1&key=2&a=1&key", "?a=1"],
    ["an encoded name", "?k%65y=s&a=1", "?a=1"],
    ["a name with a space", "?api+key=s&api%20key=t&a=1", "?a=1"],
    ["a name that only begins like it", "?keys=1&Key=2", "?keys=1&Key=2"],
    ["the word as a value", "?a=key", "?a=key"],
  ])("%s: %s", (_, given, expected) => {
    expect(withoutKeyParameters(given, sources)).toBe(expected);
  });

  test("leaves a query alone where keys do not stand in it", () => {
    expect(withoutKeyParameters("?key=1", [bearer, xApiKey])).toBe("?key=1");
  });
});

test("keyHeaders names the headers that end here", () => {
  expect(keyHeaders([bearer, header("X-Team-Key"), query("k"), xApiKey])).toEqual([
    "x-team-key",
    "x-api-key",
  ]);
});
