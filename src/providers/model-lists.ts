// Where services list their models, by protocol, and which vendors differ. Data only: what asks is elsewhere.
import type { ServiceProtocol } from "../core/protocol.ts";
import type { ProviderId } from "../resources/provider-id.ts";

export interface ModelListSource {
  /** Path with query, as clients of the protocol write it. */
  readonly path: string;
  /** Flat: name, value. */
  readonly headers?: readonly string[];
}

/** What a vendor lets a caller find out. */
export interface Discovery {
  /** Undefined: it has no list of models. */
  readonly models: ModelListSource | undefined;
  /** What shows most cheaply whether a key is accepted; undefined: nothing but a real request. */
  readonly key: ModelListSource | undefined;
  /** Whether it chats at all. */
  readonly chats: boolean;
}

const openai: ModelListSource = { path: "/v1/models" };

/** None for Bedrock, whose list is at another host, and for ComfyUI, whose models are files in folders. */
const byProtocol: Readonly<Partial<Record<ServiceProtocol, ModelListSource>>> = {
  openai,
  "openai-responses": openai,
  vllm: openai,
  anthropic: { path: "/v1/models?limit=1000", headers: ["anthropic-version", "2023-06-01"] },
  gemini: { path: "/v1beta/models?pageSize=1000" },
  cohere: { path: "/v1/models?page_size=1000" },
};

/** What shows that a service is there and a key is good, where there is no list. */
const keyByProtocol: Readonly<Partial<Record<ServiceProtocol, ModelListSource>>> = {
  comfyui: { path: "/system_stats" },
};

interface Difference {
  /** Anyone may read the list, so that it says nothing of a key; what does instead. */
  readonly openList?: { readonly key?: ModelListSource };
  /** The list is not at the base URL of its other routes. */
  readonly noList?: true;
  readonly noChat?: true;
}

const byProvider: Readonly<Partial<Record<ProviderId, Difference>>> = {
  openrouter: { openList: { key: { path: "/v1/key" } } },
  nvidia: { openList: {} },
  huggingface: { openList: {} },
  "github-models": { noList: true },
  vertex: { noList: true },
  perplexity: { noList: true },
  voyage: { noList: true, noChat: true },
  jina: { noList: true, noChat: true },
};

/** What can be found out at a service of this provider in this protocol. */
export function discoveryOf(provider: string, protocol: ServiceProtocol): Discovery {
  // A name that is no provider's has no row.
  const difference = byProvider[provider as ProviderId];
  const models = difference?.noList === true ? undefined : byProtocol[protocol];
  return {
    models,
    key: difference?.openList === undefined ? (models ?? keyByProtocol[protocol]) : difference.openList.key,
    chats: difference?.noChat !== true,
  };
}
