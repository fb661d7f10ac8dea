// The whole program delivers: what clients did arrives at a collector, a log service and webhooks, also over a SIGKILL.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Changes } from "./support/changes.ts";
import { FailingReceiver, type ReceivedRequest, type ReceiverAnswer } from "./support/failing-receiver.ts";
import { longMs, startProcess, type GatewayProcess } from "./support/gateway-process.ts";
import { createKeeper } from "./support/keeper.ts";
import { OtlpCollector } from "./support/otlp-collector.ts";
import { SlsServer } from "./support/sls-server.ts";

const keep = createKeeper();
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const parentId = "00f067aa0ba902b7";

interface SentRecord {
  readonly requestId: string;
  readonly requestContent?: string;
  readonly responseContent?: string;
}

/** A receiver whose taking wakes whoever waits. */
async function receiver(changes: Changes, take: (request: ReceivedRequest) => ReceiverAnswer) {
  return keep(
    await FailingReceiver.start((request) => {
      const answer = take(request);
      changes.notify();
      return answer;
    }),
  );
}

async function write(gateway: GatewayProcess, path: string, body: object): Promise<void> {
  const answer = await gateway.admin("POST", path, body);
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
}

/** A Model API with a service that always fails, and one that answers in its place. */
async function configure(gateway: GatewayProcess): Promise<void> {
  await write(gateway, "/services", {
    name: "broken",
    provider: "simulator",
    simulator: { fault: "status-500" },
  });
  await write(gateway, "/services", { name: "good", provider: "simulator" });
  await write(gateway, "/model-apis", {
    name: "chat",
    basePath: "/tested",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "broken" } },
    fallback: { targets: [{ service: "good" }] },
    monitoring: { recordRequestContent: true, recordResponseContent: true },
  });
}

