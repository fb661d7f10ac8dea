import { beforeEach, expect, test } from "vitest";
import { routingStoreInMemory } from "../../store/sqlite-routing-store.ts";
import type { RoutingStore } from "../../core/kept-routing.ts";
import { featuresVersion } from "../../routing/prompt/prompt-features.ts";
import { RouterVersions } from "./router-versions.ts";

let store: RoutingStore;
let told: number;
let versions: RouterVersions;

const open = () =>
  new RouterVersions({
    store,
    wallMs: () => 1,
    onPublished: async () => {
      told += 1;
    },
  });
const version = {
  api: "chat",
  by: "training",
  labels: 1,
  prompts: 1,
  upTo: 1,
  report: JSON.stringify({ features: featuresVersion }),
};

beforeEach(() => {
  store = routingStoreInMemory();
  told = 0;
  versions = open();
  for (const byte of [1, 2, 3]) versions.add(version, Uint8Array.of(byte));
});

test("what is put into use is told and is there after a restart", async () => {
  await versions.publish("chat", 2, "user:ada");
  expect(told).toBe(1);
  for (const read of [versions, open()]) {
    expect([...read.published]).toEqual([["chat", { version: 2, labels: "Ag==" }]]);
    expect(read.publicationOf("chat")).toMatchObject({ version: 2, former: 0, by: "user:ada" });
  }
});

test("one step back is the version before, the next is none, and then there is no way back", async () => {
  await versions.publish("chat", 1, "a");
  await versions.publish("chat", 3, "a");
  expect(await versions.rollBack("chat", "b")).toMatchObject({ version: 1, former: 0, by: "b" });
  expect(versions.published.get("chat")?.labels).toBe("AQ==");
  expect(await versions.rollBack("chat", "b")).toMatchObject({ version: 0 });
  expect([...open().published]).toEqual([]);
  await expect(versions.rollBack("chat", "b")).rejects.toThrow("no way back");
});

test.each([
  ["is not there", 9, "no version 9"],
  ["is in use", 1, "in use already"],
])("a version that %s is refused", async (_name, number, message) => {
  await versions.publish("chat", 1, "a");
  await expect(versions.publish("chat", number, "a")).rejects.toThrow(message);
  expect(told).toBe(1);
});

test("with its Model API goes what is in use", async () => {
  await versions.publish("chat", 1, "a");
  const before = versions.published;
  versions.keepOnly(() => true);
  expect(versions.published).toBe(before);
  versions.keepOnly((api) => api !== "chat");
  expect([...versions.published]).toEqual([]);
  expect(versions.versionsOf("chat")).toEqual([]);
});

test("what another version of the program has made is not used, and is not in the way", async () => {
  const report = JSON.stringify({ features: featuresVersion + 1 });
  store.addVersion({ ...version, atMs: 1, report }, Uint8Array.of(9), 9);
  store.publish({ api: "chat", version: 4, former: 0, atMs: 1, by: "a" });
  const later = open();
  // Data planes are told which version it is, and nothing that they could open.
  expect([...later.published]).toEqual([["chat", { version: 4, labels: "" }]]);
  expect(later.inUse("chat")).toBe(0);
  await expect(later.publish("chat", 4, "a")).rejects.toThrow("can use");
  await later.publish("chat", 1, "a");
  expect(later.inUse("chat")).toBe(1);
});
