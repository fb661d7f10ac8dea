// `npm run bench:lab`: ways to choose a service, ours and others', on simulated services; prints and writes results.
// It must not know how anything is simulated.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

import { checksOf } from "./checks.ts";
import { reportOf, timelineOf } from "./lab-report.ts";
import { runLaboratory } from "./laboratory.ts";
import { labUsage, readLabOptions, type LabOptions } from "./options.ts";
import { LabInputError, readScenarios } from "./scenario.ts";
import { readTraces } from "./traces.ts";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const say = (line: string): void => void process.stderr.write(`${line}\n`);

async function run(options: LabOptions): Promise<void> {
  const scenarios = await readScenarios(options.scenarios ?? here("scenarios.json"));
  const traces = await readTraces(options.traces ?? here("traces"));
  const { timelineS } = options;
  const results = runLaboratory({
    options,
    scenarios,
    traces,
    say,
    look: (outcomes, scenario) => {
      if (timelineS > 0) say(timelineOf(outcomes, scenario, timelineS));
    },
  });
  const checks = checksOf(results);
  process.stdout.write(reportOf(results, checks));
  const day = new Date().toISOString().slice(0, 10);
  const out = options.out ?? here(`../results/lab-${day}${options.complete ? "" : "-partial"}.json`);
  await mkdir(dirname(out), { recursive: true });
  const { seeds, goal, adaptive, complete } = options;
  const written = { day, seeds, goal, adaptive, complete, checks, ...results };
  await writeFile(
    out,
    `${JSON.stringify(written, rounded, 1)}
`,
  );
  say(`written: ${out}`);
}

/** Keeps the file small. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1e5) / 1e5 : value;
}

try {
  const options = readLabOptions(process.argv.slice(2));
  if (options.help) say(labUsage);
  else await run(options);
} catch (error) {
  if (!(error instanceof LabInputError)) throw error;
  say(error.message);
  process.exitCode = 2;
}
