// The trace of an exchange over sockets: what the client names, what services are sent, what the record says of both.
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import type { HeaderLine } from "./support/http-message.ts";
import { createKeeper } from "./support/keeper.ts";
import { protocolCases } from "./support/protocol-cases.ts";
import { RawClient } from "./support/raw-client.ts";
import { startRawUpstream, type RawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();
const [wire] = protocolCases;
if (wire === undefined) throw new Error("no protocol");

const clientTrace = "0af7651916cd43dd8448eb211c80319c";
const clientSpan = "b7ad6b7169203331";
const sampled = `00-${clientTrace}-${clientSpan}-01`;
const unsampled = `00-${clientTrace}-${clientSpan}-00`;

/** A service that fails as often as it is told, then answers. */
async function startUpstream(failures = 0): Promise<RawUpstream> {
  let left = failures;
  return keep(
    await startRawUpstream({
      onRequest: ({ connection }) => {
        left -= 1;
        const body = left >= 0 ? '{"error":{"message":"no"}}' : answer;
        const status = left >= 0 ? "500 Internal Server Error" : "200 OK";
        connection.socket.write(
          `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      },
    }),
  );
}

const answer = JSON.stringify({
  id: "a",
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
  usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
});

interface Scene {
  readonly gateway: Gateway;
  readonly upstream: RawUpstream;
}

async function startScene(
  fields: { readonly monitoring?: object; readonly headers?: object; readonly failures?: number } = {},
): Promise<Scene> {
  const upstream = await startUpstream(fields.failures);
  const gateway = keep(
    await startGateway({
      services: [serviceAt(upstream.url, "openai", { headers: fields.headers ?? {} })],
      modelApis: [
        apiOf("openai", {
          retries: { max: 2, on: ["upstream-5xx"], budgetPercent: 100 },
          ...(fields.monitoring === undefined ? {} : { monitoring: fields.monitoring }),
        }),
      ],
    }),
  );
  return { gateway, upstream };
}

async function ask({ gateway }: Scene, headers: readonly HeaderLine[] = []) {
  const client = await RawClient.connect(gateway.port);
  const { header } = await client.request({ path: wire?.path ?? "", body: wire?.request(false), headers });
  client.destroy();
  return header("x-request-id");
}

describe("what a service is sent", () => {
  test.each<[string, readonly HeaderLine[], { trace?: string; flags: string; state?: string }]>([
    ["a new trace", [], { flags: "01" }],
    ["the client's trace", [["traceparent", sampled]], { trace: clientTrace, flags: "01" }],
    ["that the client drops it", [["traceparent", unsampled]], { trace: clientTrace, flags: "00" }],
    [
      "the state beside it",
      [
        ["Traceparent", sampled],
        ["Tracestate", "a=1"],
        ["tracestate", "b=2"],
      ],
      { trace: clientTrace, flags: "01", state: "a=1, b=2" },
    ],
    [
      "nothing of a bad one",
      [
        ["traceparent", sampled.replace("00-", "ff-")],
        ["tracestate", "a=1"],
      ],
      { flags: "01" },
    ],
    [
      "nothing of two",
      [
        ["traceparent", sampled],
        ["traceparent", unsampled],
      ],
      { flags: "01" },
    ],
  ])("%s", async (_, headers, expected) => {
    const scene = await startScene();
    const record = await scene.gateway.record(await ask(scene, headers));
    const request = await scene.upstream.request(0);
    const sent = request.headers.filter(([name]) => name.toLowerCase() === "traceparent");
    const [attempt] = record.attempts;
    const traceId = expected.trace ?? record.requestId.replaceAll("-", "");
    expect(record.traceId).toBe(traceId);
    expect(sent).toEqual([["traceparent", `00-${traceId}-${attempt?.spanId}-${expected.flags}`]]);
    expect(request.header("tracestate")).toBe(expected.state);
    expect(record.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(attempt?.spanId).not.toBe(record.spanId);
    expect(record.parentSpanId).toBe(expected.trace === undefined ? undefined : clientSpan);
    expect(record.signals).toBe(expected.flags === "01" ? undefined : "ml");
  });

  test("each attempt has a span of its own", async () => {
    const scene = await startScene({ failures: 2 });
    const record = await scene.gateway.record(await ask(scene, [["traceparent", sampled]]));
    const sent = scene.upstream.requests.map((request) => request.header("traceparent"));
    expect(record.attempts).toHaveLength(3);
    expect(sent).toEqual(record.attempts.map(({ spanId }) => `00-${clientTrace}-${spanId}-01`));
    expect(new Set([...sent, record.spanId]).size).toBe(4);
  });

  test("what the service's own headers say, where they name a trace", async () => {
    const own = `00-${"c".repeat(32)}-${"d".repeat(16)}-00`;
    const scene = await startScene({ headers: { traceparent: own } });
    await ask(scene, [["traceparent", sampled]]);
    const request = await scene.upstream.request(0);
    const sent = request.headers.filter(([name]) => name.toLowerCase() === "traceparent");
    expect(sent.map(([, value]) => value)).toEqual([own]);
  });

  test("what the client sent, where the Model API wants no traces", async () => {
    const scene = await startScene({ monitoring: { traces: false } });
    const headers: readonly HeaderLine[] = [
      ["TraceParent", unsampled],
      ["X-Other", "1"],
      ["TraceState", "a=1"],
    ];
    const record = await scene.gateway.record(await ask(scene, headers));
    const request = await scene.upstream.request(0);
    const names = new Set(["traceparent", "x-other", "tracestate"]);
    expect(request.headers.filter(([name]) => names.has(name.toLowerCase()))).toEqual(headers);
    expect(record).toMatchObject({ traceId: clientTrace, signals: "ml" });
    expect(record.spanId).toBeUndefined();
    expect(record.attempts[0]?.spanId).toBeUndefined();
  });
});

describe("what a record is wanted for", () => {
  test.each<[string, object, readonly HeaderLine[], string | undefined]>([
    ["everything", {}, [], undefined],
    ["no metrics", { metrics: false }, [], "lt"],
    ["no logs", { logs: false }, [], "mt"],
    ["no traces", { traces: false }, [], "ml"],
    ["no trace that begins here", { traceSampleRatio: 0 }, [], "ml"],
    ["a trace that the client keeps", { traceSampleRatio: 0 }, [["traceparent", sampled]], undefined],
    ["a trace that the client drops", { traceSampleRatio: 1 }, [["traceparent", unsampled]], "ml"],
  ])("%s", async (_, monitoring, headers, expected) => {
    const scene = await startScene({ monitoring });
    const record = await scene.gateway.record(await ask(scene, headers));
    expect(record.signals).toBe(expected);
  });

  test.each<[string, object]>([
    ["nothing at all", { metrics: false, logs: false, traces: false }],
    ["traces alone, and this one is dropped", { metrics: false, logs: false, traceSampleRatio: 0 }],
  ])("there is none of an exchange that is wanted for %s", async (_, monitoring) => {
    const scene = await startScene({ monitoring });
    await ask(scene);
    const client = await RawClient.connect(scene.gateway.port);
    await client.request({ path: "/nowhere" });
    client.destroy();
    await scene.gateway.recordWhere(({ path }) => path === "/nowhere");
    expect(scene.gateway.records).toHaveLength(1);
  });
});
