// The memory that all data planes of this node share, as the main thread holds it: counters, what is learnt of targets
// and keys, and which row belongs to which name. Lives as long as the process; workers come and go.
import { systemClock } from "../core/clock.ts";
import { LimitKeeper } from "../gateway/limits/limit-keeper.ts";
import { nodeRoom } from "../gateway/limits/limit-memory.ts";
import { SharedLimits } from "../gateway/limits/shared-limits.ts";
import { nodeConversations, SharedConversations } from "../gateway/routing/conversations.ts";
import { rowNames } from "../gateway/targets/row-names.ts";
import type { SharedState } from "../gateway/targets/shared-state.ts";
import { SharedCells } from "../lib/shared-cells.ts";
import { SharedRows } from "../lib/shared-rows.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import { SharedRowNames } from "./shared-row-names.ts";

const firstRows = 256;
const maxRows = 200_000;

export class NodeMemory implements SharedState {
  /** What workers open their own views of. */
  readonly cellsBuffer: SharedArrayBuffer;
  readonly rowsBuffer: SharedArrayBuffer;
  /** The main thread only reads and clears counters, so its own column is never written. */
  readonly cells: SharedCells;
  readonly rows: SharedRows;
  /** What limits and quotas have counted. */
  readonly limits: LimitKeeper;
  /** Which model each conversation had. */
  readonly conversationsBuffer = SharedConversations.allocate(nodeConversations);
  readonly conversations: SharedConversations;
  /** Told of every row that is given to a name, before any worker knows of it. */
  onNewRow: (name: string, row: number) => void = () => undefined;
  readonly #names: SharedRowNames;
  readonly #workers: number;
  #revision = -1;
  #rowByName: ReadonlyMap<string, number> = new Map();

  /** @param everyoneAt whether every worker has left the revisions before this one behind */
  constructor(workers: number, everyoneAt: (revision: number) => boolean) {
    this.#workers = workers;
    this.cellsBuffer = SharedCells.allocate(workers, firstRows, maxRows);
    this.rowsBuffer = SharedRows.allocate(maxRows);
    this.cells = new SharedCells(this.cellsBuffer, workers, 0);
    this.rows = new SharedRows(this.rowsBuffer);
    this.limits = new LimitKeeper({ columns: workers, ...nodeRoom }, () => systemClock.monotonicMs());
    const nowMs = (): number => systemClock.monotonicMs();
    this.conversations = new SharedConversations(this.conversationsBuffer, workers, nowMs);
    this.#names = new SharedRowNames(this.cells, this.rows, everyoneAt);
  }

  /** Looks at what limits and quotas have counted, and takes nothing of it. */
  limitReader(): SharedLimits {
    const nowMs = (): number => systemClock.monotonicMs();
    return new SharedLimits({ buffer: this.limits.buffer, column: this.#workers, nowMs });
  }

  /** One assignment per revision, shared by all workers. */
  rowsFor(snapshot: Snapshot | undefined): ReadonlyMap<string, number> {
    if (snapshot === undefined || snapshot.revision === this.#revision) return this.#rowByName;
    const before = this.#rowByName;
    this.#rowByName = this.#names.assign(rowNames(snapshot), snapshot.revision);
    this.#revision = snapshot.revision;
    for (const [name, row] of this.#rowByName) if (!before.has(name)) this.onNewRow(name, row);
    return this.#rowByName;
  }

  /** Every name that has a row now. */
  get names(): ReadonlyMap<string, number> {
    return this.#rowByName;
  }

  readonly rowOf = (name: string): number => {
    const row = this.#rowByName.get(name);
    if (row === undefined) throw new Error("a name of the snapshot has no row of the shared memory");
    return row;
  };
}
