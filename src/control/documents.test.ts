// Whole documents through the configuration service: apply, prune, the started file, export, history.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Kind } from "../resources/kinds.ts";
import { openConfiguration, sampleApi, sampleService } from "./configuration-fixture.ts";
import type { ConfigurationFixture } from "./configuration-fixture.ts";
import { createToken } from "./credentials.ts";
import { applyDocument, applyFile, exportDocument, releaseFile } from "./documents.ts";
import { diffRevisions, rollBack } from "./history.ts";
import type { JsonObject } from "./merge-patch.ts";
import { createObject, deleteObject, findObject, patchObject, viewObject } from "./objects.ts";

let fixture: ConfigurationFixture;
const by = "test";

beforeEach(async () => {
  fixture = await openConfiguration();
});
afterEach(() => fixture.close());

/** Stands for the resolver of references: the one variable KEY. */
const resolve = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value).replaceAll("${env:KEY}", "resolved-secret"));
const input = (document: unknown) => ({ source: document, resolved: resolve(document) });
const apply = (document: JsonObject, options: { prune?: boolean; dryRun?: boolean } = {}) =>
  applyDocument(fixture.configuration, input({ version: 1, ...document }), { by, prune: false, ...options });
const file = (document: JsonObject) =>
  applyFile(fixture.configuration, input({ version: 1, ...document }), "gateway.yaml");
const create = (kind: Kind, body: JsonObject) => createObject(fixture.configuration, { kind, by }, body);
const view = (kind: Kind, name: string) =>
  viewObject(fixture.configuration, findObject(fixture.configuration.working, kind, name));
const names = (kind: Kind) => [...fixture.configuration.working.resources[kind].keys()];
const changesOf = (plan: { changes: readonly { action: string; name: string }[] }) =>
  plan.changes.map(({ action, name }) => `${action} ${name}`);

const keyed = {
  name: "a",
  provider: "openai",
  baseUrl: "https://${env:KEY}.example.com",
  apiKeys: [{ name: "main", value: "${env:KEY}" }],
};

describe("apply", () => {
  test("creates, updates and leaves alone, as one revision", async () => {
    const document = { services: [sampleService, keyed], modelApis: [sampleApi] };
    expect(changesOf(await apply(document))).toEqual(["create sim", "create a", "create chat"]);
    expect(changesOf(await apply(document))).toEqual([]);
    expect(changesOf(await apply({ services: [{ ...sampleService, description: "x" }] }))).toEqual([
      "update sim",
    ]);
    expect(fixture.configuration.working.revision).toBe(2);
  });

  test("is atomic: one bad object and nothing happens", async () => {
    await expect(
      apply({ services: [sampleService, { name: "b", provider: "nobody" }] }),
    ).rejects.toMatchObject({
      code: "invalid",
      details: [{ path: "services[1].provider" }],
    });
    expect(fixture.configuration.working.revision).toBe(0);
  });

  test("reports the faults of all objects together", async () => {
    const bad = [{ name: "b", provider: "nobody" }, { name: "c" }];
    await expect(apply({ services: bad })).rejects.toMatchObject({
      details: [{ path: "services[0].provider" }, { path: "services[1].provider" }],
    });
  });

  test("a plan says the same and changes nothing", async () => {
    expect(changesOf(await apply({ services: [sampleService] }, { dryRun: true }))).toEqual(["create sim"]);
    expect(names("services")).toEqual([]);
    await expect(apply({ modelApis: [sampleApi] }, { dryRun: true })).rejects.toMatchObject({
      code: "invalid",
    });
  });

  test("prunes only kinds that the document lists, never tokens, built-in objects or what a file manages", async () => {
    await file({ services: [{ name: "filed", provider: "simulator" }] });
    await apply({
      services: [sampleService, { name: "old", provider: "simulator" }],
      consumers: [{ name: "app" }],
      domains: [{ name: "*", description: "any" }, { name: "a.example" }],
    });
    await createToken(
      fixture.configuration,
      { by },
      { name: "ci", role: "viewer" },
      (length) => new Uint8Array(length),
    );
    const plan = await apply({ services: [sampleService], domains: [] }, { prune: true });
    expect(changesOf(plan)).toEqual(["delete a.example", "delete old"]);
    expect(names("services").toSorted()).toEqual(["filed", "sim"]);
    expect([names("consumers"), names("tokens"), names("domains")]).toEqual([["app"], ["ci"], ["*"]]);
  });

  test("prunes nothing that is still used", async () => {
    await apply({ services: [sampleService], modelApis: [sampleApi] });
    await expect(apply({ services: [] }, { prune: true })).rejects.toMatchObject({ code: "in_use" });
    expect(names("services")).toEqual(["sim"]);
  });

  test("keeps keys that were made elsewhere when a document leaves their list out", async () => {
    await create("consumers", {
      name: "app",
      credentials: [{ type: "api-key", name: "k", value: "custom-key-0123456789" }],
    });
    expect(changesOf(await apply({ consumers: [{ name: "app" }] }))).toEqual([]);
    await apply({ consumers: [{ name: "app", description: "x" }] });
    expect(fixture.configuration.snapshot.consumers.get("app")?.apiKeys).toHaveLength(1);
  });

  test("renames the one instance", async () => {
    await apply({ instance: { name: "prod", region: "eu" } });
    expect(fixture.configuration.snapshot.instance).toBe("prod");
    await apply({ instance: { name: "prod2" } });
    expect(names("instances")).toEqual(["prod2"]);
  });
});

