// What must be reached, and what was: one row for each figure, met or not, as it is.
import type { ExamplesResult } from "./domain-examples.ts";
import type { Interval } from "./measures.ts";
import type { FamilyResult, NineResult } from "./nine.ts";
import { ours, type FewLabels, type Scored } from "./pairs.ts";
import type { newTopics } from "./pairs.ts";
import type { Sameness } from "./robustness.ts";

export interface Results {
  readonly mmlu: readonly Scored[];
  readonly gsm8k: readonly Scored[];
  readonly fewLabels: FewLabels;
  readonly newTopics: ReturnType<typeof newTopics>;
  readonly nine: NineResult;
  readonly families: readonly FamilyResult[];
  readonly sameness: readonly Sameness[];
  readonly examples: ExamplesResult;
}

export interface Check {
  readonly check: string;
  readonly must: string;
  readonly reached: string;
  /** 95 %; empty where there is none. */
  readonly interval: string;
  readonly met: boolean;
}

export function checksOf(results: Results): readonly Check[] {
  const mmlu = of(results.mmlu, ours);
  const gsm8k = of(results.gsm8k, ours);
  const { nine, examples, fewLabels, newTopics: topics } = results;
  const few = fewLabels.measures.apgr;
  const { apgr: fresh } = topics.ours;
  const length = topics.length.apgr.value;
  return [
    row("MMLU, same subjects, all open labels: APGR", [">= .64", mmlu.apgr.value >= 0.64], mmlu.apgr, plain),
    row("the same: CPT(50)", ["<= 31 %", mmlu.cpt50.value <= 0.31], mmlu.cpt50, percent),
    row("the same: CPT(80)", ["<= 65 %", mmlu.cpt80.value <= 0.65], mmlu.cpt80, percent),
    row("MMLU, 300 labels: APGR, mean of draws", [">= .62", few.value >= 0.62], few, plain),
    row(
      "MMLU, new subjects: APGR",
      [
        `>= .58, and >= ${plain(length)} (by length) - .01`,
        fresh.value >= 0.58 && fresh.value >= length - 0.01,
      ],
      fresh,
      plain,
    ),
    row("GSM8K, its own labels: APGR", [">= .61", gsm8k.apgr.value >= 0.61], gsm8k.apgr, plain),
    row(
      "nine models, quality first, over the best single one",
      [">= 0 %", nine.gain.value >= 0],
      nine.gain,
      signed,
    ),
    row(
      "nine models: cost saved at equal quality",
      [">= 40 %", nine.saved.value >= 0.4],
      nine.saved,
      percent,
    ),
    ...results.families.map(({ family, change }) =>
      row(
        `family never seen, ${family}: quality beside the default`,
        [">= -2.5 %", change >= -0.025],
        change,
        signed,
      ),
    ),
    row(
      "14 tasks by 20 examples: right",
      [">= .80", examples.accuracy.value >= 0.8],
      examples.accuracy,
      plain,
    ),
    row("the same: of the surest 70 %", [">= .91", examples.surest.value >= 0.91], examples.surest, plain),
    ...results.sameness.map(({ router, noise, same }) =>
      row(`same model under ${noise}, ${router}`, [">= 90 %", same >= 0.9], same, percent),
    ),
  ];
}

function of(scored: readonly Scored[], name: string) {
  const found = scored.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no result of ${name}`);
  return found.measures;
}

type Format = (value: number) => string;

function row(
  check: string,
  must: readonly [string, boolean],
  value: Interval | number,
  format: Format,
): Check {
  const [wanted, met] = must;
  if (typeof value === "number") return { check, must: wanted, reached: format(value), interval: "", met };
  return {
    check,
    must: wanted,
    reached: format(value.value),
    interval: `${format(value.low)} to ${format(value.high)}`,
    met,
  };
}

export function plain(value: number): string {
  return value.toFixed(3).replace(/^0/, "");
}

export function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}

export function signed(value: number): string {
  return `${value < 0 ? "" : "+"}${percent(value)}`;
}
