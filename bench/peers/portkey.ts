// Portkey's gateway from npm, as a reader would install it: the peer.
// It must not know measures.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { requestBody } from "../load/traffic.ts";
import {
  accepts,
  type Candidate,
  freePort,
  type RunningCandidate,
  type Site,
  startProcess,
  Unavailable,
  waitUntil,
} from "./candidate.ts";

const VERSION = "1.15.2";
const CACHE = fileURLToPath(
  new URL(`../../node_modules/.cache/moongate-bench/portkey-${VERSION}/`, import.meta.url),
);
const ENTRY = join(CACHE, "node_modules/@portkey-ai/gateway/build/start-server.js");
const SHIM = new URL("portkey-fetch-shim.js", import.meta.url).href;

const run = promisify(execFile);

async function install(): Promise<void> {
  if (existsSync(ENTRY)) return;
  await mkdir(CACHE, { recursive: true });
  await writeFile(join(CACHE, "package.json"), `{ "private": true }\n`);
  try {
    const flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", ["install", ...flags, `@portkey-ai/gateway@${VERSION}`], { cwd: CACHE });
  } catch {
    throw new Unavailable(`npm could not install @portkey-ai/gateway ${VERSION} (no network?)`);
  }
}

/** Portkey is published for Node 20: the machine's own node if it is one, else the one that runs this. */
async function pickNode(): Promise<string> {
  const folders = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter((folder) => !folder.includes("node_modules"));
  for (const folder of folders) {
    const program = join(folder, "node");
    if (!existsSync(program)) continue;
    const { stdout } = await run(program, ["--version"]);
    if (stdout.startsWith("v20.")) return program;
  }
  return process.execPath;
}

async function startOnce(site: Site, program: string, flags: readonly string[]): Promise<RunningCandidate> {
  const port = await freePort();
  const command = [program, ...flags, ENTRY, "--headless", `--port=${port}`];
  const started = await startProcess(site, "portkey", command, { ...process.env, NODE_ENV: "production" });
  await waitUntil("Portkey", started, () => accepts(port));
  const headers = {
    authorization: "Bearer bench-upstream-key",
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `http://127.0.0.1:${site.upstreamPort}/v1`,
  };
  return { port, path: "/v1/chat/completions", headers, pid: started.pid, stop: started.stop };
}

async function answersStreams(running: RunningCandidate): Promise<boolean> {
  const answer = await fetch(`http://127.0.0.1:${running.port}${running.path}`, {
    method: "POST",
    headers: { ...running.headers, "content-type": "application/json" },
    body: requestBody("brisk", 1024),
  });
  await answer.body?.cancel();
  return answer.ok;
}

export const portkey: Candidate = {
  name: "portkey",
  warmUpMs: 14_000,
  async prepare() {
    await install();
    const { stdout } = await run(await pickNode(), ["--version"]);
    return `@portkey-ai/gateway ${VERSION} on Node ${stdout.trim().slice(1)}`;
  },
  async start(site) {
    const program = await pickNode();
    const plain = await startOnce(site, program, []);
    if (await answersStreams(plain)) return plain;
    await plain.stop();
    const shimmed = await startOnce(site, program, ["--import", SHIM]);
    const note =
      "as installed it answers every stream with 500; measured with a fetch shim that mends only that";
    return { ...shimmed, note };
  },
};
