// What is assumed of a model of which nobody says how good it is or what it costs: from its price, its name and whether it
// thinks. A guess, marked as one: it keeps the sizes of one family apart and says little about different families.
import type { KnownModel } from "../../core/known-model.ts";

/** Points of a model that costs as much as the middle of those that ship with the program. */
const middleQuality = 60;
/** USD per million output tokens there. */
const middlePrice = 2;
/** Points for ten times the price. */
const pointsPerDecade = 12;
/** Points of a model with a billion parameters, and for ten times as many. */
const oneBillion = 38;
const pointsPerBillions = 15;
/** Points of a model that thinks before it answers. */
const thinkingPoints = 4;
const leastQuality = 30;
const mostQuality = 85;

/** Parts of names that tell the sizes of a family apart, in points. */
export const sizeWords: Readonly<Record<string, number>> = {
  nano: -10,
  micro: -9,
  tiny: -9,
  lite: -7,
  mini: -6,
  small: -6,
  flash: -5,
  haiku: -5,
  instant: -5,
  air: -3,
  turbo: -2,
  plus: 2,
  sonnet: 3,
  large: 4,
  pro: 4,
  max: 5,
  opus: 6,
  ultra: 6,
};

/** USD per million tokens: medians of the small, middling and large models that ship with the program. */
const pricesBySize = {
  small: { input: 0.17, output: 0.85 },
  middle: { input: 0.5, output: 1.8 },
  large: { input: 2, output: 12 },
} as const;

/** A name's parts: letters and digits between anything else. */
function partsOf(name: string): readonly string[] {
  return name.toLowerCase().split(/[^a-z0-9.]+/u);
}

/** Points by what the name calls the model; words of one sort do not add up, the strongest of each direction counts. */
function sizePoints(name: string): number {
  const points = partsOf(name).map((part) => (Object.hasOwn(sizeWords, part) ? (sizeWords[part] ?? 0) : 0));
  return Math.min(0, ...points) + Math.max(0, ...points);
}

/** Billions of parameters in a name such as `qwen2-5-72b-instruct`; undefined: it tells none. */
function billionsOf(name: string): number | undefined {
  const sizes = partsOf(name).flatMap((part) => {
    const found = /^(?:(\d{1,3})x)?(\d{1,4}(?:\.\d{1,3})?)b$/u.exec(part);
    return found === null ? [] : [Number(found[1] ?? 1) * Number(found[2])];
  });
  const largest = Math.max(0, ...sizes);
  return largest > 0 ? largest : undefined;
}

/** 30 to 85, a whole number. @param outputPrice USD per million output tokens, where it is known */
export function assumedQuality(
  name: string,
  known: KnownModel | undefined,
  outputPrice: number | undefined,
): number {
  const signs: number[] = [];
  const isPriced = outputPrice !== undefined && outputPrice > 0;
  if (isPriced) signs.push(middleQuality + pointsPerDecade * Math.log10(outputPrice / middlePrice));
  const billions = billionsOf(name);
  if (billions !== undefined) signs.push(oneBillion + pointsPerBillions * Math.log10(billions));
  const base = signs.length === 0 ? middleQuality : signs.reduce((sum, sign) => sum + sign, 0) / signs.length;
  const thinking = known?.traits?.thinking;
  const thinks = thinking !== undefined && thinking !== "none" ? thinkingPoints : 0;
  // A price has told most of the size already.
  const size = isPriced ? sizePoints(name) / 2 : sizePoints(name);
  return Math.round(bounded(base + size + thinks));
}

/**
 * How far models lie apart in a domain, beside how far they do in general: small ones chat and translate nearly as well as
 * large ones, and fall behind where one wrong step spoils the answer.
 */
const spreads: Readonly<Record<string, number>> = {
  chat: 0.4,
  summary: 0.5,
  translation: 0.5,
  writing: 0.7,
  business: 1,
  data: 1.2,
  code: 1.3,
  math: 1.3,
  science: 1.3,
  medicine: 1.3,
};

/** What parts of names say that a model was made for. */
const specialities: Readonly<Record<string, string>> = {
  code: "code",
  coder: "code",
  codex: "code",
  codestral: "code",
  devstral: "code",
  math: "math",
  mt: "translation",
  translate: "translation",
};
const specialityPoints = 6;

/** By built-in domain. @param quality of the model in general */
export function assumedStrengths(name: string, quality: number): Readonly<Record<string, number>> {
  const parts = partsOf(name);
  const made = new Set(
    parts.flatMap((part) => (Object.hasOwn(specialities, part) ? [specialities[part]] : [])),
  );
  return Object.fromEntries(
    Object.entries(spreads).map(([domain, spread]) => {
      const points =
        mostQuality - (mostQuality - quality) * spread + (made.has(domain) ? specialityPoints : 0);
      return [domain, Math.round(bounded(points))];
    }),
  );
}

function bounded(points: number): number {
  return Math.min(Math.max(points, leastQuality), mostQuality);
}

/** USD per million tokens: what models that call themselves as large usually cost. Never 0: nobody knows that it is free. */
export function assumedPrice(name: string): { readonly input: number; readonly output: number } {
  const points = sizePoints(name);
  if (points <= -5) return pricesBySize.small;
  return points >= 4 ? pricesBySize.large : pricesBySize.middle;
}
