// Brings a clone up to date: installs the locked packages when they are missing, builds when sources changed.
// Plain JavaScript for Node 20 with nothing installed; says what it does on stderr, so that stdout stays the command's.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Folder of package.json. */
export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Stops the command; the message is meant for the reader and needs no stack. */
export class SetupError extends Error {}

/** Runs a command line's work and turns a SetupError into one message and exit code 1. */
export async function orExplain(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`moongate: ${error.message}\n`);
    process.exitCode = 1;
  }
}

/** A published package is complete and has no sources; a clone has. */
export function isClone(folder = root) {
  return existsSync(join(folder, "src", "main.ts"));
}

function say(message) {
  process.stderr.write(`moongate: ${message}\n`);
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/**
 * Whether node_modules holds what the lock file asks for. npm writes its own record of an installation last, so that a
 * broken one has none. Optional packages of other systems may be absent.
 */
export function isInstalled(folder = root) {
  const installed = readJson(join(folder, "node_modules", ".package-lock.json"))?.packages;
  if (installed === undefined) return false;
  const locked = readJson(join(folder, "package-lock.json"))?.packages ?? {};
  return Object.entries(locked).every(([path, row]) => {
    if (path === "" || row.link) return true;
    const found = installed[path];
    if (found === undefined) return row.optional === true;
    return found.version === row.version && (row.integrity ?? found.integrity) === found.integrity;
  });
}

/** Installs the locked packages unless they are there. No install script is run or needed. */
export function ensureInstalled(folder = root) {
  if (isInstalled(folder)) return;
  const verb = existsSync(join(folder, "package-lock.json")) ? "ci" : "install";
  say(`installing packages (npm ${verb})`);
  const flags = ["--include=dev", "--include=optional", "--ignore-scripts", "--no-audit", "--no-fund"];
  const result = npm([verb, ...flags], folder);
  if (result.status === 0) return;
  const reason = result.error?.message ?? npmReason(result.stderr);
  throw new SetupError(`npm ${verb} failed: ${reason}`);
}

/** Takes the npm that started us, if one did, else the one in PATH. */
function npm(args, folder) {
  const options = { cwd: folder, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] };
  const started = process.env.npm_execpath;
  if (started?.endsWith("npm-cli.js")) return spawnSync(process.execPath, [started, ...args], options);
  // Windows knows npm as a script, which only its shell can run.
  return spawnSync("npm", args, { ...options, shell: process.platform === "win32" });
}

/** The first lines that npm marks as errors, which say why; its help and the name of its log follow them. */
function npmReason(text) {
  const lines = (text ?? "").split("\n").filter((line) => line.trim() !== "" && line.trim() !== "npm error");
  const marked = lines.filter((line) => line.startsWith("npm error"));
  return (marked.length > 0 ? marked : lines).slice(0, 6).join("\n");
}

/** Sources that a build reads: everything below src but tests and their recordings. */
function sourceFiles(folder) {
  return filesBelow(join(folder, "src"));
}

/** What the console is made of; none in a folder without one. */
function consoleFiles(folder) {
  const own = ["index.html", "package.json", "tsconfig.json", "vite.config.ts"];
  const below = ["src", "public"].map((name) => join(folder, "console", name)).filter(existsSync);
  return [...below.flatMap(filesBelow), ...own.map((name) => join(folder, "console", name))];
}

function filesBelow(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.test(-d)?\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .filter((file) => !file.includes("__fixtures__"))
    .toSorted();
}

/** Changes exactly when a build would come out differently; by content, as checking out touches times. */
export function sourceStamp(folder = root) {
  const settings = ["tsconfig.json", "tsconfig.build.json", "package-lock.json", "package.json"];
  const hash = createHash("sha256");
  const files = [
    ...sourceFiles(folder),
    ...consoleFiles(folder),
    ...settings.map((name) => join(folder, name)),
  ];
  for (const path of files) {
    hash.update(`${relative(folder, path)}\0`);
    if (existsSync(path)) hash.update(readFileSync(path));
  }
  return hash.digest("hex");
}

/** Builds dist unless it comes from the sources as they are. */
export function ensureBuilt(folder = root) {
  const stamp = sourceStamp(folder);
  const stampFile = join("dist", ".stamp");
  if (existsSync(join(folder, "dist", "main.js")) && readText(join(folder, stampFile)) === stamp) return;
  say("building");
  build(folder, stamp);
}

/** Compiles beside dist and swaps, so that nobody ever sees half a build. */
function build(folder, stamp) {
  const fresh = join(folder, `dist.${process.pid}.tmp`);
  try {
    const compiler = join(folder, "node_modules", "typescript", "bin", "tsc");
    run(folder, [compiler, "-p", "tsconfig.build.json", "--outDir", fresh]);
    copyAssets(folder, fresh);
    buildConsole(folder, join(fresh, "console"));
    writeFileSync(join(fresh, ".stamp"), stamp);
    swap(fresh, join(folder, "dist"));
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

function run(cwd, args) {
  const result = spawnSync(process.execPath, args, { cwd, encoding: "utf8" });
  if (result.status === 0) return;
  throw new SetupError(`the build failed:\n${result.stdout || result.stderr || result.error?.message}`);
}

function buildConsole(folder, target) {
  const cwd = join(folder, "console");
  if (!existsSync(cwd)) return;
  const bundler = join(folder, "node_modules", "vite", "bin", "vite.js");
  run(cwd, [bundler, "build", "--outDir", target, "--emptyOutDir", "--logLevel", "error"]);
}

/** Files that the program reads at run time stand beside its code. */
function copyAssets(folder, target) {
  for (const path of sourceFiles(folder)) {
    if (!path.endsWith(".ts")) cpSync(path, join(target, relative(join(folder, "src"), path)));
  }
}

/** Two commands may build at once: the last one wins, with the same content. */
function swap(fresh, target) {
  const old = `${fresh}.old`;
  for (let tries = 0; ; tries += 1) {
    try {
      if (existsSync(target)) renameSync(target, old);
      renameSync(fresh, target);
      break;
    } catch (error) {
      if (tries === 5) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
