// What is assumed of a model of which nobody says how good it is or what it costs: from its price, its name and whether it
// thinks. Modest on purpose: it keeps the sizes of one family apart and says little about models of different families.
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
const sizeWords: Readonly<Record<string, number>> = {
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
  if (outputPrice !== undefined && outputPrice > 0)
    signs.push(middleQuality + pointsPerDecade * Math.log10(outputPrice / middlePrice));
  const billions = billionsOf(name);
  if (billions !== undefined) signs.push(oneBillion + pointsPerBillions * Math.log10(billions));
  const base = signs.length === 0 ? middleQuality : signs.reduce((sum, sign) => sum + sign, 0) / signs.length;
  const thinking = known?.traits?.thinking;
  const thinks = thinking !== undefined && thinking !== "none" ? thinkingPoints : 0;
  return Math.round(Math.min(Math.max(base + sizePoints(name) + thinks, leastQuality), mostQuality));
}

/** USD per million tokens: what models that call themselves as large usually cost. Never 0: nobody knows that it is free. */
export function assumedPrice(name: string): { readonly input: number; readonly output: number } {
  const points = sizePoints(name);
  if (points <= -5) return pricesBySize.small;
  return points >= 4 ? pricesBySize.large : pricesBySize.middle;
}
