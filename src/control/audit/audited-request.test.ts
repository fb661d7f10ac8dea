// Entries that requests of the admin API leave: exactly one for everything that is not a question, read out of the
// description of the API, and never a secret in any of them.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { setUpToken } from "../admin-api-fixture.ts";
import { sampleApi, sampleService } from "../configuration-fixture.ts";
import { isJsonObject } from "../merge-patch.ts";
import type { JsonObject } from "../merge-patch.ts";
import { openSignIn, password } from "../sign-in-fixture.ts";
import type { SignInFixture } from "../sign-in-fixture.ts";
import type { AuditEntry } from "./audit-entry.ts";
import { auditPage } from "./audit-query.ts";
import { isAudited, questions } from "./audited-operations.ts";

let fixture: SignInFixture;
let ask: SignInFixture["ask"];

beforeEach(async () => {
  fixture = await openSignIn();
  ({ ask } = fixture);
});
afterEach(() => fixture.close());

const everything = { actor: [], action: [], result: [], reach: "everywhere" } as const;

async function entries(): Promise<readonly AuditEntry[]> {
  return (await auditPage(fixture.audit, everything, { limit: 1000 })).entries;
}

/** What a request left, newest first. */
async function leftBy(request: () => Promise<unknown>): Promise<readonly AuditEntry[]> {
  const before = (await entries()).length;
  await request();
  const after = await entries();
  return after.slice(0, after.length - before);
}

interface Described {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

async function described(): Promise<Described[]> {
  const { body } = await ask("GET /api/v1/openapi.json", { token: null });
  const paths = isJsonObject(body["paths"]) ? body["paths"] : {};
  return Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(isJsonObject(item) ? item : {}).flatMap(([method, operation]) =>
      isJsonObject(operation) && typeof operation["operationId"] === "string"
        ? [{ id: operation["operationId"], method, path }]
        : [],
    ),
  );
}

const bodies: Readonly<Record<string, JsonObject>> = {
  "/api/v1/services": { name: "new", provider: "simulator" },
  "/api/v1/consumers": { name: "new" },
  "/api/v1/users": { name: "new", password: "a password of theirs" },
  "/api/v1/tokens": { name: "new", role: "viewer" },
  "/api/v1/resource-groups": { name: "new" },
};

describe("every operation that the API describes", () => {
  test("leaves exactly one entry unless it is a GET or a question, whether it is taken or refused", async () => {
    await ask("POST /api/v1/services", { body: sampleService });
    await ask("POST /api/v1/model-apis", { body: sampleApi });
    const operations = (await described()).filter(({ method }) => method !== "get");
    expect(operations.length).toBeGreaterThan(50);
    const results = new Set<string>();
    for (const { id, method, path } of operations) {
      // Refusals of one actor are bounded; time goes by between two of them.
      fixture.advance(60_000);
      const name = path.startsWith("/api/v1/model-apis") ? "chat" : "sim";
      const address = path.replace("{name}", name).replaceAll(/\{\w+\}/gu, "1");
      const body = bodies[path] ?? {};
      const left = await leftBy(() => ask(`${method.toUpperCase()} ${address}`, { body }));
      const wanted = questions.has(id) ? 0 : 1;
      expect([id, left.map(({ operation }) => operation)]).toEqual([id, wanted === 0 ? [] : [id]]);
      for (const { result } of left) results.add(result);
    }
    expect([...results].toSorted()).toEqual(["ok", "refused"]);
    expect(await fixture.audit.verify()).toMatchObject({ ok: true });
  });

  test("has no question among them that the API does not describe, and none that may change something", async () => {
    const operations = await described();
    for (const id of questions) expect(operations.map((row) => row.id)).toContain(id);
    const revision = fixture.configuration.working.revision;
    for (const { id, method, path } of operations.filter((row) => questions.has(row.id)))
      await ask(`${method.toUpperCase()} ${path.replace("{name}", "chat")}`, { body: { name: id } });
    expect(fixture.configuration.working.revision).toBe(revision);
  });

  test("leaves none where it only reads, but for downloads", async () => {
    const operations = (await described()).filter(({ method }) => method === "get");
    const downloads = operations.filter(({ id }) => isAudited({ id, method: "get" })).map(({ id }) => id);
    expect(downloads.toSorted()).toEqual(
      expect.arrayContaining(["exportAuditLog", "exportConfiguration", "exportLogRecords"]),
    );
    for (const { path } of operations.filter(
      ({ id }) => !downloads.includes(id) && !/^(?:readSession|listOwnSessions)$/u.test(id),
    ))
      expect(await leftBy(() => ask(`GET ${path.replaceAll(/\{\w+\}/gu, "sim")}`))).toEqual([]);
    expect(await leftBy(() => ask("GET /api/v1/config/export"))).toMatchObject([{ action: "export" }]);
    expect(await leftBy(() => ask("GET /api/v1/audit-log/export"))).toMatchObject([{ action: "export" }]);
  });
});

