// What a classifier of mode intelligent is told of the domains, by its kind. Knows no service and no request.
import type { ModelService } from "../resources/model-service.ts";
import { builtInDomains } from "../routing/domains/built-in/built-in-domains.ts";
import type { ClassifierDomain, RoutingClassifier } from "../routing/policy.ts";

type Intelligent = Extract<ModelService, { readonly mode: "intelligent" }>;

/** A domain with prompts that belong to it; without any it is known by its name alone. */
export interface DomainExamples {
  readonly name: string;
  readonly examples: readonly string[];
}

/** Of each domain: an embedding service is asked for all of them once by every worker. */
const maxEmbedded = 32;
/** What a language model reads of each domain before every prompt. */
const maxShown = 3;
const maxShownCharacters = 160;

export function compileClassifier(
  classifier: NonNullable<Intelligent["classifier"]>,
  domains: readonly DomainExamples[],
): RoutingClassifier {
  const told = domains.map(({ name, examples }): ClassifierDomain => {
    const description = builtInDomains.find((domain) => domain.name === name)?.description.en ?? "";
    switch (classifier.type) {
      case "embedding":
        return { name, description: "", examples: spread(examples, maxEmbedded) };
      case "llm": {
        const shown = description === "" ? spread(examples, maxShown) : [];
        return { name, description, examples: shown.map((text) => text.slice(0, maxShownCharacters)) };
      }
      case "http":
        return { name, description: "", examples: [] };
    }
  });
  return { ...classifier, domains: told };
}

/** So many of them from the whole list: the first ones alone are often alike. */
function spread(examples: readonly string[], count: number): readonly string[] {
  if (examples.length <= count) return examples;
  return Array.from(
    { length: count },
    (_, index) => examples[Math.floor((index * examples.length) / count)] ?? "",
  );
}
