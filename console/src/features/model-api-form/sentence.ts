// What a draft says of the way of its requests, as parts of one sentence. Knows no language and no React.
import { modelsOf, type Profile } from "./intelligent/routing-draft.ts";
import { targetsOfDraft, type Draft, type TargetDraft } from "./draft.ts";

export interface SpokenTarget {
  readonly service: string;
  /** Empty: as requested. */
  readonly model: string;
  /** Share of requests, 0 to 1, where the mode fixes one. */
  readonly share: number | undefined;
  /** Model names that lead here, where the mode asks for them. */
  readonly pattern: string | undefined;
}

export interface Spoken {
  /** Domain and base path, as clients call it. */
  readonly address: string;
  readonly mode: Draft["mode"];
  readonly targets: readonly SpokenTarget[];
  /** Where models go that no rule takes; undefined: they are refused. */
  readonly fallThrough: TargetDraft | undefined;
  /** Of mode intelligent: the models that are chosen from, and what stands in where nothing speaks for one. */
  readonly routing:
    | { readonly models: number; readonly profile: Profile; readonly default: string }
    | undefined;
  readonly fallback: readonly TargetDraft[];
  /** 0: not waited for. */
  readonly firstPacketTimeoutMs: number;
}

/** Exact shares of weights; 0 each while they are all 0. */
export function sharesOf(weights: readonly number[]): readonly number[] {
  const sum = weights.reduce((left, weight) => left + weight, 0);
  return weights.map((weight) => (sum === 0 ? 0 : weight / sum));
}

/** Whole weights that sum to 100 in the same proportions; what rounding leaves goes to the largest remainders. */
export function normalised(weights: readonly number[]): readonly number[] {
  const shares = sharesOf(weights).map((share) => share * 100);
  const floors = shares.map(Math.floor);
  const missing = 100 - floors.reduce((left, part) => left + part, 0);
  if (shares.every((share) => share === 0)) return weights;
  const raised = new Set(
    shares
      .map((share, index) => ({ index, remainder: share - Math.floor(share) }))
      .toSorted((a, b) => b.remainder - a.remainder)
      .slice(0, missing)
      .map(({ index }) => index),
  );
  return floors.map((part, index) => part + (raised.has(index) ? 1 : 0));
}

/** Weights that are as equal as whole numbers may be and sum to 100. */
export function evenSplit(count: number): readonly number[] {
  return normalised(Array.from({ length: count }, () => 1));
}

export function addressOf(draft: Pick<Draft, "domains" | "basePath">): string {
  const [domain = "*"] = draft.domains;
  const path = draft.basePath === "/" ? "" : draft.basePath;
  return domain === "*" ? (path === "" ? "/" : path) : domain + path;
}

export function spokenOf(draft: Draft): Spoken {
  const shares = sharesOf(draft.weighted.map(({ weight }) => weight));
  const listed =
    draft.mode === "by-model-name" ? draft.rules : targetsOfDraft(draft).map(({ target }) => target);
  const targets = listed.map(({ service, model }, index) => ({
    service,
    model,
    share: draft.mode === "by-weight" ? shares[index] : undefined,
    pattern: draft.mode === "by-model-name" ? draft.rules[index]?.pattern : undefined,
  }));
  return {
    address: addressOf(draft),
    mode: draft.mode,
    targets: targets.filter(({ service }) => service !== ""),
    fallThrough: draft.mode === "by-model-name" && draft.defaultOn ? draft.defaultTarget : undefined,
    routing: draft.mode === "intelligent" ? spokenRouting(draft) : undefined,
    fallback: draft.fallbackOn ? draft.steps.filter(({ service }) => service !== "") : [],
    firstPacketTimeoutMs: draft.firstPacketTimeoutMs,
  };
}

function spokenRouting({ routing }: Draft): NonNullable<Spoken["routing"]> {
  return {
    models: modelsOf(routing).length,
    profile: routing.profile,
    default: routing.default?.model ?? "",
  };
}
