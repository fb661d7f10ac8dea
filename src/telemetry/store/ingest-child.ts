// A process that takes records into a store until it is killed, and says so at every step. Tests only.
import { LogKeeper } from "../log-keeper.ts";
import { defaultLogSettings } from "../log-state.ts";

const [spoolDir = "", logsDir = ""] = process.argv.slice(2);

const keeper = new LogKeeper({
  spoolDir,
  logsDir,
  // All segments are another process's.
  spoolRun: "child",
  settings: defaultLogSettings,
  countedSinceMs: 0,
  wallMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  onProblem: (error) => {
    throw error;
  },
});

function turn(): void {
  const more = keeper.step();
  process.stdout.write("stepped\n");
  keeper.commit();
  process.stdout.write("committed\n");
  keeper.checkpoint();
  if (!more) process.stdout.write("done\n");
  setImmediate(turn);
}

turn();