/** @returns the ids of the exchanges */
async function ask(gateway: GatewayProcess, count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const answer = await fetch(`${gateway.gatewayUrl}/tested/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", traceparent: `00-${traceId}-${parentId}-01` },
      body: JSON.stringify({ model: "any-model", messages: [{ role: "user", content: "Say hello." }] }),
    });
    await answer.text();
    ids.push(answer.headers.get("x-request-id") ?? "");
  }
  return ids.toSorted();
}

type Collected = readonly { readonly attributes: Readonly<Record<string, unknown>> }[];

function requestIds(items: Collected): string[] {
  return items.map(({ attributes }) => String(attributes["moongate.request.id"])).toSorted();
}

test(
  "every kind of sink gets what clients did",
  async () => {
    const changes = new Changes();
    const gateway = keep(await startProcess());
    await configure(gateway);
    const account = {
      project: "a-project",
      logstore: "a-store",
      accessKeyId: "an-id",
      accessKeySecret: "an-access-key-secret",
      region: "cn-hangzhou",
    };
    const collector = new OtlpCollector();
    const logService = new SlsServer(account, () => Date.now());
    const withContent: SentRecord[] = [];
    const without: SentRecord[] = [];
    const into =
      (records: SentRecord[]) =>
      ({ body }: ReceivedRequest): ReceiverAnswer => {
        // The body is of our own making.
        records.push(...(JSON.parse(body.toString("utf8")) as { records: SentRecord[] }).records);
        return { status: 200 };
      };
    const otlp = await receiver(changes, collector.take);
    const sls = await receiver(changes, logService.take);
    const contentHook = await receiver(changes, into(withContent));
    const plainHook = await receiver(changes, into(without));
    const flushIntervalMs = 200;
    await write(gateway, "/sinks", { name: "otlp", type: "otlp", endpoint: otlp.url, flushIntervalMs });
    await write(gateway, "/sinks", {
      name: "sls",
      type: "sls",
      endpoint: sls.url,
      ...account,
      flushIntervalMs,
    });
    await write(gateway, "/sinks", {
      name: "content",
      type: "webhook",
      url: contentHook.url,
      flushIntervalMs,
      includeContent: true,
    });
    await write(gateway, "/sinks", { name: "plain", type: "webhook", url: plainHook.url, flushIntervalMs });
    await write(gateway, "/sinks", { name: "file", type: "file", path: "out/r.jsonl", flushIntervalMs });
    // Fewer than would eject the service that fails.
    const ids = await ask(gateway, 4);
    const gateways = () => collector.spans.filter(({ kind }) => kind === 2);
    const requests = () => collector.points.filter(({ metric }) => metric === "moongate.requests");
    const file = join(gateway.dataDir, "out", "r.jsonl");
    await changes.until(() => {
      const counted = requests().reduce((sum, { sum: one }) => sum + one, 0);
      const counts = [gateways(), collector.logs, logService.logs, withContent, without].map(
        (all) => all.length,
      );
      return [...counts, counted].every((count) => count === 4) ? true : undefined;
    });
    expect(requestIds(gateways())).toEqual(ids);
    expect(requestIds(collector.logs)).toEqual(ids);
    expect(logService.logs.map(({ fields }) => fields["requestId"] ?? "").toSorted()).toEqual(ids);
    expect(withContent.map(({ requestId }) => requestId).toSorted()).toEqual(ids);
    expectOneTrace(collector);
    expect(withContent[0]?.requestContent).toContain("Say hello.");
    expect(withContent[0]?.responseContent).not.toBe("");
    expect(JSON.stringify([without, collector.logs, collector.spans, logService.logs])).not.toContain(
      "Say hello.",
    );
    expect(await statesOnceAllWell(gateway)).toEqual(["content", "file", "otlp", "plain", "sls"]);
    expect(readFileSync(file, "utf8").trimEnd().split("\n")).toHaveLength(4);
  },
  longMs,
);

/** Names of the sinks; states are a second late. */
async function statesOnceAllWell(gateway: GatewayProcess): Promise<string[]> {
  for (;;) {
    const answer = await gateway.admin("GET", "/sink-states");
    // The answer's shape is tested with the admin API.
    const { items } = (await answer.json()) as { items: { name: string; status: string; behind: number }[] };
    if (items.every(({ status, behind }) => status === "ok" && behind === 0))
      return items.map(({ name }) => name);
  }
}

/** Client, gateway and both attempts hang together, each with what the configuration says of it. */
function expectOneTrace(collector: OtlpCollector): void {
  const gateway = collector.spans.find(({ kind }) => kind === 2);
  expect(gateway).toMatchObject({ traceId, parentSpanId: parentId, error: null });
  const attempts = collector.spans.filter(({ parentSpanId }) => parentSpanId === gateway?.spanId);
  expect(attempts.map(({ attributes, error }) => [attributes["moongate.service"], error])).toEqual([
    ["broken", "upstream-5xx"],
    ["good", null],
  ]);
  expect(attempts[0]?.attributes).toMatchObject({
    "gen_ai.provider.name": "simulator",
    "gen_ai.operation.name": "chat",
  });
  expect(gateway?.attributes["gen_ai.usage.output_tokens"]).toBeGreaterThan(0);
  expect(collector.resource).toMatchObject({ "service.name": "moongate", "moongate.region": "local" });
}

test(
  "what was recorded before a SIGKILL arrives after it, once",
  async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "moongate-test-"));
    keep({ close: async () => rmSync(dataDir, { recursive: true, force: true }) });
    const changes = new Changes();
    const collector = new OtlpCollector();
    const otlp = await receiver(changes, collector.take);
    const first = keep(await startProcess({ dataDir }));
    await configure(first);
    await write(first, "/sinks", {
      name: "otlp",
      type: "otlp",
      endpoint: otlp.url,
      signals: ["logs"],
      flushIntervalMs: 200,
    });
    const before = await ask(first, 5);
    await changes.until(() => (collector.logs.length === 5 ? true : undefined));
    await otlp.become("hanging");
    otlp.onHanging = () => changes.notify();
    const during = await ask(first, 7);
    await changes.until(() => (otlp.hanging > 0 ? true : undefined));
    first.kill("SIGKILL");
    await first.exited();
    await otlp.become("well");
    const second = keep(await startProcess({ dataDir }));
    const after = await ask(second, 3);
    await changes.until(() => (collector.logs.length >= 15 ? true : undefined));
    expect(requestIds(collector.logs)).toEqual([...before, ...during, ...after].toSorted());
  },
  longMs,
);
