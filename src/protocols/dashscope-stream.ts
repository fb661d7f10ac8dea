// Reads DashScope's event streams. Must not know the gateway.
import type { Usage } from "../core/usage.ts";
import { skipSpace } from "../lib/json-scan.ts";
import { isJsonObject, memberOf, parseJson } from "../lib/json-value.ts";
import { dashscopeErrorOf, hasEnded, isSemanticOutput } from "./dashscope-output.ts";
import { readDashscopeUsage } from "./dashscope-usage.ts";
import { invalidJsonError, readErrorEvent } from "./reported-error.ts";
import type { EventMeaning, ReportedError, StreamReader } from "./wire.ts";

export class DashscopeStreamReader implements StreamReader {
  finished = false;
  /** DashScope reports usage in every event: it is never asked for. */
  readonly usageMayFollow = false;
  usage: Usage | undefined;
  error: ReportedError | undefined;
  #committed = false;

  isExtraUsage(): boolean {
    return false;
  }

  read(event: string, data: Buffer): EventMeaning {
    if (event === "error") return this.#fail(readErrorEvent(data));
    const value = parseJson(data.toString());
    if (!isJsonObject(value)) {
      const isCalm = this.#committed || value !== undefined || skipSpace(data, 0) === data.length;
      return isCalm ? this.#calm() : this.#fail(invalidJsonError);
    }
    const error = dashscopeErrorOf(value);
    if (error !== undefined) return this.#fail(error);
    const output = memberOf(value, "output");
    // Cumulative: the last figures count.
    this.usage = readDashscopeUsage(value["usage"]) ?? this.usage;
    this.finished ||= hasEnded(output);
    this.#committed ||= isSemanticOutput(output);
    return this.#calm();
  }

  #calm(): EventMeaning {
    return this.#committed ? "semantic" : "noise";
  }

  #fail(error: ReportedError): EventMeaning {
    this.error = error;
    return "error";
  }
}
