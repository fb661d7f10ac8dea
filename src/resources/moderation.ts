// The schema of the checks of content of a Model API, and of how strict they are.
import { z } from "zod";
import { httpUrlField, modelNameField, namedList, nameField, strict } from "./field.ts";
import { secret } from "./secret.ts";
import { patternField, valueMatchField } from "./value-match.ts";

export const moderationDimensions = [
  "content-compliance",
  "prompt-attack",
  "sensitive-data",
  "hallucination",
  "malicious-url",
] as const;

export const personalDataKinds = [
  "email",
  "phone",
  "cn-phone",
  "cn-resident-id",
  "cn-bank-card",
  "credit-card",
  "iban",
  "us-ssn",
  "ip-address",
  "passport-cn",
  "license-plate-cn",
  "secret",
] as const;

/** Whether anything of a word is left once the unseen is taken out. */
function hasLetter(word: string): boolean {
  return /[^\s\p{C}\p{Z}\p{M}\p{Default_Ignorable_Code_Point}]/u.test(word);
}

/** What every check has. */
const common = {
  name: nameField.describe("Name of the check."),
  dimension: z
    .enum(moderationDimensions)
    .optional()
    .describe("What kind of risk it finds; absent = what its type is for, or what its service says."),
  risk: z
    .enum(["low", "medium", "high"])
    .optional()
    .describe("How high the risk is that it finds; absent = high, or what its service says."),
  on: z
    .array(z.enum(["request", "response"]))
    .min(1)
    .default(["request", "response"])
    .describe("What it looks at, as far as the Model API has that checked."),
};

const localAction = {
  action: z
    .enum(["block", "mask"])
    .default("block")
    .describe("What happens to a find that a rule does not let pass."),
};

const remote = {
  timeoutMs: z.number().int().min(1).max(600_000).default(2_000).describe("Milliseconds that it may take."),
};

const checkField = z.discriminatedUnion("type", [
  strict({
    type: z
      .literal("keywords")
      .describe("Words, found in any spelling by case, width and invisible characters."),
    ...common,
    ...localAction,
    keywords: z
      .array(z.string().min(1).max(256).refine(hasLetter, "must hold a letter, a digit or a sign"))
      .min(1)
      .max(10_000)
      .describe("Words to look for."),
    wholeWords: z
      .boolean()
      .default(true)
      .describe(
        "Whether words of alphabets are found only as whole words. Words of scripts without spaces are found anywhere.",
      ),
  }),
  strict({
    type: z.literal("regex").describe("A regular expression."),
    ...common,
    ...localAction,
    pattern: patternField.describe(
      "Regular expression to look for; `(?i)` at the beginning for either case.",
    ),
  }),
  strict({
    type: z.literal("personal-data").describe("Data of persons, with check digits where the kind has them."),
    ...common,
    ...localAction,
    kinds: z
      .array(z.enum(personalDataKinds))
      .min(1)
      .default([...personalDataKinds])
      .describe("Kinds to look for."),
  }),
  strict({
    type: z
      .literal("prompt-attack")
      .describe("Rules for known ways to talk a model out of its instructions."),
    ...common,
    on: common.on
      .unwrap()
      .default(["request"])
      .describe("What it looks at, as far as the Model API has that checked: attacks come in requests."),
  }),
  strict({
    type: z.literal("openai-moderation").describe("An endpoint like OpenAI's `/v1/moderations`."),
    ...common,
    ...remote,
    service: nameField.describe("Service with the endpoint."),
    model: modelNameField.default("omni-moderation-latest").describe("Model that judges."),
    images: z.boolean().default(true).describe("Whether it judges images too."),
  }),
  strict({
    type: z.literal("llm-judge").describe("A language model, asked for a verdict in a fixed form."),
    ...common,
    ...remote,
    timeoutMs: z
      .number()
      .int()
      .min(1)
      .max(600_000)
      .default(10_000)
      .describe("Milliseconds that it may take."),
    service: nameField.describe("Service that judges."),
    model: modelNameField.describe("Model that judges."),
    policy: z.string().max(8_192).default("").describe("What else it shall look for, in plain words."),
  }),
  strict({
    type: z.literal("alibaba-guardrails").describe("Alibaba Cloud AI Guardrails."),
    ...common,
    ...remote,
    accessKeyId: z.string().min(1).max(256).describe("Access key."),
    accessKeySecret: secret().describe("Its secret. Write-only."),
    region: z
      .string()
      .regex(/^[a-z0-9-]{1,64}$/u)
      .default("cn-shanghai")
      .describe("Region of the service."),
    endpoint: httpUrlField.optional().describe("Where it is, if not at the region's own address."),
  }),
  strict({
    type: z.literal("webhook").describe("A URL of yours that judges."),
    ...common,
    ...remote,
    url: httpUrlField.describe("URL that judges."),
    secret: secret()
      .optional()
      .describe("Signs the body: `x-moongate-signature` is its HMAC-SHA256 in hex. Write-only."),
  }),
]);

const ruleField = strict({
  consumer: valueMatchField.default({ type: "any" }).describe("Which consumers the rule is for."),
  dimension: z
    .enum(["any", ...moderationDimensions])
    .default("any")
    .describe("Which kind of risk the rule is for."),
  level: z
    .enum(["low", "medium", "high", "observe"])
    .describe("low blocks high risk, medium blocks medium and up, high blocks any, observe records."),
});

export const moderationField = strict({
  enabled: z.boolean().default(false).describe("Whether content is checked."),
  dryRun: z.boolean().default(false).describe("Record what is found, but block and mask nothing."),
  request: z.boolean().default(true).describe("Check requests."),
  response: z.boolean().default(true).describe("Check answers."),
  images: z.boolean().default(false).describe("Check images too, with the checks that can."),
  onError: z.enum(["block", "pass"]).default("block").describe("What happens when a check fails to answer."),
  streamWindowCharacters: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(200)
    .describe("Characters of a stream that are checked at once."),
  checks: namedList(checkField).describe("The checks."),
  rules: z
    .array(ruleField)
    .default([])
    .describe("How strict to be; the first that fits decides; none = low for everyone."),
});
export type Moderation = z.output<typeof moderationField>;
export type ModerationCheckRow = z.output<typeof checkField>;
