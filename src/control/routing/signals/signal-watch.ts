// Makes weak labels of what ended exchanges show by themselves, where their Model API learns: questions that are asked
// again, answers that are not the JSON that was asked for, answers that were cut. Reads the log store, as the way of a
// request has no time for it. Keeps no text.
import type { NewLabel } from "../../../core/kept-routing.ts";
import type { LogItem } from "../../../telemetry/log-answers.ts";
import type { Configuration } from "../../configuration.ts";
import type { TelemetryPort } from "../../routes/ports.ts";
import { learns } from "../feedback-labels.ts";
import type { LabelBook } from "../label-book.ts";
import { numbersOfRecord } from "../prompt-numbers.ts";
import { answerSign, type AnswerSign } from "./answer-signs.ts";
import { RepeatWatch } from "./repeat-watch.ts";

const pageSize = 500;
/** Of one look: what comes faster is caught up with later. */
const maxPages = 10;
/** Recorded answers that one look reads. */
const maxAnswers = 200;

const worth: Readonly<Record<AnswerSign, { readonly score: number; readonly weight: number }>> = {
  "valid-json": { score: 1, weight: 0.15 },
  "invalid-json": { score: 0, weight: 0.15 },
  cut: { score: 0, weight: 0.1 },
};

export interface SignalPorts {
  readonly configuration: Pick<Configuration, "working">;
  readonly telemetry: TelemetryPort;
  readonly labels: Pick<LabelBook, "add" | "remove">;
}

export class SignalWatch {
  readonly #ports: SignalPorts;
  readonly #repeats = new RepeatWatch();
  /** Null: nothing was looked at yet, or nobody learns. */
  #place: string | null = null;
  #looking: Promise<void> | null = null;

  constructor(ports: SignalPorts) {
    this.#ports = ports;
  }

  /** Looks at what has ended since the last time. @throws what records and labels throw */
  look(): Promise<void> {
    this.#looking ??= this.#lookOn().finally(() => (this.#looking = null));
    return this.#looking;
  }

  async #lookOn(): Promise<void> {
    const { configuration, telemetry } = this.#ports;
    const apis = [...configuration.working.resources["model-apis"].keys()].filter((api) =>
      learns(configuration.working, api),
    );
    if (apis.length === 0) {
      this.#place = null;
      return;
    }
    let answers = maxAnswers;
    for (let page = 0; page < maxPages; page += 1) {
      const { items, next } = await telemetry.ask("tail", {
        after: this.#place,
        filters: [{ field: "api", kind: "text", not: false, values: apis }],
        limit: pageSize,
      });
      this.#place = next;
      for (const item of items.filter(isAnswered)) {
        this.#seeRepeat(item);
        if (item.recorded && answers > 0 && (await this.#seeAnswer(item))) answers -= 1;
      }
      if (items.length < pageSize) return;
    }
  }

  #seeRepeat(item: LogItem): void {
    const { labels } = this.#ports;
    const { labels: made, takenBack } = this.#repeats.see(item);
    if (made.length > 0) labels.add(made);
    for (const requestId of takenBack) labels.remove(requestId, "regenerate");
  }

  /** @returns whether it was read */
  async #seeAnswer(item: LogItem): Promise<boolean> {
    const numbers = numbersOfRecord(item);
    if (numbers === undefined) return false;
    const { telemetry, labels } = this.#ports;
    const { requestContent, responseContent } =
      (await telemetry.ask("log", { requestId: item.requestId })) ?? {};
    if (requestContent === undefined || responseContent === undefined || isCut(responseContent)) return true;
    const sign = answerSign(requestContent, responseContent);
    const { api, requestId, model } = item;
    const label: NewLabel[] =
      sign === undefined ? [] : [{ api, requestId, model, source: "validity", ...worth[sign], numbers }];
    labels.add(label);
    return true;
  }
}

/** Half an answer in the record says nothing of the whole. */
function isCut(response: string): boolean {
  return response.includes(" more bytes were not recorded") || response.startsWith("<not recorded");
}

/** A failure says nothing of a model's worth, and what was reused was not made now. */
function isAnswered({ outcome, status, cache, model, decision }: LogItem): boolean {
  return (
    outcome === "ok" && status === 200 && cache !== "hit" && model !== "" && decision?.routing !== undefined
  );
}
