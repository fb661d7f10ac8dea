// What models want that the model data has no word for, by patterns of names, and what is assumed of names that it does not
// list. Data only: translators act on the traits.
import type { ModelTraits } from "../core/model-traits.ts";
import type { ProviderId } from "../resources/provider-id.ts";

/** `?` is one character, `*` any run of them. */
export interface QuirkRow {
  /** Absent: wherever such a model is served. */
  readonly providers?: readonly ProviderId[];
  readonly models: readonly string[];
  /** Names that the patterns fit and that are not meant. */
  readonly except?: readonly string[];
  readonly traits: ModelTraits;
}

const openaiPlaces: readonly ProviderId[] = ["openai", "azure-openai", "github-models", "openai-compatible"];
/** Where Claude is asked in Anthropic's own words. */
const claudePlaces: readonly ProviderId[] = ["anthropic", "anthropic-compatible", "bedrock", "vertex"];
const geminiPlaces: readonly ProviderId[] = ["gemini", "vertex"];

const samplingOfOpenai = [
  "temperature",
  "top_p",
  "presence_penalty",
  "frequency_penalty",
  "logprobs",
  "top_logprobs",
  "logit_bias",
];
const samplingOfClaude = ["temperature", "top_p", "top_k"];
const oModels = ["o1", "o1-*", "o3", "o3-*", "o4-*", "openai/o1*", "openai/o3*", "openai/o4-*"];
const usualEfforts = ["low", "medium", "high"];
const allEfforts = ["low", "medium", "high", "xhigh", "max"];

