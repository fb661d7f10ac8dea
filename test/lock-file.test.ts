// The lock file must name every package of every system: `npm ci` refuses it otherwise, on every system.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

interface LockedPackage {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

// Decoder: the part of npm's lock file, version 3, that is read here.
const { packages } = JSON.parse(
  readFileSync(join(import.meta.dirname, "..", "package-lock.json"), "utf8"),
) as {
  readonly packages: Readonly<Record<string, LockedPackage>>;
};

/** Looks a dependency up as Node does: in the package's own node_modules, then in those around it. */
function isLocked(path: string, dependency: string): boolean {
  if (Object.hasOwn(packages, `${path === "" ? "" : `${path}/`}node_modules/${dependency}`)) return true;
  return path !== "" && isLocked(around(path), dependency);
}

/** The package in whose node_modules this one lies; the root for a package of the workspace. */
function around(path: string): string {
  return /^(.*?)\/?node_modules\/(?:@[^/]+\/)?[^/]+$/.exec(path)?.[1] ?? "";
}

test("every dependency of every package is locked, for every system", () => {
  const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
    Object.keys({ ...dependencies, ...optionalDependencies })
      .filter((dependency) => !isLocked(path, dependency))
      .map((dependency) => `${path}: ${dependency}`),
  );
  expect(missing).toEqual([]);
});
