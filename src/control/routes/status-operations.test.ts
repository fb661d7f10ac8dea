import { afterEach, expect, test } from "vitest";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import type { ServiceStanding, SinkState } from "./console-answers.ts";
import type { LivePort, Standings } from "./ports.ts";

let fixture: ApiFixture | undefined;
afterEach(() => fixture?.close());

const live = (standings: Standings): LivePort => ({
  startedAtMs: Date.UTC(2026, 0, 2),
  nodeName: "node-1",
  workers: 3,
  gateway: { url: "http://127.0.0.1:8080", scheme: "http", host: "0.0.0.0", port: 8080 },
  inFlight: () => 7,
  standings: () => standings,
});

const service = (name: string, fields: Partial<ServiceStanding> = {}): ServiceStanding => ({
  name,
  standing: "ready",
  reason: "",
  until: null,
  inFlight: 0,
  targets: [],
  ...fields,
});

const since = "2026-01-02T00:00:00.000Z";
const until = "2026-01-02T00:00:30.000Z";
const ejected = { model: "m", standing: "ejected", reason: "timeout", since, until } as const;
const key = (of: string, standing: "resting" | "refused") =>
  ({
    service: of,
    key: "main",
    standing,
    reason: standing === "refused" ? "credentials" : "rate_limit",
    until,
  }) as const;

test("the state at a glance, with what needs attention most urgent first", async () => {
  const services = [
    service("good"),
    service("slow", { standing: "ejected", reason: "timeout", until, targets: [ejected] }),
    service("barred", { standing: "refused", reason: "credentials", until }),
    service("busy", { standing: "resting", reason: "rate_limit", until }),
  ];
  const keys = [key("barred", "refused"), key("good", "refused"), key("good", "resting")];
  fixture = await openApi({ live: live({ services, keys }) });
  await fixture.ask("POST /api/v1/services", { body: { name: "sim", provider: "simulator" } });
  fixture.configuration.reportConfigError("line 3 is wrong");
  const { status, body } = await fixture.ask("GET /api/v1/status");
  const about = (code: string, object: string, params: object, sinceMs: number | null = null) => ({
    code,
    kind: "services",
    object,
    params,
    sinceMs,
  });
  expect([status, body]).toEqual([
    200,
    {
      version: "0.0.0",
      startedAt: since,
      instance: { name: "default", region: "local" },
      revision: 1,
      ready: true,
      configError: "line 3 is wrong",
      nodes: [{ name: "node-1", role: "all", revision: 1, ready: true, workers: 3 }],
      gateway: { url: "http://127.0.0.1:8080", scheme: "http", host: "0.0.0.0", port: 8080 },
      counts: { modelApis: 0, services: 1, domains: 1, consumers: 0, resourceGroups: 1 },
      inFlight: 7,
      services,
      keys,
      attention: [
        {
          code: "config_error",
          kind: null,
          object: "",
          params: { message: "line 3 is wrong" },
          sinceMs: null,
        },
        about("service_refused", "barred", {}),
        about("target_ejected", "slow", { model: "m", reason: "timeout", until }, Date.parse(since)),
        about("service_resting", "busy", { until }),
        about("key_refused", "good", { key: "main", until }),
        about("key_resting", "good", { key: "main", until }),
      ],
    },
  ]);
});

test("of very many services those that are not ready", async () => {
  const many = Array.from({ length: 1_001 }, (_, index) => service(`s${index}`));
  const bad = service("bad", { standing: "disabled", reason: "disabled" });
  fixture = await openApi({ live: live({ services: [...many, bad], keys: [] }) });
  expect((await fixture.ask("GET /api/v1/status")).body["services"]).toEqual([bad]);
});

test("a viewer may ask, nobody without a token", async () => {
  fixture = await openApi();
  const token = await fixture.tokenOf("viewer");
  expect((await fixture.ask("GET /api/v1/status", { token })).status).toBe(200);
  expect((await fixture.ask("GET /api/v1/status", { token: null })).status).toBe(401);
});

const minuteMs = 60_000;

test.each<[string, SinkState["status"], number | null, boolean]>([
  ["fails for two minutes", "retrying", 2 * minuteMs, true],
  ["fails for a moment", "retrying", 1_000, false],
  ["is refused", "refused", 1_000, true],
  ["takes everything", "ok", null, false],
  ["was never sent anything", "idle", null, false],
])("a sink that %s", async (_name, status, forMs, needsAttention) => {
  let nowMs = 0;
  const failingSince = (): string | null => (forMs === null ? null : new Date(nowMs - forMs).toISOString());
  const state = (): SinkState => ({
    name: "collector",
    status,
    delivered: 0,
    deadLettered: 0,
    rejected: 0,
    dropped: 0,
    behind: 3,
    lastDeliveredAt: null,
    lastError: { at: new Date(nowMs).toISOString(), message: "Nothing listens." },
    failingSince: failingSince(),
    nextTryAt: null,
  });
  const notAsked = () => Promise.reject(new Error("not asked here"));
  fixture = await openApi({ delivery: { states: () => [state()], test: notAsked } });
  nowMs = fixture.wallMs();
  const { body } = await fixture.ask("GET /api/v1/status");
  expect(body["attention"]).toEqual(
    needsAttention
      ? [
          {
            code: "sink_failing",
            kind: "sinks",
            object: "collector",
            params: { message: "Nothing listens." },
            sinceMs: nowMs - (forMs ?? 0),
          },
        ]
      : [],
  );
});
