// From a Model API to the form's draft and back. Fields that the form does not show are sent back as they came.
import type { ModelApi } from "../../api/resources.ts";
import { newDraft, newId, type Draft, type TargetDraft } from "./draft.ts";
import { plainRouting, routingBody, routingOf } from "./intelligent/routing-draft.ts";
import { policiesOf, policyBody } from "./policies/policy-draft.ts";

/** A Model API as it is written: without what only the gateway says of it. */
export type Body = Readonly<Record<string, unknown>>;

const saidByGateway: ReadonlySet<string> = new Set([
  "revision",
  "managedBy",
  "warnings",
  "createdAt",
  "updatedAt",
]);

/** What may be sent back of a shown object. */
export function writable(api: object): Body {
  return Object.fromEntries(Object.entries(api).filter(([field]) => !saidByGateway.has(field)));
}

interface Target {
  readonly service: string;
  readonly model?: string | undefined;
}

function readTarget({ service, model }: Target): TargetDraft {
  return { service, model: model ?? "" };
}

/** The draft of a stored Model API. What it does not say of other modes starts empty. */
export function draftOf(api: ModelApi): Draft {
  const { modelService: service, routes, fallback, auth } = api;
  const base = newDraft(api.useCase);
  return {
    ...base,
    name: api.name,
    description: api.description,
    tags: api.tags,
    resourceGroup: api.resourceGroup,
    protocols: api.protocols,
    domains: api.domains,
    basePath: api.basePath,
    stripBasePath: api.stripBasePath,
    disabledRoutes: routes.disabled,
    enabledRoutes: routes.enabled,
    customRoutes: routes.custom.map((route) => ({ id: newId(), route })),
    ...modeOf(service),
    mode: service.mode,
    fallbackOn: fallback.enabled,
    triggers: fallback.on,
    steps: fallback.targets.map((step) => ({
      id: newId(),
      ...readTarget(step),
      firstPacketTimeoutMs: step.firstPacketTimeoutMs,
    })),
    firstPacketTimeoutMs: api.firstPacketTimeoutMs,
    retries: api.retries,
    monitoring: api.monitoring,
    authOn: auth.enabled,
    keySources: auth.apiKeySources,
    grants: auth.grants,
    ...policiesOf(api, newId),
  };
}

function modeOf(service: ModelApi["modelService"]): Partial<Draft> {
  switch (service.mode) {
    case "single":
      return { single: readTarget(service.target) };
    case "by-model-name":
      return {
        rules: service.rules.map(({ pattern, target }) => ({ id: newId(), pattern, ...readTarget(target) })),
        defaultOn: service.default !== undefined,
        ...(service.default === undefined ? {} : { defaultTarget: readTarget(service.default) }),
      };
    case "by-weight":
      return {
        weighted: service.targets.map((target) => ({
          id: newId(),
          ...readTarget(target),
          weight: target.weight,
        })),
      };
    case "by-metrics":
      return {
        goal: service.goal,
        measured: service.targets.map((target) => ({ id: newId(), ...readTarget(target) })),
        maxSharePercent: Math.round(service.maxShare * 100),
      };
    case "intelligent":
      return { routing: routingOf(service, newId) };
  }
}

/** A clone: a name that none has, and a base path of its own, as the address of the original is taken. */
export function cloneOf(api: ModelApi, names: readonly string[]): Draft {
  const draft = draftOf(api);
  return { ...draft, name: freeName(api.name, names), basePath: copyPath(api.basePath) };
}

/** `NAME-copy`, or `NAME-copy-2` and so on when that is taken; never longer than a name may be. */
export function freeName(name: string, names: readonly string[]): string {
  for (let count = 1; ; count += 1) {
    const suffix = count === 1 ? "-copy" : `-copy-${count}`;
    const suggestion = name.slice(0, 64 - suffix.length) + suffix;
    if (!names.includes(suggestion)) return suggestion;
  }
}

function copyPath(path: string): string {
  return path === "/" ? "/copy" : `${path}-copy`;
}

