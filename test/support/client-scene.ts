// A gateway as consumers see it: Model APIs of every use case with authentication on, each before two simulators.
import { startSimulator, type Simulator } from "../../src/simulator/simulator.ts";
import type { TestDocument } from "./configuration.ts";
import { startGateway, type Gateway } from "./gateway.ts";

/** Keys of two consumers. */
export const consumerKeys = { one: "consumer-one-0123456789", two: "consumer-two-0123456789" } as const;

/** By base path. */
const apis = {
  text: { useCase: "text-generation", protocols: ["openai"], enabled: ["responses"] },
  claude: {
    useCase: "text-generation",
    protocols: ["anthropic"],
    enabled: ["message-batches", "anthropic-files", "count-message-tokens"],
  },
  native: { useCase: "text-generation", protocols: ["dashscope"], enabled: ["dashscope-text-generation"] },
  images: { useCase: "image-generation", protocols: ["openai"], enabled: [] },
  comfy: { useCase: "image-generation", protocols: ["comfyui"], enabled: [] },
  // What is uploaded names no client: with two servers it may lie at another than the client's socket.
  "one-comfy": { useCase: "image-generation", protocols: ["comfyui"], enabled: [], services: 1 },
  tasks: { useCase: "image-generation", protocols: ["dashscope"], enabled: [] },
  speech: {
    useCase: "speech-synthesis",
    protocols: ["openai"],
    enabled: ["openai-audio-transcriptions", "openai-audio-translations"],
  },
  videos: { useCase: "video-generation", protocols: ["openai"], enabled: ["openai-videos"] },
  embeddings: { useCase: "embedding", protocols: ["openai"], enabled: [] },
  others: { useCase: "others", protocols: ["openai"], enabled: ["moderations"] },
} as const;

export type ClientApi = keyof typeof apis;

interface ApiRow {
  readonly useCase: string;
  readonly protocols: readonly string[];
  readonly enabled: readonly string[];
  /** Default: all. */
  readonly services?: number;
}

const rows: Readonly<Record<string, ApiRow>> = apis;

export interface ClientScene {
  readonly gateway: Gateway;
  /** Errors of the gateway that nothing foresaw. */
  readonly defects: readonly unknown[];
  /** Address of a Model API. */
  url(api: ClientApi): string;
  close(): Promise<void>;
}

function documentOf(simulators: readonly Simulator[]): TestDocument {
  const names = simulators.map((_, index) => `simulator-${index}`);
  return {
    services: simulators.map(({ url }, index) => ({
      name: names[index],
      provider: "simulator",
      protocols: ["openai", "openai-responses", "anthropic", "dashscope", "comfyui"].map((protocol) => ({
        protocol,
        baseUrl: url,
      })),
      apiKeys: [{ name: "main", value: `sk-simulator-canary-${index}` }],
    })),
    modelApis: Object.entries(rows).map(
      ([name, { useCase, protocols, enabled, services = names.length }]) => ({
        name,
        useCase,
        protocols,
        basePath: `/${name}`,
        stripBasePath: true,
        routes: { enabled },
        modelService: {
          mode: "by-weight",
          targets: names.slice(0, services).map((service) => ({ service, weight: 50 })),
        },
        auth: { enabled: true, grants: Object.keys(consumerKeys).map((consumer) => ({ consumer })) },
      }),
    ),
    consumers: Object.entries(consumerKeys).map(([name, value]) => ({
      name,
      credentials: [{ type: "api-key", name: "main", value }],
    })),
  };
}

export async function startClientScene(): Promise<ClientScene> {
  const simulators = [await startSimulator({ port: 0 }), await startSimulator({ port: 0 })];
  const defects: unknown[] = [];
  const gateway = await startGateway(documentOf(simulators), { onDefect: (error) => defects.push(error) });
  return {
    gateway,
    defects,
    url: (api) => `${gateway.url}/${api}`,
    close: async () => {
      await gateway.close();
      for (const simulator of simulators) await simulator.close();
    },
  };
}

/** Everything that a page by page list or a stream gives. */
export async function collect<Item>(source: AsyncIterable<Item>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const item of source) items.push(item);
  return items;
}
