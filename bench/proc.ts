// Reads CPU time and memory of a process tree from Linux's /proc.
// It must not know what the processes do.

import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of all its threads and of children it has waited for, in clock ticks. */
  readonly cpuTicks: number;
  /** Resident pages. */
  readonly residentPages: number;
}

/** Of the whole tree: CPU milliseconds since its processes started, resident kilobytes now. */
export interface TreeUsage {
  readonly cpuMs: number;
  readonly residentKb: number;
  readonly processes: number;
}

/** Decodes `/proc/<pid>/stat` (proc(5)); undefined if the text is not one. */
export function parseStat(text: string): ProcessStat | undefined {
  // The command name stands in parentheses and may hold spaces and parentheses itself.
  const nameEnd = text.lastIndexOf(")");
  const pid = Number.parseInt(text, 10);
  const fields = text
    .slice(nameEnd + 2)
    .split(" ")
    .map(Number);
  // proc(5) counts from 1 and `state`, the first field here, is number 3.
  const field = (number: number): number => fields[number - 3] ?? Number.NaN;
  const cpuTicks = field(14) + field(15) + field(16) + field(17);
  const stat = { pid, parent: field(4), cpuTicks, residentPages: field(24) };
  return nameEnd < 0 || Object.values(stat).some(Number.isNaN) ? undefined : stat;
}

/** The process `root` and all its descendants. */
export function treeOf(root: number, all: readonly ProcessStat[]): ProcessStat[] {
  const members = new Set([root]);
  // Parents may be listed after their children, so the walk repeats until nothing new is found.
  for (let before = 0; before !== members.size;) {
    before = members.size;
    for (const stat of all) if (members.has(stat.parent)) members.add(stat.pid);
  }
  return all.filter((stat) => members.has(stat.pid));
}

/** Decodes a CPU list such as `0-2,5`. */
export function parseCpuList(text: string): number[] {
  return text
    .trim()
    .split(",")
    .flatMap((range) => {
      const [first = Number.NaN, last = first] = range.split("-").map(Number);
      return Array.from({ length: last - first + 1 }, (_, index) => first + index);
    });
}

/** Clock ticks that all programs of the machine have used together, from `/proc/stat` (proc(5)). */
export function parseMachineTicks(text: string): number {
  const [user = 0, nice = 0, system = 0] = (/^cpu +(.*)$/m.exec(text)?.[1] ?? "").split(" ").map(Number);
  return user + nice + system;
}

/** The CPUs this process may run on. */
export function allowedCpus(): number[] {
  const line = /^Cpus_allowed_list:\s*(\S+)$/m.exec(readFileSync("/proc/self/status", "utf8"));
  return parseCpuList(line?.[1] ?? "0");
}

export class ProcReader {
  readonly #ticksPerSecond = Number(execFileSync("getconf", ["CLK_TCK"], { encoding: "utf8" }));
  readonly #pageKb = Number(execFileSync("getconf", ["PAGESIZE"], { encoding: "utf8" })) / 1024;

  /** CPU milliseconds of every program on the machine since it started. */
  machineCpuMs(): number {
    return (parseMachineTicks(readFileSync("/proc/stat", "utf8")) * 1000) / this.#ticksPerSecond;
  }

  /** Throws if the root process is gone. */
  usage(root: number): TreeUsage {
    const tree = treeOf(root, readAll());
    if (!tree.some((stat) => stat.pid === root)) throw new Error(`process ${root} has ended`);
    const sum = (value: (stat: ProcessStat) => number): number =>
      tree.reduce((total, stat) => total + value(stat), 0);
    return {
      cpuMs: (sum((stat) => stat.cpuTicks) * 1000) / this.#ticksPerSecond,
      residentKb: sum((stat) => stat.residentPages) * this.#pageKb,
      processes: tree.length,
    };
  }
}

function readAll(): ProcessStat[] {
  return readdirSync("/proc").flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const stat = parseStat(readFileSync(`/proc/${name}/stat`, "utf8"));
      return stat === undefined ? [] : [stat];
    } catch {
      // Ended between the listing and the read.
      return [];
    }
  });
}
