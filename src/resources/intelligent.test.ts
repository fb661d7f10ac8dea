import { expect, test } from "vitest";
import { modelServiceField } from "./model-service.ts";

const messagesOf = (fields: object): string[] => {
  const parsed = modelServiceField.safeParse({
    mode: "intelligent",
    candidates: [{ service: "a", model: "m" }],
    ...fields,
  });
  return parsed.success
    ? []
    : parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
};
const many = <Item>(count: number, make: (index: number) => Item): Item[] =>
  Array.from({ length: count }, (_, index) => make(index));
const rules = (count: number, patterns: number): object[] =>
  many(count, (rule) => ({
    name: `r${rule}`,
    model: "m",
    patterns: many(patterns, (at) => `w${rule}x${at}`),
  }));
const domains = (count: number, examples: number, length: number): object[] =>
  many(count, (domain) => ({ name: `d${domain}`, examples: many(examples, () => "e".repeat(length)) }));

test.each<[string, object, string[]]>([
  ["as many patterns as there may be", { rules: rules(4, 50) }, []],
  [
    "one more, over all rules",
    { rules: [...rules(4, 50), { name: "last", model: "m", patterns: ["one"] }] },
    [
      "rules: must have at most 200 patterns in all, not 201: say with keywords what is a word, or put several into one as `one|other`",
    ],
  ],
  [
    "too many rules",
    { rules: many(201, (at) => ({ name: `r${at}`, model: "m", keywords: ["k"] })) },
    ["rules: Too big: expected array to have <=200 items"],
  ],
  [
    "too many keywords, over all domains",
    {
      domains: many(26, (at) => ({ name: `d${at}`, keywords: many(200, (word) => `k${word}`) })),
    },
    [
      "domains: must have at most 5000 keywords in all, not 5200: examples tell a domain better than many words",
    ],
  ],
  ["as many examples as there may be", { domains: domains(5, 100, 1_000) }, []],
  [
    "longer ones, over all domains",
    { domains: domains(6, 100, 1_000) },
    [
      "domains: must have examples of at most 500000 characters in all, not 600000: twenty to fifty short ones for each domain are best",
    ],
  ],
  [
    "too many domains",
    { domains: domains(51, 1, 1) },
    ["domains: Too big: expected array to have <=50 items"],
  ],
])("%s", (_, fields, messages) => {
  expect(messagesOf(fields)).toEqual(messages);
});
