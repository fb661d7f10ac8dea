// What each candidate is like: what its author says, else what its service or the model data say, else what is assumed; and
// which candidates are one model at several services. Knows no request.
import { modalities, type KnownModel, type Modality } from "../../core/known-model.ts";
import type { Price } from "../../core/price.ts";
import type { Language } from "../../core/routing-record.ts";
import type { DeclaredCharacteristics, RoutingCandidate, RoutingPolicy } from "../policy.ts";
import { assumedPrice, assumedQuality, assumedStrengths } from "./assumed-characteristics.ts";

export interface Characteristics {
  /** 0 to 100. */
  readonly quality: number;
  /** The same by domain, where it differs. */
  readonly strengths: Readonly<Record<string, number>>;
  readonly contextWindow: number;
  readonly maxOutputTokens: number;
  readonly input: readonly Modality[];
  readonly output: readonly Modality[];
  readonly tools: boolean;
  readonly jsonSchema: boolean;
  readonly languages: readonly Language[];
  /** USD per million tokens. */
  readonly price: { readonly input: number; readonly output: number };
}

/** Who says so: the candidate's author, the service's own prices, the model data, nobody. */
export type CharacteristicOrigin = "declared" | "service" | "known" | "assumed";

export interface ResolvedCharacteristics extends Characteristics {
  readonly origins: Readonly<Record<keyof Characteristics, CharacteristicOrigin>>;
}

/** Tokens that a model is taken to bear of which nobody says it. */
const assumedWindow = 128_000;
const allLanguages: readonly Language[] = ["en", "zh"];

export interface KnownOfCandidate {
  readonly known: KnownModel | undefined;
  /** What its service says that it costs; undefined: it says nothing. */
  readonly price: Price | undefined;
}

interface Found<Value> {
  readonly value: Value;
  readonly origin: CharacteristicOrigin;
}

export function resolveCharacteristics(
  model: string,
  declared: DeclaredCharacteristics,
  { known, price: servicePrice }: KnownOfCandidate,
): ResolvedCharacteristics {
  const traits = known?.traits;
  const price = priceOf(model, declared, { known, price: servicePrice });
  const knownPrice = price.origin === "assumed" ? undefined : price.value.output;
  const quality = firstOf(declared.quality, undefined, assumedQuality(model, known, knownPrice));
  const found = {
    quality,
    strengths: strengthsOf(model, declared.strengths, quality),
    contextWindow: firstOf(
      declared.contextWindow,
      known?.contextWindow ?? traits?.contextWindow,
      assumedWindow,
    ),
    maxOutputTokens: firstOf(
      declared.maxOutputTokens,
      known?.maxOutputTokens ?? traits?.maxOutputTokens,
      declared.contextWindow ?? known?.contextWindow ?? traits?.contextWindow ?? assumedWindow,
    ),
    input: firstOf<readonly Modality[]>(declared.input, known?.modalities?.input, ["text"]),
    output: firstOf<readonly Modality[]>(declared.output, known?.modalities?.output, ["text"]),
    tools: firstOf(declared.tools, traits === undefined ? undefined : traits.tools !== false, true),
    jsonSchema: firstOf(
      declared.jsonSchema,
      traits === undefined ? undefined : traits.jsonSchema !== false,
      true,
    ),
    languages: firstOf(declared.languages, undefined, allLanguages),
    price,
  } satisfies { [Field in keyof Characteristics]: Found<Characteristics[Field]> };
  return withOrigins(found);
}

function withOrigins(found: {
  readonly [Field in keyof Characteristics]: Found<Characteristics[Field]>;
}): ResolvedCharacteristics {
  return {
    quality: found.quality.value,
    strengths: found.strengths.value,
    contextWindow: found.contextWindow.value,
    maxOutputTokens: found.maxOutputTokens.value,
    input: found.input.value,
    output: found.output.value,
    tools: found.tools.value,
    jsonSchema: found.jsonSchema.value,
    languages: found.languages.value,
    price: found.price.value,
    origins: {
      quality: found.quality.origin,
      strengths: found.strengths.origin,
      contextWindow: found.contextWindow.origin,
      maxOutputTokens: found.maxOutputTokens.origin,
      input: found.input.origin,
      output: found.output.origin,
      tools: found.tools.origin,
      jsonSchema: found.jsonSchema.origin,
      languages: found.languages.origin,
      price: found.price.origin,
    },
  };
}

function withoutAssumptions(resolved: ResolvedCharacteristics): Characteristics {
  const { origins } = resolved;
  const unbounded = Number.MAX_SAFE_INTEGER;
  return {
    ...resolved,
    ...(origins.contextWindow === "assumed" && { contextWindow: unbounded }),
    ...(origins.maxOutputTokens === "assumed" && { maxOutputTokens: unbounded }),
    ...(origins.input === "assumed" && { input: modalities }),
    ...(origins.output === "assumed" && { output: modalities }),
  };
}