describe("what is kept of exchanges", () => {
  const logsOf = () => fixture.configuration.working.resources.instances.values().next().value?.value.logs;
  const defaults = {
    retentionDays: 30,
    maxRecords: 10_000_000,
    contentRetentionDays: 7,
    maxBytes: 20 * 1024 ** 3,
  };

  test("has defaults, and is a part of the instance that a document puts beside the sinks", async () => {
    expect(logsOf()).toEqual(defaults);
    const telemetry = { logs: { retentionDays: 90 } };
    expect(changesOf(await apply({ telemetry }))).toEqual(["update default"]);
    expect(logsOf()).toEqual({ ...defaults, retentionDays: 90 });
    expect(exportDocument(fixture.configuration)).toMatchObject({ instance: { name: "default" }, telemetry });
    expect(changesOf(await apply(exportDocument(fixture.configuration)))).toEqual([]);
  });

  test("stays when a document speaks of the instance alone, and the instance when it speaks of this alone", async () => {
    await apply({ instance: { name: "prod", region: "eu" }, telemetry: { logs: { retentionDays: 90 } } });
    await apply({ instance: { name: "prod", region: "us" } }, { prune: true });
    expect(view("instances", "prod")).toMatchObject({ region: "us", logs: { retentionDays: 90 } });
    await apply({ telemetry: { logs: { contentRetentionDays: 1 } } }, { prune: true });
    expect(names("instances")).toEqual(["prod"]);
    expect(view("instances", "prod")).toMatchObject({ region: "us" });
    expect(logsOf()).toEqual({ ...defaults, contentRetentionDays: 1 });
  });

  test("of a started file is what the file says", async () => {
    await file({ instance: { name: "prod" }, telemetry: { logs: { retentionDays: 90 } } });
    expect(logsOf()).toEqual({ ...defaults, retentionDays: 90 });
    await file({ instance: { name: "prod" } });
    expect(logsOf()).toEqual(defaults);
    await expect(apply({ telemetry: { logs: { retentionDays: 5 } } })).rejects.toMatchObject({
      code: "managed_by_file",
    });
  });

  test.each<[string, object, string, string]>([
    ["an unknown field", { retentionDay: 1 }, "telemetry.logs.retentionDay", 'did you mean "retentionDays"?'],
    ["no day at all", { retentionDays: 0 }, "telemetry.logs.retentionDays", "at least 1"],
    ["hardly a record", { maxRecords: 10 }, "telemetry.logs.maxRecords", "at least 10000"],
    ["no room", { maxBytes: 1 }, "telemetry.logs.maxBytes", "at least"],
  ])("refuses %s where the document has it", async (_name, logs, path, message) => {
    for (const instance of [{}, { instance: { name: "default" } }]) {
      await expect(apply({ ...instance, telemetry: { logs } })).rejects.toMatchObject({
        code: "invalid",
        details: [{ path, message: expect.stringContaining(message) }],
      });
    }
  });
});

