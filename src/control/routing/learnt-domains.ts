// What prompts of domains look like is learnt in a thread of its own, so that nobody else waits for it. Knows no HTTP.
import type { ModelService } from "../../resources/model-service.ts";
import type { DomainExamples } from "../../routing/domains/train-domain-table.ts";
import { domainExamplesOf } from "../../snapshot/compile-routing.ts";
import { domainTableOf, prepareDomainTable } from "../../snapshot/domain-tables.ts";
import type { Intelligent } from "./draft-routing.ts";
import type { LearningPort } from "./routing-port.ts";

export type LearnDomains = (domains: readonly DomainExamples[]) => Promise<string>;

/** The table of its domains. @throws TriedTooOften */
export async function learntDomains(modelService: Intelligent, learning: LearningPort): Promise<string> {
  const domains = domainExamplesOf(modelService);
  await prepareDomainTable(domains, (known) => learning.run("table", { domains: known }));
  return domainTableOf(domains);
}

/** Before they are compiled. What could not be learnt elsewhere is learnt when it is. */
export async function prepareDomains(
  modelServices: readonly ModelService[],
  learn: LearnDomains,
): Promise<void> {
  for (const modelService of modelServices) {
    if (modelService.mode !== "intelligent") continue;
    // One after the other: most have the same domains.
    await prepareDomainTable(domainExamplesOf(modelService), learn).catch(() => undefined);
  }
}
