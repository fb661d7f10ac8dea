// The command in bin/ as a newcomer meets it: in a clone of its own, under whatever Node runs it.
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "moongate-bin-"));

/** A Node under another path than the packaged one: bin/ then starts a process instead of becoming it. */
const foreignNode = join(folder, "foreign-node");

const program = `
const { argv, env, pid, version } = process;
if (argv[2] === "wait") {
  const timer = setInterval(() => {}, 1000);
  process.on("SIGTERM", () => { console.log("SIGTERM"); clearInterval(timer); });
}
console.log(JSON.stringify({ args: argv.slice(2), pid, version, pool: env["UV_THREADPOOL_SIZE"], data: env["MOONGATE_DATA_DIR"] }));
if (argv[2] === "exit") process.exit(Number(argv[3]));
`;

beforeAll(() => {
  cpSync(join(root, "bin"), join(folder, "bin"), { recursive: true });
  for (const name of ["package.json", "package-lock.json", "tsconfig.json", "tsconfig.build.json"]) {
    copyFileSync(join(root, name), join(folder, name));
  }
  symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  mkdirSync(join(folder, "src"));
  writeFileSync(join(folder, "src", "main.ts"), program);
  try {
    linkSync(process.execPath, foreignNode);
  } catch {
    copyFileSync(process.execPath, foreignNode);
  }
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** Resolves once stdout holds the text. */
  shows(text: string): Promise<void>;
}

function start(
  words: readonly string[],
  options: { node?: string; env?: Record<string, string>; cwd?: string } = {},
): Started {
  const { node = process.execPath, env = {}, cwd = folder } = options;
  const child = spawn(node, [join(cwd, "bin", "moongate.js"), ...words], {
    cwd,
    env: { ...process.env, ...env },
  });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
  child.stderr.on("data", (data: Buffer) => (stderr += data.toString()));
  const ended = new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
  const shows = (text: string) =>
    new Promise<void>((resolve) => {
      const look = () => stdout.includes(text) && resolve();
      child.stdout.on("data", look);
      look();
    });
  return { child, ended, shows };
}

function firstLine(stdout: string): Record<string, unknown> {
  return JSON.parse(stdout.split("\n")[0] ?? "");
}

describe.each([
  ["the packaged Node", () => process.execPath],
  ["another Node", () => foreignNode],
])("started with %s", (_name, node) => {
  test("it builds, says so on stderr, and runs the program with its arguments", async () => {
    rmSync(join(folder, "dist"), { recursive: true, force: true });
    const { code, stdout, stderr } = await start(["a", "b c"], { node: node() }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "moongate: building\n" });
    expect(firstLine(stdout)).toMatchObject({ args: ["a", "b c"], version: expect.stringMatching(/^v24\./) });
  });

  test("the second start builds nothing", async () => {
    await start([]).ended;
    const { stderr } = await start([], { node: node() }).ended;
    expect(stderr).toBe("");
  });

  test("the exit code is the program's", async () => {
    expect(await start(["exit", "7"], { node: node() }).ended).toMatchObject({ code: 7 });
  });

  test("SIGTERM reaches the program once, and it may end by itself", async () => {
    const running = start(["wait"], { node: node() });
    await running.shows("\n");
    running.child.kill("SIGTERM");
    const { code, stdout } = await running.ended;
    expect({ code, lines: stdout.trim().split("\n").slice(1) }).toEqual({ code: 0, lines: ["SIGTERM"] });
  });

  test("the environment arrives, with more threads for name look-ups unless told otherwise", async () => {
    const plain = await start([], { node: node(), env: { MOONGATE_DATA_DIR: "/d" } }).ended;
    const told = await start([], { node: node(), env: { UV_THREADPOOL_SIZE: "5" } }).ended;
    expect([firstLine(plain.stdout), firstLine(told.stdout)]).toMatchObject([
      { pool: "16", data: "/d" },
      { pool: "5" },
    ]);
  });
});

test("with the packaged Node the program takes the place of the command", async () => {
  const running = start([]);
  const { stdout } = await running.ended;
  expect(firstLine(stdout)["pid"]).toBe(running.child.pid);
});

test.runIf(process.platform !== "win32")(
  "npm's shell gives way to the program, so that signals reach it",
  async () => {
    const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
    const path = `${join(root, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}`;
    const shell = spawn("sh", ["-c", manifest.scripts.start], {
      cwd: folder,
      env: { ...process.env, PATH: path },
    });
    let stdout = "";
    shell.stdout.on("data", (data: Buffer) => (stdout += data.toString()));
    await once(shell, "close");
    expect(firstLine(stdout)).toMatchObject({ pid: shell.pid, args: ["start"] });
  },
);

