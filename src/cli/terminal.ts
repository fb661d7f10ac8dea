// What a command may touch of the process, so that tests can stand in for it.
import { systemClock, type Clock } from "../core/clock.ts";

export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  /** The command's result, on stdout; ends the line. */
  print(text: string): void;
  /** Everything else, on stderr; ends the line. */
  note(text: string): void;
  /** Calls back on each SIGTERM and SIGINT. Returns the way to stop it. */
  onStopSignal(listener: () => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
}

const stopSignals = ["SIGTERM", "SIGINT"] as const;

export const processTerminal: Terminal = {
  env: process.env,
  clock: systemClock,
  fetch: (input, init) => fetch(input, init),
  print: (text) => process.stdout.write(`${text}\n`),
  note: (text) => process.stderr.write(`${text}\n`),
  onStopSignal: (listener) => {
    for (const signal of stopSignals) process.on(signal, listener);
    return () => {
      for (const signal of stopSignals) process.off(signal, listener);
    };
  },
  exit: (code) => process.exit(code),
};
