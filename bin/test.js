// `npm test`: installs what is missing, runs every check, the build and all tests, and counts them in one last line.
// Words after it go to the test runner: `npm test -- src/lib`. Plain JavaScript for Node 20 with nothing installed.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { SetupError, ensureBuilt, ensureInstalled, orExplain, root } from "./setup.js";

/** What must hold besides the tests: scripts of package.json, cheapest first. One whose subject is not there is left out. */
const checks = [
  { script: "format:check" },
  { script: "lint" },
  { script: "types" },
  { script: "knip" },
  { script: "docs:check", subject: "docs/generate.ts" },
];
const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** npm's scripts find the packaged Node first; so does whatever a test starts. */
const env = {
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter),
};

function runCheck({ script, subject }) {
  if (subject !== undefined && !existsSync(join(root, subject))) return [];
  process.stdout.write(`\n--- ${script}\n`);
  const result = spawnSync(scripts[script], { cwd: root, env, stdio: "inherit", shell: true });
  return [{ name: script, ok: result.status === 0 }];
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
    const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
    const result = spawnSync("node", [vitest, "run", ...reporters, ...words], {
      cwd: root,
      env,
      stdio: "inherit",
    });
    if (!existsSync(file)) return { passed: 0, failed: 1, skipped: 0 };
    return count(JSON.parse(readFileSync(file, "utf8")), result.status === 0);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function count(result, ok) {
  const broken = result.testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
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
