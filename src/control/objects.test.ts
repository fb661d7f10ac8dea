// Single objects through the configuration service, over a real store.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openConfiguration, sampleApi, sampleService } from "./configuration-fixture.ts";
import type { ConfigurationFixture } from "./configuration-fixture.ts";
import type { Kind } from "../resources/kinds.ts";
import type { JsonObject } from "./merge-patch.ts";
import { createObject, deleteObject, findObject, patchObject, replaceObject, viewObject } from "./objects.ts";

let fixture: ConfigurationFixture;
const by = "test";

beforeEach(async () => {
  fixture = await openConfiguration();
});
afterEach(() => fixture.close());

const create = (kind: Kind, body: JsonObject) => createObject(fixture.configuration, { kind, by }, body);
const replace = (kind: Kind, name: string, body: JsonObject, revision?: number) =>
  replaceObject(fixture.configuration, { kind, name, by, revision }, body);
const patch = (kind: Kind, name: string, body: JsonObject, revision?: number) =>
  patchObject(fixture.configuration, { kind, name, by, revision }, body);
const remove = (kind: Kind, name: string) => deleteObject(fixture.configuration, { kind, name, by });
const view = (kind: Kind, name: string) =>
  viewObject(fixture.configuration, findObject(fixture.configuration.working, kind, name));
/** The key that the data planes would send for a service. */
const sentKey = (service: string) => fixture.published.at(-1)?.services.get(service)?.keys[0]?.value;

const keyed = (fields: JsonObject = {}) => ({
  name: "a",
  provider: "openai",
  apiKeys: [{ name: "main", value: "sk-first-secret" }],
  headers: { "x-team": "header-secret-1" },
  ...fields,
});

describe("objects", () => {
  test("are created with defaults, published at once and found after a restart", async () => {
    await create("services", sampleService);
    const written = await create("model-apis", sampleApi);
    expect(written.revision).toBe(2);
    expect(written.view).toMatchObject({
      name: "chat",
      enabled: true,
      domains: ["*"],
      revision: 2,
      managedBy: "api",
    });
    expect(fixture.published.map((snapshot) => snapshot.revision)).toEqual([0, 1, 2]);
    expect(fixture.published.at(-1)?.apis.has("chat")).toBe(true);
    const reopened = await fixture.reopen();
    expect(reopened.get("model-apis", "chat")).toEqual(fixture.configuration.get("model-apis", "chat"));
  });

  test("change by replacement and by merge patch, and go when deleted", async () => {
    await create("services", keyed({ description: "one" }));
    await replace("services", "a", { provider: "openai", description: "two" });
    expect(view("services", "a")).toMatchObject({ description: "two", revision: 2 });
    await patch("services", "a", { timeouts: { connectMs: 7 }, description: null });
    expect(view("services", "a")).toMatchObject({
      description: "",
      timeouts: { connectMs: 7, idleMs: 60_000 },
    });
    await remove("services", "a");
    expect(fixture.configuration.get("services", "a")).toBeUndefined();
    expect(fixture.published.at(-1)?.services.size).toBe(0);
  });

  test("sent back as they were read make no new revision", async () => {
    await create("services", keyed());
    await replace("services", "a", view("services", "a"));
    await replace("services", "a", view("services", "a"));
    const { revision } = fixture.configuration.working;
    await replace("services", "a", view("services", "a"));
    expect(fixture.configuration.working.revision).toBe(revision);
  });

  test("domains have one spelling", async () => {
    await create("domains", { name: "API.Bücher.example." });
    expect(view("domains", "api.xn--bcher-kva.EXAMPLE")).toMatchObject({ name: "api.xn--bcher-kva.example" });
    await expect(create("domains", { name: "api.bücher.example" })).rejects.toMatchObject({
      code: "conflict",
    });
  });

  test("of two concurrent creations of one name exactly one wins", async () => {
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => create("services", sampleService)));
    expect(results.filter((result) => result.status === "fulfilled")).toHaveLength(1);
    expect(fixture.configuration.working.revision).toBe(1);
  });

  test("built-in objects are listed without being stored, can be changed and not deleted", async () => {
    expect(view("domains", "*")).toMatchObject({ name: "*", revision: 0 });
    expect(view("instances", "default")).toMatchObject({ region: "local" });
    await patch("domains", "*", { description: "any host" });
    expect(view("domains", "*")).toMatchObject({ description: "any host", revision: 1 });
    await expect(remove("domains", "*")).rejects.toMatchObject({ code: "conflict" });
  });
});

