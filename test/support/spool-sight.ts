// Which exchanges stand in the spool of a gateway, by their traces: a line that is there outlives a sudden death. Reads only
// what came since the last look. Knows of lines no more than that they hold their trace.
import { closeSync, fstatSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";

const trace = /"([0-9a-f]{32})"/g;

export class SpoolSight {
  readonly #folder: string;
  /** Bytes of each segment that have been read, up to the end of a line. */
  readonly #read = new Map<string, number>();
  readonly #seen = new Set<string>();

  /** @param dataDir of the gateway */
  constructor(dataDir: string) {
    this.#folder = join(dataDir, "records");
  }

  /** The traces that were there at any look. */
  look(): ReadonlySet<string> {
    for (const name of readdirSync(this.#folder)) {
      if (name.endsWith(".jsonl")) this.#readOn(name);
    }
    return this.#seen;
  }

  #readOn(name: string): void {
    const from = this.#read.get(name) ?? 0;
    const bytes = bytesFrom(join(this.#folder, name), from);
    const end = bytes.lastIndexOf("\n") + 1;
    for (const [, id = ""] of bytes.subarray(0, end).toString().matchAll(trace)) this.#seen.add(id);
    this.#read.set(name, from + end);
  }
}

/** Nothing when the file was removed meanwhile. */
function bytesFrom(path: string, from: number): Buffer {
  let file: number;
  try {
    file = openSync(path, "r");
  } catch {
    return Buffer.alloc(0);
  }
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - from));
    return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, from));
  } finally {
    closeSync(file);
  }
}
