// Runs a TypeScript script of this clone with Node 24: `node bin/run-node.js bench/run.ts ARGS`.
// Plain JavaScript for Node 20 with nothing installed.
import { handOver } from "./hand-over.js";
import { SetupError, ensureInstalled, orExplain, root } from "./setup.js";

await orExplain(async () => {
  ensureInstalled();
  const problem = await handOver(root, process.argv.slice(2));
  if (problem !== undefined) throw new SetupError(problem);
});
