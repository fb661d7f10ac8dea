// What prompts of the domains of one Model API look like, learnt from their examples when it is compiled. Training takes a
// fraction of a second, so a table is kept by what it was made of. Knows no Model API.
import { createHash } from "node:crypto";
import { withGeneral } from "../routing/domains/built-in/built-in-domains.ts";
import { trainDomainTable, type DomainExamples } from "../routing/domains/train-domain-table.ts";
import { loadWordVectors } from "../routing/prompt/load-word-vectors.ts";
import type { PromptReader } from "../routing/prompt/prompt-features.ts";
import { createPromptReader } from "../routing/prompt/prompt-reader.ts";

const mostKept = 256;

/** By a digest of the examples; the one that was used least lately goes first. */
const tables = new Map<string, string>();
let reader: PromptReader | undefined;

/** Base64; empty where no domain has examples. */
export function domainTableOf(domains: readonly DomainExamples[]): string {
  const known = domains.filter(({ examples }) => examples.length > 0);
  if (known.length === 0) return "";
  const key = createHash("sha256")
    .update(JSON.stringify(known.map(({ name, examples }) => [name, examples])))
    .digest("base64");
  const table = tables.get(key) ?? trained(known);
  tables.delete(key);
  tables.set(key, table);
  if (tables.size > mostKept) tables.delete(tables.keys().next().value ?? "");
  return table;
}

function trained(domains: readonly DomainExamples[]): string {
  reader ??= createPromptReader(loadWordVectors());
  return Buffer.from(trainDomainTable(withGeneral(domains), reader)).toString("base64");
}
