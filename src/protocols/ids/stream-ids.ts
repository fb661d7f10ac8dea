// The ids that the events of a streamed answer give to a consumer. Must not know stores.
import { isKnownUnstored, readMade } from "./made.ts";
import type { MadeId } from "./made.ts";
import type { RouteIds } from "./route-ids.ts";

/** Reads the ids out of one streamed answer. Make it only for routes with ids; `read` costs little on other events. */
export class StreamIds {
  readonly #ids: RouteIds;
  readonly #told = new Set<string>();
  #isDone: boolean;

  /** @param isStored the request asked for storage, see `asksForStorage` */
  constructor(ids: RouteIds, isStored: boolean) {
    this.#ids = ids;
    this.#isDone = ids.isKeptOnly && !isStored;
  }

  /** @returns ids that no earlier event told */
  read(event: string, data: Buffer): readonly MadeId[] {
    const tree = this.#isDone ? undefined : this.#ids.events.get(event);
    if (tree === undefined) return [];
    const isUnstored = isKnownUnstored(this.#ids, data);
    const made = readMade(
      data,
      tree,
      ({ when }, id) => !(isUnstored && when === "new") && !this.#told.has(id),
    );
    for (const { id } of made) this.#told.add(id);
    // Every chunk of a chat completion repeats the one id that there is.
    if (event === "" && made.length > 0) this.#isDone = true;
    return made;
  }
}
