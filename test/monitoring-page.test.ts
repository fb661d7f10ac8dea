// The page about monitoring says nothing that does not work: each of its commands is run as it stands there.
import { spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { load } from "js-yaml";
import { adminToken, startProcess, type GatewayProcess } from "./support/gateway-process.ts";

const page = readFileSync(join(import.meta.dirname, "..", "docs", "monitoring.md"), "utf8");
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, "gmsu"))].map(([, text = ""]) => text);
/** Each command with the comment before it. */
const commands = blocks("sh")
  .filter((block) => block.includes("curl"))
  .flatMap((block) => block.split(/\n(?=#|curl)(?<!\\\n)/u))
  .reduce<string[]>((list, piece) => {
    const last = list.at(-1);
    if (last?.startsWith("#") === true && !last.includes("curl")) list[list.length - 1] = `${last}\n${piece}`;
    else list.push(piece);
    return list;
  }, []);

let gateway: GatewayProcess;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "moongate-page-"));
  gateway = await startProcess({ env: { MOONGATE_DEMO: "off" } });
  const modelService = { mode: "single", target: { service: "sim" } };
  const api = { name: "chat", useCase: "text-generation", protocols: ["openai"], modelService };
  await gateway.admin("POST", "/services", { name: "sim", provider: "simulator" });
  expect((await gateway.admin("POST", "/model-apis", api)).status).toBe(201);
  const answer = await fetch(`${gateway.gatewayUrl}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ model: "qwen-demo", messages: [{ role: "user", content: "Hi" }] }),
  });
  expect(answer.status).toBe(200);
  await answer.arrayBuffer();
});
afterAll(async () => {
  await gateway?.close();
  rmSync(folder, { recursive: true, force: true });
});

function run(command: string): Promise<{ readonly code: number | null; readonly output: string }> {
  const env = { ...process.env, MOONGATE_ADMIN_URL: gateway.consoleUrl, MOONGATE_ADMIN_TOKEN: adminToken };
  const child = spawn("sh", ["-c", command], { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (bytes: Buffer) => (output += bytes.toString("utf8")));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

test("it has commands for every part", () => {
  expect(commands.length).toBe(10);
  for (const path of [
    "logs?",
    "logs/export",
    "metrics/query",
    "usage",
    "log-store",
    "alerts/preview",
    "/metrics",
  ])
    expect(commands.some((command) => command.includes(path))).toBe(true);
});

test.each(commands)("%s", async (command) => {
  expect(await run(command)).toMatchObject({ code: 0 });
});

test("its configuration is taken", async () => {
  const [kept = "", alerts = ""] = blocks("yaml");
  const document = {
    version: 1,
    ...Object(load(kept)),
    ...Object(load(alerts.replace(', secret: "${env:HOOK_SECRET}"', ""))),
  };
  const answer = await gateway.admin("POST", "/config/apply", document);
  expect(await answer.json()).toMatchObject({ changes: [{ kind: "instances" }, { kind: "alerts" }] });
});
