// `npm run bench:routing`: how well the built-in router chooses models, on open data, beside peers; prints, and writes the
// page. It must not know how anything is measured.
import { mkdir, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { checksOf, type Results } from "./checks.ts";
import { byExamples } from "./domain-examples.ts";
import { runNine, unseenFamilies } from "./nine.ts";
import { costPlot, pageOf, pairPlot } from "./page.ts";
import { fewLabels, newTopics, scoreAll } from "./pairs.ts";
import { robustness } from "./robustness.ts";
import { readNine, readPairs } from "./rows.ts";
import { readPrompts } from "./trained.ts";

const usage = `npm run bench:routing -- [flags]
  --quick    fewer draws and prompts, nothing is written: shows that it runs
  --help     this text
`;
const full = { bootstrap: 1_000, few: 20, nine: 400, examples: 5, noisy: 300 };
const quick = { bootstrap: 50, few: 2, nine: 20, examples: 1, noisy: 30 };
const say = (line: string): void => void process.stderr.write(`${line}\n`);

function measure(draws: typeof full): Results {
  say("two models");
  const mmlu = readPrompts(readPairs("mmlu"));
  const gsm8k = readPrompts(readPairs("gsm8k"));
  const pairs = {
    mmlu: scoreAll(mmlu, draws),
    gsm8k: scoreAll(gsm8k, draws),
    fewLabels: fewLabels(mmlu, 300, draws.few),
    newTopics: newTopics(mmlu, draws),
  };
  say("nine models");
  const nine = readPrompts(readNine());
  return {
    ...pairs,
    nine: runNine(nine, draws.nine),
    families: unseenFamilies(nine),
    sameness: robustness(nine, draws.noisy),
    examples: byExamples(nine, 20, draws.examples),
  };
}

async function write(path: string, text: string): Promise<void> {
  const file = fileURLToPath(new URL(path, import.meta.url));
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  say(`written: ${file}`);
}

/** Keeps the file small. */
function rounded(_key: string, value: unknown): unknown {
  return typeof value === "number" ? Math.round(value * 1e5) / 1e5 : value;
}

async function run(isQuick: boolean): Promise<void> {
  const results = measure(isQuick ? quick : full);
  const page = pageOf(results);
  process.stdout.write(page);
  if (isQuick) return;
  await write("../../docs/benchmarks/routing.md", page);
  await write("../../docs/benchmarks/routing-mmlu.svg", pairPlot(results.mmlu));
  await write("../../docs/benchmarks/routing-nine.svg", costPlot(results));
  const written = { checks: checksOf(results), ...results };
  await write("../results/routing.json", `${JSON.stringify(written, rounded, 1)}\n`);
}

try {
  const { values } = parseArgs({ options: { quick: { type: "boolean" }, help: { type: "boolean" } } });
  if (values.help === true) say(usage);
  else await run(values.quick === true);
} catch (error) {
  if (!(error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS")))
    throw error;
  say(`${error.message}\n${usage}`);
  process.exitCode = 2;
}