describe("an entry", () => {
  test("says who did what from where, and field by field what changed", async () => {
    await ask("POST /api/v1/services", { body: { ...sampleService, resourceGroup: "default" } });
    const ada = await fixture.signIn();
    const [entry, ...others] = await leftBy(() =>
      ada.ask("PATCH /api/v1/services/sim", {
        body: { description: "new words", apiKeys: [{ name: "main", value: "sk-canary-0123456789" }] },
        address: "198.51.100.7",
      }),
    );
    expect(others).toEqual([]);
    expect(entry).toMatchObject({
      actor: "user:ada",
      method: "session",
      ip: "198.51.100.7",
      action: "update",
      operation: "patchService",
      kind: "services",
      name: "sim",
      result: "ok",
      code: null,
      revision: fixture.configuration.working.revision,
      objects: [
        { action: "update", kind: "services", name: "sim", resourceGroup: "default", moreChanges: 0 },
      ],
    });
    expect(entry?.requestId).toMatch(/^request-\d+$/u);
    expect(entry?.objects[0]?.changes).toEqual([
      { path: "description", after: "new words" },
      { path: "apiKeys[main].name", after: "main" },
      { path: "apiKeys[main].value", after: { set: true } },
    ]);
  });

  test("says of another secret that it changed, and of the same one nothing", async () => {
    const service = (value: string, description: string) => ({
      ...sampleService,
      description,
      apiKeys: [{ name: "main", value }],
    });
    await ask("POST /api/v1/services", { body: service("sk-canary-0123456789", "a") });
    const changes = async (body: object) =>
      (await leftBy(() => ask("PUT /api/v1/services/sim", { body })))[0]?.objects[0]?.changes;
    expect(await changes(service("sk-canary-0123456789", "b"))).toEqual([
      { path: "description", before: "a", after: "b" },
    ]);
    expect(await changes(service("sk-canary-9876543210", "b"))).toEqual([
      { path: "apiKeys[main].value", before: { set: true }, after: { set: true, changed: true } },
    ]);
  });

  test("of a write that changes nothing has no objects, and of a deleted object what it was", async () => {
    await ask("POST /api/v1/services", { body: sampleService });
    expect(await leftBy(() => ask("PUT /api/v1/services/sim", { body: sampleService }))).toMatchObject([
      { result: "ok", objects: [], revision: null },
    ]);
    expect(await leftBy(() => ask("DELETE /api/v1/services/sim"))).toMatchObject([
      { action: "delete", objects: [{ changes: [{ path: "name", before: "sim" }, { path: "provider" }] }] },
    ]);
  });

  test("of a refused write says why, and what it was about", async () => {
    expect(await leftBy(() => ask("DELETE /api/v1/services/nobody"))).toMatchObject([
      { result: "refused", code: "not_found", kind: "services", name: "nobody", actor: "environment" },
    ]);
  });

  test("of a large document lists a part and counts the rest", async () => {
    const consumers = Array.from({ length: 300 }, (_, index) => ({
      name: `c${index}`,
      description: "x".repeat(900),
    }));
    const [entry] = await leftBy(async () => {
      const answer = await ask("POST /api/v1/config/apply", { body: { version: 1, consumers } });
      if (answer.status !== 200) throw new Error(answer.text);
    });
    expect(entry).toMatchObject({ action: "apply", kind: null, name: null, moreObjects: 200 });
    expect(entry?.objects).toHaveLength(100);
    expect(JSON.stringify(entry).length).toBeLessThan(200_000);
  });

  test("is part of the write: where it cannot be made, nothing changes", async () => {
    const revision = fixture.configuration.working.revision;
    const entryOf = vi.spyOn(fixture.audit, "entryOf").mockReturnValue(() => {
      throw new Error("no room for an entry");
    });
    const answer = await ask("POST /api/v1/services", { body: sampleService });
    entryOf.mockRestore();
    expect(answer.status).toBe(500);
    expect((await ask("GET /api/v1/services/sim")).status).toBe(404);
    expect(await fixture.store.revision()).toBe(revision);
  });
});

