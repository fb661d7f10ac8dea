// Keeps the newest snapshot sealed on disk, so that a restart can serve while the store cannot. One write at a time.
import { saveSealedSnapshot } from "../snapshot/sealed-file.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { Sealer } from "../lib/seal.ts";
import type { OperationalLog } from "../telemetry/operational-log.ts";

export interface LastGoodSnapshot {
  /** Writes it soon; of several in a row only the newest. */
  keep(snapshot: Snapshot): void;
  /** Resolves when the newest is on disk. */
  settle(): Promise<void>;
}

export function keepLastGood(file: string, sealer: Sealer, log: OperationalLog): LastGoodSnapshot {
  let next: Snapshot | undefined;
  let running: Promise<void> | undefined;

  const run = async (): Promise<void> => {
    while (next !== undefined) {
      const snapshot = next;
      next = undefined;
      try {
        await saveSealedSnapshot(file, snapshot, sealer);
      } catch (error) {
        log.warn("last-good-snapshot-not-written", {
          message: error instanceof Error ? error.message : String(error),
        });
      }
    }
    running = undefined;
  };

  return {
    keep(snapshot) {
      next = snapshot;
      running ??= run();
    },
    settle: async () => running,
  };
}
