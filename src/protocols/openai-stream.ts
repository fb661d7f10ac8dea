// Reads OpenAI event streams: chat completions and legacy completions, and the dialects of them. Must not know the gateway.
import type { Usage } from "../core/usage.ts";
import { prepareScan, scanObject, skipSpace } from "../lib/json-scan.ts";
import { isJsonObject, listOf, memberOf, parseJson } from "../lib/json-value.ts";
import { hasFinishReason, isSemanticChoice } from "./openai-choice.ts";
import { readOpenaiUsageOf } from "./openai-usage.ts";
import { invalidJsonError, isErrorValue, readError, readErrorEvent } from "./reported-error.ts";
import type { EventMeaning, ReportedError, StreamReader } from "./wire.ts";

const extraUsagePlan = prepareScan(["choices", "usage"]);
const usageKey = Buffer.from('"usage"');
const finishKey = Buffer.from('"finish_reason"');
const errorKey = Buffer.from('"error"');
const doneMark = Buffer.from("[DONE]");

const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const openBrace = 0x7b;
const letterN = 0x6e;

export class OpenaiStreamReader implements StreamReader {
  finished = false;
  usageMayFollow = false;
  usage: Usage | undefined;
  error: ReportedError | undefined;
  #committed = false;

  read(event: string, data: Buffer): EventMeaning {
    if (event === "error") return this.#fail(readErrorEvent(data));
    if (isDone(data)) {
      this.finished = true;
      return this.#calm();
    }
    // Once committed only three things matter, and most chunks hold none of them.
    if (this.#committed && !mayMatter(data)) return "semantic";
    const chunk = parseJson(data.toString());
    if (chunk === undefined) {
      if (this.#committed || skipSpace(data, 0) === data.length) return this.#calm();
      return this.#fail(invalidJsonError);
    }
    return isJsonObject(chunk) ? this.#readChunk(chunk) : this.#calm();
  }

  isExtraUsage(data: Buffer): boolean {
    if (!this.usageMayFollow || !data.includes(usageKey)) return false;
    const scan = scanObject(data, extraUsagePlan);
    if (!scan.ok) return false;
    const [choices, usage] = scan.members;
    if (choices?.kind !== "array" || usage?.kind !== "object") return false;
    return data[skipSpace(data, choices.start + 1)] === closeBracket;
  }

  #readChunk(chunk: Readonly<Record<string, unknown>>): EventMeaning {
    this.usage = readOpenaiUsageOf(chunk) ?? this.usage;
    const choices = listOf(chunk, "choices");
    if (choices.some(hasFinishReason)) {
      this.finished = true;
      this.usageMayFollow = true;
    }
    if (isErrorValue(chunk["error"])) return this.#fail(readError(chunk["error"]));
    // Older vLLM reports an error as the chunk itself.
    if (memberOf(chunk, "object") === "error") return this.#fail(readError(chunk));
    this.#committed ||= choices.some(isSemanticChoice);
    return this.#calm();
  }

  #calm(): EventMeaning {
    return this.#committed ? "semantic" : "noise";
  }

  #fail(error: ReportedError): EventMeaning {
    this.error = { ...error, status: openaiStatus(error.status) };
    return "error";
  }
}

/** 529 is known to Anthropic clients only. */
export function openaiStatus(status: number): number {
  return status === 529 ? 503 : status;
}

function isDone(data: Buffer): boolean {
  const at = skipSpace(data, 0);
  if (data[at] !== openBracket) return false;
  const end = at + doneMark.length;
  return data.subarray(at, end).equals(doneMark) && skipSpace(data, end) === data.length;
}

/** Whether the bytes may hold a usage object, a finish_reason or an error. False alarms only cost a parse. */
function mayMatter(data: Buffer): boolean {
  return (
    someValue(data, usageKey, (first) => first === openBrace) ||
    hasSetFinishReason(data) ||
    someValue(data, errorKey, isSet)
  );
}

/** Whether some finish_reason in the bytes is not null. */
export function hasSetFinishReason(data: Buffer): boolean {
  return someValue(data, finishKey, isSet);
}

function isSet(first: number): boolean {
  return first !== letterN;
}

/** Whether some value after the quoted key starts with a byte that fits. Quotes inside strings are escaped, so keys are keys. */
function someValue(data: Buffer, key: Buffer, fits: (first: number) => boolean): boolean {
  for (let at = data.indexOf(key); at !== -1; at = data.indexOf(key, at + key.length)) {
    const separator = skipSpace(data, at + key.length);
    if (data[separator] !== colon) continue;
    const first = data[skipSpace(data, separator + 1)];
    if (first !== undefined && fits(first)) return true;
  }
  return false;
}
