// The pages written by hand point at what is there: links, headings, paths, scripts, commands and variables.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { notServedTable, settingHelp } from "../src/app/settings.ts";
import { errorTable } from "../src/core/errors.ts";

const root = join(import.meta.dirname, "..");
const read = (path: string): string => readFileSync(join(root, path), "utf8");

const inRoot = readdirSync(root).filter((name) => name.endsWith(".md"));
const below = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => join(folder, name).replaceAll("\\", "/"));
const pages = [...inRoot, ...below("docs"), ...below("examples"), "bench/README.md"].toSorted();

/** Without blocks of code, where brackets and back quotes mean something else. */
function prose(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gmu, "");
}

function matches(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, found = ""]) => found))];
}

/** The anchor that GitHub gives a heading. */
function anchor(heading: string): string {
  const kept = heading.toLowerCase().replaceAll(/[^\p{L}\p{N} _-]/gu, "");
  return kept.trim().replaceAll(" ", "-");
}

function anchors(file: string): string[] {
  return matches(prose(readFileSync(file, "utf8")), /^#+ (.+)$/gmu).map(anchor);
}

function isDeadLink(page: string, target: string): boolean {
  const [path = "", fragment = ""] = target.split("#");
  const file = path === "" ? join(root, page) : resolve(root, dirname(page), path);
  if (!existsSync(file)) return true;
  return fragment !== "" && !anchors(file).includes(fragment);
}

/** Top-level folders that need not be there, or are none of the repository's. */
const passing = new Set([".git", ".vitest", "coverage", "data", "dist", "node_modules"]);
/** Folders with which a path of the repository begins. */
const folders = new Set(
  readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !passing.has(entry.name))
    .map(({ name }) => name),
);

/** Paths of the repository in back quotes, without the place holders at their end. */
function repositoryPaths(text: string): string[] {
  const quoted = matches(prose(text), /`([\w.@-]+\/[^`\s]*)`/gu);
  const isOurs = (path: string): boolean =>
    folders.has(path.split("/")[0] ?? "") || /^\.{0,2}[\w-]+\/.*\.(?:ts|js|md|yaml)$/u.test(path);
  return quoted.filter(isOurs).map((path) => path.replace(/[^/]*[<*{].*$/u, ""));
}

// Decoder: our own package.json, whose scripts npm itself insists on.
const { scripts } = JSON.parse(read("package.json")) as {
  readonly scripts: Readonly<Record<string, string>>;
};
/** Scripts, and commands of npm itself. */
const npmNames = new Set([...Object.keys(scripts), "ci", "install"]);

/** What follows `npm` or `npm run` in code, in a line or in a block. */
function npmCommands(text: string): string[] {
  return matches(text, /(?:`|^)npm (?:run )?([a-z][a-z:-]*)/gmu);
}

const variables = new Set([
  ...settingHelp.map(({ variable }) => variable),
  ...notServedTable.map(({ variable }) => variable as string),
  // Of the command line, and of the scripts of the examples.
  "MOONGATE_ADMIN_URL",
  "MOONGATE_URL",
  // Of the tests in a browser.
  "MOONGATE_CHROMIUM",
]);

describe.each(pages)("%s", (page) => {
  const text = read(page);

  test("has no dead link", () => {
    const targets = matches(prose(text), /\]\(([^)\s]+)\)/gu).filter((target) => !/^[a-z]+:/u.test(target));
    expect(targets.filter((target) => isDeadLink(page, target))).toEqual([]);
  });

  test("names only paths that are there", () => {
    const near = (path: string): boolean => existsSync(join(root, dirname(page), path));
    expect(repositoryPaths(text).filter((path) => !existsSync(join(root, path)) && !near(path))).toEqual([]);
  });

  test("names only scripts of package.json", () => {
    expect(npmCommands(text).filter((name) => !npmNames.has(name))).toEqual([]);
  });

  test("names only variables that are read", () => {
    const named = matches(text, /\b(MOONGATE_[A-Z_]+[A-Z])\b/gu);
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  });
});

test("the README says how to start and how to test", () => {
  expect(npmCommands(read("README.md"))).toEqual(expect.arrayContaining(["start", "test"]));
});

describe("the picture in docs/lifecycle.md", () => {
  const picture = /^```[\s\S]*?^```/mu.exec(read("docs/lifecycle.md"))?.[0] ?? "";

  test("names files of the data plane and its protocols", () => {
    const known = ["gateway", "protocols"]
      .flatMap((folder) => readdirSync(join(root, "src", folder), { recursive: true, encoding: "utf8" }))
      .map((path) => `/${path}`);
    const files = matches(picture, /\b((?:[a-z-]+\/)?[a-z-]+\.ts)\b/gu);
    expect(files.length).toBeGreaterThan(10);
    expect(files.filter((file) => !known.some((path) => path.endsWith(`/${file}`)))).toEqual([]);
  });

  test("names codes of the error table with their status", () => {
    const named = matches(picture, /\b(\d{3} +[a-z]+_[a-z_]+)\b/gu);
    // Where a thrower overrides the status of the table.
    const own = ["415 invalid_request", "417 invalid_request"];
    const rows = Object.entries(errorTable).map(([code, { status }]) => `${status} ${code}`);
    expect(named.length).toBeGreaterThan(10);
    expect([...rows, ...own]).toEqual(
      expect.arrayContaining(named.map((text) => text.replaceAll(/ +/gu, " "))),
    );
  });
});