/** In order; a later row goes over an earlier one, and what the model data lists goes over all of them. */
export const assumptions: readonly QuirkRow[] = [
  // platform.openai.com/docs/guides/reasoning and /docs/guides/latest-model: efforts by family.
  { models: oModels, traits: { thinking: "effort", efforts: usualEfforts, refuses: samplingOfOpenai } },
  {
    models: ["gpt-5*", "openai/gpt-5*"],
    except: ["*-chat*"],
    traits: { thinking: "effort", efforts: ["minimal", ...usualEfforts], refuses: samplingOfOpenai },
  },
  {
    models: ["gpt-5.?*", "openai/gpt-5.?*"],
    except: ["*-chat*"],
    traits: { thinking: "effort", efforts: ["none", ...usualEfforts, "xhigh"] },
  },
  {
    models: ["gpt-5.1*", "openai/gpt-5.1*"],
    except: ["*-chat*", "*-codex-max*"],
    traits: { thinking: "effort", efforts: ["none", ...usualEfforts] },
  },
  { models: ["*gpt-oss*"], traits: { thinking: "effort", efforts: usualEfforts } },
  { models: ["gpt-4*", "gpt-3.5*", "chatgpt-4o*"], traits: { thinking: "none" } },
  // platform.claude.com/docs/en/about-claude/models/overview and /build-with-claude/{effort,adaptive-thinking}.
  {
    providers: claudePlaces,
    models: ["*claude*"],
    traits: {
      thinking: "adaptive",
      efforts: allEfforts,
      maxOutputTokens: 128_000,
      refuses: samplingOfClaude,
    },
  },
  {
    providers: claudePlaces,
    models: ["*claude-*-4", "*claude-*-4-*", "*claude-*-4@*", "*claude-3-7*"],
    except: ["*claude-*-4-6*", "*claude-*-4-7*", "*claude-*-4-8*", "*claude-*-4-9*"],
    traits: {
      thinking: "budget",
      thinkingBudget: { min: 1_024, max: 1_000_000 },
      maxOutputTokens: 64_000,
      refuses: [],
    },
  },
  {
    providers: claudePlaces,
    models: [
      "*claude-opus-4",
      "*claude-opus-4-0*",
      "*claude-opus-4-1*",
      "*claude-opus-4-2*",
      "*claude-opus-4@*",
    ],
    traits: { maxOutputTokens: 32_000 },
  },
  {
    providers: claudePlaces,
    models: ["*claude-*-4-6*"],
    traits: { thinking: "adaptive", efforts: [...usualEfforts, "max"], refuses: [] },
  },
  {
    providers: claudePlaces,
    models: ["*claude-3-5*"],
    traits: { thinking: "none", maxOutputTokens: 8_192, refuses: [] },
  },
  {
    providers: claudePlaces,
    models: ["*claude-3-opus*", "*claude-3-sonnet*", "*claude-3-haiku*", "*claude-2*", "*claude-instant*"],
    traits: { thinking: "none", maxOutputTokens: 4_096, refuses: [] },
  },
  // ai.google.dev/gemini-api/docs/thinking: levels from Gemini 3 on, budgets before.
  { providers: geminiPlaces, models: ["gemini-*"], traits: { thinking: "level" } },
  {
    providers: geminiPlaces,
    models: ["gemini-2.5-pro*"],
    traits: { thinking: "budget", thinkingBudget: { min: 128, max: 32_768 } },
  },
  {
    providers: geminiPlaces,
    models: ["gemini-2.5-flash*"],
    except: ["*-image*", "*-tts*"],
    traits: { thinking: "budget", thinkingBudget: { min: 0, max: 24_576 } },
  },
  {
    providers: geminiPlaces,
    models: ["gemini-1*", "gemini-2.0*", "gemini-2.5-flash-image*", "*-tts*", "gemma-3*"],
    traits: { thinking: "none" },
  },
  // help.aliyun.com/zh/model-studio/deep-thinking: hybrid models, those that never think, those that always do.
  {
    providers: ["dashscope", "siliconflow"],
    models: ["qwen-plus*", "qwen-flash*", "qwen-turbo*", "qwen3*", "Qwen/Qwen3*"],
    traits: { thinking: "budget" },
  },
  {
    providers: ["dashscope", "siliconflow"],
    models: ["*-instruct*", "*-Instruct*", "*qwen3-coder*", "*Qwen3-Coder*", "qwen2*", "Qwen/Qwen2*"],
    traits: { thinking: "none" },
  },
  // api-docs.deepseek.com/guides/thinking_mode.
  {
    providers: ["deepseek"],
    models: ["deepseek-v4*"],
    traits: { thinking: "effort", efforts: ["high", "max"], wantsReasoningBack: true },
  },
  // platform.moonshot.ai/docs/guide/use-kimi-k2-thinking-model.
  { providers: ["moonshot"], models: ["kimi-k2*"], traits: { wantsReasoningBack: true } },
  { providers: ["moonshot"], models: ["kimi-k2.?*", "kimi-k3*"], traits: { thinking: "switch" } },
  { providers: ["moonshot"], models: ["moonshot-v1*"], traits: { thinking: "none" } },
  // docs.bigmodel.cn/cn/guide/capabilities/thinking: GLM 4.5 and later.
  {
    providers: ["zhipu"],
    models: ["glm-4.5*", "glm-4.6*", "glm-4.7*", "glm-5*"],
    traits: { thinking: "switch" },
  },
  // docs.aws.amazon.com/nova: extended thinking from Nova 2 on.
  { providers: ["bedrock"], models: ["*nova-2*"], traits: { thinking: "effort", efforts: usualEfforts } },
  { providers: ["bedrock"], models: ["*nova-*-v1*"], traits: { thinking: "none" } },
];

