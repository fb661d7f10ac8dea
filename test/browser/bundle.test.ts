// What a browser must load before each page stands: budgets over the built console, compressed as it is sent.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";

const folder = join(import.meta.dirname, "..", "..", "dist", "console");
const assets = join(folder, "assets");

interface Load {
  readonly scripts: ReadonlySet<string>;
  readonly styles: ReadonlySet<string>;
}

const read = (name: string): string => readFileSync(join(assets, name), "utf8");

/** Scripts that a script cannot start without, itself included. What `import()` names comes later. */
function closure(names: readonly string[], known = new Set<string>()): Set<string> {
  for (const name of names) {
    if (known.has(name)) continue;
    known.add(name);
    const imports = [...read(name).matchAll(/(?:\bfrom|\bimport)\s*["']\.\/([\w.~-]+\.js)["']/gu)];
    closure(
      imports.map(([, file = ""]) => file),
      known,
    );
  }
  return known;
}

/** What the page itself names. */
function entry(): Load {
  const html = readFileSync(join(folder, "index.html"), "utf8");
  const named = (pattern: RegExp): string[] => [...html.matchAll(pattern)].map(([, file = ""]) => file);
  return {
    scripts: closure(named(/(?:src|href)="\/assets\/([\w.~-]+\.js)"/gu)),
    styles: new Set(named(/href="\/assets\/([\w.~-]+\.css)"/gu)),
  };
}

/** The script of a page that is loaded when it is opened, by the name of its source file. */
function pageScript(source: string): string {
  const found = readdirSync(assets).filter((name) => name.startsWith(`${source}-`) && name.endsWith(".js"));
  expect(found, `scripts of ${source}`).toHaveLength(1);
  return found[0] ?? "";
}

/** Those of all pages. */
function pageScripts(): string[] {
  return existsSync(assets) ? readdirSync(assets).filter((name) => /-page-[\w-]+\.js$/u.test(name)) : [];
}

const kilobytes = (names: Iterable<string>): number =>
  [...names].reduce((sum, name) => sum + gzipSync(read(name), { level: 9 }).byteLength, 0) / 1000;

beforeAll(() => {
  if (!existsSync(assets)) throw new Error("The console is not built: `npm run build` first.");
});

describe("the first load", () => {
  test("has scripts of at most 190 KB", () => {
    const { scripts } = entry();
    expect(scripts.size).toBeGreaterThan(0);
    expect(kilobytes(scripts)).toBeLessThanOrEqual(190);
  });

  test("has styles of at most 20 KB", () => {
    const { styles } = entry();
    expect(styles.size).toBeGreaterThan(0);
    expect(kilobytes(styles)).toBeLessThanOrEqual(20);
  });
});

/** Pages that are made of the same parts, with what they may add that no other page needs, in KB. */
const families: readonly (readonly [string, readonly string[], number])[] = [
  ["the form", ["create-page", "edit-page"], 70],
  ["the overview", ["overview-page"], 30],
  ["the list of Model APIs", ["api-list-page"], 40],
  ["a Model API", ["api-page"], 45],
  ["services", ["service-list-page", "new-service-page", "service-page"], 45],
  ["debugging and comparing", ["debug-page", "playground-page"], 45],
  ["metrics", ["metrics-page"], 30],
  ["alerts and usage", ["alert-list-page", "alert-page", "usage-page"], 30],
  ["logs", ["logs-page", "exchange-page"], 40],
  ["settings", ["settings-page"], 40],
];

test.each(families)("%s adds scripts of its own within its budget", (_name, own, limit) => {
  const { scripts } = entry();
  const others = closure(
    pageScripts().filter((script) => !own.some((source) => script.startsWith(`${source}-`))),
  );
  const added = [...closure(own.map(pageScript))].filter((name) => !scripts.has(name) && !others.has(name));
  expect(added.length).toBeGreaterThan(0);
  expect(kilobytes(added), added.join(", ")).toBeLessThanOrEqual(limit);
});

test.each(pageScripts())("%s needs scripts of at most 120 KB more, shared ones included", (script) => {
  const { scripts } = entry();
  expect(kilobytes([...closure([script])].filter((name) => !scripts.has(name)))).toBeLessThanOrEqual(120);
});

test("charts are drawn by scripts of at most 26 KB, which no page waits for", () => {
  const drawing = pageScript("draw");
  expect(kilobytes([drawing])).toBeLessThanOrEqual(26);
  expect(pageScripts().filter((page) => closure([page]).has(drawing))).toEqual([]);
});

test("no page loads an editor before it is opened", () => {
  const early = pageScripts().filter((name) =>
    [...closure([name])].some((script) => read(script).includes("cm-editor")),
  );
  expect(early).toEqual([]);
});
