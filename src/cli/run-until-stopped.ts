// Runs something that serves until a signal says stop. Knows no server.
import { exitCodes } from "./command.ts";
import { stopOnSignals } from "./stop-signals.ts";
import type { Terminal } from "./terminal.ts";

/**
 * Resolves once `stop` has drained. A signal that comes while starting counts: it stops right after.
 * A second signal, more than 1 s later, ends the process at once.
 */
export async function runUntilStopped(
  start: () => Promise<{ stop(): Promise<void> }>,
  terminal: Pick<Terminal, "clock" | "onStopSignal" | "exit">,
): Promise<void> {
  const { promise: asked, resolve: drain } = Promise.withResolvers<void>();
  const force = () => terminal.exit(exitCodes.failed);
  const release = terminal.onStopSignal(stopOnSignals(terminal.clock, { drain, force }));
  try {
    const running = await start();
    await asked;
    await running.stop();
  } finally {
    release();
  }
}
