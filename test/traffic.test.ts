// What the console is told of traffic, over the whole program: real requests of many endings, counted, placed on the way
// through their Model API, listed, and counted the same after a restart.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { LogItem, LogPage, TrafficAnswer, WayAnswer } from "../src/control/routes/console-answers.ts";
import type { MetricsAnswer, UsageAnswer } from "../src/telemetry/metrics-answers.ts";
import { serviceAt } from "./support/configuration.ts";
import { parsePrometheus } from "./support/prometheus-parser.ts";
import { adminToken, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const key = "consumer-key-0123456789";
const usage = { prompt_tokens: 7, completion_tokens: 3, total_tokens: 10 };
const good = JSON.stringify({ choices: [{ message: { content: "Hi" }, finish_reason: "stop" }], usage });

let folder: string;
let upstreams: RawUpstream[];
let gateway: GatewayProcess;
let words: readonly string[];

async function answering(statusLine: string, body: string): Promise<string> {
  const upstream = await startRawUpstream({
    onRequest: ({ connection }) => {
      const head = `HTTP/1.1 ${statusLine}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n`;
      connection.socket.write(head + body);
    },
  });
  upstreams.push(upstream);
  return upstream.url;
}

function start(): Promise<GatewayProcess> {
  return startProcess({ words, dataDir: join(folder, "data"), env: { MOONGATE_WORKERS: "2" } });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "traffic-"));
  upstreams = [];
  const api = (name: string, fields: object) => ({
    name,
    useCase: "text-generation",
    protocols: ["openai"],
    basePath: `/${name}`,
    stripBasePath: true,
    retries: { max: 0 },
    ...fields,
  });
  const configuration = {
    version: 1,
    services: [
      serviceAt(await answering("200 OK", good), "openai", { name: "good" }),
      serviceAt(await answering("500 Broken", "{}"), "openai", { name: "bad" }),
      serviceAt(await answering("404 Not Found", "{}"), "openai", { name: "refusing" }),
    ],
    consumers: [{ name: "app", credentials: [{ type: "api-key", name: "main", value: key }] }],
    modelApis: [
      api("guarded", {
        auth: { enabled: true, grants: [{ consumer: "app" }] },
        modelService: {
          mode: "by-model-name",
          rules: [
            { pattern: "good*", target: { service: "good", model: "g" } },
            { pattern: "bad*", target: { service: "bad" } },
            { pattern: "refused*", target: { service: "refusing" } },
          ],
        },
        fallback: { targets: [{ service: "good", model: "instead" }] },
      }),
      api("lonely", { modelService: { mode: "single", target: { service: "bad", model: "m" } } }),
      api("silent", {
        modelService: { mode: "single", target: { service: "good" } },
        monitoring: { metrics: false, logs: false, traces: false },
      }),
    ],
  };
  const file = join(folder, "gateway.json");
  writeFileSync(file, JSON.stringify(configuration));
  words = ["--config", file];
  gateway = await start();
  await askAll();
});
afterAll(async () => {
  await gateway?.close();
  for (const upstream of upstreams) await upstream.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ask(
  api: string,
  model: string,
  options: { token?: string | null; body?: string } = {},
): Promise<number> {
  const { token = key, body = JSON.stringify({ model, messages: [{ role: "user", content: "Hello" }] }) } =
    options;
  const answer = await fetch(`${gateway.gatewayUrl}/${api}/v1/chat/completions`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
    },
    body,
  });
  await answer.arrayBuffer();
  return answer.status;
}

async function askAll(): Promise<void> {
  const statuses = [
    await ask("guarded", "good-1"),
    await ask("guarded", "good-2"),
    await ask("guarded", "bad-1"),
    await ask("guarded", "refused-1"),
    await ask("guarded", "unknown"),
    await ask("guarded", "good-1", { token: null }),
    await ask("guarded", "good-1", { body: "{" }),
    await ask("lonely", "any"),
    await ask("silent", "any"),
    await ask("nowhere", "any"),
  ];
  expect(statuses).toEqual([200, 200, 200, 404, 404, 401, 400, 500, 200, 404]);
  const models = await fetch(`${gateway.gatewayUrl}/guarded/v1/models`, {
    headers: { authorization: `Bearer ${key}` },
  });
  expect(models.status).toBe(200);
}

