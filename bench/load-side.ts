// Starts the mock upstream and the load generator as processes of their own and talks to them.
// It must not know candidates or figures.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import type { GeneratorRequest, Load, Snapshot } from "./load/generator.ts";
import type { Placement } from "./placement.ts";

export interface LoadSide {
  readonly upstreamPort: number;
  readonly generatorPid: number;
  readonly upstreamPid: number;
  start(load: Load): Promise<void>;
  snapshot(): Promise<Snapshot>;
  stop(): Promise<void>;
  close(): Promise<void>;
}

export async function startLoadSide(placement: Placement): Promise<LoadSide> {
  const upstream = startScript("load/upstream.ts", placement.upstream);
  // upstream.ts sends exactly this once it listens.
  const { port } = (await reply(upstream)) as { port: number };
  const generator = startScript("load/generator.ts", placement.load);
  await once(generator, "spawn");
  const ask = async (request: GeneratorRequest): Promise<unknown> => {
    const answer = reply(generator);
    generator.send(request);
    return await answer;
  };
  return {
    upstreamPort: port,
    generatorPid: pidOf(generator),
    upstreamPid: pidOf(upstream),
    start: async (load) => void (await ask({ do: "start", load })),
    // generator.ts answers this request with a Snapshot.
    snapshot: async () => (await ask({ do: "snapshot" })) as Snapshot,
    stop: async () => void (await ask({ do: "stop" })),
    close: async () => {
      await Promise.all([end(upstream), end(generator)]);
    },
  };
}

function startScript(script: string, pin: readonly string[]): ChildProcess {
  const command = [...pin, process.execPath, fileURLToPath(new URL(script, import.meta.url))];
  // "advanced" keeps the request bytes a buffer.
  return spawn(command[0] ?? process.execPath, command.slice(1), {
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    serialization: "advanced",
  });
}

/** The next message; rejects if the process ends first. */
function reply(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onExit = (): void => reject(new Error("a process of the load side ended"));
    child.once("exit", onExit);
    child.once("error", reject);
    child.once("message", (message) => {
      child.off("exit", onExit);
      child.off("error", reject);
      resolve(message);
    });
  });
}

function pidOf(child: ChildProcess): number {
  if (child.pid === undefined) throw new Error("a process of the load side did not start");
  return child.pid;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, "exit");
  child.disconnect();
  await exit;
}