/** In order; each goes over the model data, but for what a model refuses: that adds up. */
export const quirks: readonly QuirkRow[] = [
  // platform.openai.com/docs/api-reference/chat/create: `max_tokens` is refused by o-series models; `stop` is not supported
  // by o3 and o4-mini, nor by GPT-5 (github.com/langchain-ai/langchain issues on both).
  {
    providers: openaiPlaces,
    models: [...oModels, "gpt-5*", "openai/gpt-5*", "codex-*"],
    traits: { maxTokensField: "max_completion_tokens" },
  },
  {
    providers: openaiPlaces,
    models: ["o3", "o3-*", "o4-*", "openai/o3*", "openai/o4-*", "gpt-5*", "openai/gpt-5*"],
    except: ["o3-mini*", "openai/o3-mini*"],
    traits: { refuses: ["stop"] },
  },
  // learn.microsoft.com/azure/ai-foundry/openai/how-to/reasoning: no parallel tool calls with o-series models.
  { providers: openaiPlaces, models: oModels, traits: { refuses: ["parallel_tool_calls"] } },
  // The first two of the series take neither system prompts nor tools nor schemas (the same page).
  {
    providers: openaiPlaces,
    models: ["o1-mini*", "o1-preview*", "openai/o1-mini*", "openai/o1-preview*"],
    traits: { systemRole: "user", tools: false, jsonSchema: false, thinking: "none" },
  },
  // platform.claude.com/docs/en/about-claude/models/migration-guide: since Opus 4.1, Sonnet 4.5 and Haiku 4.5 one of both.
  {
    providers: claudePlaces,
    models: ["*claude-opus-4-1*", "*claude-*-4-5*", "*claude-*-4-6*"],
    traits: { temperatureOrTopP: true },
  },
  // platform.claude.com/docs/en/build-with-claude/structured-outputs: from the 4.5 models on; not with Vertex AI.
  {
    providers: claudePlaces,
    models: [
      "*claude-2*",
      "*claude-3*",
      "*claude-opus-4",
      "*claude-sonnet-4",
      "*claude-*-4-0*",
      "*claude-*-4-1*",
      "*claude-*-4-2025*",
      "*claude-*-4@2025*",
    ],
    traits: { jsonSchema: false },
  },
  { providers: ["vertex"], models: ["*claude*"], traits: { jsonSchema: false } },
  // ai.google.dev/gemini-api/docs/structured-output: `responseJsonSchema` from Gemini 2.5 on.
  { providers: geminiPlaces, models: ["gemini-1*", "gemini-2.0*"], traits: { schemas: "openapi" } },
  // ai.google.dev/gemma/docs/core/prompt-structure: no system turns, no tools of the API before Gemma 4.
  {
    providers: geminiPlaces,
    models: ["gemma-3*"],
    traits: { systemRole: "user", tools: false, jsonSchema: false },
  },
  // ai.google.dev/gemini-api/docs/thought-signatures, section on the OpenAI-compatible API.
  {
    providers: ["gemini", "vertex", "openai-compatible"],
    models: ["*gemini-3*"],
    traits: { wantsThoughtSignatures: true },
  },
  // docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference-supported-models-features.html (system prompts,
  // tools), structured-output.html (schemas) and the pages of the families (what Converse has no field for).
  { providers: ["bedrock"], models: ["*anthropic.*"], traits: { converseFields: "anthropic" } },
  {
    providers: ["bedrock"],
    models: ["*amazon.nova*"],
    traits: { converseFields: "nova", jsonSchema: false },
  },
  { providers: ["bedrock"], models: ["*openai.gpt*"], traits: { converseFields: "openai" } },
  {
    providers: ["bedrock"],
    models: ["*mistral.*"],
    traits: { toolIds: "nine-alphanumerics", resultsAlone: true },
  },
  { providers: ["bedrock"], models: ["*meta.llama*"], traits: { resultsAlone: true, jsonSchema: false } },
  {
    providers: ["bedrock"],
    models: ["*mistral.mistral-7b*", "*mistral.mixtral-8x7b*", "*amazon.titan-text*"],
    traits: { systemRole: "user", tools: false, jsonSchema: false },
  },
  { providers: ["bedrock"], models: ["*deepseek.r1*"], traits: { tools: false, jsonSchema: false } },
  {
    providers: ["bedrock"],
    models: ["*cohere.command*", "*ai21.*", "*writer.*"],
    traits: { jsonSchema: false },
  },
  // help.aliyun.com/zh/model-studio/deep-thinking: how it is spelled; the open models of Qwen 3 refuse to think in answers
  // that are not streamed, and think unless they are told not to.
  {
    providers: ["dashscope", "siliconflow"],
    models: ["*"],
    traits: { thinkingField: "enable_thinking" },
  },
  {
    providers: ["dashscope"],
    models: [
      "qwen3-0.6b",
      "qwen3-1.7b",
      "qwen3-4b",
      "qwen3-8b",
      "qwen3-14b",
      "qwen3-32b",
      "qwen3-30b-a3b",
      "qwen3-235b-a22b",
    ],
    traits: { requires: { enable_thinking: false } },
  },
  // help.aliyun.com/zh/model-studio/text-embedding-synchronous-api: texts in one call.
  {
    providers: ["dashscope"],
    models: ["text-embedding-v1", "text-embedding-v2"],
    traits: { embeddingTexts: 25 },
  },
  {
    providers: ["dashscope"],
    models: ["text-embedding-v3", "text-embedding-v4"],
    traits: { embeddingTexts: 10 },
  },
  // help.aliyun.com/zh/model-studio/qwen-vl-api: models that see or hear have a path of their own.
  {
    providers: ["dashscope"],
    models: [
      "*-vl-*",
      "*-vl",
      "qvq*",
      "*-omni-*",
      "qwen3.5-*",
      "qwen3.6-plus*",
      "qwen3.6-flash*",
      "qwen3.7-plus*",
    ],
    traits: { multimodalPath: true },
  },
  // docs.qwencloud.com/api-reference/image-generation: these answer at once; what is older makes tasks.
  {
    providers: ["dashscope"],
    models: ["qwen-image*", "z-image*", "wan2.6-t2i*", "wan2.6-image*", "wan2.7-image*"],
    traits: { multimodalPath: true },
  },
  { providers: ["dashscope"], models: ["wan2.5-i2i*"], traits: { imageList: true } },
  // api-docs.deepseek.com/guides/json_mode: JSON objects, no schemas; /guides/reasoning_model: no logprobs.
  { providers: ["deepseek"], models: ["*"], traits: { jsonSchema: false } },
  {
    providers: ["deepseek"],
    models: ["deepseek-reasoner*"],
    traits: { refuses: ["logprobs", "top_logprobs"] },
  },
  // platform.moonshot.ai/docs/api/chat: 0 to 1; from K2.5 on sampling is fixed.
  { providers: ["moonshot"], models: ["*"], traits: { temperature: { min: 0, max: 1 } } },
  {
    providers: ["moonshot"],
    models: ["kimi-k2.?*", "kimi-k3*"],
    traits: { refuses: ["temperature", "top_p", "presence_penalty", "frequency_penalty"] },
  },
  // docs.bigmodel.cn/api-reference: temperature 0 to 1, `response_format` is text or json_object.
  { providers: ["zhipu"], models: ["*"], traits: { temperature: { min: 0, max: 1 }, jsonSchema: false } },
  // platform.minimax.io/docs/api-reference/text-openai-api: above 0, at most 1.
  { providers: ["minimax"], models: ["*"], traits: { temperature: { min: 0.01, max: 1 } } },
  // docs.mistral.ai/api: the fields of a chat, any other of which is refused with 422; ids of nine letters or digits.
  {
    providers: ["mistral"],
    models: ["*"],
    traits: {
      toolIds: "nine-alphanumerics",
      temperature: { min: 0, max: 1.5 },
      refuses: [
        "logit_bias",
        "logprobs",
        "top_logprobs",
        "seed",
        "user",
        "service_tier",
        "store",
        "verbosity",
        "safety_identifier",
        "stream_options",
      ],
    },
  },
  // console.groq.com/docs/openai: refused with 400.
  { providers: ["groq"], models: ["*"], traits: { refuses: ["logprobs", "logit_bias", "top_logprobs"] } },
  // docs.x.ai/docs/guides/reasoning: refused by models that reason.
  {
    providers: ["xai"],
    models: ["grok-3-mini*", "grok-4*", "grok-build*", "grok-code*"],
    except: ["*non-reasoning*"],
    traits: { refuses: ["presence_penalty", "frequency_penalty", "stop"] },
  },
  // docs.perplexity.ai/guides/chat-completions-guide: no tools of the client's.
  {
    providers: ["perplexity"],
    models: ["sonar*"],
    traits: {
      tools: false,
      refuses: ["logit_bias", "logprobs", "top_logprobs", "seed", "parallel_tool_calls"],
    },
  },
  // docs.cohere.com/docs/compatibility-api, section on unsupported parameters; of efforts it takes none and high.
  {
    providers: ["cohere"],
    models: ["*"],
    traits: {
      temperature: { min: 0, max: 1 },
      refuses: [
        "store",
        "metadata",
        "logit_bias",
        "top_logprobs",
        "prediction",
        "service_tier",
        "parallel_tool_calls",
      ],
    },
  },
  {
    providers: ["cohere"],
    models: ["command-a-reasoning*", "command-a-plus*"],
    traits: { thinking: "effort", efforts: ["none", "high"] },
  },
  // Their documentation knows `max_tokens` alone.
  {
    providers: [
      "deepseek",
      "dashscope",
      "zhipu",
      "moonshot",
      "minimax",
      "mistral",
      "cohere",
      "perplexity",
      "siliconflow",
      "hunyuan",
      "baichuan",
      "yi",
      "spark",
      "stepfun",
      "ollama",
      "lm-studio",
    ],
    models: ["*"],
    traits: { maxTokensField: "max_tokens" },
  },
];
