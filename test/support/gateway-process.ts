// The whole program as a child process on free ports, with a data folder of its own. Knows only its command line, its output and HTTP.
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Changes } from "./changes.ts";

const root = join(import.meta.dirname, "..", "..");

/** A net under tests that start the program, several times or with much to do; no measure of anything. */
export const longMs = 480_000;

export const adminToken = "admin-token-for-tests-0123456789abcdef";

export interface ProcessOptions {
  /** Words after `start`. */
  readonly words?: readonly string[];
  /** What is run: the sources, or another entry such as the built one. */
  readonly entry?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: an empty folder, removed by `close`. */
  readonly dataDir?: string;
}

export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface GatewayProcess {
  readonly pid: number;
  readonly dataDir: string;
  readonly gatewayUrl: string;
  readonly consoleUrl: string;
  readonly gatewayPort: number;
  output(): string;
  kill(signal: NodeJS.Signals): void;
  exited(): Promise<Exit>;
  /** Calls the admin API as its owner. */
  admin(method: string, path: string, body?: unknown): Promise<Response>;
  /** Kills the process if it still runs, and removes the data folder that it was given by default. */
  close(): Promise<void>;
}

class Child {
  readonly process: ChildProcess;
  readonly dataDir: string;
  readonly #ownFolder: boolean;
  readonly #changes = new Changes();
  #output = "";
  #exit: Exit | undefined;

  constructor({ words = [], entry = "src/main.ts", env = {}, dataDir }: ProcessOptions) {
    this.#ownFolder = dataDir === undefined;
    this.dataDir = dataDir ?? mkdtempSync(join(tmpdir(), "moongate-test-"));
    this.process = spawn(process.execPath, [join(root, entry), "start", ...words], {
      cwd: root,
      env: { ...cleanEnvironment(), ...ownEnvironment(this.dataDir), ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (bytes: Buffer) => {
        this.#output += bytes.toString("utf8");
        this.#changes.notify();
      });
    }
    this.process.on("close", (code, signal) => {
      this.#exit = { code, signal };
      this.#changes.notify();
    });
  }

  output(): string {
    return this.#output;
  }

  exited(): Promise<Exit> {
    return this.#changes.until(() => this.#exit);
  }

  /** The text that a pattern's group finds in the output; fails when the process ends before. */
  async shown(pattern: RegExp): Promise<string> {
    const found = await this.#changes.until(() => pattern.exec(this.#output)?.[1] ?? this.#exit);
    if (typeof found === "string") return found;
    throw new Error(`ended with ${JSON.stringify(found)} before it was ready:\n${this.#output}`);
  }

  async close(): Promise<void> {
    if (this.#exit === undefined) this.process.kill("SIGKILL");
    await this.exited();
    if (this.#ownFolder) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

/** What the machine runs with must not decide what a test sees. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MOONGATE_")));
}

function ownEnvironment(dataDir: string): Record<string, string> {
  return {
    MOONGATE_DATA_DIR: dataDir,
    MOONGATE_GATEWAY_HOST: "127.0.0.1",
    MOONGATE_GATEWAY_PORT: "0",
    MOONGATE_CONSOLE_PORT: "0",
    MOONGATE_ADMIN_TOKEN: adminToken,
    MOONGATE_WORKERS: "2",
  };
}

/** Starts the program and waits until it is ready. */
export async function startProcess(options: ProcessOptions = {}): Promise<GatewayProcess> {
  const child = new Child(options);
  try {
    const gatewayUrl = await child.shown(/data plane\s+(http:\/\/\S+)/);
    const consoleUrl = await child.shown(/admin API\s+(http:\/\/[^/\s]+)/);
    await ready(consoleUrl);
    return {
      pid: child.process.pid ?? 0,
      dataDir: child.dataDir,
      gatewayUrl,
      consoleUrl,
      gatewayPort: Number(new URL(gatewayUrl).port),
      output: () => child.output(),
      kill: (signal) => void child.process.kill(signal),
      exited: () => child.exited(),
      admin: (method, path, body) => callAdmin(consoleUrl, method, path, body),
      close: () => child.close(),
    };
  } catch (error) {
    await child.close();
    throw error;
  }
}

/** Starts the program where it cannot start; gives how it ended and all it said. */
export async function failedStart(options: ProcessOptions): Promise<Exit & { readonly output: string }> {
  const child = new Child(options);
  const exit = await child.exited();
  await child.close();
  return { ...exit, output: child.output() };
}

async function ready(consoleUrl: string): Promise<void> {
  for (;;) {
    const answer = await fetch(`${consoleUrl}/readyz`);
    if (answer.status === 200) return;
    await answer.arrayBuffer();
  }
}

async function callAdmin(consoleUrl: string, method: string, path: string, body: unknown): Promise<Response> {
  return fetch(`${consoleUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${adminToken}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}
