// Random numbers that can be had again: a stream per seed, and draws that depend only on what they are for.
// It must not know what is simulated.
import { seededRandom } from "../../src/lib/seeded-random.ts";

const twoTo32 = 2 ** 32;

/** Mixes a number into a hash of 32 bits: the finaliser of MurmurHash3 (Appleby). */
function mix(hash: number, value: number): number {
  let mixed = Math.imul(hash ^ value, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** A number in (0, 1) that depends on the keys alone, so that every policy meets the same luck. */
export function draw(...keys: readonly number[]): number {
  let hash = 0x2545f491;
  for (const key of keys) hash = mix(hash, key);
  return ((hash >>> 0) + 0.5) / twoTo32;
}

/** A standard normal number of two such draws (Box and Muller). */
export function normalDraw(...keys: readonly number[]): number {
  return normal(draw(...keys, 1), draw(...keys, 2));
}

function normal(first: number, second: number): number {
  return Math.sqrt(-2 * Math.log(first)) * Math.cos(2 * Math.PI * second);
}

/** Uniform in [0, 1). */
export type Random = () => number;

/** A stream of numbers. */
export function randomStream(...keys: readonly number[]): Random {
  return seededRandom(Math.floor(draw(...keys) * twoTo32));
}

export function randomNormal(random: Random): number {
  return normal(1 - random(), random());
}

/** Gamma with scale 1; shape >= 1 (Marsaglia and Tsang, 2000), smaller shapes by their boost. */
export function randomGamma(random: Random, shape: number): number {
  if (shape < 1) return randomGamma(random, shape + 1) * (1 - random()) ** (1 / shape);
  const scaled = shape - 1 / 3;
  for (;;) {
    const z = randomNormal(random);
    const cube = (1 + z / Math.sqrt(9 * scaled)) ** 3;
    if (cube > 0 && Math.log(1 - random()) < z * z * 0.5 + scaled - scaled * cube + scaled * Math.log(cube)) {
      return scaled * cube;
    }
  }
}

export function randomBeta(random: Random, a: number, b: number): number {
  const first = randomGamma(random, a);
  return first / (first + randomGamma(random, b));
}
