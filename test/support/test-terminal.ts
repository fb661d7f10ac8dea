// A terminal for tests: collects what a command says and lets the test send signals.
import type { Terminal } from "../../src/cli/terminal.ts";

export interface TestTerminal extends Terminal {
  readonly printed: string[];
  readonly noted: string[];
  readonly exits: number[];
  /** What the listeners of SIGTERM and SIGINT get. */
  signal(): void;
  /** Resolves once something was printed. */
  readonly spoken: Promise<void>;
  /** Monotonic time, in milliseconds. */
  nowMs: number;
}

export function createTestTerminal(env: Record<string, string> = {}): TestTerminal {
  const listeners = new Set<() => void>();
  const { promise: spoken, resolve: speaks } = Promise.withResolvers<void>();
  const terminal: TestTerminal = {
    env,
    printed: [],
    noted: [],
    exits: [],
    spoken,
    nowMs: 0,
    clock: { monotonicMs: () => terminal.nowMs, wallMs: () => 0 },
    fetch: (input, init) => fetch(input, init),
    print: (text) => {
      terminal.printed.push(...text.split("\n"));
      speaks();
    },
    note: (text) => terminal.noted.push(...text.split("\n")),
    exit: (code) => terminal.exits.push(code),
    onStopSignal: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    signal: () => listeners.forEach((listener) => listener()),
  };
  return terminal;
}
