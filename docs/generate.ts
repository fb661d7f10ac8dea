// Writes the generated pages of docs/, or with --check says which of them are stale (exit code 1).
import { readFileSync, writeFileSync } from "node:fs";
import { accessPage } from "./pages/access.ts";
import { configurationPage } from "./pages/configuration.ts";
import { environmentPage } from "./pages/environment.ts";
import { errorsPage } from "./pages/errors.ts";
import { logDeliveryPage } from "./pages/log-delivery.ts";
import { providersPage } from "./pages/providers.ts";
import { queriesPage } from "./pages/queries.ts";
import { routesPage } from "./pages/routes.ts";

const pages: readonly (readonly [file: string, render: () => string])[] = [
  ["access.md", accessPage],
  ["errors.md", errorsPage],
  ["configuration.md", configurationPage],
  ["environment.md", environmentPage],
  ["log-delivery.md", logDeliveryPage],
  ["providers.md", providersPage],
  ["routes.md", routesPage],
  ["queries.md", queriesPage],
];

const check = process.argv.includes("--check");
const stale = pages.filter(([file, render]) => current(file) !== render());

for (const [file, render] of stale) {
  if (check) process.stderr.write(`docs/${file} is stale: run \`npm run docs\` and commit it\n`);
  else {
    writeFileSync(new URL(file, import.meta.url), render());
    process.stdout.write(`docs/${file} written\n`);
  }
}
if (check && stale.length > 0) process.exitCode = 1;

function current(file: string): string | undefined {
  try {
    // A checkout may have turned line ends around.
    return readFileSync(new URL(file, import.meta.url), "utf8").replaceAll("\r\n", "\n");
  } catch {
    return undefined;
  }
}
