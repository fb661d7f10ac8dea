// A gateway that reuses answers, before a service whose answers say which they are. Must not know what is kept.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import type { Clock } from "../../src/core/clock.ts";
import { apiOf, serviceAt, type TestDocument } from "./configuration.ts";
import { startGateway, type Gateway } from "./gateway.ts";
import { openaiCase as wire } from "./protocol-cases.ts";

type Fields = Readonly<Record<string, unknown>>;
export type Answering = (response: ServerResponse, number: number, body: string) => void;

export interface Counting {
  readonly url: string;
  asked: number;
  answering: Answering;
  readonly headers: IncomingMessage["headers"][];
}

const ends: (() => Promise<void>)[] = [];

/** Ends all that was started. */
export async function endScenes(): Promise<void> {
  for (const end of ends.splice(0).toReversed()) await end();
}

/** Every answer says which it was. */
export const numbered: Answering = (response, number, body) => {
  const isStream = /"stream":\s*true/.test(body);
  const type = isStream ? "text/event-stream" : "application/json; charset=utf-8";
  response.writeHead(200, { "content-type": type, "x-of-the-service": "yes" });
  const text = isStream ? wire.noise + wire.semantic + wire.closing : wire.answer;
  response.end(text.replaceAll("chatcmpl-1", `chatcmpl-${number}`));
};

export async function startCounting(): Promise<Counting> {
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      counting.asked += 1;
      counting.headers.push(request.headers);
      counting.answering(response, counting.asked, Buffer.concat(pieces).toString());
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // It listens on a port.
  const { port } = server.address() as AddressInfo;
  const counting: Counting = {
    url: `http://127.0.0.1:${port}`,
    asked: 0,
    answering: numbered,
    headers: [],
  };
  ends.push(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  });
  return counting;
}

export const cacheKeys = { ana: "consumer-ana-0123456789", ben: "consumer-ben-0123456789" };

export function cachingDocument(url: string, cache: Fields = {}, api: Fields = {}): TestDocument {
  return {
    services: [
      serviceAt(url, "openai", {
        models: [{ name: "small", price: { input: 1, output: 10 } }],
      }),
    ],
    modelApis: [
      apiOf("openai", {
        cache: { enabled: true, ...cache },
        auth: { enabled: true, grants: [{ consumer: "ana" }, { consumer: "ben" }] },
        ...api,
      }),
    ],
    consumers: Object.entries(cacheKeys).map(([name, value]) => ({
      name,
      credentials: [{ type: "api-key", name: "main", value }],
    })),
  };
}

export interface CacheScene {
  readonly service: Counting;
  readonly gateway: Gateway;
  readonly clock: { nowMs: number };
  ask(body: unknown, headers?: Readonly<Record<string, string>>, path?: string): Promise<Told>;
}

export interface Told {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly cache: string | null;
}

export function startCacheScene(cache: Fields = {}, api: Fields = {}): Promise<CacheScene> {
  return startScene((url) => cachingDocument(url, cache, api));
}

/** @param documentOf gets the address of the service */
export async function startScene(documentOf: (url: string) => TestDocument): Promise<CacheScene> {
  const service = await startCounting();
  const clock = { nowMs: 0 };
  const moved: Clock = {
    monotonicMs: () => performance.now() + clock.nowMs,
    wallMs: () => Date.now() + clock.nowMs,
  };
  const gateway = await startGateway(documentOf(service.url), { clock: moved });
  ends.push(() => gateway.close());
  return {
    service,
    gateway,
    clock,
    ask: async (body, headers = {}, path = wire.path) => {
      const answer = await fetch(gateway.url + path, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${cacheKeys.ana}`, ...headers },
        body: typeof body === "string" ? body : JSON.stringify(body),
      });
      const text = await answer.text();
      // The record of an exchange is written after its answer is kept.
      await gateway.record(answer.headers.get("x-request-id") ?? undefined);
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        cache: answer.headers.get("x-moongate-cache"),
      };
    },
  };
}

export const question = {
  model: "small",
  messages: [{ role: "user", content: "Say moon." }],
  temperature: 1.0,
};
