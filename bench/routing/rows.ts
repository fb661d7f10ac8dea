// The open data of the benchmark: prompts and what models were worth for them. Knows no router.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";

/** One prompt that every model answered. */
export interface Row {
  readonly prompt: string;
  /** What it is about, as its data set says: a subject or a task. */
  readonly topic: string;
  /** 0 to 1, by model. */
  readonly worth: Readonly<Record<string, number>>;
}

export interface DataSet {
  readonly name: string;
  readonly models: readonly string[];
  readonly rows: readonly Row[];
}

export const weak = "mixtral-8x7b-instruct";
export const strong = "gpt-4-1106-preview";

/** USD per million tokens, as the candidates of LLMRouter have them. */
export const prices: Readonly<Record<string, number>> = {
  "codegemma-7b": 0.2,
  "gemma-2-9b-it": 0.1,
  "llama-3.1-8b-instruct": 0.2,
  "llama-3.1-nemotron-51b-instruct": 0.9,
  "llama-3.3-nemotron-super-49b-v1": 0.9,
  "llama3-chatqa-1.5-70b": 0.9,
  "llama3-chatqa-1.5-8b": 0.2,
  "mistral-7b-instruct-v0.3": 0.2,
  "qwen2.5-7b-instruct": 0.2,
};

interface PairLine {
  readonly prompt: string;
  readonly subject?: string;
  readonly weak: number;
  readonly strong: number;
  readonly contaminated: number;
}

interface NineLine {
  readonly prompt: string;
  readonly task: string;
  readonly scores: Readonly<Record<string, number>>;
}

/** Rows whose answers RouteLLM found in training data are left out, as there. */
export function readPairs(name: "gsm8k" | "mmlu"): DataSet {
  // The files stand beside this one and are never written by anyone else.
  const lines = readLines(`${name}_mixtral_gpt4.jsonl.gz`) as readonly PairLine[];
  const rows = lines
    .filter(({ contaminated }) => contaminated === 0)
    .map((line) => ({
      prompt: line.prompt,
      topic: line.subject ?? name,
      worth: { [weak]: line.weak, [strong]: line.strong },
    }));
  return { name, models: [weak, strong], rows };
}

export function readNine(): DataSet {
  const lines = readLines("llmrouter_9models_train.jsonl.gz") as readonly NineLine[];
  const rows = lines.map(({ prompt, task, scores }) => ({ prompt, topic: task, worth: scores }));
  return { name: "llmrouter", models: Object.keys(prices), rows };
}

function readLines(file: string): readonly unknown[] {
  const path = fileURLToPath(new URL(`data/${file}`, import.meta.url));
  const text = gunzipSync(readFileSync(path)).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line));
}

export function worthOf(row: Row, model: string): number {
  return row.worth[model] ?? 0;
}