describe("who comes", () => {
  test("leaves entries with a good and a wrong password, and a sign-out", async () => {
    const [bad] = await leftBy(() => fixture.tryPassword("ada", "wrong wrong wrong"));
    expect(bad).toMatchObject({
      action: "sign-in-failed",
      actor: "user:ada",
      code: "unauthorized",
      method: "none",
    });
    let browser: Awaited<ReturnType<SignInFixture["signIn"]>> | undefined;
    const good = await leftBy(async () => {
      browser = await fixture.signIn();
    });
    expect(good).toMatchObject([{ action: "sign-in", actor: "user:ada", method: "password", result: "ok" }]);
    const out = await leftBy(async () => browser?.ask("DELETE /api/v1/session"));
    expect(out).toMatchObject([{ action: "sign-out", actor: "user:ada", method: "session" }]);
  });

  test("by a name that nobody has leaves that name nowhere: it may be a password", async () => {
    const left = await leftBy(() => fixture.tryPassword("hunter2-canary", "x"));
    expect(left).toMatchObject([{ action: "sign-in-failed", actor: "anonymous" }]);
    expect(JSON.stringify(await entries())).not.toContain("canary");
  });

  test("too often fills no disk", async () => {
    const left = await leftBy(async () => {
      for (let index = 0; index < 80; index += 1)
        await fixture.tryPassword("ada", "wrong", { address: "198.51.100.9" });
    });
    expect(left).toHaveLength(10);
    expect((await leftBy(() => fixture.signIn()))[0]).toMatchObject({ skipped: 70 });
  });

  test.each<[what: string, tokenOf: string | null, request: string, left: object[]]>([
    [
      "a write by a role without permission",
      "viewer",
      "POST /api/v1/services",
      [{ actor: "token:t-viewer", code: "forbidden" }],
    ],
    [
      "a read by a role without permission",
      "viewer",
      "GET /api/v1/users",
      [{ actor: "token:t-viewer", code: "forbidden" }],
    ],
    [
      "a read with a token that nobody has",
      "wrong",
      "GET /api/v1/services",
      [{ actor: "anonymous", code: "unauthorized" }],
    ],
    [
      "a write with a token that nobody has",
      "wrong",
      "POST /api/v1/services",
      [{ actor: "anonymous", code: "unauthorized" }],
    ],
    ["a read with nothing", null, "GET /api/v1/services", []],
    ["a write with nothing", null, "POST /api/v1/services", []],
  ])("is denied %s", async (_what, tokenOf, request, wanted) => {
    const token =
      tokenOf === "viewer" ? await fixture.tokenOf("viewer") : tokenOf === null ? null : "x".repeat(40);
    const left = await leftBy(() =>
      ask(request, { token, body: request.startsWith("POST") ? {} : undefined }),
    );
    expect(left).toMatchObject(wanted.map((row) => ({ ...row, action: "denied", result: "refused" })));
    expect(left).toHaveLength(wanted.length);
  });

  test("through the set-up link leaves one entry for the owner that is made", async () => {
    const other = await openSignIn({ adminToken: null, bootstrapToken: null });
    try {
      const body = { token: setUpToken, username: "eve", password };
      await other.ask("POST /api/v1/setup", { token: null, body });
      const left = (await auditPage(other.audit, everything, { limit: 10 })).entries;
      expect(left).toMatchObject([
        { action: "set-up", actor: "user:eve", method: "set-up-link", objects: [{ kind: "users" }] },
      ]);
    } finally {
      await other.close();
    }
  });
});

