// Moongate as it is served: built, started from a file, with authentication, metrics and records on.
// It must not know measures, nor import anything of the gateway itself.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import {
  type Candidate,
  freePort,
  type RunningCandidate,
  type Site,
  startProcess,
  Unavailable,
  waitUntil,
} from "./candidate.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
export const mainScript = join(ROOT, "dist/main.js");
const BUILD = join(ROOT, "bin/build.js");
const CLIENT_KEY = "bench-consumer-key-0123456789";

/** One service, one Model API, one consumer whose key is looked up on every request. */
export function moongateConfig(upstreamPort: number): string {
  return `version: 1
services:
  - name: mock
    provider: openai-compatible
    baseUrl: http://127.0.0.1:${upstreamPort}/v1
    apiKeys: [{ name: main, value: bench-upstream-key }]
modelApis:
  - name: bench
    useCase: text-generation
    protocols: [openai]
    modelService: { mode: single, target: { service: mock } }
    auth: { enabled: true, methods: [api-key], grants: [{ consumer: load }] }
consumers:
  - name: load
    credentials: [{ type: api-key, name: main, value: ${CLIENT_KEY} }]
`;
}

async function answers(url: string): Promise<boolean> {
  try {
    const answer = await fetch(url);
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

/** Figures of a stale build would be attributed to these sources. */
export async function buildMoongate(): Promise<void> {
  await promisify(execFile)(process.execPath, [BUILD], { cwd: ROOT }).catch((error: unknown) => {
    const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
    throw new Unavailable(output.trim().slice(0, 500));
  });
  if (!existsSync(mainScript)) throw new Unavailable("the build gave no dist/main.js");
}

export interface MoongateStart {
  /** The file that it starts from. */
  readonly document: string;
  /** Where it is called. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Another build than the one of these sources. */
  readonly main?: string;
  readonly readyWithinMs?: number;
}

export interface RunningMoongate extends RunningCandidate {
  readonly consoleUrl: string;
}

/** With one worker, on an empty data folder. */
export async function startMoongate(site: Site, start: MoongateStart): Promise<RunningMoongate> {
  const { document, path, headers, main = mainScript, readyWithinMs } = start;
  const [port, consolePort] = [await freePort(), await freePort()];
  const config = join(site.folder, "gateway.yaml");
  await writeFile(config, document);
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("MOONGATE_"));
  const started = await startProcess(
    site,
    "moongate",
    [process.execPath, main, "start", "--config", config],
    {
      ...Object.fromEntries(inherited),
      MOONGATE_WORKERS: "1",
      MOONGATE_DEMO: "off",
      MOONGATE_DATA_DIR: join(site.folder, "data"),
      MOONGATE_GATEWAY_HOST: "127.0.0.1",
      MOONGATE_GATEWAY_PORT: String(port),
      MOONGATE_CONSOLE_PORT: String(consolePort),
      MOONGATE_DRAIN_TIMEOUT_MS: "500",
    },
  );
  const consoleUrl = `http://127.0.0.1:${consolePort}`;
  await waitUntil("Moongate", started, () => answers(`${consoleUrl}/readyz`), readyWithinMs);
  return { port, path, headers, pid: started.pid, consoleUrl, stop: started.stop };
}

export const moongate: Candidate = {
  name: "moongate",
  warmUpMs: 6000,
  async prepare() {
    await buildMoongate();
    return `Moongate on Node ${process.versions.node}`;
  },
  start: (site) =>
    startMoongate(site, {
      document: moongateConfig(site.upstreamPort),
      path: "/v1/chat/completions",
      headers: { authorization: `Bearer ${CLIENT_KEY}` },
    }),
};
