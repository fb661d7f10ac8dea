// `simulator --port N`: the built-in upstream as a program of its own, for tests and benchmarks.
import { CommandError, exitCodes, type Command } from "./command.ts";

export const simulator: Command = {
  usage: "simulator --port N [--host ADDRESS]",
  summary: "run the simulated model service alone",
  help: ["--port N         0 picks a free port", "--host ADDRESS   default 127.0.0.1"],
  options: { port: { type: "string" }, host: { type: "string" } },
  maxPositionals: 0,
  run: async (args, terminal) => {
    const text = args.required("port");
    const port = /^\d{1,5}$/u.test(text) ? Number(text) : Number.NaN;
    if (!(port <= 65_535)) {
      throw new CommandError(
        `--port is "${text}"; it must be a whole number from 0 to 65535`,
        exitCodes.wrongUsage,
      );
    }
    const host = args.text("host") ?? "127.0.0.1";
    const { promise: stopped, resolve: stop } = Promise.withResolvers<void>();
    const release = terminal.onStopSignal(stop);
    try {
      const { startSimulatorAlone } = await import("../app/simulator-alone.ts");
      const running = await startSimulatorAlone({ host, port }).catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new CommandError(
          `the simulator cannot listen on ${host} port ${port} (${reason}): choose another --port`,
        );
      });
      terminal.print(`simulator (simulated answers) on ${running.url}`);
      await stopped;
      await running.close();
    } finally {
      release();
    }
    return exitCodes.good;
  },
};
