// Reads what is kept of a labelled prompt: a file may be older than this build, and a row that cannot be used is none.
import type { Language, ModelEvidence, PromptEvidence } from "../../core/routing-record.ts";
import { parseObject, record } from "../../lib/unknown-json.ts";
import { featuresVersion } from "../prompt/prompt-features.ts";
import type { KnownPrompt } from "./replay.ts";

const sources = ["engine", "rule", "keywords", "classifier"] as const;

/** Undefined for what cannot be used, such as numbers that another version has made. */
export function readKeptEvidence(text: string): KnownPrompt | undefined {
  const { features, prompt, models } = parseObject(text) ?? {};
  if (features !== featuresVersion) return undefined;
  if (typeof prompt !== "object" || !Array.isArray(models)) return undefined;
  const read = models.map(readModel);
  const known = read.filter((model) => model !== undefined);
  return known.length === read.length && known.length > 0
    ? { prompt: readPrompt(record(prompt)), models: known }
    : undefined;
}

type Fields = Readonly<Record<string, unknown>>;

function readPrompt(fields: Fields): PromptEvidence {
  const domains = Array.isArray(fields["domains"]) ? fields["domains"] : [];
  return {
    language: languageOf(fields["language"]),
    complexity: numberOf(fields["complexity"]),
    domains: domains
      .map(record)
      .flatMap(({ name, probability }) =>
        typeof name === "string" ? [{ name, probability: numberOf(probability) }] : [],
      ),
    source: sources.find((source) => source === fields["source"]) ?? "engine",
    familiarity: numberOf(fields["familiarity"]),
  };
}

function readModel(value: unknown): Omit<ModelEvidence, "learnt"> | undefined {
  const { model, excluded, declared, general, costUsd, latencyMs } = record(value);
  if (typeof model !== "string") return undefined;
  return {
    model,
    excluded: typeof excluded === "string" ? excluded : "",
    declared: numberOf(declared),
    general: numberOf(general),
    costUsd: numberOf(costUsd),
    latencyMs: numberOf(latencyMs),
  };
}

function languageOf(value: unknown): Language | undefined {
  return value === "en" || value === "zh" ? value : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}
