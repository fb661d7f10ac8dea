#!/usr/bin/env node
// The command `moongate`, in a clone and as an installed package: makes the build current where there are sources,
// then hands over to Node 24. Plain JavaScript for Node 20 with nothing installed.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { handOver } from "./hand-over.js";
import { SetupError, ensureBuilt, ensureInstalled, isClone, orExplain, root } from "./setup.js";

await orExplain(async () => {
  if (isClone()) {
    ensureInstalled();
    ensureBuilt();
  }
  const main = join(root, "dist", "main.js");
  if (!existsSync(main)) throw new SetupError(`${main} is missing: the package is broken, install it again`);
  const problem = await handOver(root, [main, ...process.argv.slice(2)]);
  if (problem !== undefined) throw new SetupError(problem);
});
