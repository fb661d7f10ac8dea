// Makes labels of what people think of answers, where the Model API learns. Knows no HTTP.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { LogFeedback } from "../../telemetry/log-answers.ts";
import type { WorkingSet } from "../working-set.ts";
import type { LabelBook } from "./label-book.ts";
import { numbersOfRecord } from "./prompt-numbers.ts";

type Resources = Pick<WorkingSet, "resources">;

/** Whether judged answers of a Model API are kept as labels. */
export function learns({ resources }: Resources, api: string): boolean {
  const { modelService } = resources["model-apis"].get(api)?.value ?? {};
  return modelService?.mode === "intelligent" && modelService.learning.enabled;
}

export interface FeedbackTools {
  readonly labels: Pick<LabelBook, "add" | "remove">;
  readonly working: Resources;
  /** Of the exchange; asked for only where something may be learnt of it. */
  readonly read: (requestId: string) => Promise<Pick<ExchangeRecord, "api" | "model" | "decision"> | null>;
}

/**
 * The newest word counts; what is taken back, or neither good nor bad, is no label.
 * @throws StoreUnavailable
 */
export async function labelFeedback(
  { labels, working, read }: FeedbackTools,
  requestId: string,
  feedback: Pick<LogFeedback, "score"> | null,
): Promise<void> {
  labels.remove(requestId, "feedback");
  if (feedback === null || feedback.score === 0) return;
  if (![...working.resources["model-apis"].keys()].some((api) => learns(working, api))) return;
  const record = await read(requestId);
  const numbers = record === null ? undefined : numbersOfRecord(record);
  if (record === null || numbers === undefined || !learns(working, record.api)) return;
  const { api, model } = record;
  const score = feedback.score > 0 ? 1 : 0;
  labels.add([{ api, requestId, model, source: "feedback", score, weight: 1, numbers }]);
}
