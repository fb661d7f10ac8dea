// `npm run bench:leaving`: how long after a client has gone the connection to its service is closed, how long a goodbye takes
// through a socket, and after how long the record of an answer outlives a sudden death. Tests prove that it happens; this
// tells when. Measures over sockets and files; must not know the gateway's code.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as nextTurn } from "node:timers/promises";
import { parseArgs } from "node:util";

import { startProcess, type GatewayProcess } from "../test/support/gateway-process.ts";
import { buildRequest, exchange, RawClient } from "../test/support/raw-client.ts";
import { startRawUpstream } from "../test/support/raw-upstream.ts";
import { acceptedSocket, SocketService } from "../test/support/socket-client.ts";
import { SpoolSight } from "../test/support/spool-sight.ts";
import { buildMoongate } from "./peers/moongate.ts";

/** Left out of the figures: what is compiled and opened on first use. */
const WARM_UP = 50;
/** Said in the figures, not in a test: a busy machine breaks it through no fault of the program. */
const PROMISED_MS = 100;
const CRLF = "\r\n";
const FIRST_EVENT = `data: {"choices":[{"index":0,"delta":{"content":"word"},"finish_reason":null}]}\n\n`;
const STREAM_BEGINS = [
  "HTTP/1.1 200 OK",
  "content-type: text/event-stream",
  "transfer-encoding: chunked",
  "",
  FIRST_EVENT.length.toString(16),
  FIRST_EVENT,
  "",
].join(CRLF);

const { values } = parseArgs({ options: { times: { type: "string", default: "300" } } });
const times = Number(values.times);
const say = (line: string): void => void process.stdout.write(`${line}\n`);

const upstream = await startRawUpstream({
  onRequest: ({ body, connection: { socket } }) => {
    if (body.includes('"stream":true')) socket.write(STREAM_BEGINS);
  },
});
const sockets = await SocketService.start();

function configuration(): string {
  const service = (name: string, protocol: string, baseUrl: string): object => ({
    name,
    provider: "openai-compatible",
    protocols: [{ protocol, baseUrl }],
  });
  const api = (name: string, useCase: string, protocol: string): object => ({
    name,
    useCase,
    protocols: [protocol],
    basePath: `/${name}`,
    stripBasePath: true,
    modelService: { mode: "single", target: { service: name } },
    retries: { max: 0 },
  });
  return JSON.stringify({
    version: 1,
    services: [
      service("chat", "openai", `${upstream.url}/v1`),
      { name: "said", provider: "simulator", simulator: { ttftMs: 0, tokensPerSecond: 0 } },
      { name: "draw", provider: "comfyui", baseUrl: sockets.url },
    ],
    modelApis: [
      api("chat", "text-generation", "openai"),
      api("said", "text-generation", "openai"),
      api("draw", "image-generation", "comfyui"),
    ],
  });
}

/** Milliseconds from the client's going to the end of the connection at the service. */
async function leave(gateway: GatewayProcess, stream: boolean): Promise<number> {
  const number = upstream.requests.length;
  const client = await RawClient.connect(gateway.gatewayPort);
  const body = JSON.stringify({ model: "m", stream, messages: [{ role: "user", content: "Hello" }] });
  client.send(buildRequest({ method: "POST", path: "/chat/v1/chat/completions", body }));
  const { connection } = await upstream.request(number);
  if (stream) await client.body((bytes) => bytes.length > 0);
  const goneMs = client.destroy();
  return (await connection.leaving()) - goneMs;
}

/** Milliseconds from one end's goodbye to that of the other. */
async function closeSocket(gateway: GatewayProcess, side: "client" | "service"): Promise<number> {
  const number = sockets.sockets.length;
  const client = await acceptedSocket(gateway.gatewayPort, "/draw/ws");
  const service = await sockets.socket(number);
  const [first, last] = side === "client" ? [client, service] : [service, client];
  const beganMs = performance.now();
  first.socket.close(1000);
  return (await last.ended()).atMs - beganMs;
}

/** Milliseconds from a whole answer until its record stands in the spool. */
async function record({ gatewayPort }: GatewayProcess, spool: SpoolSight): Promise<number> {
  const trace = (asked += 1).toString(16).padStart(32, "0");
  const answer = await exchange(gatewayPort, {
    path: "/said/v1/chat/completions",
    headers: [["traceparent", `00-${trace}-00f067aa0ba902b7-01`]],
    body: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello" }] }),
  });
  const hadMs = performance.now();
  if (answer.status !== 200) throw new Error(`answered with ${answer.status}: ${answer.text()}`);
  while (!spool.look().has(trace)) await nextTurn();
  return performance.now() - hadMs;
}
let asked = 0;

const rows: readonly {
  readonly name: string;
  readonly once: (gateway: GatewayProcess, spool: SpoolSight) => Promise<number>;
}[] = [
  { name: "client leaves before the answer", once: (gateway) => leave(gateway, false) },
  { name: "client leaves in the middle of a stream", once: (gateway) => leave(gateway, true) },
  { name: "client closes its WebSocket", once: (gateway) => closeSocket(gateway, "client") },
  { name: "service closes its WebSocket", once: (gateway) => closeSocket(gateway, "service") },
  { name: "record of an answer is in the spool", once: record },
];

/** @returns whether all were in time */
async function measure(gateway: GatewayProcess, { name, once }: (typeof rows)[number]): Promise<boolean> {
  const took: number[] = [];
  const spool = new SpoolSight(gateway.dataDir);
  for (let count = 0; count < WARM_UP + times; count += 1) {
    const ms = await once(gateway, spool);
    if (count >= WARM_UP) took.push(ms);
  }
  took.sort((a, b) => a - b);
  const at = (share: number): string =>
    (took[Math.min(took.length - 1, Math.floor(took.length * share))] ?? 0).toFixed(1);
  say(`| ${name} | ${at(0.5)} | ${at(0.95)} | ${at(1)} |`);
  return (took.at(-1) ?? Infinity) <= PROMISED_MS;
}

const folder = await mkdtemp(join(tmpdir(), "moongate-bench-"));
let gateway: GatewayProcess | undefined;
try {
  await buildMoongate();
  const file = join(folder, "gateway.json");
  await writeFile(file, configuration());
  gateway = await startProcess({
    entry: "dist/main.js",
    words: ["--config", file],
    env: { MOONGATE_WORKERS: "1", MOONGATE_DEMO: "off", MOONGATE_UPSTREAM_NETWORKS: "private" },
  });
  say(`${times} times each, one after the other; promised: within ${PROMISED_MS} ms\n`);
  say("| ms until it is done | p50 | p95 | max |\n|---|--:|--:|--:|");
  let met = true;
  for (const row of rows) met = (await measure(gateway, row)) && met;
  process.exitCode = met ? 0 : 1;
} finally {
  await gateway?.close();
  await upstream.close();
  await sockets.close();
  await rm(folder, { recursive: true, force: true });
}