describe("secrets", () => {
  test("are masked for readers, sealed in the store and open in the snapshot", async () => {
    await create("services", keyed());
    expect(view("services", "a")["apiKeys"]).toEqual([
      { name: "main", value: { set: true, hint: "…cret" }, weight: 1, enabled: true },
    ]);
    expect(sentKey("a")).toBe("sk-first-secret");
    const stored = JSON.stringify([await fixture.store.list(), await fixture.store.changesBetween(0, 9)]);
    expect(stored).toContain("sealed");
    expect(stored).not.toContain("sk-first-secret");
    expect(stored).not.toContain("header-secret-1");
  });

  test.each<[string, JsonObject, { key: string | undefined; header: string | undefined }]>([
    [
      "sent back masked, they stay",
      {
        apiKeys: [{ name: "main", value: { set: true, hint: "…cret" } }],
        headers: { "x-team": { set: true, hint: null } },
      },
      { key: "sk-first-secret", header: "header-secret-1" },
    ],
    ["omitted as fields, they stay", {}, { key: "sk-first-secret", header: "header-secret-1" }],
    [
      "omitted inside a list item, they stay",
      { apiKeys: [{ name: "main", weight: 5 }] },
      { key: "sk-first-secret", header: "header-secret-1" },
    ],
    [
      "replaced by a text, they change",
      { apiKeys: [{ name: "main", value: "sk-second-secret" }], headers: { "x-team": "b" } },
      { key: "sk-second-secret", header: "b" },
    ],
    [
      "cleared by null",
      { apiKeys: null, headers: { "x-team": null } },
      { key: undefined, header: undefined },
    ],
    ["gone with their list item", { apiKeys: [], headers: {} }, { key: undefined, header: undefined }],
  ])("%s when an object is replaced", async (_name, fields, wanted) => {
    await create("services", keyed());
    await replace("services", "a", { provider: "openai", ...fields });
    expect(sentKey("a")).toBe(wanted.key);
    expect(fixture.published.at(-1)?.services.get("a")?.headers[0]?.[1]).toBe(wanted.header);
  });

  test.each<[string, JsonObject, string | undefined]>([
    ["a patch of something else keeps them", { description: "x" }, "sk-first-secret"],
    ["a patched list matches by name", { apiKeys: [{ name: "main", weight: 3 }] }, "sk-first-secret"],
    ["null clears them", { apiKeys: null }, undefined],
    ["a text replaces them", { apiKeys: [{ name: "main", value: "sk-other-secret" }] }, "sk-other-secret"],
  ])("%s", async (_name, body, wanted) => {
    await create("services", keyed());
    await patch("services", "a", body);
    expect(sentKey("a")).toBe(wanted);
  });

  test("follow their names when a list is reordered", async () => {
    const mask = { set: true, hint: null };
    await create(
      "services",
      keyed({
        apiKeys: [
          { name: "one", value: "secret-one" },
          { name: "two", value: "secret-two" },
        ],
      }),
    );
    await replace("services", "a", {
      provider: "openai",
      apiKeys: [
        { name: "two", value: mask },
        { name: "one", value: mask },
      ],
    });
    const reopened = await fixture.reopen();
    expect(reopened.snapshot.services.get("a")?.keys.map(({ name, value }) => [name, value])).toEqual([
      ["two", "secret-two"],
      ["one", "secret-one"],
    ]);
  });

  test("of Bedrock key pairs are sealed field by field", async () => {
    const value = {
      accessKeyId: "AKIA",
      secretAccessKey: "very-secret-key",
      sessionToken: "very-secret-token",
    };
    await create("services", {
      name: "b",
      provider: "bedrock",
      region: "us-east-1",
      apiKeys: [{ name: "k", value }],
    });
    const [key] = Reflect.get(view("services", "b"), "apiKeys") as { value: JsonObject }[];
    expect(key?.value).toEqual({
      accessKeyId: "AKIA",
      secretAccessKey: { set: true, hint: "…-key" },
      sessionToken: { set: true, hint: "…oken" },
    });
  });

  test("of consumers are kept as hashes only", async () => {
    const value = "custom-key-0123456789";
    await create("consumers", { name: "app", credentials: [{ type: "api-key", name: "main", value }] });
    expect(JSON.stringify(fixture.configuration.get("consumers", "app"))).not.toContain(value);
    expect(JSON.stringify(await fixture.store.list())).not.toContain(value);
    expect(fixture.published.at(-1)?.consumers.get("app")?.apiKeys[0]?.sha256).toMatch(/^[0-9a-f]{64}$/u);
  });
});

