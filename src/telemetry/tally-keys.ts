// Names of what is counted, as small numbers: a count of the same thing has the same number wherever it is kept.

const separator = "\u0000";

export type TallyKey = readonly [kind: string, ...parts: string[]];

/** So many different things are counted; all others of a kind are one. */
const maxKeys = 100_000;
/** Of these there are the most, and they are missed the least: percentiles of single targets. */
const finestKind = "targetTtft";
const maxFinestKeys = 50_000;

export class TallyKeys {
  readonly #numbers = new Map<string, number>();
  readonly #keys: TallyKey[] = [];
  #finest = 0;

  numberOf(key: TallyKey): number {
    const text = key.join(separator);
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const isFinest = key[0] === finestKind;
    const isFull = this.#keys.length >= maxKeys || (isFinest && this.#finest >= maxFinestKeys);
    if (isFull && key.length > 1) return this.numberOf([`${key[0]} others`]);
    if (isFinest) this.#finest += 1;
    const number = this.#keys.length;
    this.#keys.push(key);
    this.#numbers.set(text, number);
    return number;
  }

  keyOf(number: number): TallyKey {
    return this.#keys[number] ?? ["unknown"];
  }
}
