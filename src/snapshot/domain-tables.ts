// What prompts of the domains of one Model API look like, learnt from their examples. Training takes a while, so a table is
// kept by what it was made of, whoever can wait has it learnt elsewhere before anything is compiled, and that of the built-in
// domains ships. Knows no Model API.
import { createHash } from "node:crypto";
import { builtInExamples } from "../routing/domains/built-in/built-in-domains.ts";
import { builtInTable } from "../routing/domains/built-in/load-built-in-table.ts";
import { learntTable } from "../routing/domains/learnt-table.ts";
import type { DomainExamples } from "../routing/domains/train-domain-table.ts";
import { loadWordVectors } from "../routing/prompt/load-word-vectors.ts";
import type { PromptReader } from "../routing/prompt/prompt-features.ts";
import { createPromptReader } from "../routing/prompt/prompt-reader.ts";

const mostKept = 256;

/** By a digest of the examples; the one that was used least lately goes first. */
const tables = new Map<string, string>();
let reader: PromptReader | undefined;

const builtInKey = keyOf(builtInExamples());

/** Base64; empty where no domain has examples; `built-in` where there are the built-in ones alone. */
export function domainTableOf(domains: readonly DomainExamples[]): string {
  const known = withExamples(domains);
  if (known.length === 0) return "";
  const key = keyOf(known);
  if (key === builtInKey) return builtInTable;
  const table = tables.get(key) ?? trained(known);
  keep(key, table);
  return table;
}

/** Has the table learnt by somebody else, where it is not known yet. */
export async function prepareDomainTable(
  domains: readonly DomainExamples[],
  learn: (domains: readonly DomainExamples[]) => Promise<string>,
): Promise<void> {
  const known = withExamples(domains);
  const key = keyOf(known);
  if (known.length === 0 || key === builtInKey || tables.has(key)) return;
  keep(key, await learn(known));
}

function keep(key: string, table: string): void {
  tables.delete(key);
  tables.set(key, table);
  if (tables.size > mostKept) tables.delete(tables.keys().next().value ?? "");
}

function withExamples(domains: readonly DomainExamples[]): readonly DomainExamples[] {
  return domains.filter(({ examples }) => examples.length > 0);
}

function keyOf(domains: readonly DomainExamples[]): string {
  const texts = domains.map(({ name, examples }) => JSON.stringify([name, examples]));
  return createHash("sha256").update(texts.join("\n")).digest("base64");
}

function trained(domains: readonly DomainExamples[]): string {
  reader ??= createPromptReader(loadWordVectors());
  return learntTable(domains, reader);
}
