// Labels of an evaluation of one's own: each prompt is read into numbers at once, and its text goes no further. Knows no HTTP.
import type { NewLabel, PromptNumbers } from "../../core/kept-routing.ts";
import type { RoutingModel } from "../../routing/decision/characteristics.ts";
import { gatherEvidence, type CompiledRouting } from "../../routing/decision/gather-evidence.ts";
import { likelyAnswerTokens, type ModelState } from "../../routing/decision/hard-filters.ts";
import type { ReadPrompt } from "../../routing/learning/learning-task.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";
import type { RequestFacts } from "../../routing/request-facts.ts";
import { compiled, type DraftRouting } from "./draft-routing.ts";
import type { LearningPort } from "./routing-port.ts";

export interface ImportedItem {
  readonly prompt: string;
  readonly model: string;
  /** 0 to 1. */
  readonly score: number;
}

/** As a rule of thumb; only the costs of models beside each other count. */
const charactersPerToken = 4;

export interface ImportOrder {
  readonly api: string;
  readonly draft: DraftRouting;
  readonly items: readonly ImportedItem[];
}

export interface ImportTools {
  readonly learning: LearningPort;
  /** By a key that nobody else has: of a text's plain digest its text could be guessed. */
  readonly digest: (text: string) => string;
}

export async function importedLabels(
  { api, draft, items }: ImportOrder,
  { learning, digest }: ImportTools,
): Promise<NewLabel[]> {
  const texts = [...new Set(items.map(({ prompt }) => prompt))];
  const { domainTable } = draft.policy;
  const read = await learning.run("read", { domainTable, texts });
  const routing = compiled(draft);
  const known = new Map(
    texts.flatMap((text, index) => {
      const features = read[index];
      return features === undefined ? [] : [[text, numbersOf(routing, text, features)] as const];
    }),
  );
  return items.flatMap(({ prompt, model, score }): NewLabel[] => {
    const numbers = known.get(prompt);
    if (numbers === undefined) return [];
    const requestId = `import-${digest(`label ${api} ${prompt}`).slice(0, 32)}`;
    return [{ api, requestId, model, source: "import", score, weight: 1, numbers }];
  });
}

function numbersOf(routing: CompiledRouting, text: string, read: ReadPrompt): PromptNumbers {
  const { sketch, language, complexity, domains } = read;
  const facts = plainFacts(text);
  const { evidence } = gatherEvidence(routing, {
    facts,
    rules: routing.readRules(facts),
    features: { language, complexity },
    found: { domains, source: "engine" },
    estimates: undefined,
    states: routing.models.map(readyState),
    previous: undefined,
    draw: undefined,
  });
  const models = evidence.models.map(({ learnt: _learnt, ...model }) => model);
  return { features: featuresVersion, sketch, prompt: evidence.prompt, models };
}

export function readyState({ rows }: RoutingModel): ModelState {
  return { health: rows.map(() => "open"), outputTokens: likelyAnswerTokens, latencyMs: 0 };
}

/** A question in words alone, of nobody in particular. */
export function plainFacts(text: string): RequestFacts {
  return {
    requestedModel: undefined,
    question: text,
    inToolLoop: false,
    turns: 1,
    continues: false,
    conversation: undefined,
    input: ["text"],
    output: ["text"],
    promptTokens: Math.ceil(text.length / charactersPerToken),
    maxOutputTokens: undefined,
    needsTools: false,
    needsJsonSchema: false,
    consumer: "",
    header: () => undefined,
    metadata: () => undefined,
    mayUse: () => true,
  };
}
