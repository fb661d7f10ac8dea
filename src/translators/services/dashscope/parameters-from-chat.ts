// Writes what a chat asks for besides its messages as DashScope's `parameters`. Must not know messages.
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest, ChatTool, ChatToolChoice, ResponseFormat } from "../../chat/chat-request.ts";
import type { TranslationContext } from "../../translation.ts";
import { isForced, thinkingParameters } from "./thinking-parameters.ts";

/** Parameters of DashScope that other protocols have no field for: clients name them as DashScope does. */
const ownParameters = [
  "asr_options",
  "enable_code_interpreter",
  "enable_search",
  "max_input_tokens",
  "min_pixels",
  "max_pixels",
  "ocr_options",
  "preserve_thinking",
  "repetition_penalty",
  "search_options",
  "skill",
  "tool_stream",
  "translation_options",
  "vl_enable_image_hw_output",
  "vl_high_resolution_images",
] as const;

const knownOthers: ReadonlySet<string> = new Set([...ownParameters, "enable_thinking", "thinking_budget"]);

/** Fields that DashScope has nothing for, with the values that say nothing. */
const unknownFields = [
  ["frequency_penalty", [0]],
  ["logit_bias", []],
  ["verbosity", ["medium"]],
  ["service_tier", ["auto", "default"]],
  ["user", []],
  ["metadata", []],
] as const;

/** Open at both ends: nothing and everything are refused. */
const leastTopP = 0.000001;
const mostTopP = 0.999999;
/** Two itself is refused. */
const temperatures = { min: 0, max: 1.999999 };

export function parametersFromChat(chat: ChatRequest, context: TranslationContext): JsonObject {
  const parameters = new Parameters(context);
  parameters.put("result_format", "message");
  if (chat.stream) parameters.put("incremental_output", true);
  putSampling(chat, parameters, context);
  putLimits(chat, parameters, context);
  putTools(chat, parameters, context);
  parameters.put("response_format", responseFormat(chat.response_format, context));
  parameters.putAll(thinkingParameters(chat, context));
  for (const name of ownParameters)
    if (Object.hasOwn(chat.others, name)) parameters.put(name, chat.others[name]);
  for (const [name, silent] of unknownFields) dropUnknown(chat, name, silent, context);
  parameters.putAll(context.notes.rest(chat.others, knownOthers));
  for (const [name, value] of Object.entries(context.traits.requires ?? {}))
    if (!parameters.has(name)) parameters.put(name, value);
  return parameters.written;
}

class Parameters {
  readonly written: Record<string, unknown> = {};
  readonly #context: TranslationContext;

  constructor(context: TranslationContext) {
    this.#context = context;
  }

  has(name: string): boolean {
    return Object.hasOwn(this.written, name);
  }

  put(name: string, value: unknown): void {
    if (value === undefined || value === null) return;
    if (this.#context.traits.refuses?.includes(name) === true) this.#context.notes.dropped(name);
    else this.written[name] = value;
  }

  putAll(values: JsonObject): void {
    for (const [name, value] of Object.entries(values)) this.put(name, value);
  }
}

function putSampling(chat: ChatRequest, parameters: Parameters, context: TranslationContext): void {
  const { temperature, top_p: topP, traits } = { ...chat, traits: context.traits };
  const range = traits.temperature ?? temperatures;
  parameters.put("temperature", within(temperature, range, "temperature", context));
  if (traits.temperatureOrTopP === true && temperature !== undefined && topP !== undefined)
    context.notes.dropped("top_p");
  else parameters.put("top_p", within(topP, { min: leastTopP, max: mostTopP }, "top_p", context));
  parameters.put("top_k", chat.top_k);
  parameters.put("seed", chat.seed);
  parameters.put("presence_penalty", chat.presence_penalty);
  parameters.put("logprobs", chat.logprobs);
  parameters.put("top_logprobs", chat.top_logprobs);
}

function putLimits(chat: ChatRequest, parameters: Parameters, context: TranslationContext): void {
  const isNewer = chat.max_completion_tokens !== undefined;
  const asked = isNewer ? "max_completion_tokens" : "max_tokens";
  const max = context.traits.maxOutputTokens ?? Number.POSITIVE_INFINITY;
  const limit = within(chat[asked], { min: 1, max }, asked, context);
  parameters.put(context.traits.maxTokensField ?? asked, limit);
  if (chat.stop !== undefined && chat.stop.length > 0) parameters.put("stop", chat.stop);
  parameters.put("n", chat.n);
}

function putTools(chat: ChatRequest, parameters: Parameters, context: TranslationContext): void {
  const tools = allowedTools(chat);
  if (tools === undefined || tools.length === 0) return;
  if (context.traits.tools === false) {
    context.notes.dropped("tools");
    return;
  }
  parameters.put(
    "tools",
    tools.map((tool, index) => writeTool(tool, `tools.${index}`, context)),
  );
  parameters.put("tool_choice", writeToolChoice(chat.tool_choice));
  parameters.put("parallel_tool_calls", chat.parallel_tool_calls);
}

/** Leaving the others out says the same as a list of those allowed. */
function allowedTools({ tools, tool_choice: choice }: ChatRequest): readonly ChatTool[] | undefined {
  if (typeof choice !== "object" || choice.type !== "allowed_tools") return tools;
  const names = new Set(choice.allowed_tools.tools.map(nameOfAllowed));
  return tools?.filter((tool) => names.has(tool.function.name));
}

function nameOfAllowed(tool: JsonObject): unknown {
  const inner = tool["function"];
  return typeof inner === "object" && inner !== null && "name" in inner ? inner.name : tool["name"];
}

function writeToolChoice(choice: ChatToolChoice | undefined): unknown {
  if (typeof choice !== "object" || choice.type === "function") return choice;
  return isForced(choice) ? "required" : "auto";
}

function writeTool(tool: ChatTool, at: string, { notes }: TranslationContext): JsonObject {
  const { name, description, parameters, strict } = tool.function;
  if (strict === true) notes.dropped(`${at}.function.strict`);
  if (tool.cache_control !== undefined) notes.dropped(`${at}.cache_control`);
  return {
    type: "function",
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      parameters: parameters ?? { type: "object", properties: {} },
    },
  };
}

function responseFormat(
  format: ResponseFormat | undefined,
  { notes, traits }: TranslationContext,
): ResponseFormat | undefined {
  if (format?.type !== "json_schema" || traits.jsonSchema !== false) return format;
  notes.rewritten("response_format");
  return { type: "json_object" };
}

/** The value as it came where it is within the bounds: its digits stay. */
function within(
  value: number | undefined,
  { min, max }: { readonly min: number; readonly max: number },
  field: string,
  { notes }: TranslationContext,
): unknown {
  const number = numberIn(value);
  if (number === undefined || (number >= min && number <= max)) return value;
  notes.clamped(field);
  return number < min ? min : max;
}

function dropUnknown(
  chat: ChatRequest,
  name: (typeof unknownFields)[number][0],
  silent: readonly unknown[],
  { notes }: TranslationContext,
): void {
  const value = chat[name];
  if (value === undefined || value === null || silent.includes(numberIn(value) ?? value)) return;
  if (typeof value === "object" && numberIn(value) === undefined && Object.keys(value).length === 0) return;
  notes.dropped(name);
}
