// What every measured server offers the benchmark: prepare, start, where to send, stop.
// It must not know measures or figures.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer } from "node:net";

import { portOf } from "../load/upstream.ts";

export type CandidateName = "nginx" | "relay" | "moongate" | "portkey";

/** Where one instance runs. */
export interface Site {
  readonly upstreamPort: number;
  /** A folder of its own, removed after the run. */
  readonly folder: string;
  /** Command words to put before the candidate's own. */
  readonly pin: readonly string[];
}

export interface Candidate {
  readonly name: CandidateName;
  /** Load before the first measurement, milliseconds: until a JIT has settled. */
  readonly warmUpMs: number;
  /** Installs or builds what is missing and returns the version; throws Unavailable. */
  prepare(): Promise<string>;
  start(site: Site): Promise<RunningCandidate>;
}

export interface RunningCandidate {
  readonly port: number;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Root of its process tree. */
  readonly pid: number;
  /** What a reader of the figures must know. */
  readonly note?: string;
  stop(): Promise<void>;
}

/** The candidate cannot run here; the message says why and what to do. */
export class Unavailable extends Error {
  override name = "Unavailable";
}

/** A port that was free a moment ago; candidates cannot all listen on port 0. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  server.close();
  await once(server, "close");
  return port;
}

export interface StartedProcess {
  readonly pid: number;
  readonly exited: boolean;
  /** The last it printed. */
  lastOutput(): string;
  stop(): Promise<void>;
}

const STOP_MS = 5000;

/** Characters of output kept for the message about a start that failed. */
const KEPT_OUTPUT = 500;

/** Starts a command; its output is read, so that it never blocks, and its end kept. */
export async function startProcess(
  site: Site,
  name: string,
  command: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<StartedProcess> {
  const [program = "", ...words] = [...site.pin, ...command];
  const child = spawn(program, words, { cwd: site.folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(-KEPT_OUTPUT)));
  }
  let closed = false;
  // "close" comes after the last output, "exit" may come before it.
  child.once("close", () => (closed = true));
  await once(child, "spawn");
  const { pid } = child;
  if (pid === undefined) throw new Unavailable(`${name} did not start`);
  return {
    pid,
    get exited() {
      return closed;
    },
    lastOutput: () => output.trim(),
    stop: () => stopChild(child),
  };
}

/** SIGTERM, then SIGKILL after a while. */
async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.kill("SIGTERM");
  const force = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
  await exit;
  clearTimeout(force);
}

const POLL_MS = 50;

/** Polls until `ready` says so; throws Unavailable when the process ends or time runs out. */
export async function waitUntil(
  what: string,
  running: StartedProcess,
  ready: () => Promise<boolean>,
  limitMs = 30_000,
): Promise<void> {
  for (const deadline = performance.now() + limitMs; performance.now() < deadline;) {
    if (running.exited) throw new Unavailable(`${what} ended while it started: ${running.lastOutput()}`);
    if (await ready()) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  await running.stop();
  throw new Unavailable(`${what} was not ready after ${limitMs} ms: ${running.lastOutput()}`);
}

export async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
