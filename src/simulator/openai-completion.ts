// POST /v1/completions, the legacy form, plain and streamed. Must not know sockets, pace or faults.
import { answerTo } from "./answer.ts";
import type { Answer } from "./answer.ts";
import { missing, optionalStrings, requiredString, wrong } from "./fields.ts";
import type { JsonObject } from "./fields.ts";
import { finishReasons, inTurn, outputTokensOf, readOptions, usageOf } from "./openai-request.ts";
import { jsonReply } from "./reply.ts";
import type { Call, Frame, Reply } from "./reply.ts";
import { countTokens } from "./tokens.ts";

/** What OpenAI allows where a legacy request names no limit. */
const defaultMaxTokens = 16;

/** Most prompts of one request. */
const mostPrompts = 2048;

/** @throws RefusedRequest for a request that OpenAI would refuse. */
export function textCompletion(call: Call): Reply {
  const { body } = call;
  const model = requiredString(body, "model");
  const prompts = readPrompts(body["prompt"] ?? missing("prompt"));
  const options = readOptions(body);
  const question = {
    model,
    afterTool: false,
    tools: [],
    toolChoice: { kind: "none" },
    maxTokens: options.maxTokens ?? Math.max(defaultMaxTokens, call.outputTokens),
    outputTokens: call.outputTokens,
    stop: optionalStrings(body, "stop", 4),
    answerSchema: null,
  } as const;
  const answers = prompts.flatMap(({ text }) =>
    Array.from({ length: options.choices }, (_, variant) => answerTo({ ...question, prompt: text }, variant)),
  );
  const promptTokens = prompts.reduce((sum, prompt) => sum + prompt.tokens, 0);
  const usage = usageOf(promptTokens, answers);
  const head = {
    id: call.newId("cmpl-"),
    object: "text_completion",
    created: call.createdAt,
    model,
    system_fingerprint: "fp_simulated",
  };
  const outputTokens = outputTokensOf(answers);
  if (options.stream) {
    return {
      kind: "stream",
      frames: chunks(head, answers, options.includeUsage ? usage : null),
      outputTokens,
      inputTokens: promptTokens,
    };
  }
  const choices = answers.map((answer, index) => ({
    text: answer.pieces.join(""),
    index,
    logprobs: null,
    finish_reason: finishReasons[answer.ending],
  }));
  return jsonReply({ ...head, choices, usage }, outputTokens, promptTokens);
}

interface Prompt {
  readonly text: string;
  readonly tokens: number;
}

/** A string, token numbers, or a list of either. */
function readPrompts(prompt: unknown): readonly Prompt[] {
  const list: readonly unknown[] = Array.isArray(prompt) && !isTokens(prompt) ? prompt : [prompt];
  if (list.length === 0 || list.length > mostPrompts) return wrong("prompt", `1 to ${mostPrompts} prompts`);
  return list.map((entry) => {
    if (typeof entry === "string") return { text: entry, tokens: countTokens(entry) };
    if (isTokens(entry)) return { text: "", tokens: entry.length };
    return wrong("prompt", "a string, a list of token numbers, or a list of either");
  });
}

function isTokens(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.length > 0 && value.every((entry) => typeof entry === "number");
}

function* chunks(head: JsonObject, answers: readonly Answer[], usage: JsonObject | null): Generator<Frame> {
  const start = `data: ${JSON.stringify(head).slice(0, -1)},"choices":[`;
  const end = usage === null ? "]}\n\n" : '],"usage":null}\n\n';
  const chunk = (index: number, text: string, reason: string | null = null): string =>
    `${start}{"text":${JSON.stringify(text)},"index":${index},"logprobs":null,"finish_reason":${JSON.stringify(reason)}}${end}`;
  for (const [index, piece] of inTurn(answers.map(({ pieces }) => pieces))) {
    yield { text: chunk(index, piece), isToken: true };
  }
  for (const [index, { ending }] of answers.entries()) {
    yield { text: chunk(index, "", finishReasons[ending]), isToken: false };
  }
  if (usage !== null) yield { text: `${start}],"usage":${JSON.stringify(usage)}}\n\n`, isToken: false };
  yield { text: "data: [DONE]\n\n", isToken: false };
}
