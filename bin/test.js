// `npm test`: installs what is missing, runs every check, the build and all tests, and counts them in one last line.
// Words after it go to the test runner: `npm test -- src/lib`. Plain JavaScript for Node 20 with nothing installed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { SetupError, ensureBuilt, ensureInstalled, orExplain, root } from "./setup.js";

/** What must hold besides the tests, cheapest first. A check whose subject is not there is left out. */
const checks = [
  { name: "format", command: ["oxfmt", "--check", "."] },
  { name: "lint", command: ["oxlint", "--type-aware", "--deny-warnings"] },
  { name: "types", command: ["tsc", "-p", "tsconfig.json"] },
  { name: "unused code", command: ["knip"] },
  { name: "generated docs", command: ["node", "docs/generate.ts", "--check"], needs: "docs/generate.ts" },
];

/** npm's scripts find the packaged Node first; so does whatever a test starts. */
const env = {
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter),
  NODE_OPTIONS: "--disable-warning=ExperimentalWarning",
};

function run([command, ...args]) {
  // Windows knows the commands in .bin as scripts, which only its shell can run.
  const options = { cwd: root, env, stdio: "inherit", shell: process.platform === "win32" };
  return spawnSync(command, args, options).status === 0;
}

function runCheck({ name, command, needs }) {
  if (needs !== undefined && !existsSync(join(root, needs))) return [];
  process.stdout.write(`\n--- ${name}: ${command.join(" ")}\n`);
  return [{ name, ok: run(command) }];
}

function runBuild() {
  process.stdout.write("\n--- build\n");
  try {
    ensureBuilt();
    return { name: "build", ok: true };
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stdout.write(`${error.message}\n`);
    return { name: "build", ok: false };
  }
}

/** Runs vitest. @returns its counts; a file that cannot be loaded counts as one failed test */
function runTests(words) {
  process.stdout.write("\n--- tests\n");
  const folder = mkdtempSync(join(tmpdir(), "moongate-test-"));
  try {
    const file = join(folder, "result.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${file}`];
    const ok = run(["vitest", "run", ...reporters, ...words]);
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
    return count(JSON.parse(readFileSync(file, "utf8")), ok);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(result, ok) {
  const broken = result.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = result.numFailedTests + broken.length;
  return {
    passed: result.numPassedTests,
    // An error outside of any test, or no test at all, fails the run as well.
    failed: failed === 0 && !ok ? 1 : failed,
    skipped: result.numPendingTests + result.numTodoTests,
  };
}

function report(results, tests) {
  const failedChecks = results.filter(({ ok }) => !ok);
  const passed = tests.passed + results.length - failedChecks.length;
  const failed = tests.failed + failedChecks.length;
  process.stdout.write("\n--- summary\n");
  for (const { name, ok } of results) process.stdout.write(`${ok ? "passed" : "FAILED"}  ${name}\n`);
  process.stdout.write(`${tests.failed === 0 ? "passed" : "FAILED"}  tests\n`);
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : "";
  process.stdout.write(`${passed} passed, ${failed} failed${skipped}\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await orExplain(() => {
  ensureInstalled();
  const results = [...checks.flatMap(runCheck), runBuild()];
  report(results, runTests(process.argv.slice(2)));
});
