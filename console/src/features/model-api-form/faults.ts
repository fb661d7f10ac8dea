// What is wrong with a draft: the browser's own checks and those of the admin API, one list by field. Knows no language.
import type { CheckIssue } from "../../../../src/control/routes/console-answers.ts";
import type { Draft, TargetDraft } from "./draft.ts";
import { targetsOfDraft } from "./draft.ts";
import { routingFaults } from "./intelligent/routing-faults.ts";
import { policyFaults } from "./policies/policy-faults.ts";

export type BasePathFault =
  | "start"
  | "query"
  | "backslash"
  | "space"
  | "double"
  | "encodedSlash"
  | "nul"
  | "percent"
  | "dots"
  | "long"
  | "character";

export type FaultCode =
  | "nameEmpty"
  | "nameCharacters"
  | "nameLong"
  | "nameTaken"
  | "addressTaken"
  | "protocolsEmpty"
  | "domainsEmpty"
  | "serviceEmpty"
  | "rulesEmpty"
  | "targetsEmpty"
  | "weightsZero"
  | "patternEmpty"
  | "modelLong"
  | "timeoutRange"
  | "sourcesEmpty"
  | "triggersEmpty"
  | "valueEmpty"
  | "numberEmpty"
  | "listEmpty"
  | "nameTwice"
  | "modelEmpty"
  | "modelUnknown"
  | "candidatesEmpty"
  | "candidateTwice"
  | "ruleAsksNothing"
  | "ruleDoesNothing"
  | `path-${BasePathFault}`
  | "said";

export interface Fault {
  /** Field of the resource, such as `modelService.target.service`. */
  readonly path: string;
  readonly code: FaultCode;
  /** Words of the admin API, for what this console has no text for. */
  readonly message?: string;
  /** Host and base path that are taken. */
  readonly address?: string;
  /** Name of the Model API that stands in the way. */
  readonly other?: string;
}

const maxTimeoutMs = 3_600_000;

