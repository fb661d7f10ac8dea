import { describe, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { wires } from "../protocols/wires.ts";
import type { Snapshot, SnapshotApi, SnapshotConsumer, SnapshotRoute } from "../snapshot/snapshot.ts";
import { createPlan, indexConsumer, type KnownCredential, type Plan } from "./plan.ts";

const tools = { clock: systemClock, random: Math.random };

function route(name: string, path: string, protocol: SnapshotRoute["protocol"] = "openai"): SnapshotRoute {
  return { name, protocol, path, methods: ["POST"], match: "exact", websocket: false };
}

function apiOf(overrides: Partial<SnapshotApi>): SnapshotApi {
  return {
    name: "api",
    useCase: "text-generation",
    resourceGroup: "default",
    protocols: ["openai"],
    hosts: ["*"],
    basePath: "/",
    stripBasePath: true,
    routes: [route("create-chat-completion", "/v1/chat/completions")],
    modelService: { mode: "single", target: { service: "s" } },
    fallback: { on: [], targets: [] },
    retries: { max: 1, on: [], budgetPercent: 20 },
    firstPacketTimeoutMs: 0,
    auth: null,
    corsOrigins: [],
    monitoring: { metrics: true, logs: true, traces: true, traceSampleRatio: 1, exposeHeaders: true },
    ...overrides,
  };
}

function planOf(...apis: SnapshotApi[]): Plan {
  const snapshot: Snapshot = {
    revision: 7,
    instance: "main",
    apis: new Map(apis.map((api) => [api.name, api])),
    services: new Map(),
    consumers: new Map(),
  };
  return createPlan(snapshot, new Map(), new Map(), tools);
}

function find(plan: Plan, host: string, path: string) {
  const match = plan.hosts.match(host, path, "POST");
  if (!match.found) throw new Error(`nothing serves ${host}${path}`);
  return match;
}

describe("createPlan", () => {
  test("keeps what identifies the snapshot", () => {
    expect(planOf()).toMatchObject({ revision: 7, instance: "main" });
  });

  test("finds every API by its hosts and base path, with its own configuration", () => {
    const plan = planOf(
      apiOf({ name: "a", hosts: ["a.test", "*.a.test"], basePath: "/x" }),
      apiOf({ name: "b", hosts: ["*"], basePath: "/" }),
    );
    expect(find(plan, "a.test", "/x/v1/chat/completions")).toMatchObject({
      api: { config: { name: "a" } },
      relativePath: "/v1/chat/completions",
    });
    expect(find(plan, "y.a.test", "/x/v1/chat/completions").api.config.name).toBe("a");
    expect(find(plan, "b.test", "/v1/chat/completions").api.config.name).toBe("b");
  });

  test.each([
    ["create-chat-completion", "/v1/chat/completions", "openai", { answer: "generation", asksUsage: true }],
    ["create-message", "/v1/messages", "anthropic", { answer: "generation", asksUsage: false }],
    ["rerank", "/v1/rerank", "vllm", { answer: "rerank", asksUsage: false }],
    ["any-other", "/r", "openai", { answer: "json", jsonDue: false }],
  ] as const)("knows what route %s at %s of %s does", (name, path, protocol, expected) => {
    const plan = planOf(apiOf({ routes: [route(name, path, protocol)] }));
    const found = find(plan, "h", path).route;
    expect(found.traits[0]).toMatchObject(expected);
    expect(found.serviceProtocol).toBe(protocol);
    expect(found.wire).toBe(wires[protocol]);
  });

  test("an API without authentication has no grants, one with it has those written down", () => {
    const auth = {
      apiKeySources: [],
      grants: [
        { consumer: "for-ever", expiresAtMs: null },
        { consumer: "until", expiresAtMs: 5 },
      ],
    };
    expect(find(planOf(apiOf({})), "h", "/v1/chat/completions").api.grants).toBeNull();
    expect(find(planOf(apiOf({ auth })), "h", "/v1/chat/completions").api.grants).toEqual(
      new Map([
        ["for-ever", Infinity],
        ["until", 5],
      ]),
    );
    const nobody = find(
      planOf(apiOf({ auth: { apiKeySources: [], grants: [] } })),
      "h",
      "/v1/chat/completions",
    );
    expect(nobody.api.grants).toEqual(new Map());
  });
});

describe("indexConsumer", () => {
  const consumer = (name: string, ...keys: string[]): SnapshotConsumer => ({
    name,
    apiKeys: keys.map((sha256) => ({
      name: `credential-${sha256}`,
      sha256,
      expiresAtMs: sha256 === "k9" ? 9 : null,
    })),
  });

  const owners = (index: ReadonlyMap<string, KnownCredential>): Record<string, string> =>
    Object.fromEntries([...index].map(([sha256, known]) => [sha256, known.consumer]));

  test("puts in every key with its name and end", () => {
    const index = new Map<string, KnownCredential>();
    indexConsumer(index, undefined, consumer("a", "k1", "k9"));
    expect(Object.fromEntries(index)).toEqual({
      k1: { consumer: "a", credential: "credential-k1", expiresAtMs: null },
      k9: { consumer: "a", credential: "credential-k9", expiresAtMs: 9 },
    });
  });

  test.each([
    ["a new key comes", consumer("a", "k1"), consumer("a", "k1", "k2"), { k1: "a", k2: "a", kb: "b" }],
    ["a key goes", consumer("a", "k1", "k2"), consumer("a", "k2"), { k2: "a", kb: "b" }],
    ["a key is replaced", consumer("a", "k1"), consumer("a", "k2"), { k2: "a", kb: "b" }],
    ["the consumer goes", consumer("a", "k1", "k2"), undefined, { kb: "b" }],
    ["nothing was there and nothing comes", undefined, undefined, { kb: "b" }],
  ])("%s: others' keys stay", (_, before, after, expected) => {
    const index = new Map<string, KnownCredential>();
    indexConsumer(index, undefined, consumer("b", "kb"));
    indexConsumer(index, undefined, before);
    indexConsumer(index, before, after);
    expect(owners(index)).toEqual(expected);
  });

  test.each(["loser first", "winner first"])(
    "a key that moves to another consumer belongs to that one: %s",
    (order) => {
      const index = new Map<string, KnownCredential>();
      const [from, to] = [consumer("from", "k1"), consumer("to")];
      indexConsumer(index, undefined, from);
      indexConsumer(index, undefined, to);
      const changes = [
        [from, consumer("from")],
        [to, consumer("to", "k1")],
      ] as const;
      for (const [before, after] of order === "loser first" ? changes : changes.toReversed())
        indexConsumer(index, before, after);
      expect(owners(index)).toEqual({ k1: "to" });
    },
  );
});