test("no secret of any write is in any entry, nor what was sent to a debug panel", async () => {
  const secret = "canary-7f3a9c5e1b";
  const asked = [
    [
      "POST /api/v1/services",
      {
        ...sampleService,
        apiKeys: [{ name: "k", value: `${secret}-key` }],
        headers: { "x-a": `${secret}-header` },
      },
    ],
    ["POST /api/v1/services", { name: "sim", provider: "simulator", apiKeys: `${secret}-wrong-shape` }],
    [
      "POST /api/v1/consumers",
      { name: "app", credentials: [{ type: "api-key", name: "k", value: `${secret}-consumer` }] },
    ],
    ["POST /api/v1/consumers/app/credentials", { name: "more", value: `${secret}-credential` }],
    ["POST /api/v1/users", { name: "zoe", password: `${secret}-password`, roles: [] }],
    ["PATCH /api/v1/users/zoe", { password: `${secret}-next` }],
    ["POST /api/v1/session", { username: "zoe", password: `${secret}-next` }],
    ["POST /api/v1/session", { username: `${secret}-as-name`, password: "x" }],
    [
      "POST /api/v1/sinks",
      { name: "hook", type: "webhook", url: "https://example.com", secret: `${secret}-sink` },
    ],
    [
      "POST /api/v1/alerts",
      {
        name: "a",
        metric: "requests",
        op: ">",
        threshold: 1,
        notify: [{ webhook: "https://example.com", secret: `${secret}-alert` }],
      },
    ],
    ["POST /api/v1/config/apply", { version: 1, users: [{ name: "kim", password: `${secret}-applied` }] }],
    ["POST /api/v1/model-apis/chat/debug", { body: `${secret}-debug` }],
    ["POST /api/v1/setup", { token: `${secret}-token`, username: "x", password: `${secret}-set-up` }],
  ] as const;
  for (const [request, body] of asked) await ask(request, { body });
  const issued = await ask("POST /api/v1/tokens", { body: { name: "issued", role: "viewer" } });
  await ask("GET /api/v1/services", { token: `${secret}-${"x".repeat(40)}` });
  const text = JSON.stringify(await entries());
  expect((await entries()).length).toBeGreaterThan(asked.length);
  expect(text).not.toContain("canary-7f3a");
  expect(text).not.toContain(String(issued.body["token"]));
  for (const form of ['"sealed"', '"hash"', '"hint"', "scrypt$"]) expect(text).not.toContain(form);
});

describe("the routes of the audit log", () => {
  test("answer pages, filters and a cursor to an auditor, and refuse others", async () => {
    await ask("POST /api/v1/services", { body: sampleService });
    const token = await fixture.tokenOf("auditor");
    const first = await ask("GET /api/v1/audit-log?limit=1", { token });
    expect(first.body).toMatchObject({ items: [{ action: "issue-key", kind: "tokens", name: "t-auditor" }] });
    const cursor = String(first.body["nextCursor"]);
    const next = await ask(`GET /api/v1/audit-log?limit=1&cursor=${cursor}`, { token });
    expect(next.body).toMatchObject({ items: [{ action: "create", kind: "services", name: "sim" }] });
    expect((await ask("GET /api/v1/audit-log?kind=users", { token })).body["items"]).toHaveLength(1);
    expect((await ask("GET /api/v1/audit-log/verify", { token })).body).toMatchObject({
      ok: true,
      entries: 3,
    });
    const editor = await fixture.tokenOf("editor");
    for (const path of ["", "/export", "/verify"])
      expect((await ask(`GET /api/v1/audit-log${path}`, { token: editor })).status).toBe(403);
  });

  test.each(["limit=0", "cursor=x", "from=yesterday", "result=maybe", "actor=!x", "nothing=1"])(
    "refuse %s",
    async (query) => {
      expect((await ask(`GET /api/v1/audit-log?${query}`)).status).toBe(400);
    },
  );

  test("show somebody who is limited to a group what is about that group alone", async () => {
    await ask("POST /api/v1/resource-groups", { body: { name: "red" } });
    await ask("POST /api/v1/services", { body: { ...sampleService, resourceGroup: "red" } });
    await ask("POST /api/v1/services", { body: { ...sampleService, name: "other" } });
    const made = await ask("POST /api/v1/tokens", {
      body: { name: "red-auditor", role: "auditor", resourceGroups: ["red"] },
    });
    if (made.status !== 201) throw new Error(made.text);
    const token = String(made.body["token"]);
    const { body } = await ask("GET /api/v1/audit-log", { token });
    expect(body["items"]).toMatchObject([{ kind: "services", name: "sim" }]);
    const lines = (await ask("GET /api/v1/audit-log/export", { token })).text.trim().split("\n");
    expect(lines).toHaveLength(1);
    expect((await ask("GET /api/v1/audit-log/verify", { token })).status).toBe(403);
  });

  test("stream everything as JSON lines, or as a table without formulas", async () => {
    await ask("POST /api/v1/services", { body: { ...sampleService, description: '=1+1,"x"' } });
    const lines = (await ask("GET /api/v1/audit-log/export")).text.trim().split("\n");
    expect(lines.map((line) => (JSON.parse(line) as AuditEntry).action)).toEqual([
      "export",
      "create",
      "create",
    ]);
    const table = await ask("GET /api/v1/audit-log/export?format=csv&action=create");
    expect(table.headers.get("content-type")).toBe("text/csv; charset=utf-8");
    const [head, row] = table.text.split("\r\n");
    expect(head).toMatch(/^number,time,actor,/u);
    expect(row).toMatch(/^2,2026-01-01T00:00:00\.000Z,environment,environment,203\.0\.113\.1,request-/u);
  });
});
