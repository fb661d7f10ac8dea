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
import { compileClassifier, type DomainExamples } from "./compile-classifier.ts";

type Intelligent = Extract<ModelService, { mode: "intelligent" }>;

/**
 * @param domainTable what prompts of each domain look like, base64
 * @param domains all that there are, built-in ones with them: what a classifier is told of
 */
export function compileRouting(
  modelService: Intelligent,
  domainTable: string,
  domains: readonly DomainExamples[] = modelService.domains,
): RoutingPolicy {
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
    domains: modelService.domains.filter(isMoreThanExamples).map(compileDomain),
    ...(stickiness.enabled ? { stickiness: compileStickiness(stickiness) } : {}),
    otherNames,
    exploration,
    ...(classifier === undefined ? {} : { classifier: compileClassifier(classifier, domains) }),
    learns: learning.enabled,
    domainTable,
  };
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

function isMoreThanExamples({
  patterns,
  keywords,
  prefer,
  minQuality,
}: Intelligent["domains"][number]): boolean {
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
