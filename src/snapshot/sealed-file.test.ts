import { mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createSealer } from "../lib/seal.ts";
import { loadSealedSnapshot, saveSealedSnapshot } from "./sealed-file.ts";
import type { Snapshot } from "./snapshot.ts";

const sealer = createSealer(Buffer.alloc(32, 7));

const snapshot: Snapshot = {
  revision: 12,
  instance: "default",
  apis: new Map([
    [
      "chat",
      {
        name: "chat",
        useCase: "text-generation",
        resourceGroup: "default",
        protocols: ["openai"],
        hosts: ["*"],
        basePath: "/",
        stripBasePath: false,
        routes: [],
        modelService: { mode: "single", target: { service: "a" } },
        fallback: { on: [], targets: [] },
        retries: { max: 1, on: ["network-error"], budgetPercent: 20 },
        firstPacketTimeoutMs: 0,
        auth: { apiKeySources: [{ in: "bearer" }], grants: [{ consumer: "app", expiresAtMs: null }] },
        corsOrigins: ["*"],
        monitoring: { metrics: true, logs: true, traces: true, traceSampleRatio: 1, exposeHeaders: true },
      },
    ],
  ]),
  services: new Map([
    [
      "a",
      {
        name: "a",
        provider: "openai",
        resourceGroup: "default",
        endpoints: [],
        auth: { kind: "bearer" },
        usageOption: true,
        keys: [{ name: "main", value: "sk-very-secret-value", weight: 1 }],
        usable: true,
        headers: [],
        timeouts: { connectMs: 1, idleMs: 2, totalMs: 3 },
        maxInFlight: 0,
        models: ["m"],
        prices: [],
      },
    ],
  ]),
  consumerGroups: new Map([
    [
      "team",
      {
        name: "team",
        quotas: [
          { name: "q", key: "k", metric: "cost", limit: 1, period: { days: 3, fromDay: 0 }, timeZone: "UTC" },
        ],
      },
    ],
  ]),
  consumers: new Map([["app", { name: "app", apiKeys: [] }]]),
  routers: new Map([["chat", { version: 3, labels: "AAEC" }]]),
};

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-snapshot-"));
  file = join(folder, "last-good.snapshot");
});
afterEach(() => rm(folder, { recursive: true }));

test("a saved snapshot comes back as it was", async () => {
  await saveSealedSnapshot(file, snapshot, sealer);
  expect(await loadSealedSnapshot(file, sealer)).toEqual(snapshot);
});

test.each([0, 1, 499, 500, 501, 1_000, 2_001])(
  "a snapshot of %i consumers comes back as it was",
  async (count) => {
    const names = Array.from({ length: count }, (_, index) => `app-${index}`);
    const consumers = new Map(names.map((name) => [name, { name, apiKeys: [], groups: ['a "group" – 组'] }]));
    await saveSealedSnapshot(file, { ...snapshot, consumers }, sealer);
    expect(await loadSealedSnapshot(file, sealer)).toEqual({ ...snapshot, consumers });
  },
);

test("while a large snapshot is sealed, others have their turns", async () => {
  const names = Array.from({ length: 20_000 }, (_, index) => `app-${index}`);
  const consumers = new Map(names.map((name) => [name, { name, apiKeys: [] }]));
  let turns = 0;
  let isSaving = true;
  const count = (): void => {
    turns += 1;
    if (isSaving) setImmediate(count);
  };
  setImmediate(count);
  await saveSealedSnapshot(file, { ...snapshot, consumers }, sealer);
  isSaving = false;
  expect(turns).toBeGreaterThan(3);
});

test("the newest of several saves comes back, and nothing else is left in the folder", async () => {
  await saveSealedSnapshot(file, snapshot, sealer);
  await saveSealedSnapshot(file, { ...snapshot, revision: 13 }, sealer);
  expect((await loadSealedSnapshot(file, sealer))?.revision).toBe(13);
  expect(await readdir(folder)).toEqual(["last-good.snapshot"]);
});

test("the file shows no key and is for its owner alone", async () => {
  await saveSealedSnapshot(file, snapshot, sealer);
  expect((await readFile(file)).includes("secret")).toBe(false);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
});

test("a missing file is no snapshot", async () => {
  expect(await loadSealedSnapshot(file, sealer)).toBeUndefined();
});

test("another master key is told as such", async () => {
  await saveSealedSnapshot(file, snapshot, createSealer(Buffer.alloc(32, 8)));
  await expect(loadSealedSnapshot(file, sealer)).rejects.toMatchObject({
    name: "SnapshotFileUnusable",
    reason: "other-key",
  });
});

test.each<{ name: string; spoil: (bytes: Buffer) => Buffer; reason: string }>([
  { name: "cut to nothing", spoil: () => Buffer.alloc(0), reason: "damaged" },
  { name: "cut in the head", spoil: (bytes) => bytes.subarray(0, 10), reason: "damaged" },
  { name: "cut after the head", spoil: (bytes) => bytes.subarray(0, 20), reason: "damaged" },
  { name: "cut at the end", spoil: (bytes) => bytes.subarray(0, -1), reason: "damaged" },
  { name: "longer", spoil: (bytes) => Buffer.concat([bytes, Buffer.of(0)]), reason: "damaged" },
  {
    name: "changed in the middle",
    spoil: (bytes) => bytes.fill(~bytes.readUInt8(200), 200, 201),
    reason: "damaged",
  },
  { name: "something else", spoil: () => Buffer.from("{}"), reason: "damaged" },
  {
    name: "of another format",
    spoil: (bytes) =>
      Buffer.from(bytes.toString("latin1").replace(/snapshot \d+\n/, "snapshot 1\n"), "latin1"),
    reason: "other-format",
  },
])("a file that is $name is refused as $reason", async ({ spoil, reason }) => {
  await saveSealedSnapshot(file, snapshot, sealer);
  await writeFile(file, spoil(await readFile(file)));
  await expect(loadSealedSnapshot(file, sealer)).rejects.toMatchObject({
    name: "SnapshotFileUnusable",
    reason,
  });
});

test("what is no file is refused as unreadable", async () => {
  await expect(loadSealedSnapshot(folder, sealer)).rejects.toMatchObject({ reason: "unreadable" });
});
