// Domains such as teams add beside the built-in ones, each with the examples that it is learnt from and other prompts that it is
// judged by. Knows no classifier.
import { readFileSync } from "node:fs";
import { z } from "zod";
import type { Judged } from "./domain-verdicts.ts";

const rowsSchema = z.array(
  z.strictObject({ name: z.string(), examples: z.array(z.string()), judged: z.array(z.string()) }),
);

interface OwnDomain {
  readonly name: string;
  readonly examples: readonly string[];
  readonly judged: readonly Judged[];
}

const folder = new URL("../fixtures/routing-prompts/", import.meta.url);

/** Five by which training was tuned, or two that it was not. */
export function ownDomains(half: "development" | "held-out" = "development"): OwnDomain[] {
  const file = new URL(half === "development" ? "own-domains.json" : "own-domains-held-out.json", folder);
  return rowsSchema.parse(JSON.parse(readFileSync(file, "utf8"))).map(({ name, examples, judged }) => ({
    name,
    examples,
    judged: judged.map((text) => ({
      domain: name,
      language: /\p{Script=Han}/u.test(text) ? "zh" : "en",
      text,
    })),
  }));
}
