// A gateway in mode intelligent before services with three models, small, middle and large. Must not know what is tried.
import type { ExchangeRecord } from "../../src/core/exchange-record.ts";
import type { RoutingRecord } from "../../src/core/routing-record.ts";
import { apiOf, serviceAt, type TestDocument } from "./configuration.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
import { startModelService, type ModelService } from "./model-service.ts";

export const small = { service: "up", model: "small", quality: 60, price: { input: 0.1, output: 0.4 } };
export const middle = { service: "up", model: "middle", quality: 80, price: { input: 1, output: 4 } };
export const large = {
  service: "up",
  model: "large",
  quality: 90,
  price: { input: 5, output: 20 },
  input: ["text", "image"],
};

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
  readonly record: ExchangeRecord;
}

export interface IntelligentScene {
  /** By name. */
  readonly services: Readonly<Record<string, ModelService>>;
  readonly up: ModelService;
  readonly gateway: Gateway;
  /** A chat completion; without `messages` with some question. */
  ask(body: object, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

export interface SceneParts {
  /** Over the mode's defaults. */
  readonly mode?: object;
  readonly api?: object;
  /** Beside `up`. */
  readonly others?: readonly string[];
  readonly consumers?: TestDocument["consumers"];
  readonly options?: GatewayOptions;
}

export const question = [{ role: "user", content: "What is the capital of France?" }];

export async function startIntelligentScene(parts: SceneParts = {}): Promise<IntelligentScene> {
  const names = ["up", ...(parts.others ?? [])];
  const started = await Promise.all(names.map(async (name) => [name, await startModelService()] as const));
  const services = Object.fromEntries(started);
  const modelService = { mode: "intelligent", candidates: [small, middle, large], ...parts.mode };
  const gateway = await startGateway(
    {
      services: started.map(([name, { url }]) => serviceAt(url, "openai", { name })),
      modelApis: [apiOf("openai", { modelService, retries: { max: 0 }, ...parts.api })],
      ...(parts.consumers === undefined ? {} : { consumers: parts.consumers }),
    },
    parts.options,
  );
  const [, up] = started[0] ?? [];
  if (up === undefined) throw new Error("no service");
  return {
    services,
    up,
    gateway,
    ask: (body, headers = {}) => askAt(gateway, body, headers),
    close: async () => {
      await gateway.close();
      for (const [, service] of started) await service.close();
    },
  };
}

async function askAt(gateway: Gateway, body: object, headers: Record<string, string>): Promise<Answer> {
  const response = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ messages: question, ...body }),
  });
  const text = await response.text();
  const record = await gateway.record(response.headers.get("x-request-id") ?? undefined);
  return { status: response.status, text, headers: response.headers, record };
}

export function routingOf({ decision }: ExchangeRecord): RoutingRecord {
  if (decision?.routing === undefined) throw new Error("the record tells nothing of routing");
  return decision.routing;
}