describe("export", () => {
  test("has references verbatim and other secrets masked, and applies again without a change", async () => {
    await apply({
      services: [keyed],
      consumers: [
        {
          name: "app",
          credentials: [
            { type: "api-key", name: "main", value: "${env:KEY}-0123456789" },
            { type: "api-key", name: "other", value: "custom-key-0123456789" },
          ],
        },
      ],
    });
    const document = exportDocument(fixture.configuration);
    expect(document).toEqual({
      version: 1,
      services: [keyed],
      consumers: [
        {
          name: "app",
          credentials: [
            { type: "api-key", name: "main", value: "${env:KEY}-0123456789" },
            { type: "api-key", name: "other", value: { set: true, hint: "…6789" } },
          ],
        },
      ],
    });
    expect(fixture.configuration.snapshot.services.get("a")?.keys[0]?.value).toBe("resolved-secret");
    expect(changesOf(await apply(document))).toEqual([]);
  });

  test("applied where its secrets are not stored is refused", async () => {
    const services = [{ ...keyed, apiKeys: [{ name: "main", value: { set: true, hint: null } }] }];
    await expect(apply({ services })).rejects.toMatchObject({
      code: "secret_missing",
      details: [{ path: "services[0].apiKeys[0].value" }],
    });
  });

  test("keeps a reference until its field is written with something else", async () => {
    await apply({ services: [keyed] });
    await patchObject(fixture.configuration, { kind: "services", name: "a", by }, { description: "x" });
    expect(exportDocument(fixture.configuration)["services"]).toEqual([{ ...keyed, description: "x" }]);
    await patchObject(
      fixture.configuration,
      { kind: "services", name: "a", by },
      { baseUrl: "https://b.example.com" },
    );
    expect(exportDocument(fixture.configuration)["services"]).toMatchObject([
      { baseUrl: "https://b.example.com", apiKeys: [{ value: "${env:KEY}" }] },
    ]);
  });
});

