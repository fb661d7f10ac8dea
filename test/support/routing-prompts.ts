// The judged prompts of test/fixtures/routing-prompts, by domain. Knows no classifier.
import { readFileSync } from "node:fs";
import { z } from "zod";
import { generalDomain } from "../../src/routing/domains/domain-classifier.ts";
import { builtInDomains } from "../../src/routing/domains/built-in/built-in-domains.ts";

const rowSchema = z.strictObject({
  language: z.enum(["en", "zh"]),
  half: z.enum(["development", "held-out"]),
  text: z.string().min(1),
});

export interface JudgedPrompt extends z.infer<typeof rowSchema> {
  /** One of the built-in domains, or `general`. */
  readonly domain: string;
}

const folder = new URL("../fixtures/routing-prompts/", import.meta.url);

export function judgedPrompts(): JudgedPrompt[] {
  return [...builtInDomains.map(({ name }) => name), generalDomain].flatMap((domain) =>
    readFileSync(new URL(`${domain}.jsonl`, folder), "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => ({ domain, ...rowSchema.parse(JSON.parse(line)) })),
  );
}
