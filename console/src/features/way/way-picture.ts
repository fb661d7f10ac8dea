// What the Way shows of a Model API: its settings joined with the counts of its requests. Numbers and names; no pixels.
import type {
  ServiceStandingName,
  StatusAnswer,
  WayAnswer,
  WayStepName,
  WayStop,
} from "../../../../src/control/routes/console-answers.ts";
import type { ModelApi } from "../../api/resources.ts";

export type WayApi = Pick<
  ModelApi,
  | "name"
  | "auth"
  | "rateLimits"
  | "moderation"
  | "modelService"
  | "fallback"
  | "routes"
  | "useCase"
  | "protocols"
>;

export interface PictureGate {
  readonly step: WayStepName;
  /** Whether something is set here; a step that is off lets everything through. */
  readonly on: boolean;
  /** Null without records. */
  readonly passed: number | null;
  readonly medianMs: number | null;
  /** Most first. */
  readonly stops: readonly WayStop[];
}

export interface PictureTarget {
  readonly key: string;
  /** `own`: answered by the gateway; `others`: several that are folded into one. */
  readonly kind: "target" | "own" | "others";
  readonly service: string;
  /** Null: as requested. */
  readonly model: string | null;
  /** How many `others` stand for. */
  readonly folded: number;
  readonly chosen: number | null;
  /** Of all that came past Select, 0 to 1. */
  readonly share: number | null;
  readonly served: number;
  /** Failed or passed over there. */
  readonly failed: number;
  readonly ttftP50Ms: number | null;
  /** Place in the chart colours; -1 for the colour of the rest. */
  readonly colour: number;
  readonly standing: ServiceStandingName | null;
}

export interface PictureFallback {
  readonly key: string;
  readonly service: string;
  readonly model: string | null;
  readonly tried: number | null;
  readonly served: number;
  readonly failed: number;
  readonly standing: ServiceStandingName | null;
}

export interface WayPicture {
  readonly arrived: number | null;
  readonly gates: readonly PictureGate[];
  readonly targets: readonly PictureTarget[];
  readonly fallbacks: readonly PictureFallback[];
  /** Went on to the first fallback. */
  readonly sentOn: number;
  readonly reply: WayAnswer["reply"] | null;
}

/** More targets than these are folded into the last box. */
export const mostTargets = 6;
const mostFallbacks = 5;

interface Named {
  readonly service: string;
  readonly model?: string | undefined;
}

/** Every target that a model service names, each once, in the order of the settings. */
export function namedTargets(service: ModelApi["modelService"]): Named[] {
  const all = (() => {
    switch (service.mode) {
      case "single":
        return [service.target];
      case "by-model-name":
        return [...service.rules.map(({ target }) => target), ...listed(service.default)];
      case "by-weight":
      case "by-metrics":
        return service.targets;
      case "intelligent":
        return [...service.candidates, ...listed(service.default)];
    }
  })();
  return [...new Map(all.map((target) => [keyOf(target), target])).values()];
}

function listed(target: Named | undefined): Named[] {
  return target === undefined ? [] : [target];
}

function keyOf({ service, model }: Named): string {
  return `${service}\n${model ?? ""}`;
}

export function pictureOf(
  api: WayApi,
  way: WayAnswer | undefined,
  status: StatusAnswer | undefined,
): WayPicture {
  const counted = way !== undefined && way.arrived > 0 ? way : undefined;
  return {
    arrived: counted?.arrived ?? null,
    gates: gatesOf(api, counted),
    targets: targetBoxes(api, counted, status),
    fallbacks: fallbackBoxes(api, counted, status),
    sentOn: sum(counted?.fallbacks.filter(({ position }) => position === 1) ?? [], ({ tried }) => tried),
    reply: counted?.reply ?? null,
  };
}

function gatesOf(api: WayApi, way: WayAnswer | undefined): PictureGate[] {
  const on: Readonly<Record<WayStepName, boolean>> = {
    match: true,
    authenticate: api.auth.enabled,
    limit: api.rateLimits.length > 0,
    moderate: api.moderation.enabled,
    select: true,
  };
  const names: readonly WayStepName[] = ["match", "authenticate", "limit", "moderate", "select"];
  return names.map((step) => {
    const counts = way?.steps.find((each) => each.step === step);
    const stops = [...(counts?.stopped ?? [])].toSorted((a, b) => b.count - a.count);
    return {
      step,
      on: on[step],
      passed: counts?.passed ?? null,
      medianMs: counts?.medianMs ?? null,
      stops,
    };
  });
}