function firstOf<Value>(declared: Value | undefined, known: Value | undefined, assumed: Value): Found<Value> {
  if (declared !== undefined) return { value: declared, origin: "declared" };
  if (known !== undefined) return { value: known, origin: "known" };
  return { value: assumed, origin: "assumed" };
}

/** Whoever says how good a model is in general says it for every domain that he does not name. */
function strengthsOf(
  model: string,
  declared: Characteristics["strengths"],
  quality: Found<number>,
): Found<Characteristics["strengths"]> {
  if (quality.origin === "declared") return { value: declared, origin: "declared" };
  const value = { ...assumedStrengths(model, quality.value), ...declared };
  return { value, origin: Object.keys(declared).length === 0 ? "assumed" : "declared" };
}

function priceOf(
  model: string,
  declared: DeclaredCharacteristics,
  { known, price }: KnownOfCandidate,
): Found<Characteristics["price"]> {
  if (declared.price !== undefined) return { value: declared.price, origin: "declared" };
  if (price !== undefined) return { value: { input: price.input, output: price.output }, origin: "service" };
  const { input, output } = known?.price ?? {};
  if (input !== undefined || output !== undefined)
    return { value: { input: input ?? 0, output: output ?? 0 }, origin: "known" };
  return { value: assumedPrice(model), origin: "assumed" };
}

/** One candidate: a model at a service. */
export interface RoutingRow {
  /** Its place in the policy's candidates. */
  readonly index: number;
  readonly service: string;
  readonly characteristics: Characteristics;
  /** The same without what is only assumed to be beyond it: what nobody says of a model is not held against it for ever. */
  readonly unassumed: Characteristics;
}

/** One model at one or several services. */
export interface RoutingModel {
  readonly model: string;
  readonly rows: readonly RoutingRow[];
  /** What it is like wherever it is sent: the narrowest of its rows. */
  readonly characteristics: Characteristics;
}

/** By name, so that the order of candidates tells nothing. */
export function modelsOf(
  policy: Pick<RoutingPolicy, "candidates">,
  knownOf: (candidate: RoutingCandidate) => KnownOfCandidate,
): readonly RoutingModel[] {
  const rows = new Map<string, [RoutingRow, ...RoutingRow[]]>();
  for (const [index, candidate] of policy.candidates.entries()) {
    const { model, service, declared } = candidate;
    const characteristics = resolveCharacteristics(model, declared, knownOf(candidate));
    const row = { index, service, characteristics, unassumed: withoutAssumptions(characteristics) };
    const others = rows.get(model);
    if (others === undefined) rows.set(model, [row]);
    else others.push(row);
  }
  return [...rows]
    .map(([model, [first, ...others]]) => ({
      model,
      rows: [first, ...others],
      characteristics: others.reduce(
        (narrowest, row) => narrower(narrowest, row.characteristics),
        first.characteristics,
      ),
    }))
    .toSorted((left, right) => (left.model < right.model ? -1 : 1));
}

function narrower(left: Characteristics, right: Characteristics): Characteristics {
  return {
    quality: Math.min(left.quality, right.quality),
    strengths: weakest(left, right),
    contextWindow: Math.min(left.contextWindow, right.contextWindow),
    maxOutputTokens: Math.min(left.maxOutputTokens, right.maxOutputTokens),
    input: left.input.filter((modality) => right.input.includes(modality)),
    output: left.output.filter((modality) => right.output.includes(modality)),
    tools: left.tools && right.tools,
    jsonSchema: left.jsonSchema && right.jsonSchema,
    languages: left.languages.filter((language) => right.languages.includes(language)),
    price: {
      input: Math.max(left.price.input, right.price.input),
      output: Math.max(left.price.output, right.price.output),
    },
  };
}

function weakest(left: Characteristics, right: Characteristics): Readonly<Record<string, number>> {
  const domains = new Set([...Object.keys(left.strengths), ...Object.keys(right.strengths)]);
  return Object.fromEntries(
    [...domains].map((domain) => [domain, Math.min(strengthIn(left, domain), strengthIn(right, domain))]),
  );
}

/** 0 to 100. */
export function strengthIn({ quality, strengths }: Characteristics, domain: string): number {
  return Object.hasOwn(strengths, domain) ? (strengths[domain] ?? quality) : quality;
}

/** The model of the policy's default, else the one of the best quality. */
export function defaultModelOf(
  policy: Pick<RoutingPolicy, "default">,
  models: readonly RoutingModel[],
): string {
  if (policy.default !== undefined) return policy.default.model;
  const best = models.reduce<RoutingModel | undefined>(
    (most, model) =>
      most === undefined || model.characteristics.quality > most.characteristics.quality ? model : most,
    undefined,
  );
  return best?.model ?? "";
}
