// Describes the machine of a run, without naming it.
// It must not know what is measured.

import { cpus, loadavg, release, totalmem, type } from "node:os";

export function describeMachine(allowedCpus: number, placement: string): Record<string, number | string> {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cpus: allowedCpus,
    memoryGb: Math.round(totalmem() / 2 ** 30),
    system: `${type()} ${release()}`,
    node: process.versions.node,
    placement,
    loadAverageAtStart: Math.round((loadavg()[0] ?? 0) * 100) / 100,
  };
}
