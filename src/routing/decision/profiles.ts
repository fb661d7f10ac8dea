// What the profiles mean in numbers, and the model names by which clients ask for them. Knows no model and no prompt.
import { profiles, type Profile } from "../../core/routing-record.ts";

export interface ProfileWeights {
  /** What the dearest model loses against one that is free, as quality from 0 to 1. */
  readonly cost: number;
  /** What 10 s to the first data lose. */
  readonly latency: number;
  /** By how many points a chosen model may be expected to be worse than the default. */
  readonly maxQualityDrop: number;
}

/**
 * The drop bounds what the weights may trade away, and is what a cold start is held to. Cost alone can outweigh as many
 * hundredths of quality as its weight says, when a model is free beside the dearest one: 2, 15 and 50 points. The drop is
 * about two thirds of that, so that the last points are not sold. For `quality` it is all of it, as 2 points are less than
 * figures can be told apart by. `fast` adds the weight of time to the cost of `balanced`, and may lose half as much again.
 */
export const profileWeights: Readonly<Record<Profile, ProfileWeights>> = {
  quality: { cost: 0.02, latency: 0.05, maxQualityDrop: 2 },
  balanced: { cost: 0.15, latency: 0.05, maxQualityDrop: 10 },
  cheap: { cost: 0.5, latency: 0.05, maxQualityDrop: 30 },
  fast: { cost: 0.15, latency: 0.5, maxQualityDrop: 15 },
};

const autoName = "auto";

/** Model names that clients may ask for, besides those of candidates. */
export const autoNames: readonly string[] = [
  autoName,
  ...profiles.map((profile) => `${autoName}/${profile}`),
];

/** The profile that a model name asks for; undefined: it is no such name. @param own what `auto` alone means */
export function askedProfile(modelName: string, own: Profile): Profile | undefined {
  if (modelName === autoName) return own;
  return profiles.find((profile) => modelName === `${autoName}/${profile}`);
}

/** Whether a name asks for a profile that there is not: no model of a vendor, so that it would be a slip to route it. */
export function asksForNoProfile(modelName: string): boolean {
  return modelName.startsWith(`${autoName}/`) && !autoNames.includes(modelName);
}
