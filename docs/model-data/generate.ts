// Writes src/providers/models/*.json from a checkout of https://github.com/anomalyco/models.dev (or from its mirror):
// `npm run models -- FOLDER COMMIT DAY`. Facts alone are taken: names, sizes, prices and what models accept.
import { readFileSync, writeFileSync } from "node:fs";
import type { KnownModel, KnownPrice, SourcedModel } from "../../src/core/known-model.ts";
import { derivedTraits, type Spelling } from "./derived-traits.ts";
import { readModels, type DevModel } from "./models-dev.ts";

interface Row {
  /** Folders of models.dev; what the first says of a name counts. */
  readonly from: readonly string[];
  readonly spelling: Spelling;
  /** It says 0 where nobody pays by the token, or nobody knows: no price then. */
  readonly zeroIsUnknown?: true;
}

/** Our provider -> theirs. A provider that is not here has no data there, or files of its own by hand (`by-hand.json`). */
const table: Readonly<Record<string, Row>> = {
  openai: { from: ["openai"], spelling: "effort" },
  "azure-openai": { from: ["azure"], spelling: "effort", zeroIsUnknown: true },
  anthropic: { from: ["anthropic"], spelling: "claude" },
  gemini: { from: ["google"], spelling: "gemini" },
  vertex: { from: ["google-vertex", "google-vertex-anthropic"], spelling: "gemini" },
  bedrock: { from: ["amazon-bedrock"], spelling: "effort" },
  dashscope: { from: ["alibaba-cn", "alibaba"], spelling: "switch" },
  deepseek: { from: ["deepseek"], spelling: "switch" },
  moonshot: { from: ["moonshotai-cn", "moonshotai"], spelling: "switch" },
  zhipu: { from: ["zhipuai", "zai"], spelling: "switch" },
  minimax: { from: ["minimax-cn", "minimax"], spelling: "switch" },
  stepfun: { from: ["stepfun"], spelling: "effort" },
  mistral: { from: ["mistral"], spelling: "effort" },
  cohere: { from: ["cohere"], spelling: "effort" },
  groq: { from: ["groq"], spelling: "effort" },
  xai: { from: ["xai"], spelling: "effort" },
  together: { from: ["togetherai"], spelling: "effort" },
  fireworks: { from: ["fireworks-ai"], spelling: "effort" },
  openrouter: { from: ["openrouter"], spelling: "effort" },
  perplexity: { from: ["perplexity"], spelling: "effort" },
  nvidia: { from: ["nvidia"], spelling: "effort", zeroIsUnknown: true },
  huggingface: { from: ["huggingface"], spelling: "effort", zeroIsUnknown: true },
  "github-models": { from: ["github-models"], spelling: "effort", zeroIsUnknown: true },
  siliconflow: { from: ["siliconflow-cn", "siliconflow"], spelling: "switch" },
  "lm-studio": { from: ["lmstudio"], spelling: "effort", zeroIsUnknown: true },
};

const [folder, commit, date] = process.argv.slice(2);
if (folder === undefined || commit === undefined || date === undefined) {
  process.stderr.write("npm run models -- FOLDER COMMIT DAY: checkout of models.dev, its commit, its day\n");
  process.exit(2);
}

/** Figures that models.dev does not have, each with its own source and day. */
const byHand: unknown = JSON.parse(readFileSync(new URL("by-hand.json", import.meta.url), "utf8"));
// The file is written by hand beside this one; a test reads what is made of it.
const extra = byHand as Readonly<Record<string, readonly SourcedModel[]>>;

for (const provider of new Set([...Object.keys(table), ...Object.keys(extra)])) {
  const models = new Map<string, KnownModel>();
  const row = table[provider];
  for (const source of row?.from ?? [])
    for (const [name, model] of readModels(folder, source))
      if (!models.has(name) && row !== undefined) models.set(name, knownModel(name, model, row));
  for (const model of extra[provider] ?? []) if (!models.has(model.name)) models.set(model.name, model);
  const folders = (row?.from ?? []).map((source) => `providers/${source}`).join(", ");
  const head = {
    source:
      row === undefined ? "" : `github.com/anomalyco/models.dev ${commit.slice(0, 12)} ${folders} (MIT)`,
    date: row === undefined ? "" : date,
  };
  const lines = [...models.values()].map((model) => JSON.stringify(model));
  const text = `{"source":${JSON.stringify(head.source)},"date":${JSON.stringify(head.date)},"models":[\n${lines.join(",\n")}\n]}\n`;
  writeFileSync(new URL(`../../src/providers/models/${provider}.json`, import.meta.url), text);
  process.stdout.write(`${provider}: ${models.size}\n`);
}

function knownModel(name: string, model: DevModel, row: Row): KnownModel {
  const { context, output } = model.limit;
  const traits = derivedTraits(model, spellingOf(name, row));
  const price = priceOf(model, row);
  return {
    name,
    label: model.name,
    // models.dev writes 0 for what it does not know.
    ...((context ?? 0) > 0 && { contextWindow: context }),
    ...((output ?? 0) > 0 && { maxOutputTokens: output }),
    modalities: model.modalities,
    ...(price !== undefined && { price }),
    ...(traits !== undefined && { traits }),
  };
}

/** Places that serve models of several makers spell by maker. */
function spellingOf(name: string, { spelling, from }: Row): Spelling {
  if (spelling === "gemini") return name.includes("claude") ? "claude" : "gemini";
  if (!from.includes("amazon-bedrock")) return spelling;
  if (name.includes("anthropic.")) return "claude";
  return name.includes("amazon.nova") ? "nova" : "effort";
}

function priceOf({ cost }: DevModel, { zeroIsUnknown }: Row): KnownPrice | undefined {
  if (cost === undefined) return undefined;
  if (zeroIsUnknown === true && cost.input === 0 && cost.output === 0) return undefined;
  return {
    input: cost.input,
    output: cost.output,
    ...(cost.cache_read !== undefined && { cachedInput: cost.cache_read }),
    ...(cost.cache_write !== undefined && { cacheWriteInput: cost.cache_write }),
    ...(cost.reasoning !== undefined && { reasoning: cost.reasoning }),
  };
}
