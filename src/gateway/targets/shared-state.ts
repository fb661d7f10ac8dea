// What the data planes of a node count and learn together, as one of them sees it.
import type { SharedCells } from "../../lib/shared-cells.ts";
import type { SharedRows } from "../../lib/shared-rows.ts";

/** Memory that the data planes of a node share. Both kinds of rows have the same numbers. */
export interface SharedState {
  readonly cells: SharedCells;
  readonly rows: SharedRows;
  /** Row of a name of `row-names.ts`. */
  readonly rowOf: (name: string) => number;
}