/**
 * What is sent for a draft.
 * @param stored the object as it was read, for an edit
 */
export function bodyOf(draft: Draft, stored: Body = {}): Body {
  const nested = (field: string): object => {
    const value = stored[field];
    return typeof value === "object" && value !== null ? value : {};
  };
  return {
    ...stored,
    name: draft.name,
    ...("description" in stored || draft.description !== "" ? { description: draft.description } : {}),
    tags: draft.tags,
    resourceGroup: draft.resourceGroup,
    useCase: draft.useCase,
    protocols: draft.protocols,
    domains: draft.domains,
    basePath: draft.basePath,
    stripBasePath: draft.stripBasePath,
    routes: {
      ...nested("routes"),
      disabled: draft.disabledRoutes,
      enabled: draft.enabledRoutes,
      custom: draft.customRoutes.map(({ route }) => route),
    },
    modelService: modelServiceOf(draft),
    fallback: {
      ...nested("fallback"),
      enabled: draft.fallbackOn,
      on: draft.triggers,
      targets: draft.steps.map(({ firstPacketTimeoutMs, ...target }) => ({
        ...targetOf(target),
        ...(firstPacketTimeoutMs === undefined ? {} : { firstPacketTimeoutMs }),
      })),
    },
    firstPacketTimeoutMs: draft.firstPacketTimeoutMs,
    retries: draft.retries,
    monitoring: draft.monitoring,
    auth: {
      ...nested("auth"),
      enabled: draft.authOn,
      methods: draft.authMethods,
      apiKeySources: draft.keySources,
      grants: draft.grants,
    },
    ...policyBody(draft, stored),
  };
}

function targetOf({ service, model }: TargetDraft): Target {
  return { service, ...(model === "" ? {} : { model }) };
}

function modelServiceOf(draft: Draft): unknown {
  switch (draft.mode) {
    case "single":
      return { mode: "single", target: targetOf(draft.single) };
    case "by-model-name":
      return {
        mode: "by-model-name",
        rules: draft.rules.map(({ pattern, ...target }) => ({ pattern, target: targetOf(target) })),
        ...(draft.defaultOn ? { default: targetOf(draft.defaultTarget) } : {}),
      };
    case "by-weight":
      return {
        mode: "by-weight",
        targets: draft.weighted.map(({ weight, ...target }) => ({ ...targetOf(target), weight })),
      };
    case "by-metrics":
      return {
        mode: "by-metrics",
        goal: draft.goal,
        targets: draft.measured.map(targetOf),
        maxShare: draft.maxSharePercent / 100,
      };
    case "intelligent":
      return routingBody(draft.routing);
  }
}

const alwaysSaid: ReadonlySet<string> = new Set([
  "name",
  "useCase",
  "protocols",
  "domains",
  "basePath",
  "modelService",
]);

/** The same body without what is as it would be anyway. */
export function withoutDefaults(body: Body, draft: Draft): Body {
  const plain = bodyOf(newDraft(draft.useCase));
  return Object.fromEntries(
    Object.entries(body).flatMap(([field, value]) => {
      if (field === "modelService" && draft.mode === "intelligent" && isObject(value))
        return [[field, plainRouting({ ...value })]];
      if (alwaysSaid.has(field)) return [[field, value]];
      if (sameJson(value, plain[field])) return [];
      return [[field, isObject(value) ? changedParts(value, plain[field]) : value]];
    }),
  );
}

function changedParts(value: object, plain: unknown): object {
  const known = isObject(plain) ? Object.entries(plain) : [];
  const defaults = new Map<string, unknown>(known);
  return Object.fromEntries(
    Object.entries(value).filter(([field, part]) => !sameJson(part, defaults.get(field))),
  );
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether two values are the same; the order of an object's fields does not count. */
export function sameJson(left: unknown, right: unknown): boolean {
  return JSON.stringify(left, inOrder) === JSON.stringify(right, inOrder);
}

function inOrder(_name: string, value: unknown): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
