// Monitoring over the whole program: what the admin API tells of exchanges that have just ended, what a live tail hears,
// what an export holds, and an alert that a webhook is told of once, over a restart too.
import { createHmac } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type {
  AlertStatesAnswer,
  LogItem,
  LogPage,
  LogRecordAnswer,
  LogStoreState,
  MetricsAnswer,
  StatusAnswer,
  TraceAnswer,
  UsageAnswer,
} from "../src/control/routes/console-answers.ts";
import { adminToken, startProcess, type GatewayProcess } from "./support/gateway-process.ts";

const consumerKey = "consumer-key-of-monitoring-0123456789";
let folder: string;
let gateway: GatewayProcess;

interface Received {
  readonly body: string;
  readonly signature: string | undefined;
}
let hook: Server;
let hookUrl: string;
const received: Received[] = [];

const start = () =>
  startProcess({
    dataDir: join(folder, "data"),
    env: { MOONGATE_WORKERS: "2", MOONGATE_DEMO: "off", MOONGATE_DRAIN_SECONDS: "1" },
  });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moongate-monitoring-"));
  hook = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const signature = request.headers["x-moongate-signature"];
      received.push({ body: Buffer.concat(pieces).toString(), signature: signature?.toString() });
      response.end();
    });
  });
  await new Promise<void>((resolve) => void hook.listen(0, "127.0.0.1", resolve));
  // A server that listens on a port has such an address.
  hookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook?token=in-the-address`;
  gateway = await start();
  await made("services", {
    name: "sim",
    provider: "simulator",
    models: [{ name: "priced", price: { input: 1_000_000, output: 1_000_000 } }],
  });
  await made("services", {
    name: "broken",
    provider: "simulator",
    simulator: { fault: "status-500", failureRate: 1 },
  });
  await made("consumers", {
    name: "app",
    credentials: [{ type: "api-key", name: "main", value: consumerKey }],
  });
  for (const service of ["sim", "broken"])
    await made("model-apis", {
      name: service,
      basePath: `/${service}`,
      stripBasePath: true,
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service } },
      retries: { max: 0 },
      auth: { enabled: service === "sim", methods: ["api-key"], grants: [{ consumer: "app" }] },
    });
  await chat("sim", { traceparent: `00-${"ab".repeat(16)}-${"cd".repeat(8)}-01` });
  await chat("sim");
  await chat("broken");
});
afterAll(async () => {
  await gateway?.close();
  hook?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function made(kind: string, body: object): Promise<void> {
  const answer = await gateway.admin("POST", `/${kind}`, body);
  if (answer.status !== 201) throw new Error(await answer.text());
}

async function read<Answer>(path: string): Promise<Answer> {
  const answer = await gateway.admin("GET", path);
  if (answer.status !== 200) throw new Error(await answer.text());
  // Of the shape that the test asks for, or its expectations fail.
  return (await answer.json()) as Answer;
}

/** @returns the id of the exchange */
async function chat(api: string, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const answer = await fetch(`${gateway.gatewayUrl}/${api}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${consumerKey}`, ...headers },
    body: JSON.stringify({ model: "priced", messages: [{ role: "user", content: "Hello there" }] }),
  });
  await answer.arrayBuffer();
  return answer.headers.get("x-request-id") ?? "";
}

describe("exchanges that have just ended", () => {
  test("are found by filters, counted by facets and columns", async () => {
    await expect.poll(async () => (await read<LogPage>("/logs?facets=api")).total).toBe(3);
    const page = await read<LogPage>("/logs?status=5xx,2xx&outcome=!ok&facets=api,status&histogram=10");
    expect(page).toMatchObject({ total: 1, nextCursor: null, items: [{ api: "broken", status: 500 }] });
    const all = await read<LogPage>("/logs?limit=2&facets=api&histogram=5");
    expect(all.total).toBe(3);
    expect(all.facets).toEqual([
      { field: "api", values: expect.arrayContaining([{ value: "sim", count: 2 }]), others: 0 },
    ]);
    const columns = all.histogram?.succeeded.concat(all.histogram.failed) ?? [];
    expect(columns.reduce((sum, count) => sum + count, 0)).toBe(3);
    const rest = await read<LogPage>(`/logs?cursor=${encodeURIComponent(all.nextCursor ?? "")}`);
    expect(rest.items).toHaveLength(1);
  });

  test("make a trace, and take feedback", async () => {
    const { items } = await read<TraceAnswer>(`/traces/${"ab".repeat(16)}`);
    expect(items).toMatchObject([{ api: "sim", parentSpanId: "cd".repeat(8) }]);
    const id = items[0]?.requestId ?? "";
    const given = await gateway.admin("POST", `/logs/${id}/feedback`, { score: 1, comment: "well said" });
    expect(given.status).toBe(200);
    expect(await read<LogRecordAnswer>(`/logs/${id}`)).toMatchObject({
      feedback: { score: 1, comment: "well said", by: "environment" },
      contentHidden: false,
    });
  });

  test("are in metrics and usage, with their cost", async () => {
    const { metrics } = await read<MetricsAnswer>("/metrics/query?name=requests,error_rate&groupBy=api");
    const totals = metrics.map(({ series }) => series.map(({ labels, total }) => [labels.api, total]));
    expect(totals).toEqual([
      [
        ["sim", 2],
        ["broken", 1],
      ],
      expect.arrayContaining([
        ["broken", 1],
        ["sim", 0],
      ]),
    ]);
    const usage = await read<UsageAnswer>("/usage?groupBy=api");
    const { inputTokens, outputTokens, costUsd } = usage.total;
    expect(inputTokens).toBeGreaterThan(0);
    expect(costUsd).toBeCloseTo(inputTokens + outputTokens, 6);
    const table = await (await gateway.admin("GET", "/usage?groupBy=api,model&format=csv")).text();
    expect(table).toMatch(/^api,model,requests,.*\r\n(?:\w+,priced,\d.*\r\n){2}$/u);
  });

  test("are told of their consumer, by model", async () => {
    const { models } = await read<{ readonly models: readonly object[] }>("/consumers/app/usage");
    expect(models).toEqual([
      {
        model: "priced",
        requests: 2,
        inputTokens: expect.any(Number),
        outputTokens: expect.any(Number),
        costUsd: expect.any(Number),
      },
    ]);
    expect((await gateway.admin("GET", "/consumers/none/usage")).status).toBe(404);
  });

  test("are exported as they are listed", async () => {
    const answer = await gateway.admin("GET", "/logs/export?api=sim");
    const ids = (await answer.text())
      .trimEnd()
      .split("\n")
      .map((line) => (JSON.parse(line) as LogItem).requestId);
    const { items } = await read<LogPage>("/logs?api=sim");
    expect(ids).toEqual(items.map(({ requestId }) => requestId));
  });

  test("are heard by a live tail, and only those that are asked for", async () => {
    const left = new AbortController();
    const headers = { authorization: `Bearer ${adminToken}` };
    const answer = await fetch(`${gateway.consoleUrl}/api/v1/logs/tail?api=sim`, {
      headers,
      signal: left.signal,
    });
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    let heard = (await reader?.read())?.value ?? "";
    expect(heard).toBe(": following\n\n");
    await chat("broken");
    const id = await chat("sim");
    while (!heard.includes("event: record")) heard += (await reader?.read())?.value ?? "";
    expect(heard).toContain(id);
    expect(heard).not.toContain('"api":"broken"');
    left.abort();
  });

  test("are not heard any longer with a token that is gone", async () => {
    const created = await gateway.admin("POST", "/tokens", { name: "watcher", role: "viewer" });
    const { token } = (await created.json()) as { readonly token: string };
    const headers = { authorization: `Bearer ${token}` };
    const answer = await fetch(`${gateway.consoleUrl}/api/v1/logs/tail`, { headers });
    expect(answer.status).toBe(200);
    expect((await gateway.admin("DELETE", "/tokens/watcher")).status).toBe(204);
    expect(await answer.text()).toBe(": following\n\n");
  });
});

test("what is kept is told, and changes at once", async () => {
  const state = await read<LogStoreState>("/log-store");
  expect(state).toMatchObject({ records: 5, dropped: 0, damaged: [] });
  const changed = await gateway.admin("PATCH", "/instances/default", { logs: { retentionDays: 5 } });
  expect(await changed.json()).toMatchObject({ logs: { retentionDays: 5 } });
  const exported = await (await gateway.admin("GET", "/config/export")).text();
  expect(exported).toContain("retentionDays: 5");
});

describe("an alert", () => {
  const secret = "a secret of the webhook";
  const state = async () => (await read<AlertStatesAnswer>("/alert-states")).items[0];
  const attention = async () => (await read<StatusAnswer>("/status")).attention.map(({ code }) => code);
  const told = () => received.map(({ body }) => JSON.parse(body) as Record<string, unknown>);

  test("fires, and its webhook is told, signed", async () => {
    await made("alerts", {
      name: "broken-api",
      metric: "error_rate",
      filter: { api: "broken" },
      op: ">",
      threshold: 0.5,
      notify: [{ webhook: hookUrl, secret }],
    });
    await chat("broken");
    await expect.poll(() => received.length).toBe(1);
    expect(told()[0]).toMatchObject({
      alert: "broken-api",
      state: "firing",
      value: 1,
      labels: { api: "broken" },
    });
    const { body = "", signature } = received[0] ?? {};
    expect(signature).toBe(createHmac("sha256", secret).update(body).digest("hex"));
    expect(await state()).toMatchObject({ state: "firing", value: 1, lastError: null });
    expect(await attention()).toEqual(["alert_firing"]);
  });

  test("is not told of twice after a restart", async () => {
    const since = (await state())?.since;
    gateway.kill("SIGKILL");
    await gateway.exited();
    gateway = await start();
    await chat("broken");
    await expect.poll(async () => (await state())?.evaluatedAt).not.toBeNull();
    expect(await state()).toMatchObject({ state: "firing", since });
    expect(received).toHaveLength(1);
  });

  test("is over, and that is told too", async () => {
    expect((await gateway.admin("PATCH", "/alerts/broken-api", { threshold: 2 })).status).toBe(200);
    await expect.poll(() => received.length).toBe(2);
    expect(told()[1]).toMatchObject({ alert: "broken-api", state: "resolved" });
    expect(await attention()).toEqual([]);
  });

  test("has a test that is marked as one", async () => {
    const answer = await gateway.admin("POST", "/alerts/broken-api/test");
    expect(await answer.json()).toMatchObject({ ok: true, results: [{ ok: true, status: 200 }] });
    expect(told()[2]).toMatchObject({ state: "test", test: true });
  });

  test("that is not saved shows when it would have fired", async () => {
    const rule = { metric: "failed", filter: { api: "broken" }, op: ">", threshold: 0 };
    const answer = await gateway.admin("POST", "/alerts/preview", rule);
    expect(await answer.json()).toMatchObject({ stepMs: 60_000, firings: [{ fromMs: expect.any(Number) }] });
  });

  test.each([
    ["an unknown metric", { metric: "error-rate" }, 'did you mean \\"error_rate\\"?'],
    ["an unknown dimension", { filter: { apis: "x" } }, 'did you mean \\"api\\"?'],
    ["a dimension that the metric has not", { filter: { reason: "timeout" } }, "is a dimension of attempts"],
    ["a Model API that does not exist", { filter: { api: "none" } }, "none"],
    [
      "a webhook named twice",
      { notify: [{ webhook: "http://a.test" }, { webhook: "http://a.test" }] },
      "twice",
    ],
  ])("refuses %s", async (_name, fields, words) => {
    const body = { name: "x", metric: "requests", op: ">", threshold: 1, ...fields };
    const answer = await gateway.admin("POST", "/alerts", body);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain(words);
  });

  test("shows its secret nowhere", async () => {
    const texts = await Promise.all(
      ["/alerts", "/alert-states", "/config/export", "/revisions/1"].map(async (path) =>
        (await gateway.admin("GET", path)).text(),
      ),
    );
    expect([...texts, gateway.output(), received.map(({ body }) => body).join("")].join("\n")).not.toContain(
      secret,
    );
    const kept = await gateway.admin("PATCH", "/alerts/broken-api", { threshold: 3 });
    expect(await kept.json()).toMatchObject({ notify: [{ secret: { set: true } }] });
  });
});
