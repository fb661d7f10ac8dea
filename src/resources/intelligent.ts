// The schema of mode intelligent: candidates and what they are good at, what matters, what prompts are about.
import { z } from "zod";
import { modalities } from "../core/known-model.ts";
import { profiles } from "../core/routing-record.ts";
import { fieldName } from "./field-name.ts";
import { httpUrlField, modelNameField, nameField, namedList, strict } from "./field.ts";
import { patternField, valueMatchField } from "./value-match.ts";

const points = z.number().min(0).max(100);
const mostRules = 200;
/** Own ones, and additions to built-in ones. */
export const mostDomains = 50;
const usd = z.number().min(0).max(1_000_000);
const words = z.array(z.string().trim().min(1).max(64)).max(200);

/** Whole texts are cut to what the engine reads, so longer ones teach nothing. */
const exampleField = z.string().trim().min(1).max(2_000);

const characteristics = {
  quality: points
    .optional()
    .describe("How good its answers are, 0 to 100; absent = assumed from what is known of the model."),
  strengths: z
    .record(nameField, points)
    .default({})
    .describe("The same by domain, where it is better or worse than in general."),
  contextWindow: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("Tokens of a request with its answer; absent = as known."),
  maxOutputTokens: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe("Tokens of an answer at most; absent = as known."),
  input: z
    .array(z.enum(modalities))
    .min(1)
    .optional()
    .describe("What it takes; absent = as known, else text."),
  output: z
    .array(z.enum(modalities))
    .min(1)
    .optional()
    .describe("What it gives; absent = as known, else text."),
  tools: z.boolean().optional().describe("Whether it calls tools; absent = as known, else yes."),
  jsonSchema: z
    .boolean()
    .optional()
    .describe("Whether it answers in the form of a JSON schema; absent = as known, else yes."),
  languages: z
    .array(z.enum(["en", "zh"]))
    .min(1)
    .optional()
    .describe(
      "Languages that it is good at; absent = all. It is chosen for others only when nothing else is left.",
    ),
  price: strict({
    input: usd.describe("USD per million input tokens."),
    output: usd.describe("USD per million output tokens."),
  })
    .optional()
    .describe("What it costs; absent = the price of the service, else as known."),
};

const modelTarget = {
  service: nameField.describe("Name of a service."),
  model: modelNameField.describe("Model name to send."),
};

const promptMatch = {
  patterns: z
    .array(patternField)
    .max(50)
    .default([])
    .describe(
      "Regular expressions for the last question; one that fits is enough. No back-references, no looking around.",
    ),
  keywords: words.default([]).describe("Words in the last question, whatever their case; one is enough."),
};

const ruleField = strict({
  name: nameField.describe("Name of the rule."),
  ...promptMatch,
  header: strict({
    name: fieldName.describe("Name of the header."),
    value: valueMatchField.default({ type: "any" }).describe("Its values."),
  })
    .optional()
    .describe("A header that the request must have."),
  metadata: strict({
    key: z.string().min(1).max(64).describe("Member of the request's `metadata`."),
    value: valueMatchField.default({ type: "any" }).describe("Its values."),
  })
    .optional()
    .describe("Metadata that the request must have."),
  consumer: valueMatchField.optional().describe("Consumers that it is for."),
  domain: nameField.optional().describe("Domain that the prompt then belongs to."),
  model: modelNameField.optional().describe("Model of a candidate that is then chosen."),
  profile: z.enum(profiles).optional().describe("Profile that then holds."),
}).superRefine((rule, context) => {
  const asks =
    rule.patterns.length + rule.keywords.length > 0 ||
    rule.header !== undefined ||
    rule.metadata !== undefined ||
    rule.consumer !== undefined;
  if (!asks)
    context.addIssue({
      code: "custom",
      path: [],
      message: "must say when it holds: patterns, keywords, header, metadata or consumer",
    });
  if (rule.domain === undefined && rule.model === undefined && rule.profile === undefined)
    context.addIssue({
      code: "custom",
      path: [],
      message: "must say what follows: domain, model or profile",
    });
});

const domainField = strict({
  name: nameField.describe("Name of the domain; that of a built-in one adds to it."),
  ...promptMatch,
  examples: z
    .array(exampleField)
    .max(200)
    .default([])
    .describe("Prompts of this domain, best 20 or more; the gateway learns from them what others look like."),
  prefer: z
    .array(modelNameField)
    .max(20)
    .default([])
    .describe("Models of candidates among which its prompts are answered, as long as one of them can."),
  minQuality: points.optional().describe("Quality in this domain below which no model is chosen."),
});

const classifierField = z
  .discriminatedUnion("type", [
    strict({
      type: z.literal("embedding").describe("An embedding model in place of the built-in word vectors."),
      service: nameField.describe("Name of a service."),
      model: modelNameField.describe("Embedding model."),
      timeoutMs: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(30)
        .describe("After it the built-in engine decides."),
    }),
    strict({
      type: z.literal("http").describe("A classifier of your own."),
      url: httpUrlField.describe("Gets `{text, domains}`, answers `{domains: {name: probability}}`."),
      timeoutMs: z
        .number()
        .int()
        .min(1)
        .max(10_000)
        .default(30)
        .describe("After it the built-in engine decides."),
    }),
    strict({
      type: z.literal("llm").describe("A language model, asked only where the built-in engine is not sure."),
      service: nameField.describe("Name of a service."),
      model: modelNameField.describe("Chat model."),
      timeoutMs: z
        .number()
        .int()
        .min(1)
        .max(30_000)
        .default(1_500)
        .describe("After it the built-in engine decides."),
    }),
  ])
  .describe("Who else tells what a prompt is about; absent: the built-in engine alone.");

