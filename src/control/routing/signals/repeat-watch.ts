// Sees questions that are asked again in the same conversation soon after they were answered: whoever does that was not
// content. A weak sign, so whatever looks like a program is left out. Knows no text.
import type { NewLabel } from "../../../core/kept-routing.ts";
import type { LogItem } from "../../../telemetry/log-answers.ts";
import { numbersOfRecord } from "../prompt-numbers.ts";

/** Between the end of an answer and the question that asks for another. */
const repeatMs = 5 * 60_000;
/** Questions that are remembered. */
const maxQuestions = 5_000;
/** Answers to the same question from which on somebody tries something out, or a program asks. */
const maxAnswers = 3;
const repeatWeight = 0.2;

interface Question {
  /** Of exchanges that answered it. */
  readonly requestIds: string[];
  last: LogItem;
  endedMs: number;
}

export interface Repeat {
  /** What the answer before was worth. */
  readonly labels: readonly NewLabel[];
  /** Exchanges of which nothing of the kind is true any more. */
  readonly takenBack: readonly string[];
}

const nothing: Repeat = { labels: [], takenBack: [] };

export class RepeatWatch {
  /** Asked least lately first. */
  readonly #questions = new Map<string, Question>();

  /** @param item an exchange that was answered, in the order of their ends */
  see(item: LogItem): Repeat {
    const key = keyOf(item);
    if (key === undefined) return nothing;
    const startedMs = Date.parse(item.time);
    const endedMs = startedMs + item.durationMs;
    const before = this.#questions.get(key);
    this.#questions.delete(key);
    const isRepeat =
      before !== undefined && startedMs >= before.endedMs && startedMs - before.endedMs <= repeatMs;
    const requestIds = isRepeat ? [...before.requestIds, item.requestId] : [item.requestId];
    this.#remember(key, { requestIds, last: item, endedMs });
    if (!isRepeat || requestIds.length > maxAnswers) return nothing;
    if (requestIds.length === maxAnswers) return { labels: [], takenBack: before.requestIds };
    return { labels: labelOf(before.last), takenBack: [] };
  }

  #remember(key: string, question: Question): void {
    this.#questions.set(key, question);
    if (this.#questions.size <= maxQuestions) return;
    for (const oldest of this.#questions.keys()) {
      this.#questions.delete(oldest);
      return;
    }
  }
}

/** Undefined for what nobody can tell to be the same question of the same conversation. */
function keyOf({ api, consumer, decision }: LogItem): string | undefined {
  const { sketch, conversation, evidence } = decision?.routing ?? {};
  if (sketch === undefined || conversation === undefined || evidence?.inToolLoop === true) return undefined;
  return JSON.stringify([api, consumer, conversation, sketch]);
}

function labelOf(item: LogItem): readonly NewLabel[] {
  const numbers = numbersOfRecord(item);
  const { api, requestId, model } = item;
  return numbers === undefined
    ? []
    : [{ api, requestId, model, source: "regenerate", score: 0, weight: repeatWeight, numbers }];
}