function targetBoxes(
  api: WayApi,
  way: WayAnswer | undefined,
  status: StatusAnswer | undefined,
): PictureTarget[] {
  const named = namedTargets(api.modelService);
  const taken = new Set<unknown>();
  const counts = new Map<string, WayAnswer["targets"][number][]>();
  // Exact names first, so that a target "as requested" only gets what no other one of its service claims.
  for (const target of [...named].toSorted(
    (a, b) => Number(a.model === undefined) - Number(b.model === undefined),
  )) {
    const mine = (way?.targets ?? []).filter(
      (each) =>
        !taken.has(each) &&
        each.service === target.service &&
        (target.model === undefined || each.model === target.model),
    );
    mine.forEach((each) => taken.add(each));
    counts.set(keyOf(target), mine);
  }
  const past = way?.steps.find(({ step }) => step === "select")?.passed ?? 0;
  const box = (target: Named, rows: readonly WayAnswer["targets"][number][]): PictureTarget => ({
    key: keyOf(target),
    kind: "target",
    service: target.service,
    model: target.model ?? null,
    folded: 1,
    ...countsOf(rows, way === undefined, past),
    colour: 0,
    standing: standingOf(target, status),
  });
  const set = named.map((target) => box(target, counts.get(keyOf(target)) ?? []));
  // Counted, but no longer in the settings.
  const gone = (way?.targets ?? [])
    .filter((each) => !taken.has(each))
    .map((each) => box({ service: each.service, model: each.model }, [each]));
  const own = way === undefined || way.own === 0 ? [] : [ownBox(way.own, past)];
  return fold([...set, ...gone], mostTargets - own.length).concat(own);
}

function countsOf(rows: readonly WayAnswer["targets"][number][], unknown: boolean, past: number) {
  const chosen = sum(rows, (row) => row.chosen);
  const fastest = rows.length === 1 ? (rows[0]?.ttftP50Ms ?? null) : busiest(rows);
  return {
    chosen: unknown ? null : chosen,
    share: unknown || past === 0 ? null : chosen / past,
    served: sum(rows, (row) => row.served),
    failed: sum(rows, (row) => row.failed + row.passedOver),
    ttftP50Ms: fastest,
  };
}

/** Medians do not add up: of several models the one with the most requests speaks for all. */
function busiest(rows: readonly WayAnswer["targets"][number][]): number | null {
  return rows.toSorted((a, b) => b.chosen - a.chosen)[0]?.ttftP50Ms ?? null;
}

function ownBox(count: number, past: number): PictureTarget {
  return {
    key: "own",
    kind: "own",
    service: "",
    model: null,
    folded: 1,
    chosen: count,
    share: past === 0 ? null : count / past,
    served: count,
    failed: 0,
    ttftP50Ms: null,
    colour: -1,
    standing: null,
  };
}

/** Keeps the busiest in the order of the settings and makes one box of the others. */
function fold(boxes: readonly PictureTarget[], most: number): PictureTarget[] {
  const coloured = boxes.map((box, index) => ({ ...box, colour: index < most ? index : -1 }));
  if (boxes.length <= most) return coloured;
  const kept = new Set(
    coloured
      .map((box, index) => ({ box, index }))
      .toSorted((a, b) => (b.box.chosen ?? 0) - (a.box.chosen ?? 0) || a.index - b.index)
      .slice(0, most - 1)
      .map(({ box }) => box.key),
  );
  const shown = coloured.filter(({ key }) => kept.has(key)).map((box, index) => ({ ...box, colour: index }));
  const rest = coloured.filter(({ key }) => !kept.has(key));
  const known = rest.some(({ chosen }) => chosen !== null);
  const others: PictureTarget = {
    key: "others",
    kind: "others",
    service: "",
    model: null,
    folded: rest.length,
    chosen: known ? sum(rest, ({ chosen }) => chosen ?? 0) : null,
    share: known ? sum(rest, ({ share }) => share ?? 0) : null,
    served: sum(rest, ({ served }) => served),
    failed: sum(rest, ({ failed }) => failed),
    ttftP50Ms: null,
    colour: -1,
    standing: null,
  };
  return [...shown, others];
}

function fallbackBoxes(
  api: WayApi,
  way: WayAnswer | undefined,
  status: StatusAnswer | undefined,
): PictureFallback[] {
  if (!api.fallback.enabled) return [];
  const { targets } = api.fallback;
  return targets.slice(0, mostFallbacks).map((target, index) => {
    const fits = (each: Named): boolean =>
      each.service === target.service && (target.model === undefined || each.model === target.model);
    const again = targets.filter(fits).length > 1;
    const rows = (way?.fallbacks ?? []).filter(
      (each) => fits(each) && (!again || each.position === index + 1),
    );
    return {
      key: `${index}\n${keyOf(target)}`,
      service: target.service,
      model: target.model ?? null,
      tried: way === undefined ? null : sum(rows, ({ tried }) => tried),
      served: sum(rows, ({ served }) => served),
      failed: sum(rows, ({ failed }) => failed),
      standing: standingOf(target, status),
    };
  });
}

function standingOf({ service, model }: Named, status: StatusAnswer | undefined): ServiceStandingName | null {
  const found = status?.services.find(({ name }) => name === service);
  if (found === undefined) return null;
  if (found.targets.length === 0) return found.standing;
  const target = found.targets.find((each) => each.model === (model ?? ""));
  if (target !== undefined) return target.standing;
  // The service's word is that of its worst target: this one is not among them.
  return found.standing === "ejected" || found.standing === "trial" ? "ready" : found.standing;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
