// How signals end a running server.
import { expect, test } from "vitest";
import { createTestTerminal } from "../../test/support/test-terminal.ts";
import { runUntilStopped } from "./run-until-stopped.ts";

/** A server whose start and drain end when the test says so. */
function createServer() {
  const started = Promise.withResolvers<void>();
  const drained = Promise.withResolvers<void>();
  const events: string[] = [];
  const start = async () => {
    await started.promise;
    events.push("started");
    return {
      stop: async () => {
        events.push("stopping");
        await drained.promise;
        events.push("stopped");
      },
    };
  };
  return { start, started, drained, events };
}

test("a signal drains, and the run ends with it", async () => {
  const terminal = createTestTerminal();
  const server = createServer();
  const run = runUntilStopped(server.start, terminal);
  server.started.resolve();
  terminal.signal();
  server.drained.resolve();
  await run;
  expect({ events: server.events, exits: terminal.exits }).toEqual({
    events: ["started", "stopping", "stopped"],
    exits: [],
  });
});

test("a signal while starting stops right after the start", async () => {
  const terminal = createTestTerminal();
  const server = createServer();
  const run = runUntilStopped(server.start, terminal);
  terminal.signal();
  expect(server.events).toEqual([]);
  server.started.resolve();
  server.drained.resolve();
  await run;
  expect(server.events).toEqual(["started", "stopping", "stopped"]);
});

test("a second signal a second later ends the process at once, an earlier one does not", async () => {
  const terminal = createTestTerminal();
  const server = createServer();
  const run = runUntilStopped(server.start, terminal);
  server.started.resolve();
  terminal.signal();
  terminal.nowMs = 1000;
  terminal.signal();
  expect(terminal.exits).toEqual([]);
  terminal.nowMs = 1001;
  terminal.signal();
  expect(terminal.exits).toEqual([1]);
  server.drained.resolve();
  await run;
});

test("a start that fails leaves no listener for signals behind", async () => {
  const terminal = createTestTerminal();
  await expect(runUntilStopped(() => Promise.reject(new Error("no")), terminal)).rejects.toThrow("no");
  terminal.signal();
  terminal.nowMs = 5000;
  terminal.signal();
  expect(terminal.exits).toEqual([]);
});
