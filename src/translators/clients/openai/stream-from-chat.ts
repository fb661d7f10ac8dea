// Writes chunks of the chat form as OpenAI's stream: one event each. Must not know services.
import type { ErrorView } from "../../../protocols/wire.ts";
import { openaiErrorBody } from "../../../protocols/openai.ts";
import type { ChatChunk, ChatChunkChoice, ToolCallDelta } from "../../chat/chat-answer.ts";
import type { ClientRequest, ClientStream } from "../../translation.ts";
import { asksForFunctions } from "./legacy-functions.ts";

export class OpenaiClientStream implements ClientStream {
  readonly #functions: boolean;
  /** Choices whose first chunk was written: it names the role. */
  #begun: Set<number> | undefined;
  #firstBegun = false;

  constructor(request: ClientRequest) {
    this.#functions = asksForFunctions(request);
  }

  chunk(chunk: ChatChunk): string {
    const [choice] = chunk.choices;
    if (choice === undefined) return eventOf(chunk);
    // Nearly every chunk has one choice, which goes on as it is.
    if (chunk.choices.length === 1 && this.#isPlain(choice)) return eventOf(chunk);
    return eventOf({ ...chunk, choices: chunk.choices.map((each) => this.#choice(each)) });
  }

  #isPlain(choice: ChatChunkChoice): boolean {
    return choice.index === 0 && this.#firstBegun && !this.#functions && choice.stop_sequence === undefined;
  }

  #choice({ index, delta, finish_reason: finish, logprobs }: ChatChunkChoice): object {
    const first = this.#begins(index);
    const { role: _, ...rest } = delta;
    const { tool_calls: calls, ...plain } = rest;
    const said = this.#functions && calls !== undefined ? { ...plain, ...functionCall(calls) } : rest;
    return {
      index,
      delta: first
        ? { role: "assistant", ...(Object.keys(rest).length === 0 ? { content: "" } : {}), ...said }
        : said,
      ...(logprobs === undefined ? {} : { logprobs }),
      finish_reason: this.#functions && finish === "tool_calls" ? "function_call" : finish,
    };
  }

  #begins(index: number): boolean {
    if (index === 0) {
      const first = !this.#firstBegun;
      this.#firstBegun = true;
      return first;
    }
    this.#begun ??= new Set();
    if (this.#begun.has(index)) return false;
    this.#begun.add(index);
    return true;
  }

  end(): string {
    return "data: [DONE]\n\n";
  }

  fail(error: ErrorView): string {
    return `data: ${openaiErrorBody(error)}\n\n`;
  }
}

function eventOf(chunk: object): string {
  return `data: ${JSON.stringify(chunk)}\n\n`;
}

/** The first call's; there is room for one. */
function functionCall(calls: readonly ToolCallDelta[]): object {
  const first = calls.find(({ index }) => index === 0);
  return first?.function === undefined ? {} : { function_call: first.function };
}
