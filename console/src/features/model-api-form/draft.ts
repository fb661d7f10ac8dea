// What the form holds while a Model API is written: plain data that keeps what was typed in every mode. Knows no React.
import { defaultRoutesOf, protocolsOf } from "../../../../src/resources/default-routes.ts";
import { useCases, type UseCase } from "../../../../src/resources/use-case.ts";
import type { ModelApi } from "../../api/resources.ts";
import { newRouting, type RoutingDraft } from "./intelligent/routing-draft.ts";
import { newPolicies, type PolicyDraft } from "./policies/policy-draft.ts";

type ModelService = ModelApi["modelService"];
export type ApiProtocol = ModelApi["protocols"][number];
export type Mode = ModelService["mode"];
export type Goal = Extract<ModelService, { mode: "by-metrics" }>["goal"];
export type Trigger = ModelApi["fallback"]["on"][number];
export type RetryCause = ModelApi["retries"]["on"][number];
export type CustomRoute = ModelApi["routes"]["custom"][number];
export type KeySource = ModelApi["auth"]["apiKeySources"][number];
export type Grant = ModelApi["auth"]["grants"][number];
export type Monitoring = ModelApi["monitoring"];

/** Under a name that does not look like a hook. */
export const caseOrder: readonly UseCase[] = useCases;

/** A row of a list has an identity of its own, as its content may repeat. */
interface Row {
  readonly id: string;
}

export interface TargetDraft {
  readonly service: string;
  /** Empty: what the client asked for is passed through. */
  readonly model: string;
}

export interface RuleDraft extends TargetDraft, Row {
  readonly pattern: string;
}
export interface WeightedDraft extends TargetDraft, Row {
  readonly weight: number;
}
export interface ListedDraft extends TargetDraft, Row {}
export interface StepDraft extends TargetDraft, Row {
  /** Undefined: the API's. */
  readonly firstPacketTimeoutMs: number | undefined;
}
export interface CustomRouteDraft extends Row {
  readonly route: CustomRoute;
}

export interface Draft extends PolicyDraft {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly resourceGroup: string;
  readonly useCase: UseCase;
  readonly protocols: readonly ApiProtocol[];
  readonly domains: readonly string[];
  readonly basePath: string;
  readonly stripBasePath: boolean;
  readonly disabledRoutes: readonly string[];
  readonly enabledRoutes: readonly string[];
  readonly customRoutes: readonly CustomRouteDraft[];
  readonly mode: Mode;
  readonly single: TargetDraft;
  readonly rules: readonly RuleDraft[];
  readonly defaultOn: boolean;
  readonly defaultTarget: TargetDraft;
  readonly weighted: readonly WeightedDraft[];
  readonly goal: Goal;
  readonly measured: readonly ListedDraft[];
  /** Percent of requests that one target may get at most. */
  readonly maxSharePercent: number;
  readonly routing: RoutingDraft;
  readonly fallbackOn: boolean;
  readonly triggers: readonly Trigger[];
  readonly steps: readonly StepDraft[];
  readonly firstPacketTimeoutMs: number;
  readonly retries: ModelApi["retries"];
  readonly monitoring: Monitoring;
  readonly authOn: boolean;
  readonly keySources: readonly KeySource[];
  readonly grants: readonly Grant[];
}

/** As the resource has them; a test compares. */
export const defaultTriggers: readonly Trigger[] = [
  "upstream-5xx",
  "upstream-429",
  "upstream-credentials",
  "network-error",
  "timeout",
  "first-packet-timeout",
  "error-in-200",
  "empty-answer",
];
export const extraTriggers = ["upstream-4xx", "upstream-any-4xx"] as const satisfies readonly Trigger[];

/** The seeds' rule "any 4xx or 5xx". */
export const anyErrorTriggers: readonly Trigger[] = [...defaultTriggers, "upstream-any-4xx"];

export const retryCauses: readonly RetryCause[] = [
  "network-error",
  "upstream-503",
  "upstream-5xx",
  "upstream-429",
  "timeout",
  "first-packet-timeout",
  "error-in-200",
  "empty-answer",
];

export const goals: readonly Goal[] = ["balanced", "lowest-ttft", "lowest-latency", "least-busy"];

export function newId(): string {
  return Math.random().toString(36).slice(2, 10);
}

const noTarget: TargetDraft = { service: "", model: "" };

export function newDraft(useCase: UseCase): Draft {
  return {
    name: "",
    description: "",
    tags: [],
    resourceGroup: "default",
    useCase,
    protocols: protocolsOf(useCase).slice(0, 1),
    domains: ["*"],
    basePath: "/",
    stripBasePath: false,
    disabledRoutes: [],
    enabledRoutes: [],
    customRoutes: [],
    mode: "single",
    single: noTarget,
    rules: [],
    defaultOn: false,
    defaultTarget: noTarget,
    weighted: [],
    goal: "balanced",
    measured: [],
    maxSharePercent: 100,
    routing: newRouting,
    fallbackOn: true,
    triggers: defaultTriggers,
    steps: [],
    firstPacketTimeoutMs: 0,
    retries: { max: 1, on: ["network-error", "upstream-503"], budgetPercent: 20 },
    monitoring: {
      metrics: true,
      logs: true,
      traces: true,
      recordRequestContent: false,
      recordResponseContent: false,
      recordMaxBytes: 65_536,
      redact: { secrets: true, personalData: false, patterns: [] },
      traceSampleRatio: 1,
      exposeHeaders: true,
    },
    authOn: false,
    keySources: [{ in: "bearer" }, { in: "header", name: "x-api-key" }, { in: "query", name: "key" }],
    grants: [],
    ...newPolicies,
  };
}

/** Another use case has other protocols and routes; everything else stays as typed. */
export function withUseCase(draft: Draft, useCase: UseCase): Draft {
  if (useCase === draft.useCase) return draft;
  // A protocol without default routes would leave clients with nothing to call.
  const allowed = protocolsOf(useCase).filter((protocol) =>
    defaultRoutesOf(useCase, [protocol]).some(({ beyondSeeds }) => !beyondSeeds),
  );
  const kept = draft.protocols.filter((protocol) => allowed.includes(protocol));
  return {
    ...draft,
    useCase,
    protocols: kept.length > 0 ? kept : allowed.slice(0, 1),
    disabledRoutes: [],
    enabledRoutes: [],
  };
}

/** Every target that the mode of the moment sends to, with its path in the resource. */
export function targetsOfDraft(draft: Draft): { readonly target: TargetDraft; readonly path: string }[] {
  switch (draft.mode) {
    case "single":
      return [{ target: draft.single, path: "modelService.target" }];
    case "by-model-name":
      return [
        ...draft.rules.map((target, index) => ({ target, path: `modelService.rules[${index}].target` })),
        ...(draft.defaultOn ? [{ target: draft.defaultTarget, path: "modelService.default" }] : []),
      ];
    case "by-weight":
      return draft.weighted.map((target, index) => ({ target, path: `modelService.targets[${index}]` }));
    case "by-metrics":
      return draft.measured.map((target, index) => ({ target, path: `modelService.targets[${index}]` }));
    case "intelligent":
      return draft.routing.candidates.map((target, index) => ({
        target,
        path: `modelService.candidates[${index}]`,
      }));
  }
}

/** Moves a row of a list; the list itself when the move leads out of it. */
export function moved<Item>(items: readonly Item[], from: number, to: number): readonly Item[] {
  const item = items[from];
  if (item === undefined || to < 0 || to >= items.length || from === to) return items;
  const others = items.toSpliced(from, 1);
  return others.toSpliced(to, 0, item);
}
