// Writes answers of the chat form as legacy completions, whole and streamed: text and nothing else. Must not know services.
import { openaiErrorBody } from "../../../protocols/openai.ts";
import type { ErrorView } from "../../../protocols/wire.ts";
import type {
  ChatAnswer,
  ChatChoice,
  ChatChunk,
  ChatChunkChoice,
  FinishReason,
} from "../../chat/chat-answer.ts";
import type { ClientStream } from "../../translation.ts";

export function answerFromChat({ choices, usage, ...answer }: ChatAnswer): object {
  const { id, created, model, system_fingerprint: fingerprint } = answer;
  return {
    id,
    object: "text_completion",
    created,
    model,
    choices: choices.map(wholeChoice),
    ...(fingerprint !== undefined && { system_fingerprint: fingerprint }),
    ...(usage !== undefined && { usage }),
  };
}

function wholeChoice({ index, message: { content, refusal }, finish_reason: finish }: ChatChoice): object {
  const text = content === null || content === "" ? (refusal ?? "") : content;
  return { text, index, logprobs: null, finish_reason: finishOf(finish) };
}

/** Nobody offered tools. */
function finishOf(finish: FinishReason | null): string | null {
  return finish === "tool_calls" ? "stop" : finish;
}

export class CompletionStream implements ClientStream {
  chunk({ id, created, model, choices, usage }: ChatChunk): string {
    const said = choices.filter(saysAnything).map(choiceOf);
    if (said.length === 0 && usage === undefined) return "";
    const chunk = {
      id,
      object: "text_completion",
      created,
      model,
      choices: said,
      ...(usage !== undefined && { usage }),
    };
    return `data: ${JSON.stringify(chunk)}\n\n`;
  }

  end(): string {
    return "data: [DONE]\n\n";
  }

  fail(error: ErrorView): string {
    return `data: ${openaiErrorBody(error)}\n\n`;
  }
}

function saysAnything({ delta, finish_reason: finish }: ChatChunkChoice): boolean {
  return finish !== null || textOf(delta) !== "";
}

function textOf({ content, refusal }: ChatChunkChoice["delta"]): string {
  return (content ?? "") + (refusal ?? "");
}

function choiceOf({ index, delta, finish_reason: finish }: ChatChunkChoice): object {
  return { text: textOf(delta), index, logprobs: null, finish_reason: finishOf(finish) };
}
