import { describe, expect, test } from "vitest";
import { systemClock } from "../core/clock.ts";
import { wires } from "../protocols/wires.ts";
import type { Snapshot, SnapshotApi, SnapshotRoute } from "../snapshot/snapshot.ts";
import { Credentials } from "./identity/credentials.ts";
import { createPlan, type Plan } from "./plan.ts";

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
  return createPlan(snapshot, new Map(), new Credentials(), tools);
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
    const grants = (fields: Partial<SnapshotApi>) =>
      find(planOf(apiOf(fields)), "h", "/v1/chat/completions").api.grants;
    expect(grants({ auth })?.find("for-ever", [], 1e15)).toBeNull();
    expect(grants({ auth })?.find("until", [], 4)).toBeNull();
    expect(grants({ auth })?.find("until", [], 5)).toBeUndefined();
    expect(grants({ auth: { apiKeySources: [], grants: [] } })?.find("until", [], 4)).toBeUndefined();
  });
});
