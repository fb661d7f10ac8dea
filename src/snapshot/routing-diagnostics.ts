// What mode intelligent of a Model API says that cannot be meant, by itself and beside the services of its candidates. Knows
// no request.
import { didYouMean } from "../lib/edit-distance.ts";
import { builtInDomains } from "../routing/domains/built-in/built-in-domains.ts";
import { generalDomain } from "../routing/domains/domain-classifier.ts";
import { autoNames } from "../routing/decision/profiles.ts";
import { shippedCatalogue } from "../providers/model-catalogue.ts";
import { pathText, type Issue } from "../resources/issue.ts";
import type { ModelService } from "../resources/model-service.ts";
import type { Service } from "../resources/service.ts";

type Intelligent = Extract<ModelService, { mode: "intelligent" }>;
type Path = readonly (string | number)[];

function issue(path: Path, message: string): Issue {
  return { path: pathText(["modelService", ...path]), message };
}

/** Errors: a name that stands for nothing. */
export function routingFaults(modelService: ModelService): readonly Issue[] {
  if (modelService.mode !== "intelligent") return [];
  return [
    ...candidateFaults(modelService),
    ...unknownModels(modelService),
    ...unknownDomains(modelService),
    ...takenNames(modelService),
  ];
}

function candidateFaults({ candidates, default: byDefault }: Intelligent): Issue[] {
  const found: Issue[] = [];
  for (const [index, { service, model }] of candidates.entries()) {
    const first = candidates.findIndex((other) => other.service === service && other.model === model);
    if (first !== index)
      found.push(
        issue(
          ["candidates", index],
          `is model "${model}" at service "${service}" again, as candidates[${first}]: name it once`,
        ),
      );
    if (autoNames.includes(model))
      found.push(
        issue(
          ["candidates", index, "model"],
          `"${model}" is what clients ask for who leave the choice to the gateway: give the model its own name`,
        ),
      );
  }
  const isCandidate = (service: string, model: string): boolean =>
    candidates.some((one) => one.service === service && one.model === model);
  if (byDefault !== undefined && !isCandidate(byDefault.service, byDefault.model))
    found.push(
      issue(
        ["default"],
        `model "${byDefault.model}" at service "${byDefault.service}" is no candidate: add it to the candidates, or choose one of them`,
      ),
    );
  return found;
}

/** Names of models in rules and domains. */
function unknownModels({ candidates, rules, domains }: Intelligent): Issue[] {
  const models = new Set(candidates.map(({ model }) => model));
  const named: { readonly path: Path; readonly model: string }[] = [
    ...rules.flatMap(({ model }, index) =>
      model === undefined ? [] : [{ path: ["rules", index, "model"], model }],
    ),
    ...domains.flatMap(({ prefer }, index) =>
      prefer.map((model, at) => ({ path: ["domains", index, "prefer", at], model })),
    ),
  ];
  return named
    .filter(({ model }) => !models.has(model))
    .map(({ path, model }) =>
      issue(
        path,
        `"${model}" is the model of no candidate: add it to the candidates, or name one of them${didYouMean(model, models)}`,
      ),
    );
}

function unknownDomains(modelService: Intelligent): Issue[] {
  const { candidates, rules, domains, builtInDomains: hasBuiltIn } = modelService;
  const names = new Set(domains.map(({ name }) => name));
  if (hasBuiltIn) for (const { name } of builtInDomains) names.add(name);
  const named: { readonly path: Path; readonly domain: string }[] = [
    ...rules.flatMap(({ domain }, index) =>
      domain === undefined ? [] : [{ path: ["rules", index, "domain"], domain }],
    ),
    ...candidates.flatMap(({ strengths }, index) =>
      Object.keys(strengths).map((domain) => ({ path: ["candidates", index, "strengths", domain], domain })),
    ),
  ];
  return named
    .filter(({ domain }) => !names.has(domain))
    .map(({ path, domain }) =>
      issue(
        path,
        `there is no domain "${domain}": add it to the domains, or name one of them${didYouMean(domain, names)}`,
      ),
    );
}

function takenNames({ domains }: Intelligent): Issue[] {
  return domains.flatMap(({ name }, index) =>
    name === generalDomain
      ? [
          issue(
            ["domains", index, "name"],
            `"${name}" is what prompts are called that belong to no domain: choose another name`,
          ),
        ]
      : [],
  );
}

/** A domain is told by examples from so many on. */
const fewExamples = 5;

/** Warnings about what is configured by itself. */
export function routingIssues(modelService: Intelligent): Issue[] {
  const builtIn = new Set(modelService.builtInDomains ? builtInDomains.map(({ name }) => name) : []);
  return modelService.domains.flatMap(({ name, examples, keywords, patterns }, index) => {
    const isRuled = modelService.rules.some(({ domain }) => domain === name);
    if (builtIn.has(name) || isRuled || keywords.length + patterns.length > 0) return [];
    if (examples.length >= fewExamples) return [];
    const message = `has ${examples.length === 0 ? "no" : `only ${examples.length}`} examples and no keywords, so that hardly any prompt is taken to belong to it: give it ${fewExamples} examples or more, or keywords`;
    return [issue(["domains", index], message)];
  });
}

/** Warnings about candidates whose model nobody knows at their service. */
export function unknownAtService(
  modelService: ModelService,
  serviceOf: (name: string) => Service | undefined,
): Issue[] {
  if (modelService.mode !== "intelligent") return [];
  return modelService.candidates.flatMap(({ service: name, model }, index) => {
    const service = serviceOf(name);
    if (service === undefined || service.models.length === 0 || knows(service, model)) return [];
    const names = service.models.map((one) => one.name);
    return [
      issue(
        ["candidates", index, "model"],
        `service "${name}" does not list model "${model}": add it to the models of the service, or name one of them${didYouMean(model, names)}`,
      ),
    ];
  });
}

function knows({ provider, models }: Service, model: string): boolean {
  return models.some(({ name }) => name === model) || shippedCatalogue.models(provider).has(model);
}
