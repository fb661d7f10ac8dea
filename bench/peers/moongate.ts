// Moongate as it is served: built, started from a file, with authentication, metrics and records on.
// It must not know measures, nor import anything of the gateway itself.

import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { type Candidate, freePort, startProcess, Unavailable, waitUntil } from "./candidate.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const MAIN = join(ROOT, "dist/main.js");
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

export const moongate: Candidate = {
  name: "moongate",
  warmUpMs: 6000,
  async prepare() {
    // Figures of a stale build would be attributed to these sources.
    await promisify(execFile)(process.execPath, [BUILD], { cwd: ROOT }).catch((error: unknown) => {
      const output = error instanceof Error && "stderr" in error ? String(error.stderr) : String(error);
      throw new Unavailable(output.trim().slice(0, 500));
    });
    if (!existsSync(MAIN)) throw new Unavailable("the build gave no dist/main.js");
    return `Moongate on Node ${process.versions.node}`;
  },
  async start(site) {
    const [port, consolePort] = [await freePort(), await freePort()];
    const config = join(site.folder, "gateway.yaml");
    await writeFile(config, moongateConfig(site.upstreamPort));
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("MOONGATE_"));
    const started = await startProcess(
      site,
      "moongate",
      [process.execPath, MAIN, "start", "--config", config],
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
    await waitUntil("Moongate", started, () => answers(`http://127.0.0.1:${consolePort}/readyz`));
    const headers = { authorization: `Bearer ${CLIENT_KEY}` };
    return { port, path: "/v1/chat/completions", headers, pid: started.pid, stop: started.stop };
  },
};
