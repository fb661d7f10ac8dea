// Reads OpenAI Responses event streams. Must not know the gateway.
import type { Usage } from "../core/usage.ts";
import { skipSpace } from "../lib/json-scan.ts";
import { isJsonObject, listOf, memberOf, parseJson, textOf } from "../lib/json-value.ts";
import { openaiStatus } from "./openai-stream.ts";
import { readOpenaiUsage } from "./openai-usage.ts";
import { invalidJsonError, isErrorValue, readError, readErrorEvent } from "./reported-error.ts";
import type { EventMeaning, ReportedError, StreamReader } from "./wire.ts";

/** Events that end a stream. */
const endings: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
]);

export class ResponsesStreamReader implements StreamReader {
  finished = false;
  readonly usageMayFollow = false;
  usage: Usage | undefined;
  error: ReportedError | undefined;
  #committed = false;

  isExtraUsage(): boolean {
    return false;
  }

  read(event: string, data: Buffer): EventMeaning {
    if (event === "error") return this.#fail(readErrorEvent(data));
    // Once committed only the ends matter, and every event says its name.
    if (this.#committed && event !== "" && !endings.has(event)) return "semantic";
    const value = parseJson(data.toString());
    if (!isJsonObject(value)) return this.#readOther(data, value);
    const type = event || (textOf(value, "type") ?? "");
    if (endings.has(type)) return this.#readEnding(type, memberOf(value, "response"));
    if (type === "error" || isErrorValue(value["error"])) return this.#fail(readErrorEvent(data));
    if (type.startsWith("response.output_")) this.#committed = true;
    return this.#calm();
  }

  #readEnding(type: string, response: unknown): EventMeaning {
    this.finished = true;
    this.usage = readOpenaiUsage(memberOf(response, "usage")) ?? this.usage;
    if (type === "response.failed") return this.#fail(readError(memberOf(response, "error") ?? {}));
    // Why an answer stopped short is an answer; one that is complete and says nothing is none.
    if (type === "response.incomplete" || listOf(response, "output").length > 0) this.#committed = true;
    return this.#calm();
  }

  /** Before the commit only JSON is due; some services end with `[DONE]` as in chats. */
  #readOther(data: Buffer, value: unknown): EventMeaning {
    const from = skipSpace(data, 0);
    const isCalm = this.#committed || value !== undefined || from === data.length;
    return isCalm || data.includes("[DONE]", from) ? this.#calm() : this.#fail(invalidJsonError);
  }

  #calm(): EventMeaning {
    return this.#committed ? "semantic" : "noise";
  }

  #fail(error: ReportedError): EventMeaning {
    this.error = { ...error, status: openaiStatus(error.status) };
    return "error";
  }
}
