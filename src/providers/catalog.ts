// The vendors as data. No behaviour: a vendor that needs code of its own gets a file beside this one.
import type { ServiceProtocol } from "../core/protocol.ts";
import type { ProviderId } from "../resources/provider-id.ts";
import type { Provider, ProviderAuth, ProviderEndpoint } from "./provider.ts";

const bearer: ProviderAuth = { kind: "bearer" };
const none: ProviderAuth = { kind: "none" };
const header = (name: string): ProviderAuth => ({ kind: "header", name });
const xApiKey = header("x-api-key");

const openai = (baseUrl: string): ProviderEndpoint => ({ protocol: "openai", baseUrl });
/** An OpenAI-compatible service whose version segment is not `/v1`. */
const openaiUnder = (baseUrl: string): ProviderEndpoint => ({ protocol: "openai", baseUrl, replaces: "/v1" });
const anthropic = (baseUrl: string): ProviderEndpoint => ({ protocol: "anthropic", baseUrl, auth: xApiKey });
const responses = (baseUrl: string): ProviderEndpoint => ({ protocol: "openai-responses", baseUrl });
/** Anthropic's protocol where keys are Bearer tokens as in the vendor's other protocols. */
const anthropicByBearer = (baseUrl: string): ProviderEndpoint => ({
  protocol: "anthropic",
  baseUrl,
  auth: bearer,
});
const native = (protocol: ServiceProtocol, baseUrl: string): ProviderEndpoint => ({ protocol, baseUrl });

interface Row {
  readonly label: string;
  readonly endpoints: readonly ProviderEndpoint[];
  readonly auth?: ProviderAuth;
  readonly usageOption?: boolean;
  readonly note?: string;
}

