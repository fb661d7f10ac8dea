// Reads OpenAI event streams: chat completions and legacy completions, and the dialects of them. Must not know the gateway.
import type { Usage } from "../core/usage.ts";
import { prepareScan, scanObject, skipSpace } from "../lib/json-scan.ts";
import { isJsonObject, listOf, memberOf, parseLenientJson } from "../lib/json-value.ts";
import { hasFinishReason, isSemanticChoice } from "./openai-choice.ts";
import { readOpenaiUsageOf } from "./openai-usage.ts";
import { invalidJsonError, isErrorValue, readError, readErrorEvent } from "./reported-error.ts";
import type { EventMeaning, ReportedError, StreamReader } from "./wire.ts";

const extraUsagePlan = prepareScan(["choices", "usage"]);
const usageKey = Buffer.from('"usage"');
const finishKey = Buffer.from('"finish_reason"');
const errorKey = Buffer.from('"error"');
const doneMark = Buffer.from("[DONE]");

const quote = 0x22;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const colon = 0x3a;
const openBrace = 0x7b;
const letterE = 0x65;
const letterF = 0x66;
const letterN = 0x6e;
const letterU = 0x75;

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
    const chunk = parseLenientJson(data.toString());
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

/**
 * Whether the bytes may hold a usage object, a finish_reason or an error. False alarms only cost a parse.
 * One loop over short chunks is cheaper than three native searches. Quotes inside strings are escaped, so keys are keys.
 */
function mayMatter(data: Buffer): boolean {
  const last = data.length - errorKey.length;
  for (let at = 0; at < last; at++) {
    if (data[at] !== quote) continue;
    const second = data[at + 1];
    if (second === letterU) {
      if (valueAfter(data, at, usageKey) === openBrace) return true;
    } else if (second === letterF) {
      if (isSet(valueAfter(data, at, finishKey))) return true;
    } else if (second === letterE && isSet(valueAfter(data, at, errorKey))) {
      return true;
    }
  }
  return false;
}

/** Whether some finish_reason in the bytes is not null. */
export function hasSetFinishReason(data: Buffer): boolean {
  for (let at = data.indexOf(finishKey); at !== -1; at = data.indexOf(finishKey, at + 1)) {
    if (isSet(valueAfter(data, at, finishKey))) return true;
  }
  return false;
}

function isSet(first: number): boolean {
  return first !== 0 && first !== letterN;
}

/** First byte of the value whose quoted key stands at `at`; 0 when another key stands there. */
function valueAfter(data: Buffer, at: number, key: Buffer): number {
  for (let index = 2; index < key.length; index++) {
    if (data[at + index] !== key[index]) return 0;
  }
  const separator = skipSpace(data, at + key.length);
  return data[separator] === colon ? (data[skipSpace(data, separator + 1)] ?? 0) : 0;
}
