// From the examples of domains to the table that policies hold, beside what belongs to none of them. Knows no thread.
import type { PromptReader } from "../prompt/prompt-features.ts";
import { withGeneral } from "./built-in/built-in-domains.ts";
import { trainDomainTable, type DomainExamples } from "./train-domain-table.ts";

/** Base64. */
export function learntTable(domains: readonly DomainExamples[], reader: PromptReader): string {
  return Buffer.from(trainDomainTable(withGeneral(domains), reader)).toString("base64");
}