// A base URL stops before `/v1` where the route's own `/v1` follows. `usageOption` is left off where the vendor reports
// usage in streams unasked, or is not known to accept the option.
const rows: Readonly<Record<ProviderId, Row>> = {
  openai: {
    label: "OpenAI",
    endpoints: [openai("https://api.openai.com"), responses("https://api.openai.com")],
    usageOption: true,
  },
  "openai-compatible": {
    label: "OpenAI-compatible",
    endpoints: [openai("")],
    usageOption: true,
    note: "Needs a base URL.",
  },
  "azure-openai": {
    label: "Azure OpenAI",
    endpoints: [
      {
        ...openai("https://{resource}.openai.azure.com/openai/v1"),
        // The newest that is generally available, by Microsoft's list of versions of the data-plane API.
        deployments: { path: "/openai", apiVersion: "2024-10-21" },
      },
      // learn.microsoft.com/azure/ai-foundry/openai/how-to/responses: of the v1 API alone.
      responses("https://{resource}.openai.azure.com/openai/v1"),
    ],
    auth: header("api-key"),
    usageOption: true,
    note: "Needs a base URL with your resource name. Without a path it is the v1 API, where the deployment is named as the model; with the path `/openai` the deployment goes into the path and api-version into the query (2024-10-21, or the one that the client asks for).",
  },
  anthropic: {
    label: "Anthropic",
    endpoints: [
      anthropic("https://api.anthropic.com"),
      { protocol: "openai", baseUrl: "https://api.anthropic.com", auth: bearer },
    ],
    auth: xApiKey,
    usageOption: true,
  },
  "anthropic-compatible": {
    label: "Anthropic-compatible",
    endpoints: [anthropic("")],
    auth: xApiKey,
    note: "Needs a base URL.",
  },
  gemini: {
    label: "Google Gemini",
    endpoints: [native("gemini", "https://generativelanguage.googleapis.com")],
    auth: header("x-goog-api-key"),
  },
  vertex: {
    label: "Google Vertex AI",
    endpoints: [
      {
        ...native(
          "gemini",
          "https://{region}-aiplatform.googleapis.com/v1/projects/{project}/locations/{region}/publishers/google",
        ),
        replaces: "/v1beta",
      },
    ],
    auth: { kind: "google" },
    note: "A key is the JSON key of a service account, as one text, or an access token, or an API key. The project is that of the service account unless the service names one; region `global` has a host of its own.",
  },
  bedrock: {
    label: "AWS Bedrock",
    endpoints: [native("bedrock", "https://bedrock-runtime.{region}.amazonaws.com")],
    auth: { kind: "aws" },
    note: "A key that is a text is a Bedrock API key; accessKeyId, secretAccessKey and sessionToken, as fields or as one text of JSON, sign requests (Signature Version 4).",
  },
  dashscope: {
    label: "Alibaba Cloud Model Studio (DashScope)",
    endpoints: [
      // Pictures and speech have routes in its own protocol alone (Model Studio, OpenAI compatibility).
      {
        ...openai("https://dashscope.aliyuncs.com/compatible-mode/v1"),
        lacks: ["images", "image-edits", "speech"],
      },
      anthropic("https://dashscope.aliyuncs.com/apps/anthropic"),
      native("dashscope", "https://dashscope.aliyuncs.com"),
    ],
    usageOption: true,
    note: "International accounts: base URL https://dashscope-intl.aliyuncs.com.",
  },
  deepseek: {
    label: "DeepSeek",
    endpoints: [openai("https://api.deepseek.com"), anthropic("https://api.deepseek.com/anthropic")],
    usageOption: true,
  },
  moonshot: {
    label: "Moonshot (Kimi)",
    endpoints: [openai("https://api.moonshot.cn"), anthropic("https://api.moonshot.cn/anthropic")],
    usageOption: true,
    note: "International accounts: base URL https://api.moonshot.ai.",
  },
  zhipu: {
    label: "Zhipu (GLM)",
    endpoints: [
      openaiUnder("https://open.bigmodel.cn/api/paas/v4"),
      anthropic("https://open.bigmodel.cn/api/anthropic"),
    ],
    note: "International accounts: base URL https://api.z.ai.",
  },
  minimax: {
    label: "MiniMax",
    endpoints: [openai("https://api.minimaxi.com"), anthropic("https://api.minimaxi.com/anthropic")],
    note: "International accounts: base URL https://api.minimax.io.",
  },
  doubao: {
    label: "Doubao (Volcengine Ark)",
    endpoints: [openaiUnder("https://ark.cn-beijing.volces.com/api/v3")],
    usageOption: true,
  },
  hunyuan: { label: "Tencent Hunyuan", endpoints: [openai("https://api.hunyuan.cloud.tencent.com")] },
  baichuan: { label: "Baichuan", endpoints: [openai("https://api.baichuan-ai.com")] },
  yi: { label: "Yi (01.AI)", endpoints: [openai("https://api.lingyiwanwu.com")] },
  stepfun: { label: "StepFun", endpoints: [openai("https://api.stepfun.com")] },
  spark: { label: "iFLYTEK Spark", endpoints: [openai("https://spark-api-open.xf-yun.com")] },
  qianfan: {
    label: "Baidu Qianfan",
    endpoints: [openaiUnder("https://qianfan.baidubce.com/v2")],
    usageOption: true,
  },
  mistral: { label: "Mistral", endpoints: [openai("https://api.mistral.ai")] },
  cohere: {
    label: "Cohere",
    endpoints: [openai("https://api.cohere.ai/compatibility/v1"), native("cohere", "https://api.cohere.com")],
    note: "Chat and embeddings through its OpenAI-compatible API; ranks in its own protocol.",
  },
  // console.groq.com/docs/openai, section on the Responses API.
  groq: {
    label: "Groq",
    endpoints: [openai("https://api.groq.com/openai/v1"), responses("https://api.groq.com/openai/v1")],
    usageOption: true,
  },
  // docs.x.ai: chat and Responses; its Anthropic-compatible API is deprecated.
  xai: {
    label: "xAI",
    endpoints: [openai("https://api.x.ai"), responses("https://api.x.ai")],
    usageOption: true,
  },
  together: { label: "Together AI", endpoints: [openai("https://api.together.xyz")], usageOption: true },
  fireworks: {
    label: "Fireworks AI",
    // docs.fireworks.ai/nexus/apis-and-sdks and /tools-sdks/anthropic-compatibility.
    endpoints: [
      openai("https://api.fireworks.ai/inference/v1"),
      responses("https://api.fireworks.ai/inference/v1"),
      anthropicByBearer("https://api.fireworks.ai/inference"),
    ],
    usageOption: true,
  },
  openrouter: {
    label: "OpenRouter",
    // openrouter.ai/docs: chat, Responses, and Anthropic's messages.
    endpoints: [
      openai("https://openrouter.ai/api/v1"),
      responses("https://openrouter.ai/api/v1"),
      anthropicByBearer("https://openrouter.ai/api"),
    ],
    usageOption: true,
  },
  perplexity: { label: "Perplexity", endpoints: [openaiUnder("https://api.perplexity.ai")] },
  nvidia: { label: "NVIDIA NIM", endpoints: [openai("https://integrate.api.nvidia.com")] },
  huggingface: { label: "Hugging Face", endpoints: [openai("https://router.huggingface.co")] },
  "github-models": { label: "GitHub Models", endpoints: [openaiUnder("https://models.github.ai/inference")] },
  siliconflow: { label: "SiliconFlow", endpoints: [openai("https://api.siliconflow.cn")] },
  voyage: {
    label: "Voyage AI",
    endpoints: [
      { ...openai("https://api.voyageai.com"), dialect: "voyage" },
      { ...native("vllm", "https://api.voyageai.com"), dialect: "voyage" },
    ],
    note: "Embeddings and rerank only: no chat.",
  },
  jina: {
    label: "Jina AI",
    endpoints: [openai("https://api.jina.ai"), native("vllm", "https://api.jina.ai")],
    note: "Embeddings and rerank only: no chat.",
  },
  elevenlabs: {
    label: "ElevenLabs",
    endpoints: [],
    auth: header("xi-api-key"),
    note: "Speaks none of the served protocols; reachable only through a protocol list of its own.",
  },
  vllm: {
    label: "vLLM",
    endpoints: [
      openai("http://127.0.0.1:8000"),
      // docs.vllm.ai/en/stable/serving/online_serving.html.
      responses("http://127.0.0.1:8000"),
      anthropicByBearer("http://127.0.0.1:8000"),
      native("vllm", "http://127.0.0.1:8000"),
    ],
    usageOption: true,
  },
  sglang: { label: "SGLang", endpoints: [openai("http://127.0.0.1:30000")], usageOption: true },
  // docs.ollama.com/api/openai-compatibility and /api/anthropic-compatibility.
  ollama: {
    label: "Ollama",
    endpoints: [
      openai("http://127.0.0.1:11434"),
      responses("http://127.0.0.1:11434"),
      anthropicByBearer("http://127.0.0.1:11434"),
    ],
    usageOption: true,
  },
  // lmstudio.ai/docs/developer/openai-compat and /anthropic-compat.
  "lm-studio": {
    label: "LM Studio",
    endpoints: [
      openai("http://127.0.0.1:1234"),
      responses("http://127.0.0.1:1234"),
      anthropicByBearer("http://127.0.0.1:1234"),
    ],
    usageOption: true,
  },
  "llama-cpp": {
    label: "llama.cpp",
    // huggingface.co/blog/ggml-org/anthropic-messages-api-in-llamacpp.
    endpoints: [openai("http://127.0.0.1:8080"), anthropicByBearer("http://127.0.0.1:8080")],
    usageOption: true,
    note: "Its port is also the gateway's default port: on one machine move one of them.",
  },
  comfyui: {
    label: "ComfyUI",
    endpoints: [native("comfyui", "http://127.0.0.1:8188")],
    auth: none,
  },
  simulator: {
    label: "Simulator (simulated)",
    endpoints: [
      openai("simulator:"),
      ...(["openai-responses", "anthropic", "dashscope", "gemini", "vllm", "comfyui"] as const).map(
        (protocol) => native(protocol, "simulator:"),
      ),
    ],
    usageOption: true,
    note: "Built in, for demos, tests and benchmarks: no key, no network. Its tasks and files belong to the key that made them, if it is given one.",
  },
};

/** Every provider, in the order of the table. */
export const providers: readonly Provider[] = Object.entries(rows).map(([id, row]) => ({
  // The record's type has exactly the provider ids as keys.
  id: id as ProviderId,
  label: row.label,
  endpoints: row.endpoints,
  auth: row.auth ?? bearer,
  usageOption: row.usageOption ?? false,
  note: row.note ?? "",
}));

const byId: ReadonlyMap<string, Provider> = new Map(providers.map((provider) => [provider.id, provider]));

/** @throws RangeError for an id that the service schema would have refused */
export function providerOf(id: ProviderId): Provider {
  const provider = byId.get(id);
  if (provider === undefined) throw new RangeError(`no provider ${id}`);
  return provider;
}