test("a changed source is built again, a changed test is not", async () => {
  await start([]).ended;
  writeFileSync(join(folder, "src", "main.test.ts"), "export {};\n");
  const untouched = await start([]).ended;
  writeFileSync(join(folder, "src", "main.ts"), `${program}\nconsole.log("changed");\n`);
  const changed = await start([]).ended;
  writeFileSync(join(folder, "src", "main.ts"), program);
  expect([untouched.stderr, changed.stderr]).toEqual(["", "moongate: building\n"]);
  expect(changed.stdout).toContain("changed");
});

test("a file that is no TypeScript stands beside the built code", async () => {
  writeFileSync(join(folder, "src", "page.txt"), "text");
  await start([]).ended;
  rmSync(join(folder, "src", "page.txt"));
  expect(readFileSync(join(folder, "dist", "page.txt"), "utf8")).toBe("text");
});

test("a build that fails says why, without a stack, and leaves the last good one", async () => {
  await start([]).ended;
  writeFileSync(join(folder, "src", "main.ts"), "const count: number = 'x';\n");
  const { code, stderr } = await start([]).ended;
  writeFileSync(join(folder, "src", "main.ts"), program);
  expect(code).toBe(1);
  expect(stderr).toMatch(/the build failed:\nsrc\/main\.ts\(1,7\): error/);
  expect(stderr).not.toContain("    at ");
  expect(existsSync(join(folder, "dist", "main.js"))).toBe(true);
});

test("as an installed package, without sources, it runs what is there and builds nothing", async () => {
  const installed = join(folder, "installed");
  for (const part of ["bin", "package.json", "node_modules"]) {
    cpSync(join(folder, part), join(installed, part), { recursive: true, verbatimSymlinks: true });
  }
  const missing = await start([], { cwd: installed }).ended;
  mkdirSync(join(installed, "dist"));
  writeFileSync(join(installed, "dist", "main.js"), "console.log('here');\n");
  const present = await start([], { cwd: installed }).ended;
  expect(missing).toMatchObject({ code: 1, stderr: expect.stringContaining("main.js is missing") });
  expect(present).toMatchObject({ code: 0, stdout: "here\n", stderr: "" });
});

describe("a clone whose packages are not those of the lock file", () => {
  const fresh = join(folder, "fresh");
  const npm = join(fresh, "npm-cli.js");
  const env = { npm_execpath: npm };

  beforeEach(() => {
    rmSync(fresh, { recursive: true, force: true });
    for (const part of [
      "bin",
      "src",
      "package.json",
      "package-lock.json",
      "tsconfig.json",
      "tsconfig.build.json",
    ]) {
      cpSync(join(folder, part), join(fresh, part), { recursive: true });
    }
  });

  function fakeNpm(lines: string): void {
    writeFileSync(
      npm,
      `import fs from "node:fs";\nfs.writeFileSync("npm-args", process.argv.slice(2).join(" "));\n${lines}`,
    );
  }

  const install = `fs.rmSync("node_modules", { recursive: true, force: true }); fs.symlinkSync(${JSON.stringify(join(root, "node_modules"))}, "node_modules");`;

  test("is installed, without install scripts, then built and run", async () => {
    fakeNpm(install);
    const { code, stdout, stderr } = await start([], { cwd: fresh, env }).ended;
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: "moongate: installing packages (npm ci)\nmoongate: building\n",
    });
    expect(readFileSync(join(fresh, "npm-args"), "utf8")).toMatch(
      /^ci .*--ignore-scripts --no-audit --no-fund$/,
    );
    expect(firstLine(stdout)).toMatchObject({ args: [] });
  });

  test("is installed again when the record of the last installation differs", async () => {
    fakeNpm(install);
    mkdirSync(join(fresh, "node_modules"));
    const lock = JSON.parse(readFileSync(join(fresh, "package-lock.json"), "utf8"));
    lock.packages["node_modules/zod"].integrity = "sha512-another";
    writeFileSync(join(fresh, "node_modules", ".package-lock.json"), JSON.stringify(lock));
    expect((await start([], { cwd: fresh, env }).ended).stderr).toContain("installing packages");
  });

  test("and cannot be installed ends with npm's reason", async () => {
    fakeNpm(
      `console.error("npm warn x\\nnpm error code ENOTFOUND\\nnpm error no such host"); process.exit(1);`,
    );
    const { code, stderr } = await start([], { cwd: fresh, env }).ended;
    expect(code).toBe(1);
    expect(stderr).toContain("npm ci failed: npm error code ENOTFOUND\nnpm error no such host\n");
    expect(stderr).not.toContain("    at ");
  });
});
