// Work that takes seconds, as a thread of its own does it: training, reading prompts into numbers, judging examples. Data in,
// data out, the same for the same. Keeps no text.
import type { Language } from "../../core/routing-record.ts";
import type { RoutingModel } from "../decision/characteristics.ts";
import { compileRouting } from "../decision/gather-evidence.ts";
import { domainTableBytes } from "../domains/built-in/load-built-in-table.ts";
import { openDomainTable } from "../domains/domain-table.ts";
import { learntTable } from "../domains/learnt-table.ts";
import { crossValidate, type CrossValidation, type DomainExamples } from "../domains/train-domain-table.ts";
import { buildLabelTable } from "../labels/build-label-table.ts";
import { openLabelTable } from "../labels/open-label-table.ts";
import { sketchOf } from "../labels/sketch.ts";
import type { RoutingPolicy } from "../policy.ts";
import { loadWordVectors } from "../prompt/load-word-vectors.ts";
import { createPromptReader } from "../prompt/prompt-reader.ts";
import type { PromptLabel } from "./judged-prompt.ts";
import { readKeptEvidence } from "./kept-evidence.ts";
import { train, type Trained } from "./train.ts";

/** A labelled prompt as the store has it. */
export interface StoredPrompt {
  readonly sketch: Int8Array;
  /** JSON of what was known of it. */
  readonly evidence: string;
  readonly labels: readonly PromptLabel[];
}

/** What a prompt is like, without its text. */
export interface ReadPrompt {
  readonly sketch: Int8Array;
  readonly language: Language | undefined;
  readonly complexity: number;
  readonly domains: readonly { readonly name: string; readonly probability: number }[];
}

/** Kinds of work, each with what comes of it. */
export interface LearningWork {
  readonly train: {
    readonly task: {
      readonly policy: RoutingPolicy;
      readonly models: readonly RoutingModel[];
      /** Oldest first. */
      readonly prompts: readonly StoredPrompt[];
      readonly publishedUpTo: number;
    };
    /** Null: no candidate has a label. */
    readonly done: Trained | null;
  };
  readonly read: {
    readonly task: { readonly domainTable: string; readonly texts: readonly string[] };
    readonly done: readonly ReadPrompt[];
  };
  readonly accuracy: {
    readonly task: { readonly domains: readonly DomainExamples[] };
    readonly done: CrossValidation;
  };
  readonly table: {
    readonly task: { readonly domains: readonly DomainExamples[] };
    /** Base64. */
    readonly done: string;
  };
}

export type LearningTask = {
  [Kind in keyof LearningWork]: { readonly kind: Kind; readonly task: LearningWork[Kind]["task"] };
}[keyof LearningWork];

export type LearningResult = LearningWork[keyof LearningWork]["done"];

export function runLearningTask(work: LearningTask): LearningResult {
  switch (work.kind) {
    case "train":
      return trainOn(work.task);
    case "read":
      return readPrompts(work.task);
    case "accuracy":
      return crossValidate(work.task.domains, createPromptReader(loadWordVectors()));
    case "table":
      return learntTable(work.task.domains, createPromptReader(loadWordVectors()));
  }
}

function trainOn({ policy, models, prompts, publishedUpTo }: LearningWork["train"]["task"]): Trained | null {
  const judged = prompts.flatMap(({ sketch, evidence, labels }) => {
    const known = readKeptEvidence(evidence);
    return known === undefined ? [] : [{ ...known, sketch, labels }];
  });
  const routing = compileRouting(policy, models);
  const tools = { build: buildLabelTable, open: openLabelTable };
  return train({ routing, prompts: judged, publishedUpTo }, tools) ?? null;
}

function readPrompts({ domainTable, texts }: LearningWork["read"]["task"]): ReadPrompt[] {
  const reader = createPromptReader(loadWordVectors());
  const classifier = domainTable === "" ? undefined : openDomainTable(domainTableBytes(domainTable));
  return texts.map((text) => {
    const features = reader.read(text);
    const probabilities = classifier?.classify(features);
    const domains = (classifier?.names ?? []).map((name, at) => ({
      name,
      probability: probabilities?.[at] ?? 0,
    }));
    const { language, complexity } = features;
    return { sketch: sketchOf(features), language, complexity, domains };
  });
}
