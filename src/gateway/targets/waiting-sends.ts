// The sends of one thread to one target that wait for first data, from the oldest to the newest. They end in any order,
// so each knows its neighbours: adding, taking out and finding the oldest cost the same for any number.

export interface WaitingSend<S> {
  /** Neighbours; only the list changes them. */
  older: S | null;
  newer: S | null;
}

export class WaitingSends<S extends WaitingSend<S>> {
  #oldest: S | null = null;
  #newest: S | null = null;

  get oldest(): S | null {
    return this.#oldest;
  }

  append(send: S): void {
    const last = this.#newest;
    send.older = last;
    if (last === null) this.#oldest = send;
    else last.newer = send;
    this.#newest = send;
  }

  /** @param send one that is in the list */
  remove(send: S): void {
    const { older, newer } = send;
    if (older === null) this.#oldest = newer;
    else older.newer = newer;
    if (newer === null) this.#newest = older;
    else newer.older = older;
    send.older = null;
    send.newer = null;
  }
}
