// A gateway whose Model APIs each stand before a service of another protocol, played by a stand-in. Must not know translators.
import type { ServiceProtocol } from "../../src/core/protocol.ts";
import { translatedTo } from "../../src/core/translated-pairs.ts";
import { providerKey, type TestDocument } from "./configuration.ts";
import { startGateway, type Gateway, type GatewayOptions } from "./gateway.ts";
import { exchange, type Answer, type RequestParts } from "./raw-client.ts";
import { startReplayUpstream, type Cutting, type ReplayUpstream } from "./replay-upstream.ts";

/** Services that conversations are translated to. */
export const translatedServices = [
  "openai",
  "anthropic",
  "gemini",
  "bedrock",
  "dashscope",
  "openai-responses",
] as const satisfies readonly ServiceProtocol[];
export type TranslatedService = (typeof translatedServices)[number];

/** What a stand-in answers with. */
export interface Played {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Buffer;
}

export interface TranslationScene {
  readonly gateway: Gateway;
  readonly upstream: ReplayUpstream;
  /** What the following requests are answered with. */
  play(answer: Played, cutting?: Cutting): void;
  /** Below the Model API that stands before a service of this protocol. */
  ask(service: TranslatedService, parts: RequestParts): Promise<Answer>;
  /** Head and body of the last request that the service got. */
  lastCall(): {
    readonly path: string;
    readonly header: (name: string) => string | undefined;
    readonly body: unknown;
  };
  close(): Promise<void>;
}

/** Protocols of clients that reach a service. */
function clientsOf(service: TranslatedService): string[] {
  return (["openai", "anthropic"] as const).filter(
    (client) => client === service || translatedTo(client, "chat").includes(service),
  );
}

type Fields = Readonly<Record<string, unknown>>;

export interface SceneFields {
  readonly api?: Fields;
  readonly service?: Fields;
  readonly gateway?: GatewayOptions;
}

/** One service and one Model API for each protocol of services. @param url of the stand-in */
export function translationDocument(url: string, { api = {}, service = {} }: SceneFields = {}): TestDocument {
  const reached = translatedServices.filter((protocol) => clientsOf(protocol).length > 0);
  return {
    services: translatedServices.map((protocol) => ({
      name: protocol,
      provider: "openai-compatible",
      protocols: [{ protocol, baseUrl: url }],
      apiKeys: [{ name: "main", value: providerKey }],
      ...service,
    })),
    modelApis: reached.map((protocol) => ({
      name: protocol,
      useCase: "text-generation",
      protocols: clientsOf(protocol),
      basePath: `/${protocol}`,
      stripBasePath: true,
      routes: {
        enabled: clientsOf(protocol).includes("anthropic")
          ? ["responses", "count-message-tokens"]
          : ["responses"],
      },
      modelService: { mode: "single", target: { service: protocol } },
      ...api,
    })),
  };
}

export async function startTranslationScene(fields: SceneFields = {}): Promise<TranslationScene> {
  const upstream = await startReplayUpstream();
  const gateway = await startGateway(translationDocument(upstream.url, fields), fields.gateway);
  return {
    gateway,
    upstream,
    play: ({ status = 200, type = "application/json", body }, cutting = "whole") =>
      upstream.play({ status, contentType: type, body: Buffer.from(body) }, cutting),
    ask: (service, parts) => exchange(gateway.port, { ...parts, path: `/${service}${parts.path}` }),
    lastCall: () => {
      const last = upstream.requests.at(-1);
      if (last === undefined) throw new Error("the service got no request");
      return { path: last.path, header: (name) => last.header(name), body: JSON.parse(last.body.toString()) };
    },
    close: async () => {
      await gateway.close();
      await upstream.close();
    },
  };
}
