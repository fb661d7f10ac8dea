// Reads a legacy completion request, whose one prompt becomes what a user says. Must not know services.
import { GatewayError } from "../../../core/errors.ts";
import { numberIn } from "../../../lib/exact-json.ts";
import type { JsonObject } from "../../../lib/json-value.ts";
import type { ChatRequest } from "../../chat/chat-request.ts";
import type { ClientRequest, TranslationContext } from "../../translation.ts";
import {
  fault,
  isObject,
  listAt,
  optionalFlag,
  optionalNumber,
  optionalObject,
  optionalText,
  own,
  textAt,
} from "../openai/field-faults.ts";

const numbers = [
  "max_tokens",
  "temperature",
  "top_p",
  "n",
  "seed",
  "presence_penalty",
  "frequency_penalty",
] as const;

const known: ReadonlySet<string> = new Set<string>([
  ...numbers,
  "model",
  "prompt",
  "stream",
  "stream_options",
  "stop",
  "user",
  "logit_bias",
  "logprobs",
  "suffix",
  "echo",
  "best_of",
]);

export function requestToChat(request: ClientRequest, { notes }: TranslationContext): ChatRequest {
  const { body } = request;
  if (!isObject(body))
    throw new GatewayError("invalid_request", { message: "The body must be a JSON object." });
  const prompt = readPrompt(own(body, "prompt"));
  refuseUnsayable(body);
  if (optionalNumber(body, "logprobs") !== undefined) notes.dropped("logprobs");
  const options = optionalObject(body, "stream_options");
  const stop = readStop(own(body, "stop"));
  const user = optionalText(body, "user", "");
  const bias = optionalObject(body, "logit_bias");
  return {
    model: request.model ?? "",
    messages: [{ role: "user", content: prompt }],
    stream: request.stream,
    ...(options !== undefined && {
      stream_options: { include_usage: own(options, "include_usage") === true },
    }),
    ...readNumbers(body),
    ...(stop !== undefined && { stop }),
    ...(user !== undefined && { user }),
    ...(bias !== undefined && { logit_bias: bias }),
    others: othersOf(body),
  };
}

/** A text, or a list of one. */
function readPrompt(given: unknown): string {
  const prompt: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  if (prompt === "") throw fault("prompt", "must not be empty");
  if (typeof prompt === "string") return prompt;
  if (!Array.isArray(given)) throw fault("prompt", "must be a string");
  if (given.length > 1 && given.every((each) => typeof each === "string"))
    throw fault("prompt", "must be one prompt: the service answers conversations, one to a request");
  throw fault("prompt", "must be text: the service takes no token numbers");
}

/** What makes another answer altogether, and no conversation can be asked for. */
function refuseUnsayable(body: JsonObject): void {
  if ((optionalText(body, "suffix", "") ?? "") !== "")
    throw fault(
      "suffix",
      "cannot be expressed in the protocol of the service, which goes on from a prompt only",
    );
  if (optionalFlag(body, "echo") === true)
    throw fault(
      "echo",
      "cannot be expressed in the protocol of the service, which does not repeat the prompt",
    );
  if ((numberIn(optionalNumber(body, "best_of")) ?? 1) > 1)
    throw fault(
      "best_of",
      "cannot be expressed in the protocol of the service, which gives the first answer",
    );
}

function readStop(stop: unknown): readonly string[] | undefined {
  if (stop === undefined) return undefined;
  if (typeof stop === "string") return [stop];
  const list = listAt(stop, "stop").map((text, index) => textAt(text, `stop.${index}`));
  return list.length === 0 ? undefined : list;
}

type Writable = { -readonly [Field in (typeof numbers)[number]]?: number };

function readNumbers(body: JsonObject): Writable {
  const fields: Writable = {};
  for (const name of numbers) {
    const value = optionalNumber(body, name);
    if (value !== undefined) fields[name] = value;
  }
  return fields;
}

function othersOf(body: JsonObject): JsonObject {
  const others: Record<string, unknown> = { __proto__: null };
  for (const name of Object.keys(body)) if (!known.has(name)) others[name] = body[name];
  return others;
}
