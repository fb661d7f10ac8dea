// How a stream of each protocol ends whose content was refused after its beginning had gone: it follows what the client
// was shown, and writes the end that its SDK understands. Must not know sockets.
import type { RouteProtocol } from "../../core/protocol.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../lib/json-value.ts";

/** What the client has seen of a stream. */
export interface ShownStream {
  /** An event has gone to the client. */
  shown(event: JsonObject): void;
  /** The bytes that end the stream now; undefined where the protocol has no such end. */
  ending(): string | undefined;
}

/** @param isArray the stream is one JSON array */
export function shownStreamOf(protocol: RouteProtocol, isArray: boolean): ShownStream {
  switch (protocol) {
    case "openai":
    case "vllm":
    case "comfyui":
      return new OpenaiShown();
    case "openai-responses":
      return new ResponsesShown();
    case "anthropic":
      return new AnthropicShown();
    case "dashscope":
      return new DashscopeShown();
    case "gemini":
      return new GeminiShown(isArray);
  }
}

function event(value: unknown, name = ""): string {
  return `${name === "" ? "" : `event: ${name}\n`}data: ${JSON.stringify(value)}\n\n`;
}

class OpenaiShown implements ShownStream {
  #last: JsonObject | undefined;
  /** Choices that have begun, and whether they have ended. */
  readonly #choices = new Map<number, boolean>();

  shown(chunk: JsonObject): void {
    const choices = listOf(chunk, "choices");
    if (choices.length > 0) this.#last = chunk;
    for (const choice of choices) {
      const index = memberOf(choice, "index");
      const at = typeof index === "number" ? index : 0;
      const ended = this.#choices.get(at) === true || textOf(choice, "finish_reason") !== undefined;
      this.#choices.set(at, ended);
    }
  }

  ending(): string | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const { id, object, created, model } = last;
    const isCompletion = object === "text_completion";
    const choices = [...this.#choices]
      .filter(([, ended]) => !ended)
      .map(([index]) =>
        isCompletion
          ? { index, text: "", logprobs: null, finish_reason: "content_filter" }
          : { index, delta: {}, finish_reason: "content_filter" },
      );
    return `${event({ id, object, created, model, choices })}data: [DONE]\n\n`;
  }
}

class ResponsesShown implements ShownStream {
  #response: JsonObject | undefined;
  #sequence = 0;

  shown(said: JsonObject): void {
    const { response, sequence_number: sequence } = said;
    if (isJsonObject(response)) this.#response = response;
    if (typeof sequence === "number") this.#sequence = sequence;
  }

  ending(): string | undefined {
    if (this.#response === undefined) return undefined;
    const response = {
      ...this.#response,
      status: "incomplete",
      incomplete_details: { reason: "content_filter" },
    };
    const type = "response.incomplete";
    return event({ type, response, sequence_number: this.#sequence + 1 }, type);
  }
}

class AnthropicShown implements ShownStream {
  #begun = false;
  readonly #open = new Set<unknown>();
  #outputTokens = 0;

  shown(said: JsonObject): void {
    const { type, index } = said;
    if (type === "message_start") this.#begun = true;
    if (type === "content_block_start") this.#open.add(index);
    if (type === "content_block_stop") this.#open.delete(index);
    const usage = said["usage"] ?? memberOf(said["message"], "usage");
    const tokens = memberOf(usage, "output_tokens");
    if (typeof tokens === "number") this.#outputTokens = tokens;
  }

  ending(): string | undefined {
    if (!this.#begun) return undefined;
    const stops = [...this.#open].map((index) =>
      event({ type: "content_block_stop", index }, "content_block_stop"),
    );
    const delta = {
      type: "message_delta",
      delta: { stop_reason: "refusal", stop_sequence: null },
      usage: { output_tokens: this.#outputTokens },
    };
    return `${stops.join("")}${event(delta, "message_delta")}${event({ type: "message_stop" }, "message_stop")}`;
  }
}

class DashscopeShown implements ShownStream {
  #last: JsonObject | undefined;
  #events = 0;

  shown(said: JsonObject): void {
    this.#last = said;
    this.#events += 1;
  }

  ending(): string | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const output = memberOf(last, "output");
    const choices = listOf(output, "choices");
    const reason = { finish_reason: "content_filter" };
    const ended =
      choices.length === 0
        ? { text: "", ...reason }
        : {
            choices: choices.map((choice) => ({ message: emptied(memberOf(choice, "message")), ...reason })),
          };
    const { usage, request_id } = last;
    const data = JSON.stringify({ output: ended, usage, request_id });
    return `id:${this.#events + 1}\nevent:result\n:HTTP_STATUS/200\ndata:${data}\n\n`;
  }
}

/** A message of the same shape that says nothing. */
function emptied(message: unknown): unknown {
  const role = textOf(message, "role") ?? "assistant";
  return { role, content: Array.isArray(memberOf(message, "content")) ? [] : "" };
}

class GeminiShown implements ShownStream {
  readonly #isArray: boolean;
  #last: JsonObject | undefined;

  constructor(isArray: boolean) {
    this.#isArray = isArray;
  }

  shown(chunk: JsonObject): void {
    this.#last = chunk;
  }

  ending(): string | undefined {
    const last = this.#last;
    if (last === undefined) return undefined;
    const { usageMetadata, modelVersion, responseId } = last;
    const candidates = [{ content: { parts: [], role: "model" }, finishReason: "SAFETY", index: 0 }];
    const chunk = JSON.stringify({ candidates, usageMetadata, modelVersion, responseId });
    return this.#isArray ? `,\r\n${chunk}\n]` : `data: ${chunk}\r\n\r\n`;
  }
}