describe("refusals", () => {
  beforeEach(async () => {
    await create("services", sampleService);
    await create("model-apis", sampleApi);
  });

  test.each<[string, () => Promise<unknown>, { code: string; message?: RegExp }]>([
    [
      "a name that is taken",
      () => create("services", sampleService),
      { code: "conflict", message: /"sim"/u },
    ],
    [
      "domain and base path that are taken, naming the owner",
      () => create("model-apis", { ...sampleApi, name: "other", basePath: "/chat/" }),
      { code: "conflict", message: /"chat"/u },
    ],
    [
      "an unknown field, naming the nearest",
      () => create("services", { ...sampleService, name: "b", providr: "x" }),
      { code: "invalid", message: /provider/u },
    ],
    [
      "a service that is not there",
      () =>
        create("model-apis", {
          ...sampleApi,
          name: "other",
          basePath: "/o",
          modelService: { mode: "single", target: { service: "simm" } },
        }),
      { code: "invalid", message: /simm/u },
    ],
    [
      "a deletion of what is in use, naming the user",
      () => remove("services", "sim"),
      { code: "in_use", message: /Model API "chat"/u },
    ],
    [
      "another use case",
      () => patch("model-apis", "chat", { useCase: "others", enabled: false }),
      { code: "immutable_field", message: /useCase/u },
    ],
    [
      "another name",
      () => replace("services", "sim", { ...sampleService, name: "new" }),
      { code: "immutable_field", message: /name/u },
    ],
    [
      "nothing there to replace",
      () => replace("services", "gone", { provider: "simulator" }),
      { code: "not_found" },
    ],
    ["nothing there to delete", () => remove("services", "gone"), { code: "not_found" }],
    ["a stale revision", () => patch("services", "sim", { description: "x" }, 7), { code: "stale_revision" }],
    [
      "a masked secret where none is stored",
      () =>
        create("services", {
          name: "b",
          provider: "openai",
          apiKeys: [{ name: "m", value: { set: true, hint: null } }],
        }),
      { code: "secret_missing", message: /apiKeys\[0\]\.value/u },
    ],
    [
      "a reference outside files and apply",
      () =>
        create("services", { name: "b", provider: "openai", apiKeys: [{ name: "m", value: "${env:HOME}" }] }),
      { code: "invalid", message: /\$\{env:NAME\}/u },
    ],
    [
      "a secret in stored form",
      () =>
        create("consumers", {
          name: "c",
          credentials: [{ type: "api-key", name: "m", value: { hash: "00", hint: null } }],
        }),
      { code: "invalid" },
    ],
    [
      "a part that this build does not serve",
      () => patch("services", "sim", { healthCheck: { enabled: true } }),
      { code: "invalid", message: /healthCheck\.enabled/u },
    ],
    ["a second instance", () => create("instances", { name: "default" }), { code: "conflict" }],
    [
      "a field named __proto__",
      () =>
        create("services", JSON.parse('{"name":"b","provider":"openai","__proto__":{"x":1}}') as JsonObject),
      { code: "invalid" },
    ],
  ])("%s", async (_name, act, wanted) => {
    const before = fixture.configuration.working;
    const { code, message = /./u } = wanted;
    await expect(act()).rejects.toMatchObject({ code, message: expect.stringMatching(message) as unknown });
    expect(fixture.configuration.working).toBe(before);
    expect(await fixture.store.revision()).toBe(before.revision);
  });

  test("the same consumer key twice, naming the other consumer", async () => {
    const credentials = [{ type: "api-key", name: "main", value: "custom-key-0123456789" }];
    await create("consumers", { name: "one", credentials });
    await expect(create("consumers", { name: "two", credentials })).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringMatching(/"one"/u) as unknown,
    });
  });

  test("a change under a store that another process wrote: stale, and the newest is loaded", async () => {
    await fixture.store.write(
      [
        {
          action: "put",
          kind: "services",
          name: "sim",
          body: { ...sampleService, description: "theirs" },
          managedBy: "api",
        },
      ],
      "other",
    );
    await expect(patch("services", "sim", { description: "ours" })).rejects.toMatchObject({
      code: "stale_revision",
    });
    expect(view("services", "sim")).toMatchObject({ description: "theirs" });
    await patch("services", "sim", { description: "ours" });
    expect(view("services", "sim")).toMatchObject({ description: "ours" });
  });
});
