// Mode intelligent of one Model API -> the policy that the data plane decides by. Knows no other resource.
import type {
  DeclaredCharacteristics,
  PromptMatch,
  RoutingCandidate,
  RoutingDomain,
  RoutingPolicy,
  RoutingRule,
} from "../routing/policy.ts";
import type { ModelService } from "../resources/model-service.ts";
import { builtInDomains } from "../routing/domains/built-in/built-in-domains.ts";
import type { DomainExamples } from "../routing/domains/train-domain-table.ts";
import { compileClassifier } from "./compile-classifier.ts";
import { domainTableOf } from "./domain-tables.ts";

type Intelligent = Extract<ModelService, { mode: "intelligent" }>;

/** @param tableOf another one where nobody asks what prompts are about, as then nothing need be learnt */
export function compileRouting(
  modelService: Intelligent,
  tableOf: (domains: readonly DomainExamples[]) => string = domainTableOf,
): RoutingPolicy {
  const known = knownDomains(modelService);
  const examples = examplesOf(known);
  const { profile, candidates, weights, maxQualityDrop, maxPrice } = modelService;
  const { stickiness, otherNames, exploration, classifier, learning } = modelService;
  return {
    profile,
    candidates: candidates.map(compileCandidate),
    ...(modelService.default === undefined ? {} : { default: modelService.default }),
    ...(weights === undefined ? {} : { weights }),
    ...(maxQualityDrop === undefined ? {} : { maxQualityDrop }),
    ...(maxPrice === undefined ? {} : { maxPrice }),
    rules: modelService.rules.map(compileRule),
    domains: known.map(({ domain }) => domain).filter(isMoreThanExamples),
    ...(stickiness.enabled ? { stickiness: compileStickiness(stickiness) } : {}),
    otherNames,
    exploration,
    ...(classifier === undefined ? {} : { classifier: compileClassifier(classifier, examples) }),
    learns: learning.enabled,
    domainTable: tableOf(examples),
  };
}

/** What the table of its domains is learnt from. */
export function domainExamplesOf(modelService: Intelligent): readonly DomainExamples[] {
  return examplesOf(knownDomains(modelService));
}

function examplesOf(known: readonly KnownDomain[]): readonly DomainExamples[] {
  return known.map(({ domain, examples }) => ({ name: domain.name, examples }));
}

interface KnownDomain {
  readonly domain: RoutingDomain;
  readonly examples: readonly string[];
}

/** Own ones first, as their words are looked for in this order; what is said of a built-in one adds to it. */
function knownDomains({ domains, builtInDomains: hasBuiltIn }: Intelligent): readonly KnownDomain[] {
  const builtIn = new Map(
    (hasBuiltIn ? builtInDomains : []).map(({ name, keywords, examples }): [string, KnownDomain] => [
      name,
      { domain: { name, keywords, patterns: [], prefer: [] }, examples: [...examples.en, ...examples.zh] },
    ]),
  );
  const own = domains.map((domain): KnownDomain => {
    const base = builtIn.get(domain.name);
    builtIn.delete(domain.name);
    const compiled = compileDomain(domain);
    return {
      domain: { ...compiled, keywords: [...compiled.keywords, ...(base?.domain.keywords ?? [])] },
      examples: [...(base?.examples ?? []), ...domain.examples],
    };
  });
  return [...own, ...builtIn.values()];
}

function compileCandidate({
  service,
  model,
  ...declared
}: Intelligent["candidates"][number]): RoutingCandidate {
  const { price, strengths, ...rest } = declared;
  // What is absent is left out, so that the policy of a configuration is the same data however it was written.
  const said = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const prices: Pick<DeclaredCharacteristics, "price"> = price === undefined ? {} : { price };
  return { service, model, declared: { ...said, ...prices, strengths } };
}

function compileMatch({ patterns, keywords }: PromptMatch): PromptMatch {
  return { patterns, keywords };
}

function compileRule(rule: Intelligent["rules"][number]): RoutingRule {
  const { name, header, metadata, consumer, domain, model, profile } = rule;
  return {
    name,
    ...compileMatch(rule),
    ...(header === undefined ? {} : { header: { name: header.name.toLowerCase(), value: header.value } }),
    ...(metadata === undefined ? {} : { metadata }),
    ...(consumer === undefined ? {} : { consumer }),
    ...(domain === undefined ? {} : { domain }),
    ...(model === undefined ? {} : { model }),
    ...(profile === undefined ? {} : { profile }),
  };
}

function isMoreThanExamples({ patterns, keywords, prefer, minQuality }: RoutingDomain): boolean {
  return patterns.length + keywords.length + prefer.length > 0 || minQuality !== undefined;
}

function compileDomain(domain: Intelligent["domains"][number]): RoutingDomain {
  const { name, prefer, minQuality } = domain;
  return { name, ...compileMatch(domain), prefer, ...(minQuality === undefined ? {} : { minQuality }) };
}

function compileStickiness({
  minutes,
  header,
}: Intelligent["stickiness"]): NonNullable<RoutingPolicy["stickiness"]> {
  return { minutes, ...(header === undefined ? {} : { header: header.toLowerCase() }) };
}
