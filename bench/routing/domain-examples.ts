// Whether prompts are told apart by a few examples: the 14 tasks of LLMRouter as if they were somebody's domains.
import { openDomainTable } from "../../src/routing/domains/domain-table.ts";
import { trainDomainTable } from "../../src/routing/domains/train-domain-table.ts";
import { randomStream } from "../lab/random.ts";
import { nearDuplicates } from "./folds.ts";
import { middle, type Interval } from "./measures.ts";
import { promptReader, type ReadSet } from "./trained.ts";

export interface ExamplesResult {
  readonly examples: number;
  readonly draws: number;
  readonly accuracy: Interval;
  /** Of the 70 % that the classifier is surest of. */
  readonly surest: Interval;
}

/** Learnt from so many prompts of each task, judged on all others, again and again with other examples. */
export function byExamples(set: ReadSet, examples: number, draws: number): ExamplesResult {
  const groups = nearDuplicates(set.rows);
  const results = Array.from({ length: draws }, (_, seed) => once(set, groups, examples, seed));
  const interval = (name: "accuracy" | "surest"): Interval => {
    const values = results.map((one) => one[name]);
    return { value: values.reduce((sum, value) => sum + value, 0) / values.length, ...middle(values) };
  };
  return { examples, draws, accuracy: interval("accuracy"), surest: interval("surest") };
}

function once({ rows, features }: ReadSet, groups: Int32Array, examples: number, seed: number) {
  const random = randomStream(seed, 5);
  const shuffled = [...rows.keys()]
    .map((place) => ({ place, at: random() }))
    .toSorted((left, right) => left.at - right.at)
    .map(({ place }) => place);
  const byTask = new Map<string, string[]>();
  const learnt = new Set<number>();
  for (const place of shuffled) {
    const row = rows[place];
    if (row === undefined) continue;
    const taken = byTask.get(row.topic) ?? [];
    if (taken.length >= examples) continue;
    byTask.set(row.topic, [...taken, row.prompt]);
    learnt.add(groups[place] ?? -1);
  }
  const tasks = Array.from(byTask, ([name, prompts]) => ({ name, examples: prompts }));
  const classifier = openDomainTable(trainDomainTable(tasks, promptReader));
  const judged = shuffled
    .filter((place) => !learnt.has(groups[place] ?? -1))
    .flatMap((place) => {
      const row = rows[place];
      const read = features[place];
      if (row === undefined || read === undefined) return [];
      const probabilities = classifier.classify(promptReader.read(row.prompt));
      const sure = Math.max(...probabilities);
      return [{ right: classifier.names[probabilities.indexOf(sure)] === row.topic, sure }];
    })
    .toSorted((left, right) => right.sure - left.sure);
  const share = (of: typeof judged) => of.filter(({ right }) => right).length / of.length;
  return { accuracy: share(judged), surest: share(judged.slice(0, Math.round(judged.length * 0.7))) };
}