const learningField = strict({
  enabled: z
    .boolean()
    .default(false)
    .describe(
      "Whether judged answers are kept as labels, and the records of requests say what their prompt is like in numbers.",
    ),
  autoPublish: z
    .boolean()
    .default(false)
    .describe(
      "Whether what was learnt is used as soon as it is better on replay; else somebody publishes it.",
    ),
  judge: strict({
    service: nameField.describe("Name of a service."),
    model: modelNameField.describe("Chat model that compares answers."),
  })
    .optional()
    .describe("Who judges replays of recorded prompts; absent: nobody."),
});

/** Of all rules, and of all domains: each pattern is looked for in every question. */
const mostPatterns = 200;
/** Of all domains: learning takes longer with every one of them. */
export const mostExampleCharacters = 500_000;
/** Of all rules, and of all domains: every worker makes a search of them. */
const mostKeywords = 5_000;

function fewWords(
  parts: readonly { readonly patterns: readonly string[]; readonly keywords: readonly string[] }[],
  context: z.RefinementCtx,
): void {
  const keywordCount = parts.reduce((sum, { keywords }) => sum + keywords.length, 0);
  if (keywordCount > mostKeywords)
    context.addIssue({
      code: "custom",
      message: `must have at most ${mostKeywords} keywords in all, not ${keywordCount}: examples tell a domain better than many words`,
    });
  const patternCount = parts.reduce((sum, { patterns }) => sum + patterns.length, 0);
  if (patternCount > mostPatterns)
    context.addIssue({
      code: "custom",
      message: `must have at most ${mostPatterns} patterns in all, not ${patternCount}: say with keywords what is a word, or put several into one as \`one|other\``,
    });
}

function fewExamples(
  domains: readonly { readonly examples: readonly string[] }[],
  context: z.RefinementCtx,
): void {
  const characters = exampleCharacters(domains);
  if (characters > mostExampleCharacters)
    context.addIssue({
      code: "custom",
      message: `must have examples of at most ${mostExampleCharacters} characters in all, not ${characters}: twenty to fifty short ones for each domain are best`,
    });
}

export function exampleCharacters(domains: readonly { readonly examples: readonly string[] }[]): number {
  return domains.reduce(
    (sum, { examples }) => sum + examples.reduce((own, example) => own + example.length, 0),
    0,
  );
}

export const intelligentShape = {
  mode: z.literal("intelligent").describe("By what the request needs."),
  profile: z
    .enum(["balanced", "cheap", "fast", "quality"])
    .default("balanced")
    .describe("What matters most."),
  candidates: z
    .array(strict({ ...modelTarget, ...characteristics }))
    .min(1)
    .max(20)
    .describe(
      "Models to choose from. Rows with the same model are one model at several services: the one that answers best is taken. Their order says nothing.",
    ),
  default: strict(modelTarget)
    .optional()
    .describe(
      "What answers prompts that are unlike anything known, and what no choice may be much worse than; absent = the candidate of the best quality.",
    ),
  weights: strict({
    cost: z
      .number()
      .min(0)
      .max(2)
      .describe("What the dearest model loses against one that is free, as quality from 0 to 1."),
    latency: z.number().min(0).max(2).describe("What 10 s to the first data lose."),
  })
    .optional()
    .describe("In place of the profile's."),
  maxQualityDrop: points
    .optional()
    .describe(
      "By how many points the chosen model may be expected to be worse than the default; absent = as the profile says.",
    ),
  maxPrice: usd
    .optional()
    .describe("Models that cost more, in USD per million output tokens, are not chosen."),
  rules: namedList(ruleField, mostRules)
    .superRefine(fewWords)
    .describe("Looked at in their order; the first that holds decides."),
  builtInDomains: z
    .boolean()
    .default(true)
    .describe(
      "Whether the built-in domains are there: code, data, math, science, medicine, business, writing, translation, summary, chat.",
    ),
  domains: namedList(domainField, mostDomains)
    .superRefine(fewWords)
    .superRefine(fewExamples)
    .describe("Own domains, and additions to built-in ones."),
  stickiness: strict({
    enabled: z.boolean().default(true).describe("Whether a conversation keeps its model."),
    minutes: z.number().int().min(1).max(1_440).default(60).describe("How long after its last request."),
    header: fieldName.optional().describe("Header that names a conversation; absent: its beginning does."),
  })
    .prefault({})
    .describe("Conversations."),
  otherNames: z
    .enum(["route", "refuse"])
    .default("route")
    .describe(
      "What happens to a request whose model is neither `auto…` nor a candidate's: it is routed like `auto`, or refused with 404. A name such as `auto/nonsense` is always refused.",
    ),
  exploration: z
    .number()
    .min(0)
    .max(0.05)
    .default(0)
    .describe("Share of requests that go to the second best model, to learn of it."),
  classifier: classifierField.optional(),
  learning: learningField.prefault({}).describe("Learning from own traffic."),
};
