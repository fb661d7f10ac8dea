// Which fields each type of check has, what a new one holds, and what a check may be called. Knows no React.
import type { CheckType, CheckValue } from "./policy-draft.ts";

export const checkTypes = [
  "keywords",
  "regex",
  "personal-data",
  "prompt-attack",
  "openai-moderation",
  "llm-judge",
  "alibaba-guardrails",
  "webhook",
] as const satisfies readonly CheckType[];

export const dimensions = [
  "content-compliance",
  "prompt-attack",
  "sensitive-data",
  "hallucination",
  "malicious-url",
] as const;

export const risks = ["low", "medium", "high"] as const;

export const personalKinds = [
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

export type CheckField =
  | "action"
  | "keywords"
  | "wholeWords"
  | "pattern"
  | "kinds"
  | "serviceAndModel"
  | "images"
  | "policy"
  | "accessKeyId"
  | "accessKeySecret"
  | "region"
  | "endpoint"
  | "url"
  | "secret"
  | "timeoutMs";

/** In the order in which they are shown; name, dimension, risk and `on` are those of every check. */
export const fieldsOfCheck: Readonly<Record<CheckType, readonly CheckField[]>> = {
  keywords: ["keywords", "wholeWords", "action"],
  regex: ["pattern", "action"],
  "personal-data": ["kinds", "action"],
  "prompt-attack": [],
  "openai-moderation": ["serviceAndModel", "images", "timeoutMs"],
  "llm-judge": ["serviceAndModel", "policy", "timeoutMs"],
  "alibaba-guardrails": ["accessKeyId", "accessKeySecret", "region", "endpoint", "timeoutMs"],
  webhook: ["url", "secret", "timeoutMs"],
};

/** With the defaults of the resource in sight; a test compares. */
const fresh: Readonly<Record<CheckType, Readonly<Record<string, unknown>>>> = {
  keywords: { action: "block", keywords: [], wholeWords: true },
  regex: { action: "block", pattern: "" },
  "personal-data": { action: "block", kinds: personalKinds },
  "prompt-attack": {},
  "openai-moderation": { timeoutMs: 2_000, service: "", model: "omni-moderation-latest", images: true },
  "llm-judge": { timeoutMs: 10_000, service: "", model: "", policy: "" },
  "alibaba-guardrails": { timeoutMs: 2_000, accessKeyId: "", accessKeySecret: "", region: "cn-shanghai" },
  webhook: { timeoutMs: 2_000, url: "" },
};

export function newCheck(type: CheckType, names: readonly string[]): CheckValue {
  let name: string = type;
  for (let count = 2; names.includes(name); count += 1) name = `${type}-${count}`;
  const on = type === "prompt-attack" ? ["request"] : ["request", "response"];
  return { type, name, on, ...fresh[type] };
}

export function textOf(check: CheckValue, field: string): string {
  const value = check[field];
  return typeof value === "string" ? value : "";
}

export function listOf(check: CheckValue, field: string): readonly string[] {
  const value = check[field];
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === "string") : [];
}

export function numberOf(check: CheckValue, field: string): number | undefined {
  const value = check[field];
  return typeof value === "number" ? value : undefined;
}

/** The check with a field changed; `undefined` takes it out. */
export function withField(check: CheckValue, field: string, value: unknown): CheckValue {
  const { name, type, [field]: _before, ...others } = check;
  return { name, type, ...others, ...(value === undefined ? {} : { [field]: value }) };
}