async function read<Answer>(path: string): Promise<Answer> {
  const answer = await gateway.admin("GET", path);
  expect([path, answer.status]).toEqual([path, 200]);
  // The shapes are what these tests are about.
  return (await answer.json()) as Answer;
}

const traffic = () => read<TrafficAnswer>("/traffic?window=1h");
const way = (api: string) => read<WayAnswer>(`/traffic/${api}?window=1h`);

test("every exchange is counted by its Model API, or by none; not those that shall leave no trace", async () => {
  await expect.poll(async () => (await traffic()).total.requests).toBe(10);
  const { total, apis, topModels, buckets } = await traffic();
  expect(total).toMatchObject({ ok: 4, clientErrors: 5, failed: 1, succeeded: 9, fallbacks: 1 });
  expect(apis.map(({ api, requests }) => [api, requests])).toEqual([
    ["guarded", 8],
    ["lonely", 1],
  ]);
  expect(apis[0]).toMatchObject({ ok: 4, clientErrors: 4, failed: 0, inputTokens: 21, outputTokens: 9 });
  expect(topModels[0]).toEqual({ model: "g", requests: 2, inputTokens: 14, outputTokens: 6, costUsd: 0 });
  expect(total.series).toHaveLength(buckets.count);
  expect(total.series.reduce((sum, count) => sum + count, 0)).toBe(10);
});

test("the way through a Model API: what was stopped where, who was chosen, who helped", async () => {
  await expect.poll(async () => (await way("guarded")).arrived).toBe(8);
  const told = await way("guarded");
  expect(told.steps.map(({ step, passed, stopped }) => [step, passed, stopped])).toEqual([
    ["match", 8, []],
    ["authenticate", 7, [{ status: 401, code: "invalid_credentials", count: 1 }]],
    ["limit", 7, []],
    ["moderate", 7, []],
    [
      "select",
      5,
      expect.toSatisfy((stops: { code: string }[]) =>
        ["invalid_request", "model_not_found"].every((code) => stops.some((stop) => stop.code === code)),
      ),
    ],
  ]);
  expect(told.own).toBe(1);
  expect(told.targets).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ service: "good", model: "g", chosen: 2, served: 2, share: 0.5 }),
      expect.objectContaining({ service: "bad", model: "bad-1", chosen: 1, served: 0, failed: 1 }),
      expect.objectContaining({ service: "refusing", model: "refused-1", chosen: 1, served: 1 }),
    ]),
  );
  expect(told.fallbacks).toEqual([
    { position: 1, service: "good", model: "instead", tried: 1, served: 1, failed: 0, left: 0 },
  ]);
  expect(told.reply).toMatchObject({ answered: 5, failed: 0, left: 0 });
  expect(told.rate).toBeGreaterThan(0);
  expect(told.lastExchanges).toHaveLength(8);
  expect((await way("lonely")).reply).toMatchObject({ answered: 0, failed: 1 });
  expect((await way("silent")).arrived).toBe(0);
});

async function scraped() {
  const answer = await fetch(`${gateway.consoleUrl}/metrics`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  expect(answer.headers.get("content-type")).toContain("version=0.0.4");
  const families = parsePrometheus(await answer.text());
  return (name: string, wanted: Readonly<Record<string, string>> = {}): number | undefined => {
    const found = [...families.values()]
      .flatMap(({ samples }) => samples)
      .filter(
        (sample) =>
          sample.name === name &&
          Object.entries(wanted).every(([label, value]) => sample.labels[label] === value),
      );
    return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0);
  };
}

