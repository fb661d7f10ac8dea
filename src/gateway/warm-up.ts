// Runs requests through a loopback data plane before the real port opens, so that the first clients meet compiled code.
// Talks only to a server of its own on this machine; leaves nothing behind.
import { createServer, request as httpRequest, Agent } from "node:http";
import type { AddressInfo } from "node:net";
import type { ExchangeRecord } from "../core/exchange-record.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { startDataPlane } from "./data-plane.ts";

const plainRequests = 400;
const streamRequests = 40;
const parallel = 8;

const completion = JSON.stringify({
  id: "warm",
  object: "chat.completion",
  model: "warm",
  choices: [
    { index: 0, message: { role: "assistant", content: "warm ".repeat(100) }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 1, completion_tokens: 100, total_tokens: 101 },
});

function warmEvents(): string[] {
  const chunk = (delta: object, finish: string | null): string =>
    `data: ${JSON.stringify({ id: "warm", object: "chat.completion.chunk", choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  return [
    chunk({ role: "assistant", content: "" }, null),
    ...Array.from({ length: 20 }, () => chunk({ content: " warm" }, null)),
    chunk({}, "stop"),
    `data: ${JSON.stringify({ id: "warm", choices: [], usage: { prompt_tokens: 1, completion_tokens: 20, total_tokens: 21 } })}\n\n`,
    "data: [DONE]\n\n",
  ];
}

function warmSnapshot(upstreamPort: number): Snapshot {
  return {
    revision: 1,
    instance: "warm-up",
    apis: new Map([
      [
        "warm-up",
        {
          name: "warm-up",
          useCase: "text-generation",
          resourceGroup: "default",
          protocols: ["openai"],
          hosts: ["*"],
          basePath: "/",
          stripBasePath: false,
          routes: [
            {
              name: "create-chat-completion",
              protocol: "openai",
              path: "/v1/chat/completions",
              methods: ["POST"],
              match: "exact",
              websocket: false,
            },
          ],
          modelService: { mode: "single", target: { service: "warm-up", model: "warm" } },
          fallback: { on: [], targets: [] },
          retries: { max: 0, on: [], budgetPercent: 0 },
          firstPacketTimeoutMs: 0,
          auth: null,
          corsOrigins: [],
          monitoring: { metrics: true, logs: true, traces: true, traceSampleRatio: 1, exposeHeaders: true },
        },
      ],
    ]),
    services: new Map([
      [
        "warm-up",
        {
          name: "warm-up",
          provider: "openai-compatible",
          resourceGroup: "default",
          endpoints: [{ protocol: "openai", baseUrl: `http://127.0.0.1:${upstreamPort}/v1` }],
          auth: { kind: "bearer" },
          usageOption: true,
          keys: [{ name: "warm", value: "warm-up-key", weight: 1 }],
          usable: true,
          headers: [],
          timeouts: { connectMs: 1_000, idleMs: 5_000, totalMs: 5_000 },
          maxInFlight: 0,
          models: [],
          prices: [],
        },
      ],
    ]),
    consumers: new Map(),
  };
}

/** @param record what the real data plane does with a record, as far as it may be done with one that never was */
export async function warmUp(record: (record: ExchangeRecord) => void): Promise<void> {
  const events = warmEvents();
  const upstream = createServer((request, response) => {
    let body = "";
    request.setEncoding("latin1");
    request.on("data", (text: string) => (body += text));
    request.on("end", () => {
      if (!body.includes('"stream":true')) {
        response.writeHead(200, { "content-type": "application/json" }).end(completion);
        return;
      }
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of events) response.write(event);
      response.end();
    });
  });
  await new Promise<void>((resolve) => upstream.listen(0, "127.0.0.1", resolve));
  const plane = await startDataPlane({ host: "127.0.0.1", port: 0, upstreamNetworks: "private", record });
  plane.apply(warmSnapshot((upstream.address() as AddressInfo).port));
  try {
    await sendAll(plane.port, plainRequests, '{"model":"a","messages":[{"role":"user","content":"warm"}]}');
    await sendAll(plane.port, streamRequests, '{"model":"a","stream":true,"messages":[]}');
  } finally {
    await plane.close();
    upstream.close();
    upstream.closeAllConnections();
  }
}

async function sendAll(port: number, count: number, body: string): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: parallel });
  let left = count;
  const lane = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await sendOne(agent, port, body);
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  agent.destroy();
}

function sendOne(agent: Agent, port: number, body: string): Promise<void> {
  const headers = { "content-type": "application/json", authorization: "Bearer warm-up" };
  return new Promise((resolve, reject) => {
    const request = httpRequest(
      { agent, host: "127.0.0.1", port, method: "POST", path: "/v1/chat/completions", headers },
      (response) => {
        response.resume();
        response.on("end", resolve);
        response.on("error", reject);
      },
    );
    request.on("error", reject);
    request.end(body);
  });
}
