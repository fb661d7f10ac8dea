// What can be said of a Model API beside its fields: its targets, how it stands, where clients call it. Pure.
import type { ServiceStanding, StatusAnswer } from "../../../../src/control/routes/console-answers.ts";
import type { ModelApi, Service } from "../../api/resources.ts";

export interface TargetFact {
  readonly service: string;
  /** Undefined: the client's model is passed through. */
  readonly model: string | undefined;
}

/** Every target of the model service, in its order. */
export function chosenTargets({ modelService: mode }: Pick<ModelApi, "modelService">): TargetFact[] {
  switch (mode.mode) {
    case "single":
      return [fact(mode.target)];
    case "by-model-name":
      return [...mode.rules.map((rule) => fact(rule.target)), ...optional(mode.default)];
    case "by-weight":
    case "by-metrics":
      return mode.targets.map(fact);
    case "intelligent":
      return [...mode.candidates.map(fact), ...optional(mode.default)];
  }
}

function fact(target: { service: string; model?: string | undefined }): TargetFact {
  return { service: target.service, model: target.model };
}

function optional(target: { service: string; model?: string | undefined } | undefined): TargetFact[] {
  return target === undefined ? [] : [fact(target)];
}

/** The fallback targets that would be tried; none while fallback is off. */
export function fallbackTargets({ fallback }: Pick<ModelApi, "fallback">): TargetFact[] {
  return fallback.enabled ? fallback.targets.map(fact) : [];
}

/** Each service once, in the order in which it is named. */
export function servicesOf(api: Pick<ModelApi, "modelService" | "fallback">): string[] {
  return [...new Set([...chosenTargets(api), ...fallbackTargets(api)].map(({ service }) => service))];
}

export type TargetState = ServiceStanding["standing"] | "unknown";

/** How one target stands now; `unknown` before the status is read. */
export function standingOf(
  target: TargetFact,
  services: readonly ServiceStanding[] | undefined,
): TargetState {
  const service = services?.find(({ name }) => name === target.service);
  if (service === undefined) return "unknown";
  const own = service.targets.find(({ model }) => model === (target.model ?? ""));
  if (own !== undefined) return own.standing;
  // The service's own standing may be that of another of its models; its keys concern every model.
  return service.standing === "ejected" || service.standing === "trial" ? "ready" : service.standing;
}

export type ApiState = "enabled" | "degraded" | "disabled";

/** Degraded: something that it would send to cannot be sent to now. */
export function stateOf(api: ModelApi, services: readonly ServiceStanding[] | undefined): ApiState {
  if (!api.enabled) return "disabled";
  const states = [...chosenTargets(api), ...fallbackTargets(api)].map((target) =>
    standingOf(target, services),
  );
  return states.every((state) => state === "ready" || state === "unknown") ? "enabled" : "degraded";
}

/** Whether everything it answers comes from the built-in simulator. */
export function isSimulated(api: ModelApi, services: readonly Service[] | undefined): boolean {
  if (services === undefined) return false;
  const simulators = new Set(
    services.filter(({ provider }) => provider === "simulator").map(({ name }) => name),
  );
  const named = servicesOf(api);
  return named.length > 0 && named.every((name) => simulators.has(name));
}

/** Domain and base path in one text: `api.harbor.cn/support`, `*` + `/demo`. */
export function entryOf(domain: string, basePath: string): string {
  return `${domain}${basePath}`;
}

/**
 * Where clients reach a Model API, without a trailing slash.
 * @param here host name under which this console was opened, for APIs that answer to any host
 */
export function baseUrlOf(
  domain: string,
  basePath: string,
  gateway: StatusAnswer["gateway"],
  here: string,
): string {
  const host = domain === "*" ? here : domain;
  const usual = gateway.scheme === "http" ? 80 : 443;
  const port = gateway.port === usual ? "" : `:${gateway.port}`;
  return `${gateway.scheme}://${host}${port}${basePath.replace(/\/$/u, "")}`;
}

/** Consumers that it names, each once. */
export function grantedConsumers({ auth }: Pick<ModelApi, "auth">): string[] {
  return [...new Set(auth.grants.flatMap((grant) => ("consumer" in grant ? [grant.consumer] : [])))];
}

/** The object's own fields: what a client may send back. */
export function ownFields(api: ModelApi): Omit<ModelApi, "revision" | "managedBy" | "warnings"> {
  const { revision: _revision, managedBy: _managedBy, warnings: _warnings, ...own } = api;
  return own;
}
