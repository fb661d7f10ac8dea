// What a decision of mode intelligent costs, step by step, without a gateway: text to features, domain, labels, choice. With
// twenty models and two thousand labelled prompts. Wall-clock time, so read it on a quiet machine. `npm run bench:routing-decision`
import { PromptView } from "../../src/gateway/routing/prompt-view.ts";
import { builtInDomains, builtInExamples } from "../../src/routing/domains/built-in/built-in-domains.ts";
import { builtInTable } from "../../src/routing/domains/built-in/load-built-in-table.ts";
import { openDomainTable } from "../../src/routing/domains/domain-table.ts";
import { trainDomainTable } from "../../src/routing/domains/train-domain-table.ts";
import { chooseModel } from "../../src/routing/decision/choose-model.ts";
import {
  testCandidate,
  testFacts,
  testPolicy,
  testRouting,
  testState,
} from "../../src/routing/decision/decision-fixture.ts";
import { gatherEvidence } from "../../src/routing/decision/gather-evidence.ts";
import { buildLabelTable } from "../../src/routing/labels/build-label-table.ts";
import { openLabelTable } from "../../src/routing/labels/open-label-table.ts";
import { sketchOf } from "../../src/routing/labels/sketch.ts";
import { loadWordVectors } from "../../src/routing/prompt/load-word-vectors.ts";
import { createPromptReader } from "../../src/routing/prompt/prompt-reader.ts";

const labelledPrompts = 2_000;
const models = Array.from({ length: 20 }, (_, at) => `model-${at}`);
const warmUp = 3_000;
const rounds = 5_000;

function once<Result>(name: string, work: () => Result): Result {
  const start = performance.now();
  const result = work();
  process.stdout.write(`${name}: ${(performance.now() - start).toFixed(1)} ms\n`);
  return result;
}

const words = once("word vectors loaded", loadWordVectors);
const reader = once("reader made", () => createPromptReader(words));
const examples = builtInExamples();
const table = once("table of ten domains trained and calibrated", () => trainDomainTable(examples, reader));
const classifier = openDomainTable(table);
const texts = examples.flatMap((domain) => domain.examples);

const labelBytes = once(`table of ${labelledPrompts} labelled prompts built`, () =>
  buildLabelTable(
    Array.from({ length: labelledPrompts }, (_, at) => {
      const text = texts[at % texts.length] ?? "";
      const sketch = sketchOf(reader.read(at < texts.length ? text : `${at} ${text}`));
      const judged = models.filter((name) => (at + name.length) % 2 === 0);
      return judged.map((model) => ({ sketch, model, score: (at * 7) % 3 === 0 ? 0 : 1, weight: 1 }));
    }).flat(),
  ),
);
const labels = openLabelTable(labelBytes);
process.stdout.write(`domain table ${table.length} bytes, label table ${labelBytes.length} bytes\n`);

// As the gateway decides, which has words and tables of its own: with the table that ships, and the keywords of the built-in domains.
const domains = builtInDomains.map(({ name, keywords }) => ({ name, keywords, patterns: [], prefer: [] }));
const policy = testPolicy(
  models.map((name) => testCandidate(name)),
  { domains, domainTable: builtInTable, learns: true },
);
const labelText = Buffer.from(labelBytes).toString("base64");
const routing = testRouting(policy);
const view = new PromptView(policy, { version: 1, labels: labelText });
const states = routing.models.map(() => testState());

function decide(question: string): string {
  const facts = testFacts({ question });
  const rules = routing.readRules(facts);
  const found = view.find(question);
  const { features, estimates } = view.read(question);
  const { evidence } = gatherEvidence(routing, {
    facts,
    rules,
    features,
    found,
    estimates,
    states,
    previous: undefined,
    draw: undefined,
  });
  return chooseModel(evidence).model;
}

const steps: readonly (readonly [name: string, step: (text: string) => unknown])[] = [
  ["features", (text) => reader.read(text)],
  ["features and domain", (text) => classifier.classify(reader.read(text))],
  ["features and labels", (text) => labels.estimate(reader.read(text))],
  ["the whole decision", decide],
];

/** Texts of a length, made of the examples that fit. */
function textsOf(length: number, fits: (text: string) => boolean): string[] {
  const pieces = texts.filter(fits);
  return Array.from({ length: 50 }, (_, first) => {
    let text = "";
    for (let at = first * 17; text.length < length; at += 7) text += `${pieces[at % pieces.length] ?? "?"}\n`;
    return text.slice(0, length);
  });
}

const isChinese = (text: string) => /\p{Script=Han}/u.test(text);
const prompts: readonly (readonly [name: string, texts: readonly string[]])[] = [
  ["short prompts", texts],
  ["2,000 characters of English", textsOf(2_000, (text) => !isChinese(text))],
  ["2,000 characters of Chinese", textsOf(2_000, isChinese)],
  ["40,000 characters of English", textsOf(40_000, (text) => !isChinese(text))],
];

for (const [promptName, list] of prompts) {
  for (const [name, step] of steps) {
    for (let round = 0; round < warmUp; round += 1) step(list[round % list.length] ?? "");
    const times = new Float64Array(rounds);
    for (let round = 0; round < rounds; round += 1) {
      const start = performance.now();
      step(list[round % list.length] ?? "");
      times[round] = (performance.now() - start) * 1_000;
    }
    times.sort();
    const at = (share: number) => (times[Math.floor(rounds * share)] ?? 0).toFixed(0).padStart(5);
    process.stdout.write(
      `${promptName.padEnd(29)} ${name.padEnd(20)} p50 ${at(0.5)}  p95 ${at(0.95)}  p99 ${at(0.99)} us\n`,
    );
  }
}
