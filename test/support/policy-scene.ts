// Model APIs with all that they promise, before services of other protocols that answer as a test says. Must not know
// translators.
import { providerKey, type TestDocument } from "./configuration.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
import type { Keep } from "./keeper.ts";
import { exchange, type Answer, type RequestParts } from "./raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./raw-upstream.ts";
import { spokenServices } from "./spoken-services.ts";
import { translatedServices, type TranslatedService } from "./translation-scene.ts";

type Fields = Readonly<Record<string, unknown>>;

export const consumerKeys = { ana: "consumer-ana-0123456789", ben: "consumer-ben-0123456789" } as const;

export interface Scene {
  readonly gateway: Gateway;
  readonly upstream: RawUpstream;
  /** What the services were asked, as the protocol that each path belongs to. */
  readonly asked: readonly UpstreamRequest[];
}

/** What a service says; the request tells which one. */
export type Reply = (request: UpstreamRequest, number: number) => void;

export interface SceneParts {
  readonly services?: readonly TranslatedService[];
  readonly api?: Fields;
  readonly service?: Fields;
  readonly consumers?: Fields;
  readonly options?: GatewayOptions;
  readonly protocols?: readonly string[];
}

/** Services below `/SERVICE` of one server, and a Model API for OpenAI's and Anthropic's clients before the first of them. */
export async function sceneOf(keep: Keep, reply: Reply, parts: SceneParts = {}): Promise<Scene> {
  const { services = ["anthropic"], api = {}, service = {}, consumers = {}, protocols = ["openai"] } = parts;
  const asked: UpstreamRequest[] = [];
  const upstream = keep(
    await startRawUpstream({
      onRequest: (request) => {
        asked.push(request);
        reply(request, asked.length);
      },
    }),
  );
  const document: TestDocument = {
    services: services.map((protocol) => ({
      name: protocol,
      provider: "openai-compatible",
      protocols: [{ protocol, baseUrl: `${upstream.url}/${protocol}` }],
      apiKeys: [{ name: "main", value: providerKey }],
      models: [{ name: "m", price: { input: 1_000_000, output: 2_000_000 } }],
      ...service,
    })),
    modelApis: [
      {
        name: "chat",
        useCase: "text-generation",
        protocols,
        routes: { enabled: ["responses"] },
        retries: { max: 0 },
        modelService: { mode: "single", target: { service: services[0] } },
        ...api,
      },
    ],
    consumers: Object.entries(consumerKeys).map(([name, value]) => ({
      name,
      credentials: [{ type: "api-key", name: "main", value }],
      ...consumers,
    })),
  };
  return { gateway: keep(await startGateway(document, parts.options)), upstream, asked };
}

export const serviceOf = ({ path }: UpstreamRequest): TranslatedService =>
  translatedServices.find((name) => path.startsWith(`/${name}/`)) ?? "openai";

export function send(
  { connection }: UpstreamRequest,
  body: string | Buffer,
  type = "application/json",
  status = 200,
): void {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status} Played\r\ncontent-type: ${type}\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  connection.socket.write(Buffer.concat([Buffer.from(head), bytes]));
}

/** The usual answer, whole or streamed as the service was asked. */
export const speak: Reply = (request) => {
  const spoken = spokenServices[serviceOf(request)];
  const isStream = /"stream":true|converse-stream|streamGenerate/.test(
    request.path + request.body.toString(),
  );
  const isSse = request.header("x-dashscope-sse") === "enable";
  const { body, type = "application/json" } = isStream || isSse ? spoken.stream : spoken.whole;
  send(request, body, type);
};

export const hi = [{ role: "user", content: "Hi" }];
export const chat = (fields: object = {}, headers: RequestParts["headers"] = []): RequestParts => ({
  path: "/v1/chat/completions",
  headers,
  body: JSON.stringify({ model: "m", messages: hi, ...fields }),
});
export const as = (name: keyof typeof consumerKeys): RequestParts["headers"] => [
  ["authorization", `Bearer ${consumerKeys[name]}`],
];
export const ask = ({ gateway }: Scene, parts: RequestParts): Promise<Answer> =>
  exchange(gateway.port, parts);
export const recordOf = ({ gateway }: Scene, answer: Answer) => gateway.record(answer.header("x-request-id"));

export const authentication = { auth: { enabled: true, grants: [{ consumer: "ana" }, { consumer: "ben" }] } };
