// Writes chunks of the chat form as DashScope's stream: events that bring what is new, or repeat all there is so far, as
// the client asked. Must not know services.
import type { JsonObject } from "../../../lib/json-value.ts";
import { dashscopeWire } from "../../../protocols/dashscope.ts";
import type { ErrorView } from "../../../protocols/wire.ts";
import type { ChatChunk, ChatChunkChoice, ChatUsage, ToolCallDelta } from "../../chat/chat-answer.ts";
import type { ClientRequest, ClientStream, TranslationContext } from "../../translation.ts";
import { answerForm, type AnswerForm } from "./answer-form.ts";
import { outputOf, usageFromChat, type ChoiceContent } from "./output-from-chat.ts";

/** What was said so far in one choice. */
interface Said {
  text: string;
  reasoning: string;
  readonly calls: { id: string; name: string; arguments: string }[];
}

export class DashscopeClientStream implements ClientStream {
  readonly #form: AnswerForm;
  readonly #context: TranslationContext;
  readonly #said = new Map<number, Said>();
  #id = "";
  #events = 0;
  /** Ends of choices wait for the usage, which OpenAI tells after them and DashScope beside them. */
  #ends: ChoiceContent[] = [];
  #usage: ChatUsage | undefined;

  constructor(request: ClientRequest, context: TranslationContext) {
    this.#form = answerForm(request);
    this.#context = context;
  }

  chunk({ id, choices, usage }: ChatChunk): string {
    if (this.#id === "") this.#id = id;
    if (usage !== undefined) this.#usage = usage;
    let text = "";
    for (const choice of choices) text += this.#write(choice);
    return text;
  }

  end(): string {
    const ends = this.#ends;
    this.#ends = [];
    return ends.length === 0 ? "" : this.#event(ends);
  }

  fail(error: ErrorView): string {
    return `id:${(this.#events += 1)}\n${dashscopeWire.streamError(error)}`;
  }

  #write(choice: ChatChunkChoice): string {
    const content = this.#form.incremental ? pieceOf(choice) : this.#whole(choice);
    if (choice.finish_reason !== null) {
      this.#ends.push(content);
      return "";
    }
    const { delta } = choice;
    const isSilent = pieceText(delta) === "" && !delta.reasoning_content && !delta.tool_calls?.length;
    return isSilent && delta.annotations === undefined ? "" : this.#event([content], delta.annotations);
  }

  #whole(choice: ChatChunkChoice): ChoiceContent {
    const { index, delta } = choice;
    const said = this.#said.get(index) ?? { text: "", reasoning: "", calls: [] };
    this.#said.set(index, said);
    said.text += pieceText(delta);
    said.reasoning += delta.reasoning_content ?? "";
    for (const { index: place, id, function: called } of delta.tool_calls ?? []) {
      const call = (said.calls[place] ??= { id: "", name: "", arguments: "" });
      call.id ||= id ?? "";
      call.name ||= called?.name ?? "";
      call.arguments += called?.arguments ?? "";
    }
    return {
      index,
      text: said.text,
      reasoning: said.reasoning,
      calls: said.calls.map(({ id, ...called }, place) => ({
        index: place,
        id,
        type: "function",
        function: called,
      })),
      finish: choice.finish_reason,
      logprobs: choice.logprobs,
    };
  }

  #event(choices: readonly ChoiceContent[], citations: readonly JsonObject[] = []): string {
    if (this.#id === "") this.#id = this.#context.newId();
    const data = JSON.stringify({
      output: outputOf(choices, this.#form, citations),
      ...(this.#usage === undefined ? {} : { usage: usageFromChat(this.#usage) }),
      request_id: this.#id,
    });
    return `id:${(this.#events += 1)}\nevent:result\n:HTTP_STATUS/200\ndata:${data}\n\n`;
  }
}

function pieceText({ content, refusal }: ChatChunkChoice["delta"]): string {
  return refusal === undefined ? (content ?? "") : (content ?? "") + refusal;
}

function pieceOf({ index, delta, finish_reason: finish, logprobs }: ChatChunkChoice): ChoiceContent {
  return {
    index,
    text: pieceText(delta),
    reasoning: delta.reasoning_content ?? "",
    calls: (delta.tool_calls ?? []).map(writePiece),
    finish,
    logprobs,
  };
}

/** The id stands in the first piece; those that follow have an empty one, as DashScope writes them. */
function writePiece({ index, id, function: called }: ToolCallDelta): JsonObject {
  return { index, id: id ?? "", type: "function", function: called ?? {} };
}
