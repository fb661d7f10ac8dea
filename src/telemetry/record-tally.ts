// What one record adds to the counts of its Model API. The reading side is `traffic-view.ts` and `way-view.ts`.
import type { ExchangeRecord } from "../core/exchange-record.ts";
import { bucketOf } from "./log-buckets.ts";
import type { TallyKey } from "./tally-keys.ts";
import { wayEndOf, type TriedTarget } from "./way-end.ts";

/** Model names come from clients. What is more than this is told apart by service alone. */
const maxTargets = 2_000;
/** So that whoever tries names at one service leaves room for the others. */
const maxModelsPerService = 200;

/** Whether the client got what it asked for, or a fault of its own: no 5xx, no 429, nothing broken off. */
export function isSuccess({ status, outcome }: Pick<ExchangeRecord, "status" | "outcome">): boolean {
  return status < 500 && status !== 429 && outcome !== "truncated" && outcome !== "timeout";
}

export class RecordTally {
  readonly #models = new Map<string, Set<string>>();
  #targets = 0;

  /** Calls `add` for everything that is counted of a record. */
  count(record: ExchangeRecord, add: (key: TallyKey, amount: number) => void): void {
    add(["outcome", record.outcome], 1);
    if (isSuccess(record)) add(["succeeded"], 1);
    if (record.stream) add(["stream"], 1);
    if (record.fallbackFrom !== "") add(["fallback"], 1);
    add(["duration", String(bucketOf(record.durationMs))], 1);
    add(["overhead", String(bucketOf(record.overheadMs))], 1);
    if (record.ttftMs !== null) add(["ttft", String(bucketOf(record.ttftMs))], 1);
    this.#countUsage(record, add);
    this.#countWay(record, add);
  }

  #countUsage({ usage, service, model }: ExchangeRecord, add: (key: TallyKey, amount: number) => void): void {
    if (usage === null && service === "") return;
    const name = this.#modelOf(service, model);
    if (service !== "") add(["model", name, "requests"], 1);
    if (usage === null) return;
    if (usage.inputTokens > 0) add(["input"], usage.inputTokens);
    if (usage.outputTokens === 0) return;
    add(["output"], usage.outputTokens);
    add(["model", name, "output"], usage.outputTokens);
  }

  #countWay(record: ExchangeRecord, add: (key: TallyKey, amount: number) => void): void {
    const end = wayEndOf(record);
    switch (end.kind) {
      case "own":
        return add(["own"], 1);
      case "stopped":
        return add(["stopped", end.step, String(end.stop.status), end.stop.code], 1);
      case "sent":
        for (const [position, target] of end.targets.entries()) this.#countTarget(position, target, add);
        add(["total", String(bucketOf(record.durationMs))], 1);
    }
  }

  #countTarget(
    position: number,
    { service, model, end, ttftMs }: TriedTarget,
    add: (key: TallyKey, amount: number) => void,
  ): void {
    const name = this.#modelOf(service, model);
    add(["target", String(position), service, name, end], 1);
    if (position === 0 && ttftMs !== null) {
      add(["targetTtft", service, name, String(bucketOf(ttftMs))], 1);
    }
  }

  #modelOf(service: string, model: string): string {
    let models = this.#models.get(service);
    if (models === undefined) this.#models.set(service, (models = new Set()));
    if (!models.has(model)) {
      if (this.#targets >= maxTargets || models.size >= maxModelsPerService) return "";
      models.add(model);
      this.#targets += 1;
    }
    return model.replaceAll("\u0000", " ");
  }
}
