// Decides which CPU runs what: the candidate alone on one, the load and the mock beside it.
// It must not know what is measured.

import { execFileSync } from "node:child_process";

export interface Placement {
  /** Command words put before each kind of process; empty without pinning. */
  readonly candidate: readonly string[];
  readonly load: readonly string[];
  readonly upstream: readonly string[];
  readonly pinned: boolean;
  /** For the report. */
  readonly text: string;
}

/** With three CPUs or more the mock gets its own; with two it shares with the load; with one nothing is pinned. */
export function place(cpus: readonly number[], hasTaskset: boolean): Placement {
  const [candidate, load, upstream = load] = cpus;
  if (!hasTaskset || candidate === undefined || load === undefined || upstream === undefined) {
    const reason = hasTaskset ? "one CPU only" : "taskset is not installed";
    return { candidate: [], load: [], upstream: [], pinned: false, text: `nothing pinned (${reason})` };
  }
  const pin = (cpu: number): string[] => ["taskset", "-c", String(cpu)];
  return {
    candidate: pin(candidate),
    load: pin(load),
    upstream: pin(upstream),
    pinned: true,
    text: `candidate on CPU ${candidate}, load on ${load}, mock on ${upstream}`,
  };
}

export function hasCommand(command: string, versionFlag = "--version"): boolean {
  try {
    execFileSync(command, [versionFlag], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
}
