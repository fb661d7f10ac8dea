// Which target a model name leads to, as far as the Model API's settings tell; which names are worth offering.
import type { ModelApi, Service } from "../../api/resources.ts";
import type { ModelService, Target } from "../../../../src/resources/model-service.ts";

export type ModelHint =
  | { readonly kind: "single"; readonly target: Target }
  | { readonly kind: "rule"; readonly pattern: string; readonly target: Target }
  | { readonly kind: "default"; readonly target: Target }
  | { readonly kind: "no-rule" }
  | {
      readonly kind: "weights";
      readonly shares: readonly { readonly service: string; readonly share: number }[];
    }
  | { readonly kind: "metrics"; readonly services: readonly string[] }
  /** The request decides, by the profile that is asked for. */
  | { readonly kind: "intelligent"; readonly profile: Profile; readonly models: readonly string[] }
  | { readonly kind: "named"; readonly services: readonly string[] }
  | { readonly kind: "refused" };

type Intelligent = Extract<ModelService, { mode: "intelligent" }>;
type Profile = Intelligent["profile"];
const askedProfiles: readonly Profile[] = ["quality", "balanced", "cheap", "fast"];

export function modelHint({ modelService }: Pick<ModelApi, "modelService">, model: string): ModelHint {
  switch (modelService.mode) {
    case "single":
      return { kind: "single", target: modelService.target };
    case "by-model-name": {
      const rule = bestRule(modelService.rules, model);
      if (rule !== undefined) return { kind: "rule", ...rule };
      return modelService.default === undefined
        ? { kind: "no-rule" }
        : { kind: "default", target: modelService.default };
    }
    case "by-weight": {
      const sum = modelService.targets.reduce((total, { weight }) => total + weight, 0);
      return {
        kind: "weights",
        shares: modelService.targets.map(({ service, weight }) => ({
          service,
          share: sum === 0 ? 0 : weight / sum,
        })),
      };
    }
    case "by-metrics":
      return { kind: "metrics", services: modelService.targets.map(({ service }) => service) };
    case "intelligent":
      return intelligentHint(modelService, model);
  }
}

function intelligentHint({ candidates, profile, otherNames }: Intelligent, model: string): ModelHint {
  const services = candidates.filter((row) => row.model === model).map(({ service }) => service);
  const asked = askedProfiles.find((each) => model === `auto/${each}`);
  const isAuto = model === "" || model === "auto" || asked !== undefined;
  if (services.length > 0 && !isAuto) return { kind: "named", services: [...new Set(services)] };
  if (!isAuto && (otherNames === "refuse" || model.startsWith("auto/"))) return { kind: "refused" };
  const models = [...new Set(candidates.map((row) => row.model))];
  return { kind: "intelligent", profile: asked ?? profile, models };
}

interface Rule {
  readonly pattern: string;
  readonly target: Target;
}

/** Exact before most literal characters before list order. */
function bestRule(rules: readonly Rule[], model: string): Rule | undefined {
  const literals = (pattern: string): number => pattern.replaceAll(/[?*]/gu, "").length;
  const fitting = rules.filter(({ pattern }) => fits(pattern, model));
  const exact = fitting.find(({ pattern }) => pattern === model);
  return exact ?? fitting.toSorted((one, other) => literals(other.pattern) - literals(one.pattern))[0];
}

/** `?` is one character, `*` any run; the whole name, in linear steps. */
export function fits(pattern: string, name: string): boolean {
  const wanted = Array.from(pattern);
  const given = Array.from(name);
  let at = 0;
  let star = -1;
  let resume = 0;
  let index = 0;
  while (index < given.length) {
    const character = wanted[at];
    if (character === "*") {
      star = at;
      resume = index;
      at += 1;
    } else if (character !== undefined && (character === "?" || character === given[index])) {
      at += 1;
      index += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      index = resume;
    } else return false;
  }
  return wanted.slice(at).every((character) => character === "*");
}

/** Names to offer: those that rules name in full, fixed ones of targets, then what the services list. */
export function offeredModels(api: Pick<ModelApi, "modelService">, services: readonly Service[]): string[] {
  const { modelService } = api;
  const targets = targetsOf(modelService);
  const rules =
    modelService.mode === "by-model-name"
      ? modelService.rules.map(({ pattern }) => pattern).filter((pattern) => !/[?*]/u.test(pattern))
      : [];
  const fixed = targets.flatMap(({ model }) => (model === undefined ? [] : [model]));
  const used = new Set(targets.map(({ service }) => service));
  const listed = services
    .filter(({ name }) => used.has(name))
    .flatMap((service) => [
      ...service.models.map(({ name }) => name),
      ...(service.provider === "simulator" ? ["simulated-small", "simulated-large"] : []),
    ]);
  const asked =
    modelService.mode === "intelligent" ? ["auto", ...askedProfiles.map((profile) => `auto/${profile}`)] : [];
  return [...new Set([...asked, ...rules, ...fixed, ...listed])];
}

/** Tokens that fit into the model's window, where a service says so. */
export function contextWindowOf(services: readonly Service[], model: string): number | undefined {
  for (const service of services) {
    const found = service.models.find(({ name }) => name === model)?.contextWindow;
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every target of a model service. The schema's own function would bring the schema library with it. */
function targetsOf(service: ModelService): readonly Target[] {
  switch (service.mode) {
    case "single":
      return [service.target];
    case "by-model-name":
      return [...service.rules.map(({ target }) => target), ...(service.default ? [service.default] : [])];
    case "by-weight":
    case "by-metrics":
      return service.targets;
    case "intelligent":
      return [...service.candidates, ...(service.default ? [service.default] : [])];
  }
}
