// Counts by time and Model API: one cell for each of both that something happened in. Cells that are at rest are packed,
// and the oldest go when there are too many. Knows not what is counted.

/** A number of `TallyKeys`, and how often. */
type OpenCell = Map<number, number>;
/** Key, count, key, count. */
type PackedCell = Float64Array;

interface Slot {
  readonly cells: Map<string, OpenCell | PackedCell>;
  /** Cells that are open, to be packed when they are at rest. */
  readonly open: Set<string>;
}

export interface CellsOptions {
  readonly stepMs: number;
  /** Slots that begin earlier than this before now go. */
  readonly keepMs: number;
  /** Counts in all cells together; 16 bytes each once packed. */
  readonly maxEntries: number;
}

export class TallyCells {
  readonly stepMs: number;
  readonly #keepMs: number;
  readonly #maxEntries: number;
  /** By the start of the slot. */
  readonly #slots = new Map<number, Slot>();
  #entries = 0;
  /** What begins earlier has been dropped for want of room. */
  droppedBeforeMs = 0;

  constructor({ stepMs, keepMs, maxEntries }: CellsOptions) {
    this.stepMs = stepMs;
    this.#keepMs = keepMs;
    this.#maxEntries = maxEntries;
  }

  get entries(): number {
    return this.#entries;
  }

  /** Gives the function that adds to the cell of a moment and a Model API. */
  at(timeMs: number, api: string): (key: number, amount: number) => void {
    const startMs = Math.floor(timeMs / this.stepMs) * this.stepMs;
    if (startMs < this.droppedBeforeMs) return () => undefined;
    const cell = this.#openCell(startMs, api);
    return (key, amount) => {
      const before = cell.get(key);
      if (before === undefined) this.#entries += 1;
      cell.set(key, (before ?? 0) + amount);
    };
  }

  #openCell(startMs: number, api: string): OpenCell {
    let slot = this.#slots.get(startMs);
    if (slot === undefined) this.#slots.set(startMs, (slot = { cells: new Map(), open: new Set() }));
    const known = slot.cells.get(api);
    if (known instanceof Map) return known;
    const cell = known === undefined ? new Map<number, number>() : unpack(known);
    slot.cells.set(api, cell);
    slot.open.add(api);
    return cell;
  }

  /** Calls `visit` for every count of the slots that begin within the span. @param api undefined = of all */
  read(
    span: { readonly fromMs: number; readonly toMs: number },
    api: string | undefined,
    visit: (key: number, amount: number, startMs: number, api: string) => void,
  ): void {
    for (const [startMs, { cells }] of this.#slots) {
      if (startMs < span.fromMs || startMs >= span.toMs) continue;
      if (api === undefined) for (const [name, cell] of cells) visitCell(cell, startMs, name, visit);
      else visitCell(cells.get(api), startMs, api, visit);
    }
  }

  /** Drops what is too old or too much, and packs what is at rest. To be called now and then. */
  tidy(nowMs: number): void {
    for (const startMs of [...this.#slots.keys()].toSorted((left, right) => left - right)) {
      const tooOld = startMs < nowMs - this.#keepMs;
      if (!tooOld && this.#entries <= this.#maxEntries) break;
      if (!tooOld) this.droppedBeforeMs = startMs + this.stepMs;
      this.#drop(startMs);
    }
    for (const [startMs, slot] of this.#slots) if (startMs + this.stepMs <= nowMs) packAll(slot);
  }

  #drop(startMs: number): void {
    const slot = this.#slots.get(startMs);
    if (slot === undefined) return;
    for (const cell of slot.cells.values())
      this.#entries -= cell instanceof Map ? cell.size : cell.length / 2;
    this.#slots.delete(startMs);
  }
}

function visitCell(
  cell: OpenCell | PackedCell | undefined,
  startMs: number,
  api: string,
  visit: (key: number, amount: number, startMs: number, api: string) => void,
): void {
  if (cell === undefined) return;
  if (cell instanceof Map) {
    for (const [key, amount] of cell) visit(key, amount, startMs, api);
    return;
  }
  for (let index = 0; index < cell.length; index += 2) {
    visit(cell[index] ?? 0, cell[index + 1] ?? 0, startMs, api);
  }
}

function packAll({ cells, open }: Slot): void {
  for (const api of open) {
    const cell = cells.get(api);
    if (cell instanceof Map) cells.set(api, Float64Array.from([...cell].flat()));
  }
  open.clear();
}

function unpack(packed: PackedCell): OpenCell {
  const cell: OpenCell = new Map();
  for (let index = 0; index < packed.length; index += 2) {
    cell.set(packed[index] ?? 0, packed[index + 1] ?? 0);
  }
  return cell;
}