test("Prometheus is told the same of every exchange", async () => {
  await expect.poll(async () => (await scraped())("moongate_requests_total")).toBe(10);
  // Workers tell twice a second how many run.
  await expect.poll(async () => (await scraped())("moongate_inflight_requests")).toBe(0);
  const value = await scraped();
  const rows: readonly (readonly [string, Readonly<Record<string, string>>, number | undefined])[] = [
    [
      "moongate_requests_total",
      { api: "guarded", service: "good", model: "g", consumer: "app", status: "200" },
      2,
    ],
    ["moongate_requests_total", { api: "guarded", status: "401", outcome: "client_error" }, 1],
    ["moongate_requests_total", { api: "", status: "404" }, 1],
    ["moongate_requests_total", { api: "silent" }, undefined],
    ["moongate_request_duration_seconds_count", {}, 10],
    ["moongate_overhead_seconds_count", { api: "guarded" }, 8],
    ["moongate_attempts_total", { service: "bad", reason: "upstream-5xx" }, 2],
    ["moongate_attempts_total", { service: "good", outcome: "ok" }, 3],
    ["moongate_fallbacks_total", { reason: "upstream-5xx" }, 1],
    ["gen_ai_client_token_usage_sum", { gen_ai_token_type: "input", gen_ai_provider_name: "good" }, 21],
    ["gen_ai_client_token_usage_count", { gen_ai_token_type: "output" }, 3],
    [
      "gen_ai_server_request_duration_seconds_count",
      { gen_ai_request_model: "g", gen_ai_operation_name: "chat" },
      2,
    ],
    ["moongate_inflight_requests", {}, 0],
    ["moongate_service_healthy", { service: "good" }, 1],
  ];
  for (const [name, labels, expected] of rows)
    expect([name, labels, value(name, labels)]).toEqual([name, labels, expected]);
});

test("metrics and usage are asked for by what tells exchanges apart", async () => {
  const query = "name=requests&groupBy=outcome";
  await expect
    .poll(async () => (await read<MetricsAnswer>(`/metrics/query?${query}`)).metrics[0]?.series.length)
    .toBe(3);
  const { metrics } = await read<MetricsAnswer>(`/metrics/query?${query}`);
  expect(metrics[0]?.series.map(({ labels, total }) => [labels.outcome, total])).toEqual([
    ["client_error", 5],
    ["ok", 4],
    ["upstream_error", 1],
  ]);
  const usageOf = await read<UsageAnswer>("/usage?groupBy=api,model");
  expect(usageOf.total).toMatchObject({ requests: 10, inputTokens: 21, outputTokens: 9 });
});

test("the list of exchanges, page by page and filtered; its lines lead to whole records", async () => {
  await expect.poll(async () => (await read<LogPage>("/logs")).items.length).toBe(10);
  const seen: LogItem[] = [];
  for (let cursor = ""; ;) {
    const page = await read<LogPage>(`/logs?limit=4${cursor}`);
    seen.push(...page.items);
    if (page.nextCursor === null) break;
    cursor = `&cursor=${encodeURIComponent(page.nextCursor)}`;
  }
  const times = seen.map(({ time }) => time);
  expect(times).toEqual(times.toSorted().toReversed());
  expect(new Set(seen.map(({ requestId }) => requestId)).size).toBe(10);
  const { items } = await read<LogPage>("/logs?api=guarded&service=bad");
  expect(items).toMatchObject([
    {
      requestedModel: "bad-1",
      consumer: "app",
      status: 200,
      attempts: [
        { service: "bad", model: "bad-1" },
        { service: "good", model: "instead" },
      ],
      usage: { inputTokens: 7 },
    },
  ]);
  const record = await read<{ api: string }>(`/logs/${items[0]?.requestId}`);
  expect(record.api).toBe("guarded");
});

test.each([
  ["an unknown window", "/traffic?window=2h", 400],
  ["an unknown filter", "/logs?colour=red", 400],
  ["too many at once", "/logs?limit=501", 400],
  ["a cursor that nobody gave", "/logs?cursor=abc", 400],
  ["a Model API that does not exist", "/traffic/none", 404],
])("%s is refused", async (_name, path, status) => {
  expect((await gateway.admin("GET", path)).status).toBe(status);
});

test("a restart counts the same again, from the records", async () => {
  const before = await way("guarded");
  gateway.kill("SIGTERM");
  await gateway.exited();
  gateway = await start();
  await expect.poll(async () => (await way("guarded")).arrived).toBe(8);
  const { steps, targets, fallbacks, own, reply, lastExchanges } = await way("guarded");
  expect({ steps, targets, fallbacks, own, reply, lastExchanges }).toEqual({
    steps: before.steps,
    targets: before.targets,
    fallbacks: before.fallbacks,
    own: before.own,
    reply: before.reply,
    lastExchanges: before.lastExchanges,
  });
});
