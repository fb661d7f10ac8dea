// The folder of the log store: its partitions as files, opened at the start, moved aside when damaged, removed when old.
// Knows not what is in them.
import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, statSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { isDamage, openPartition, partitionKey, recordsOf, type Partition } from "./partition.ts";

const sideFiles = ["", "-wal", "-shm"];

export interface PartitionFolderOptions {
  readonly dir: string;
  readonly wallMs: () => number;
  readonly onProblem: (error: Error) => void;
}

export class PartitionFolder {
  readonly #options: PartitionFolderOptions;
  /** Oldest first; never empty once it is open. */
  readonly partitions: Partition[] = [];
  /** Names of files that could not be read and lie aside. */
  readonly damaged: string[] = [];

  constructor(options: PartitionFolderOptions) {
    this.#options = options;
    mkdirSync(options.dir, { recursive: true, mode: 0o700 });
  }

  /** Opens what is there. @throws NewerPartition, the system's error */
  open(): void {
    const names = readdirSync(this.#options.dir).toSorted();
    this.damaged.push(...names.filter((name) => name.includes(".db.damaged-")));
    for (const name of names) {
      const key = partitionKey(name);
      if (key !== undefined) this.#openOne(key);
    }
  }

  #openOne(key: string): void {
    const file = this.#fileOf(key);
    try {
      this.partitions.push(openPartition(file, key, this.#newMeta()));
    } catch (error) {
      if (!isDamage(error)) throw error;
      this.moveAside(file, error);
    }
  }

  #fileOf(key: string): string {
    return join(this.#options.dir, `${key}.db`);
  }

  /** Begins a partition behind all others. */
  begin(key: string): Partition {
    const partition = openPartition(this.#fileOf(key), key, this.#newMeta());
    this.partitions.push(partition);
    return partition;
  }

  #newMeta(): { readonly mark: string; readonly earlier: number } {
    const last = this.partitions.at(-1);
    const earlier = last === undefined ? 0 : last.earlier + recordsOf(last);
    return { mark: randomBytes(4).toString("hex"), earlier };
  }

  /** A damaged file is kept for whoever wants to mend it, and nothing waits for that. */
  moveAside(file: string, cause: unknown): void {
    const name = `${file}.damaged-${this.#options.wallMs()}`;
    for (const side of sideFiles) if (existsSync(file + side)) renameSync(file + side, name + side);
    this.damaged.push(name.slice(this.#options.dir.length + 1));
    this.#options.onProblem(
      new Error(`${file} is damaged (${String(cause)}): it lies aside as ${name}, its records are not shown`),
    );
  }

  /** Takes a partition away; its file goes in the background. */
  async remove(partition: Partition): Promise<void> {
    this.release(partition);
    for (const side of sideFiles) await rm(partition.file + side, { force: true });
  }

  /** Closes a partition and leaves its file. */
  release(partition: Partition): void {
    const index = this.partitions.indexOf(partition);
    if (index !== -1) this.partitions.splice(index, 1);
    partition.isOpen = false;
    partition.db.close();
  }

  /** What the partition takes on disk. */
  bytesOf({ file }: Partition): number {
    return sideFiles.reduce(
      (sum, side) => sum + (statSync(file + side, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  close(): void {
    for (const partition of this.partitions) {
      partition.isOpen = false;
      partition.db.close();
    }
    this.partitions.length = 0;
  }
}
