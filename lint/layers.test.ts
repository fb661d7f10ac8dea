// The layer rule on small imports, through the linter on a small tree, and its table against the documentation.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { faultOf, layers } from "./layers.ts";

const root = join(import.meta.dirname, "..");

const allowed: [string, string, boolean][] = [
  ["src/core/a.ts", "../lib/b.ts", false],
  ["src/core/a.ts", "./b.ts", false],
  ["src/control/routes/a.ts", "../../store/store.ts", false],
  ["src/control/routes/a.ts", "../b.ts", false],
  ["src/gateway/a.ts", "../resources/b.ts", true],
  ["src/app/a.ts", "../gateway/b.ts", false],
  ["src/app/a.ts", "../control/b.ts", false],
  ["src/main.ts", "./cli/main.ts", false],
  ["src/core/a.ts", "zod", false],
  ["src/core/a.ts", "node:fs", false],
  ["src/lib/a.test.ts", "../gateway/b.ts", false],
  ["test/a.ts", "../src/gateway/b.ts", false],
  ["console/src/api/a.ts", "../../../src/resources/b.ts", false],
  ["console/src/api/a.ts", "../../../src/control/routes/b.ts", true],
  ["console/src/features/x/a.tsx", "../../ui/b.tsx", false],
];

const refused: [string, string, boolean, RegExp][] = [
  ["src/lib/a.ts", "../core/b.ts", false, /^lib must not import core; it may import: nothing$/],
  ["src/gateway/a.ts", "../control/b.ts", true, /^gateway must not import control/],
  ["src/control/a.ts", "../gateway/b.ts", true, /^control must not import gateway/],
  ["src/gateway/a.ts", "../resources/b.ts", false, /"import type" only/],
  ["src/app/a.ts", "../cli/b.ts", false, /^app must not import cli/],
  ["src/main.ts", "./app/app.ts", false, /^main must not import app/],
  ["src/core/a.ts", "../main.ts", false, /^core must not import main/],
  ["src/core/a.ts", "../../test/b.ts", false, /outside src/],
  ["src/newcomer/a.ts", "../lib/b.ts", false, /has no row/],
  ["/home/src/moongate/src/lib/a.ts", "../core/b.ts", false, /^lib must not import core/],
  ["console/src/api/a.ts", "../../../src/control/routes/b.ts", false, /"import type" only/],
  ["console/src/api/a.ts", "../../../src/lib/b.ts", false, /^console must not import lib/],
  ["src/control/a.ts", "../../console/src/api/b.ts", true, /^control must not import console/],
];

test.each(allowed)("%s may import %s (type only: %s)", (importer, specifier, isTypeOnly) => {
  expect(faultOf(`/clone/${importer}`, specifier, isTypeOnly)).toBeUndefined();
});

test.each(refused)("%s may not import %s (type only: %s)", (importer, specifier, isTypeOnly, message) => {
  expect(faultOf(`/clone/${importer}`, specifier, isTypeOnly)).toMatch(message);
});

test("the linter reports every way to import against the direction, with the right file", () => {
  const folder = mkdtempSync(join(tmpdir(), "moongate-layers-"));
  try {
    const files = {
      "src/core/b.ts": "export const b = 1;\n",
      "src/lib/import.ts": 'import { b } from "../core/b.ts";\nvoid b;\n',
      "src/lib/type.ts": 'import type { b } from "../core/b.ts";\nexport type B = typeof b;\n',
      "src/lib/export.ts": 'export { b } from "../core/b.ts";\n',
      "src/lib/dynamic.ts": 'export const b = () => import("../core/b.ts");\n',
      "src/lib/inline.ts": 'export type B = import("../core/b.ts").B;\n',
      "src/resources/good.ts": 'export { b } from "../core/b.ts";\n',
      ".oxlintrc.json": JSON.stringify({
        jsPlugins: [join(root, "lint", "layers.ts")],
        categories: { correctness: "off" },
        rules: { "layers/direction": "error" },
      }),
    };
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const linter = join(root, "node_modules", "oxlint", "bin", "oxlint");
    const result = spawnSync(process.execPath, [linter, "--format=unix"], { cwd: folder, encoding: "utf8" });
    const reported = result.stdout.match(/src\/\S+?\.ts(?=:\d+:\d+: lib must not import core)/g) ?? [];
    expect(reported.toSorted()).toEqual(
      ["dynamic", "export", "import", "inline", "type"].map((name) => `src/lib/${name}.ts`),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

describe("the table in docs/architecture.md", () => {
  const file = join(root, "docs", "architecture.md");

  test.runIf(existsSync(file))("says the same as the rule", () => {
    expect(documentedLayers(readFileSync(file, "utf8"))).toEqual(
      Object.fromEntries(Object.entries(layers).map(([folder, row]) => [folder, row.toSorted()])),
    );
  });

  test("is read with its short forms", () => {
    const text =
      "| `core` words | lib |\n| `gateway` x | snapshot, resources (types), lib |\n| `lib` | - |\n| `main.ts` | cli |\n";
    expect(documentedLayers(text)).toEqual({
      core: ["lib"],
      gateway: ["lib", "snapshot", "types of resources"],
      lib: [],
      main: ["cli"],
    });
  });
});

/** Reads rows such as "| `core` what it is | lib |"; rows of other tables name no folder of the rule. */
function documentedLayers(text: string): Record<string, string[]> {
  const rows = [...text.matchAll(/^\|\s*`([a-z]+)(?:\.ts)?\/?`[^|]*\|([^|]*)\|/gm)];
  return Object.fromEntries(
    rows
      .filter(([, folder = ""]) => Object.hasOwn(layers, folder))
      .map(([, folder = "", cell = ""]) => [folder, documentedRow(cell).toSorted()]),
  );
}

function documentedRow(cell: string): string[] {
  const excluded = /everything (?:but|except) (.+)/.exec(cell)?.[1]?.match(/[a-z]+/g);
  const everyPart = Object.keys(layers).filter((folder) => folder !== "main" && folder !== "app");
  if (excluded) return everyPart.filter((folder) => !excluded.includes(folder));
  return [...cell.matchAll(/([a-z]+)`?( \(types\))?/g)]
    .filter(([, folder = ""]) => Object.hasOwn(layers, folder))
    .map(([, folder = "", types]) => (types === undefined ? folder : `types of ${folder}`));
}
