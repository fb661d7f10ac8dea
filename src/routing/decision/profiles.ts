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
 * The drop bounds what the weights trade away. `quality` may take what is as good within the noise of declared figures,
 * `balanced` a neighbouring tier, `cheap` the one below that, and `fast` what lies between: speed is felt with every
 * answer, so it may cost more quality than `balanced` gives, but it is not asked for to save money.
 */
export const profileWeights: Readonly<Record<Profile, ProfileWeights>> = {
  quality: { cost: 0.02, latency: 0.05, maxQualityDrop: 2 },
  balanced: { cost: 0.15, latency: 0.05, maxQualityDrop: 6 },
  cheap: { cost: 0.5, latency: 0.05, maxQualityDrop: 20 },
  fast: { cost: 0.15, latency: 0.5, maxQualityDrop: 10 },
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
