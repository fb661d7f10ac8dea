// The audit log of the whole program: edits of the started file, a sudden death, a start with the same folder, and a store
// that somebody has edited meanwhile.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startProcess, type GatewayProcess } from "./support/gateway-process.ts";

const folder = mkdtempSync(join(tmpdir(), "moongate-audit-"));
const dataDir = join(folder, "data");
const file = join(folder, "gateway.yaml");
const secret = "canary-of-the-started-file-0123";
const service = (description: string): string =>
  `version: 1\nservices:\n  - name: sim\n    provider: simulator\n    description: ${description}\n    apiKeys: [{ name: k, value: ${secret} }]\n`;

let gateway: GatewayProcess;
const start = (): Promise<GatewayProcess> => startProcess({ words: ["--config", file], dataDir });

beforeAll(async () => {
  writeFileSync(file, service("first"));
  gateway = await start();
});
afterAll(async () => {
  await gateway.close();
  rmSync(folder, { recursive: true, force: true });
});

async function items(query = ""): Promise<readonly { readonly [field: string]: unknown }[]> {
  const answer = await gateway.admin("GET", `/audit-log${query}`);
  // Its form is checked against the description of the API elsewhere.
  return ((await answer.json()) as { items: { [field: string]: unknown }[] }).items;
}

async function verdict(): Promise<unknown> {
  return (await gateway.admin("GET", "/audit-log/verify")).json();
}

test("edits of the started file leave entries, taken or refused, without its secrets", async () => {
  expect(await items()).toMatchObject([
    { actor: `file:${file}`, method: "file", action: "apply", kind: "services", name: "sim", result: "ok" },
  ]);
  writeFileSync(file, service("second"));
  await expect
    .poll(async () => (await items())[0])
    .toMatchObject({
      number: 2,
      objects: [{ changes: [{ path: "description", before: "first", after: "second" }] }],
    });
  writeFileSync(file, "version: 1\nservices: [{ name: 7 }]\n");
  await expect
    .poll(async () => (await items())[0])
    .toMatchObject({ number: 3, actor: `file:${file}`, result: "refused", code: "invalid" });
  expect(JSON.stringify(await items())).not.toContain("canary");
  writeFileSync(file, service("second"));
});

test("every acknowledged change has its entry after a sudden death, and the log goes on where it was", async () => {
  const made = await Promise.all(
    Array.from({ length: 20 }, (_, index) => gateway.admin("POST", "/consumers", { name: `c${index}` })),
  );
  expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
  gateway.kill("SIGKILL");
  await gateway.exited();
  gateway = await start();
  expect(await items("?kind=consumers&action=create&limit=100")).toHaveLength(20);
  expect(await verdict()).toMatchObject({ ok: true, firstBad: null });
});

test("what somebody edits while the gateway is stopped is found after its start", async () => {
  gateway.kill("SIGTERM");
  await gateway.exited();
  const database = new DatabaseSync(join(dataDir, "moongate.db"));
  database.exec("UPDATE audit SET text = replace(text, 'second', 'harmless') WHERE number = 2");
  database.close();
  gateway = await start();
  expect(await verdict()).toMatchObject({ ok: false, firstBad: { number: 2, reason: "changed" } });
});
