// The exchanges in flight. An array with swap-removal: a Set's table outlives its entries in the old generation and
// keeps dead exchanges alive until a full collection.
import type { Exchange } from "./exchange.ts";

export class Running {
  readonly #exchanges: Exchange[] = [];

  get size(): number {
    return this.#exchanges.length;
  }

  add(exchange: Exchange): void {
    exchange.place = this.#exchanges.length;
    this.#exchanges.push(exchange);
  }

  remove(exchange: Exchange): void {
    const last = this.#exchanges.pop();
    if (last === undefined || last === exchange) return;
    last.place = exchange.place;
    this.#exchanges[exchange.place] = last;
  }

  /** A copy: what is done with them may end them. */
  all(): Exchange[] {
    return [...this.#exchanges];
  }
}