// The order is that of the gateway's own rules.
const basePathRules: readonly (readonly [RegExp, BasePathFault])[] = [
  [/^(?!\/)/u, "start"],
  [/[?#]/u, "query"],
  [/\\/u, "backslash"],
  [/\s/u, "space"],
  [/\/\//u, "double"],
  [/%2f|%5c/iu, "encodedSlash"],
  [/%00/u, "nul"],
  [/%(?![0-9a-f]{2})/iu, "percent"],
  [/\/(?:\.|%2e){1,2}(?:\/|$)/iu, "dots"],
];

/** What is wrong with a base path; agrees with the gateway's rule. */
export function basePathFault(text: string): BasePathFault | undefined {
  const found = basePathRules.find(([pattern]) => pattern.test(text));
  if (found !== undefined) return found[1];
  if (new TextEncoder().encode(text).length > 256) return "long";
  return /^[A-Za-z0-9\-._~!$&'()*+,;=:@/%]*$/u.test(text) ? undefined : "character";
}

/** Faults that need no question to the gateway. */
export function ownFaults(draft: Draft): Fault[] {
  return [
    ...nameFaults(draft.name),
    ...entryFaults(draft),
    ...serviceFaults(draft),
    ...restFaults(draft),
    ...policyFaults(draft),
  ];
}

function nameFaults(name: string): Fault[] {
  const path = "name";
  if (name === "") return [{ path, code: "nameEmpty" }];
  if (!/^[A-Za-z0-9_-]+$/u.test(name)) return [{ path, code: "nameCharacters" }];
  return name.length > 64 ? [{ path, code: "nameLong" }] : [];
}

function entryFaults(draft: Draft): Fault[] {
  const faults: Fault[] = [];
  if (draft.protocols.length === 0) faults.push({ path: "protocols", code: "protocolsEmpty" });
  if (draft.domains.length === 0) faults.push({ path: "domains", code: "domainsEmpty" });
  const wrong = basePathFault(draft.basePath);
  if (wrong !== undefined) faults.push({ path: "basePath", code: `path-${wrong}` });
  return faults;
}

function targetFaults(target: TargetDraft, path: string): Fault[] {
  if (target.service === "") return [{ path: `${path}.service`, code: "serviceEmpty" }];
  return target.model.length > 256 ? [{ path: `${path}.model`, code: "modelLong" }] : [];
}

function serviceFaults(draft: Draft): Fault[] {
  if (draft.mode === "intelligent") return routingFaults(draft.routing);
  const faults = targetsOfDraft(draft).flatMap(({ target, path }) => targetFaults(target, path));
  if (draft.mode === "by-model-name") {
    if (draft.rules.length === 0 && !draft.defaultOn)
      faults.push({ path: "modelService.rules", code: "rulesEmpty" });
    draft.rules.forEach(({ pattern }, index) => {
      if (pattern === "") faults.push({ path: `modelService.rules[${index}].pattern`, code: "patternEmpty" });
    });
  }
  if (draft.mode === "by-weight") {
    if (draft.weighted.length === 0) faults.push({ path: "modelService.targets", code: "targetsEmpty" });
    else if (draft.weighted.every(({ weight }) => weight === 0))
      faults.push({ path: "modelService.targets", code: "weightsZero" });
  }
  if (draft.mode === "by-metrics" && draft.measured.length === 0)
    faults.push({ path: "modelService.targets", code: "targetsEmpty" });
  return faults;
}

function restFaults(draft: Draft): Fault[] {
  const faults = draft.steps.flatMap((step, index) => {
    const path = `fallback.targets[${index}]`;
    const own = step.firstPacketTimeoutMs ?? 0;
    return [
      ...targetFaults(step, path),
      ...(isTimeout(own) ? [] : [{ path: `${path}.firstPacketTimeoutMs`, code: "timeoutRange" } as const]),
    ];
  });
  if (draft.fallbackOn && draft.steps.length > 0 && draft.triggers.length === 0)
    faults.push({ path: "fallback.on", code: "triggersEmpty" });
  if (!isTimeout(draft.firstPacketTimeoutMs))
    faults.push({ path: "firstPacketTimeoutMs", code: "timeoutRange" });
  if (draft.authOn && draft.keySources.length === 0)
    faults.push({ path: "auth.apiKeySources", code: "sourcesEmpty" });
  return faults;
}

function isTimeout(ms: number): boolean {
  return Number.isInteger(ms) && ms >= 0 && ms <= maxTimeoutMs;
}

/** The admin API's view of the same draft, beside our own: what both say is said once, in our words. */
export function allFaults(draft: Draft, own: readonly Fault[], said: readonly CheckIssue[]): Fault[] {
  const covered = own.map(({ path }) => path);
  const others = said
    .filter(({ path }) => !covered.some((mine) => isWithin(path, mine) || isWithin(mine, path)))
    .map((issue) => faultOf(draft, issue));
  return [...own, ...others];
}

function faultOf(draft: Draft, { path, message, other }: CheckIssue): Fault {
  if (path === "name" && other !== undefined) return { path, code: "nameTaken", other: other.name };
  if (path === "basePath" && other !== undefined) {
    const host = /^domain "([^"]+)"/u.exec(message)?.[1] ?? draft.domains[0] ?? "*";
    return { path: "domains", code: "addressTaken", other: other.name, address: host + draft.basePath };
  }
  return { path, code: "said", message };
}

/** Whether a path names this field or a part of it. */
export function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}

export type Section =
  | "useCase"
  | "general"
  | "entry"
  | "routes"
  | "service"
  | "fallback"
  | "monitoring"
  | "access"
  | "policies"
  | "review";

const sectionFields: Readonly<Record<Section, readonly string[]>> = {
  useCase: ["useCase"],
  general: ["name", "resourceGroup", "description", "tags", "protocols"],
  entry: ["domains", "basePath", "stripBasePath"],
  routes: ["routes"],
  service: ["modelService"],
  fallback: ["fallback", "firstPacketTimeoutMs", "retries"],
  monitoring: ["monitoring"],
  access: ["auth"],
  policies: [
    "ipAccess",
    "transform",
    "prompt",
    "parameters",
    "rateLimits",
    "moderation",
    "cache",
    "cors",
    "translation",
    "images",
  ],
  review: [],
};

/** In the order in which they stand on the page. */
export const sections: readonly Section[] = [
  "useCase",
  "general",
  "entry",
  "service",
  "fallback",
  "routes",
  "monitoring",
  "access",
  "policies",
  "review",
];

/** The section where a fault is mended; the last one for the object as a whole. */
export function sectionOf(path: string): Section {
  return sections.find((name) => sectionFields[name].some((field) => isWithin(path, field))) ?? "review";
}

/** Top-level fields of a section, for telling whether it differs from what was stored. */
export function fieldsOf(section: Section): readonly string[] {
  return sectionFields[section];
}