describe("the started file", () => {
  test("owns its objects: writes from elsewhere are refused", async () => {
    await file({ services: [sampleService] });
    const { configuration } = fixture;
    const refused = { code: "managed_by_file" };
    expect(view("services", "sim")["managedBy"]).toBe("file");
    await expect(
      patchObject(configuration, { kind: "services", name: "sim", by }, { description: "x" }),
    ).rejects.toMatchObject(refused);
    await expect(deleteObject(configuration, { kind: "services", name: "sim", by })).rejects.toMatchObject(
      refused,
    );
    await expect(apply({ services: [sampleService] })).rejects.toMatchObject(refused);
    await file({ services: [{ ...sampleService, description: "2" }] });
    await expect(rollBack(configuration, 1, { by })).rejects.toMatchObject(refused);
  });

  test("deletes what left it, takes over what was stored, and says so", async () => {
    await create("services", { name: "b", provider: "simulator" });
    await file({ services: [sampleService, { name: "c", provider: "simulator" }] });
    const plan = await file({ services: [sampleService, { name: "b", provider: "simulator" }] });
    expect(changesOf(plan)).toEqual(["delete c", "update b"]);
    expect(plan.warnings).toEqual(['service "b" is now managed by the configuration file.']);
  });

  test("may not delete what something outside it uses", async () => {
    await file({ services: [sampleService, { name: "b", provider: "simulator" }] });
    await create("model-apis", sampleApi);
    await expect(file({ services: [{ name: "b", provider: "simulator" }] })).rejects.toMatchObject({
      code: "in_use",
      message: expect.stringContaining('"chat"') as unknown,
    });
    expect(fixture.configuration.configError).toContain('"chat"');
    expect(names("services")).toEqual(["sim", "b"]);
    await file({ services: [sampleService] });
    expect(fixture.configuration.configError).toBeNull();
  });

  test.each<[string, unknown]>([
    ["an empty document", null],
    ["a document without version", { services: [sampleService] }],
    ["a document that deletes more than half", { version: 1, services: [] }],
    ["an unknown list", { version: 1, servces: [] }],
  ])("%s changes nothing and is kept as the configuration error", async (_name, document) => {
    await file({ services: [sampleService] });
    await expect(applyFile(fixture.configuration, input(document), "gateway.yaml")).rejects.toMatchObject({
      code: "invalid",
    });
    expect(names("services")).toEqual(["sim"]);
    expect(fixture.configuration.configError).not.toBeNull();
  });

  test("deletes everything with consent", async () => {
    await file({ services: [sampleService] });
    await file({ allowDelete: true, services: [] });
    expect(names("services")).toEqual([]);
  });

  test("drops a key that left it", async () => {
    await file({
      services: [
        {
          ...keyed,
          apiKeys: [
            { name: "one", value: "1" },
            { name: "two", value: "2" },
          ],
        },
      ],
    });
    await file({ services: [{ name: "a", provider: "openai" }] });
    expect(fixture.configuration.snapshot.services.get("a")?.keys).toEqual([]);
  });

  test("gives its objects up when the gateway starts without it", async () => {
    await file({ services: [sampleService] });
    await releaseFile(fixture.configuration, "start");
    await patchObject(fixture.configuration, { kind: "services", name: "sim", by }, { description: "mine" });
    expect(view("services", "sim")).toMatchObject({ managedBy: "api", description: "mine" });
  });
});

describe("history", () => {
  test("names what differs, in both directions", async () => {
    await create("services", sampleService);
    await create("services", keyedPlain("one"));
    await patchObject(
      fixture.configuration,
      { kind: "services", name: "sim", by },
      { description: "x", timeouts: { idleMs: 5 } },
    );
    await create("services", keyedPlain("two"));
    await deleteObject(fixture.configuration, { kind: "services", name: "one", by });
    expect(await diffRevisions(fixture.configuration, 2, 5)).toEqual([
      { action: "update", kind: "services", name: "sim", paths: ["description", "timeouts"] },
      { action: "create", kind: "services", name: "two", paths: [] },
      { action: "delete", kind: "services", name: "one", paths: [] },
    ]);
    expect((await diffRevisions(fixture.configuration, 5, 2)).map((row) => row.action)).toEqual([
      "update",
      "delete",
      "create",
    ]);
    expect(await diffRevisions(fixture.configuration, 1, 1)).toEqual([]);
  });

  test("rolls back objects with their secrets, but neither users nor tokens", async () => {
    await create("services", keyedPlain("one"));
    const shown = await createToken(
      fixture.configuration,
      { by },
      { name: "ci", role: "viewer" },
      (length) => new Uint8Array(length),
    );
    await patchObject(fixture.configuration, { kind: "services", name: "one", by }, { apiKeys: null });
    await create("services", sampleService);
    await deleteObject(fixture.configuration, { kind: "tokens", name: "ci", by });
    const plan = await rollBack(fixture.configuration, 2, { by });
    expect(changesOf(plan)).toEqual(["update one", "delete sim"]);
    expect(fixture.configuration.working.revision).toBe(6);
    expect(fixture.configuration.snapshot.services.get("one")?.keys[0]?.value).toBe("secret");
    expect(shown.value).toMatch(/^mga_/u);
    expect(names("tokens")).toEqual([]);
  });

  test("has no revision that was never made", async () => {
    await expect(rollBack(fixture.configuration, 3, { by })).rejects.toMatchObject({ code: "not_found" });
  });

  const keyedPlain = (name: string) => ({
    name,
    provider: "openai",
    apiKeys: [{ name: "main", value: "secret" }],
  });
});
