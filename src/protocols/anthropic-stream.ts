// Reads Anthropic message streams. Must not know the gateway.
import type { Usage } from "../core/usage.ts";
import { skipSpace } from "../lib/json-scan.ts";
import { countOf, isJsonObject, memberOf, parseJson, textOf } from "../lib/json-value.ts";
import { mergeAnthropicUsage, noAnthropicFigures, toUsage } from "./anthropic-usage.ts";
import { invalidJsonError, readErrorEvent } from "./reported-error.ts";
import type { EventMeaning, ReportedError, StreamReader } from "./wire.ts";

/** What each event is good for; events not listed pass as noise. */
const roles: Readonly<Record<string, "usage" | "content" | "end" | "noise" | "error">> = {
  message_start: "usage",
  content_block_start: "content",
  content_block_delta: "content",
  content_block_stop: "content",
  message_delta: "usage",
  message_stop: "end",
  ping: "noise",
  error: "error",
};

export class AnthropicStreamReader implements StreamReader {
  finished = false;
  /** Anthropic always reports usage: it is never asked for. */
  readonly usageMayFollow = false;
  error: ReportedError | undefined;
  #figures = noAnthropicFigures;
  #committed = false;
  outputPending = true;

  get usage(): Usage | undefined {
    return toUsage(this.#figures);
  }

  isExtraUsage(): boolean {
    return false;
  }

  read(event: string, data: Buffer): EventMeaning {
    if (this.#committed && roles[event] === "content") return "semantic";
    if (event === "error") return this.#fail(readErrorEvent(data));
    const value = parseJson(data.toString());
    if (!isJsonObject(value)) return this.#readOther(data, value);
    // Services that imitate Anthropic may leave the event name out.
    const type = Object.hasOwn(roles, event) ? event : (textOf(value, "type") ?? "");
    switch (Object.hasOwn(roles, type) ? roles[type] : "noise") {
      case "error":
        return this.#fail(readErrorEvent(data));
      case "content":
        this.#committed = true;
        break;
      case "usage":
        this.#readUsage(type, value);
        break;
      case "end":
        this.finished = true;
        break;
      default:
        break;
    }
    return this.#committed ? "semantic" : "noise";
  }

  #readUsage(type: string, value: unknown): void {
    const holder = type === "message_start" ? memberOf(value, "message") : value;
    const told = memberOf(holder, "usage");
    this.#figures = mergeAnthropicUsage(this.#figures, told);
    if (type === "message_delta" && countOf(told, "output_tokens") !== undefined) this.outputPending = false;
    // How a message ended is an answer even without a block: a refusal may have none.
    if (type === "message_delta") this.#committed = true;
  }

  /** Before the commit only JSON is due; blank data is a ping of sorts. */
  #readOther(data: Buffer, value: unknown): EventMeaning {
    if (this.#committed) return "semantic";
    if (value !== undefined || skipSpace(data, 0) === data.length) return "noise";
    return this.#fail(invalidJsonError);
  }

  #fail(error: ReportedError): EventMeaning {
    this.error = error;
    return "error";
  }
}
