// Which row of the shared memory belongs to which name: a row stays with a name as long as the name exists.
import type { SharedCells } from "../lib/shared-cells.ts";
import type { SharedRows } from "../lib/shared-rows.ts";

interface Retired {
  readonly row: number;
  /** The first revision without the name that had this row. */
  readonly revision: number;
}

export class SharedRowNames {
  readonly #cells: SharedCells;
  readonly #learnt: SharedRows;
  /** Whether every worker has left the revisions before this one behind. */
  readonly #everyoneAt: (revision: number) => boolean;
  #rows: ReadonlyMap<string, number> = new Map();
  #retired: Retired[] = [];
  #next = 0;

  constructor(cells: SharedCells, learnt: SharedRows, everyoneAt: (revision: number) => boolean) {
    this.#cells = cells;
    this.#learnt = learnt;
    this.#everyoneAt = everyoneAt;
  }

  /** Gives every name a row; rows of names that are gone wait until nothing counts on them any more. */
  assign(names: Iterable<string>, revision: number): ReadonlyMap<string, number> {
    const wanted = new Set(names);
    for (const [name, row] of this.#rows) {
      if (!wanted.has(name)) this.#retired.push({ row, revision });
    }
    const before = this.#rows;
    this.#rows = new Map([...wanted].map((name) => [name, before.get(name) ?? this.#take()]));
    return this.#rows;
  }

  #take(): number {
    const free = this.#retired.findIndex(
      ({ row, revision }) => this.#everyoneAt(revision) && this.#cells.sum(row) === 0,
    );
    const [reused] = free === -1 ? [] : this.#retired.splice(free, 1);
    if (reused !== undefined) {
      this.#cells.clearRow(reused.row);
      this.#learnt.clearRow(reused.row);
      return reused.row;
    }
    const row = this.#next;
    this.#next += 1;
    this.#cells.grow(this.#next);
    return row;
  }
}
