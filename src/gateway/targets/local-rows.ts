// The shared memory as one data plane has it: that of its node, or its own where it is alone. Knows no request.
import { SharedCells } from "../../lib/shared-cells.ts";
import { SharedRows } from "../../lib/shared-rows.ts";
import type { Snapshot } from "../../snapshot/snapshot.ts";
import { rowNames } from "./row-names.ts";
import type { SharedState } from "./shared-state.ts";

const maxLocalRows = 20_000;

/** The shared memory as one thread sees it, or memory of its own for a data plane that is alone. */
export class LocalRows implements SharedState {
  readonly cells: SharedCells;
  readonly rows: SharedRows;
  #rows: ReadonlyMap<string, number> = new Map();

  constructor({ cells, rows }: { readonly cells?: SharedCells; readonly rows?: SharedRows }) {
    this.cells = cells ?? new SharedCells(SharedCells.allocate(1, 64, maxLocalRows), 1, 0);
    this.rows = rows ?? new SharedRows(SharedRows.allocate(maxLocalRows));
  }

  readonly rowOf = (name: string): number => {
    const row = this.#rows.get(name);
    if (row === undefined) throw new Error(`no row for ${name.split(" ", 2).join(" ")}`);
    return row;
  };

  use(rows: ReadonlyMap<string, number>): void {
    this.#rows = rows;
  }

  /** For a data plane that is alone: a name keeps its row for good. */
  assign(snapshot: Snapshot): ReadonlyMap<string, number> {
    const rows = new Map(this.#rows);
    for (const name of rowNames(snapshot)) if (!rows.has(name)) rows.set(name, rows.size);
    this.cells.grow(rows.size);
    return rows;
  }
}
