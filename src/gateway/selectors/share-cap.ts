// Keeps every target's share of requests below a cap. Knows no target but its number.

/** So many requests of its share a target may have saved up. */
const savedRequests = 20;

/**
 * Each request credits every target with the cap and charges the chosen one: over any stretch of n requests a target
 * gets at most cap x n and what it had saved.
 */
export class ShareCap {
  readonly #cap: number;
  readonly #most: number;
  readonly #credits: Float64Array;

  /** @param cap above 0 to 1; 1 = none */
  constructor(cap: number, targets: number) {
    this.#cap = cap;
    this.#most = 1 + savedRequests * cap;
    this.#credits = new Float64Array(targets).fill(this.#most);
  }

  allows(target: number): boolean {
    return this.#cap >= 1 || (this.#credits[target] ?? 0) + this.#cap >= 1;
  }

  chosen(target: number): void {
    if (this.#cap >= 1) return;
    for (let index = 0; index < this.#credits.length; index += 1) {
      const credit = (this.#credits[index] ?? 0) + this.#cap - (index === target ? 1 : 0);
      this.#credits[index] = Math.min(this.#most, Math.max(-this.#most, credit));
    }
  }
}
