// One replay: recorded prompts are asked again of several models, a judge compares their answers two by two and in both
// orders, and how often a model's answer was preferred becomes a label. Keeps no prompt and no answer. Knows no HTTP.
import type { NewLabel } from "../../../core/kept-routing.ts";
import { agreedVerdict, judgeQuestion, readVerdict, type Compared, type Verdict } from "./judge-question.ts";
import { BudgetSpent, type Spending } from "./judge-spending.ts";
import type { SkipReason } from "./judge-state.ts";
import type { RecordedPrompt } from "./recorded-prompts.ts";
import type { ReplayAnswer, ReplayedChat, ReplayPort, ReplayPrice, ReplayTarget } from "./replay-port.ts";

/** Prompts that are asked again at a time. */
const lanes = 2;
const maxAnswerTokens = 1_024;
const maxVerdictTokens = 16;
/** Requests that failed one after the other, whoever was asked. */
const maxFailuresInRow = 12;
/** A judge errs more often than somebody who has read the answer for himself. */
const judgeWeight = 0.7;

/** Where a model can be asked, best first. */
export interface JudgedModel {
  readonly model: string;
  readonly places: readonly (ReplayTarget & { readonly price: ReplayPrice | undefined })[];
}

export interface JudgeJobPorts {
  readonly api: string;
  readonly models: readonly JudgedModel[];
  readonly judge: ReplayTarget & { readonly price: ReplayPrice | undefined };
  /** Prompts whose answers are compared at most. */
  readonly limit: number;
  readonly prompts: AsyncGenerator<RecordedPrompt, undefined>;
  readonly replay: Pick<ReplayPort, "ask">;
  readonly spending: Spending;
  readonly signal: AbortSignal;
  /** Whether all of it is still wanted; the words why not. */
  readonly notWanted: () => string | undefined;
  readonly onSkip: (reason: SkipReason) => void;
  /** @param scores of a prompt whose answers were compared: `winner` undefined = a tie */
  readonly onJudged: (labels: readonly NewLabel[], comparisons: readonly Comparison[]) => void;
}

export interface Comparison {
  readonly first: string;
  readonly second: string;
  /** Undefined: a tie. */
  readonly winner: string | undefined;
}

export type JudgeEnd =
  | { readonly state: "done" | "cancelled" | "budget"; readonly message: string }
  | { readonly state: "failed"; readonly message: string };

export async function runJudgeJob(ports: JudgeJobPorts): Promise<JudgeEnd> {
  const job = new JudgeJob(ports);
  const ends = await Promise.allSettled(Array.from({ length: lanes }, () => job.lane()));
  const failed = ends.find((end) => end.status === "rejected");
  const reason: unknown = failed?.reason;
  if (ports.signal.aborted) return { state: "cancelled", message: "" };
  if (reason instanceof BudgetSpent) return { state: "budget", message: "" };
  if (reason instanceof NotWanted) return { state: "cancelled", message: reason.message };
  if (reason instanceof TooManyFailures) return { state: "failed", message: reason.message };
  if (failed !== undefined)
    return { state: "failed", message: "The records could not be read, or labels not kept." };
  return { state: "done", message: "" };
}

class NotWanted extends Error {}
class TooManyFailures extends Error {}

class JudgeJob {
  readonly #ports: JudgeJobPorts;
  #begun = 0;
  #failures = 0;
  #over = false;

  constructor(ports: JudgeJobPorts) {
    this.#ports = ports;
  }

  /** One prompt after the other, until there is none or some lane has ended in an error. */
  async lane(): Promise<void> {
    const { prompts, limit, signal, notWanted } = this.#ports;
    try {
      while (!this.#over && !signal.aborted && this.#begun < limit) {
        const why = notWanted();
        if (why !== undefined) throw new NotWanted(why);
        this.#begun += 1;
        const next = await prompts.next();
        if (next.done === true) break;
        if (!(await this.#judgePrompt(next.value))) this.#begun -= 1;
      }
    } catch (error) {
      this.#over = true;
      throw error;
    }
  }

  /** @returns whether its answers were compared */
  async #judgePrompt(prompt: RecordedPrompt): Promise<boolean> {
    const answers: { readonly model: string; readonly text: string }[] = [];
    for (const { model, places } of this.#ports.models) {
      const text = await this.#answerOf(places, prompt.chat);
      if (text !== undefined && text.trim() !== "") answers.push({ model, text });
    }
    if (answers.length < 2) return this.#skip("no-answers");
    const comparisons: Comparison[] = [];
    for (const [index, first] of answers.entries()) {
      for (const second of answers.slice(index + 1)) {
        const better = await this.#compare(prompt.chat, first.text, second.text);
        if (better === undefined) continue;
        const winner = better === "tie" ? undefined : better === "first" ? first.model : second.model;
        comparisons.push({ first: first.model, second: second.model, winner });
      }
    }
    if (comparisons.length === 0) return this.#skip("no-verdict");
    this.#ports.onJudged(this.#labelsOf(prompt, comparisons), comparisons);
    return true;
  }

  #skip(reason: SkipReason): false {
    this.#ports.onSkip(reason);
    return false;
  }

  /** Undefined where no place of the model answers. */
  async #answerOf(places: JudgedModel["places"], chat: ReplayedChat): Promise<string | undefined> {
    for (const place of places) {
      const answer = await this.#ask(place, chat, maxAnswerTokens);
      if (answer !== undefined) return answer.text;
    }
    return undefined;
  }

  async #compare(
    chat: ReplayedChat,
    first: string,
    second: string,
  ): Promise<"first" | "second" | "tie" | undefined> {
    const straight = await this.#verdict({ chat, A: first, B: second });
    if (straight === undefined) return undefined;
    const swapped = await this.#verdict({ chat, A: second, B: first });
    return swapped && agreedVerdict(straight, swapped);
  }

  async #verdict(compared: Compared): Promise<Verdict | undefined> {
    const answer = await this.#ask(this.#ports.judge, judgeQuestion(compared), maxVerdictTokens);
    return answer && readVerdict(answer.text);
  }

  /** @throws BudgetSpent, TooManyFailures */
  async #ask(
    place: JudgeJobPorts["judge"],
    chat: ReplayedChat,
    maxTokens: number,
  ): Promise<ReplayAnswer | undefined> {
    const { replay, spending, signal } = this.#ports;
    signal.throwIfAborted();
    const bytes = Buffer.byteLength(JSON.stringify(chat));
    const settle = spending.begin({ bytes, maxTokens, price: place.price });
    try {
      const answer = await replay.ask(place, chat, { maxTokens, signal });
      settle(answer);
      this.#failures = 0;
      return answer;
    } catch (error) {
      settle();
      this.#failures += 1;
      if (this.#failures < maxFailuresInRow) return undefined;
      const word = error instanceof Error ? error.message : "internal";
      throw new TooManyFailures(
        `The last ${maxFailuresInRow} requests failed; the last one to service "${place.service}": ${word}.`,
      );
    }
  }

  #labelsOf({ requestId, numbers }: RecordedPrompt, comparisons: readonly Comparison[]): readonly NewLabel[] {
    const { api, models } = this.#ports;
    return models.flatMap(({ model }): NewLabel[] => {
      const own = comparisons.filter(({ first, second }) => first === model || second === model);
      if (own.length === 0) return [];
      const points = own.reduce(
        (sum, { winner }) => sum + (winner === undefined ? 0.5 : Number(winner === model)),
        0,
      );
      return [
        { api, requestId, model, source: "judge", score: points / own.length, weight: judgeWeight, numbers },
      ];
    });
  }
}
