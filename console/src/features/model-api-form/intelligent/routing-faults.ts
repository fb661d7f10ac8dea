// What is wrong with mode intelligent in a draft, without a question to the gateway. Knows no language.
import type { Fault } from "../faults.ts";
import {
  modelsOf,
  type CandidateDraft,
  type DomainRow,
  type RoutingDraft,
  type RuleRow,
} from "./routing-draft.ts";

const base = "modelService";

export function routingFaults(draft: RoutingDraft): Fault[] {
  const models = modelsOf(draft);
  return [
    ...(draft.candidates.length === 0
      ? [{ path: `${base}.candidates`, code: "candidatesEmpty" } as const]
      : []),
    ...draft.candidates.flatMap((row, index) => candidateFaults(row, `${base}.candidates[${index}]`)),
    ...twiceFaults(draft),
    ...draft.rules.flatMap((row, index) => ruleFaults(row, `${base}.rules[${index}]`, models)),
    ...nameFaults(
      draft.rules.map(({ rule }) => rule.name),
      `${base}.rules`,
    ),
    ...draft.domains.flatMap((row, index) => domainFaults(row, `${base}.domains[${index}]`, models)),
    ...nameFaults(
      draft.domains.map(({ domain }) => domain.name),
      `${base}.domains`,
    ),
    ...restFaults(draft),
  ];
}

function candidateFaults({ service, model, price }: CandidateDraft, path: string): Fault[] {
  const faults: Fault[] = [];
  if (service === "") faults.push({ path: `${path}.service`, code: "serviceEmpty" });
  if (model === "") faults.push({ path: `${path}.model`, code: "modelEmpty" });
  else if (model.length > 256) faults.push({ path: `${path}.model`, code: "modelLong" });
  for (const part of ["input", "output"] as const)
    if (price !== undefined && price[part] === undefined)
      faults.push({ path: `${path}.price.${part}`, code: "numberEmpty" });
  return faults;
}

/** The same model at the same service says nothing new. */
function twiceFaults({ candidates }: RoutingDraft): Fault[] {
  const seen = new Set<string>();
  return candidates.flatMap(({ service, model }, index) => {
    const key = JSON.stringify([service, model]);
    if (service === "" || model === "") return [];
    const isTwice = seen.has(key);
    seen.add(key);
    return isTwice ? [{ path: `${base}.candidates[${index}].model`, code: "candidateTwice" } as const] : [];
  });
}

/** Names of rules or domains: each is there, fits, and stands once. */
function nameFaults(names: readonly string[], path: string): Fault[] {
  return names.flatMap((name, index): Fault[] => {
    const at = `${path}[${index}].name`;
    if (name === "") return [{ path: at, code: "nameEmpty" }];
    if (!/^[A-Za-z0-9_-]+$/u.test(name)) return [{ path: at, code: "nameCharacters" }];
    if (name.length > 64) return [{ path: at, code: "nameLong" }];
    return names.indexOf(name) < index ? [{ path: at, code: "nameTwice" }] : [];
  });
}

function ruleFaults({ rule }: RuleRow, path: string, models: readonly string[]): Fault[] {
  const faults: Fault[] = [];
  const asks =
    rule.patterns.length + rule.keywords.length > 0 ||
    rule.header !== undefined ||
    rule.metadata !== undefined ||
    rule.consumer !== undefined;
  if (!asks) faults.push({ path: `${path}.when`, code: "ruleAsksNothing" });
  if (rule.domain === undefined && rule.model === undefined && rule.profile === undefined)
    faults.push({ path: `${path}.then`, code: "ruleDoesNothing" });
  if (rule.header?.name === "") faults.push({ path: `${path}.header.name`, code: "valueEmpty" });
  if (rule.metadata?.key === "") faults.push({ path: `${path}.metadata.key`, code: "valueEmpty" });
  if (rule.model !== undefined && !models.includes(rule.model))
    faults.push({ path: `${path}.model`, code: "modelUnknown" });
  return faults;
}

function domainFaults({ domain }: DomainRow, path: string, models: readonly string[]): Fault[] {
  return domain.prefer.some((model) => !models.includes(model))
    ? [{ path: `${path}.prefer`, code: "modelUnknown" }]
    : [];
}

function restFaults({ weights, classifier, learning, ...draft }: RoutingDraft): Fault[] {
  const faults: Fault[] = [];
  for (const part of ["cost", "latency"] as const)
    if (weights !== undefined && weights[part] === undefined)
      faults.push({ path: `${base}.weights.${part}`, code: "numberEmpty" });
  if (draft.default !== undefined && draft.default.model === "")
    faults.push({ path: `${base}.default.model`, code: "modelEmpty" });
  if (classifier?.type === "http" && classifier.url === "")
    faults.push({ path: `${base}.classifier.url`, code: "valueEmpty" });
  for (const [part, asked] of [
    ["classifier", classifier?.type === "http" ? undefined : classifier],
    ["learning.judge", learning.judge],
  ] as const) {
    if (asked?.service === "") faults.push({ path: `${base}.${part}.service`, code: "serviceEmpty" });
    if (asked?.model === "") faults.push({ path: `${base}.${part}.model`, code: "modelEmpty" });
  }
  return faults;
}
