// Roles for single resource groups: what is beyond them is not there, whatever way it is asked for.
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "./admin-api-fixture.ts";
import { openScopes } from "./scope-fixture.ts";
import type { ScopeFixture } from "./scope-fixture.ts";

let opened: ScopeFixture | undefined;
let fixture: ScopeFixture;
let editor: string;
let admin: string;
let revision: number;

/** As it was opened: tests that change nothing share one. */
async function freshScene(): Promise<void> {
  if (opened !== undefined && opened.configuration.working.revision === revision) return;
  await opened?.close();
  fixture = opened = await openScopes();
  editor = await fixture.bearer("editor", ["a"]);
  admin = await fixture.bearer("admin", ["a"]);
  revision = fixture.configuration.working.revision;
}

beforeEach(freshScene);
afterAll(() => opened?.close());

const codeOf = (answer: Answer): unknown => Reflect.get(Object(answer.body["error"]), "code");
const namesIn = (answer: Answer): string[] =>
  (answer.body["items"] as { name: string }[]).map(({ name }) => name);
const as = (token: string, request: string, body?: unknown): Promise<Answer> =>
  fixture.ask(request.replace(" ", " /api/v1/"), { token, ...(body === undefined ? {} : { body }) });

describe("lists", () => {
  test.each([
    ["services", ["a-service"]],
    ["model-apis", ["a-api"]],
    ["consumers", ["a-consumer"]],
    ["alerts", ["a-alert"]],
    ["resource-groups", ["a"]],
    ["sinks", []],
    ["domains", ["*"]],
    ["consumer-groups", ["open-group"]],
    ["services?search=secret", []],
    ["services?resourceGroup=secret-b", []],
    ["services?limit=1", ["a-service"]],
    [`services?cursor=${Buffer.from("after:a").toString("base64url")}`, ["a-service"]],
  ])("%s holds only what an editor of a may see", async (path, names) => {
    const answer = await as(editor, `GET ${path}`);
    expect([answer.status, namesIn(answer)]).toEqual([200, names]);
    expect([answer.body["nextCursor"], answer.text.includes("secret-")]).toEqual([null, false]);
  });

  test.each([
    ["users", ["a-user"]],
    ["tokens", ["a-token"]],
  ])("%s of a are all that an admin of a may see", async (path, names) => {
    const seen = namesIn(await as(admin, `GET ${path}`)).filter((name) => !name.startsWith("bearer-"));
    expect(seen).toEqual(names);
  });

  test("counts of the state leave out what is not seen", async () => {
    const { body, text } = await as(editor, "GET status");
    expect(body["counts"]).toEqual({
      modelApis: 1,
      services: 1,
      domains: 1,
      consumers: 1,
      resourceGroups: 1,
    });
    expect(text).not.toContain("secret");
  });
});

describe("an object of another resource group", () => {
  test.each([
    ["GET", "services/secret-service", undefined],
    [
      "PUT",
      "services/secret-service",
      { provider: "openai", baseUrl: "http://127.0.0.1:9", resourceGroup: "a" },
    ],
    ["PATCH", "services/secret-service", { resourceGroup: "a" }],
    ["PATCH", "services/secret-service", {}],
    ["DELETE", "services/secret-service", undefined],
    ["POST", "services/secret-service/test", {}],
    ["GET", "services/secret-service/dependants", undefined],
    ["GET", "model-apis/secret-api", undefined],
    ["PATCH", "model-apis/secret-api", { enabled: false }],
    ["DELETE", "model-apis/secret-api", undefined],
    ["POST", "model-apis/secret-api/explain", { path: "/x" }],
    ["POST", "model-apis/secret-api/debug", { path: "/x" }],
    ["POST", "model-apis/check?name=secret-api", {}],
    ["GET", "traffic/secret-api", undefined],
    ["GET", "consumers/secret-consumer/usage", undefined],
    ["POST", "consumers/secret-consumer/credentials", { name: "mine" }],
    ["DELETE", "consumers/secret-consumer/credentials/mine", undefined],
    ["GET", "consumers/secret-consumer/dependants", undefined],
    ["GET", "alerts/secret-alert", undefined],
    ["POST", "alerts/secret-alert/test", undefined],
    ["GET", "resource-groups/secret-b", undefined],
    ["GET", "sinks/secret-sink", undefined],
  ])("is as absent to an editor of a as what there is none of: %s %s", async (method, path, body) => {
    const before = fixture.configuration.working.revision;
    const [foreign, absent] = [
      await as(editor, `${method} ${path}`, body),
      await as(editor, `${method} ${path.replaceAll("secret", "absent")}`, body),
    ];
    expect([foreign.status, codeOf(foreign)]).toEqual([404, "not_found"]);
    const told = (answer: Answer): string =>
      answer.text.replaceAll("absent", "secret").replace(/request-\d+/u, "request");
    expect(told(foreign)).toBe(told(absent));
    expect(fixture.configuration.working.revision).toBe(before);
  });

  test.each(["users/secret-user", "tokens/secret-token"])("%s is absent to an admin of a", async (path) => {
    for (const [method, body] of [["GET"], ["PATCH", { enabled: false }], ["DELETE"]] as const)
      expect([method, (await as(admin, `${method} ${path}`, body)).status]).toEqual([method, 404]);
  });

  test("has no history for who may not see it", async () => {
    const owner = await fixture.bearer("owner");
    const ofObject = "revisions?kind=services&name=secret-service";
    expect((await as(owner, `GET ${ofObject}`)).text).toContain("create");
    expect((await as(editor, `GET ${ofObject}`)).body["items"]).toEqual([]);
    const number = fixture.configuration.working.revision;
    const path = `GET revisions/${number}/objects/services/secret-service`;
    expect([(await as(owner, path)).body["object"], (await as(editor, path)).body["object"]]).toEqual([
      expect.objectContaining({ name: "secret-service" }),
      null,
    ]);
    expect((await as(editor, "GET revisions")).status).toBe(403);
  });

  test("shows no state from before it came", async () => {
    const owner = await fixture.bearer("owner");
    await as(owner, "PATCH services/secret-service", { resourceGroup: "a" });
    const moved = fixture.configuration.working.revision;
    await as(owner, "PATCH services/secret-service", { enabled: false });
    const items = (await as(editor, "GET revisions?kind=services&name=secret-service")).body["items"];
    expect(items).toEqual([expect.objectContaining({ number: moved + 1 })]);
    const before = await as(editor, `GET revisions/${moved - 1}/objects/services/secret-service`);
    expect(before.body["object"]).toBeNull();
  });
});

describe("a change", () => {
  const service = { provider: "openai", baseUrl: "http://127.0.0.1:9" };
  const api = { basePath: "/new", useCase: "text-generation", protocols: ["openai"] };
  const single = (name: string) => ({ modelService: { mode: "single", target: { service: name } } });

  test("within one's resource group is made as by anybody else", async () => {
    const made = await as(editor, "POST services", { ...service, name: "a-2", resourceGroup: "a" });
    expect([made.status, made.body["name"]]).toEqual([201, "a-2"]);
    const own = { ...api, ...single("a-2"), name: "a-api-2", resourceGroup: "a" };
    expect((await as(editor, "POST model-apis", own)).status).toBe(201);
    expect((await as(editor, "PATCH model-apis/a-api-2", { description: "mine" })).status).toBe(200);
    expect((await as(editor, "POST consumers/a-consumer/credentials", { name: "key" })).status).toBe(201);
    expect((await as(editor, "DELETE model-apis/a-api-2")).status).toBe(204);
  });

  test.each<[string, string, object, number]>([
    [
      "into a group that is not one's own",
      "POST services",
      { ...service, name: "x", resourceGroup: "secret-b" },
      400,
    ],
    [
      "into a group that there is none of",
      "POST services",
      { ...service, name: "x", resourceGroup: "absent" },
      400,
    ],
    ["into the group that is meant without a word", "POST services", { ...service, name: "x" }, 400],
    ["that moves an object out", "PATCH services/a-service", { resourceGroup: "secret-b" }, 400],
    [
      "that moves it out as a whole",
      "PUT model-apis/a-api",
      { ...api, ...single("a-service"), resourceGroup: "default" },
      400,
    ],
    ["that takes the group away", "PATCH services/a-service", { resourceGroup: null }, 400],
    [
      "that renames",
      "PUT services/a-service",
      { ...service, name: "secret-service", resourceGroup: "a" },
      400,
    ],
    ["of a taken name", "POST services", { ...service, name: "secret-service", resourceGroup: "a" }, 409],
    ["that sends to another's service", "PATCH model-apis/a-api", single("secret-service"), 400],
    ["that sends to no service", "PATCH model-apis/a-api", single("absent-service"), 400],
    [
      "that falls back to another's service",
      "PATCH model-apis/a-api",
      { fallback: { enabled: true, targets: [{ service: "secret-service" }] } },
      400,
    ],
    [
      "that lets in another's consumer",
      "PATCH model-apis/a-api",
      { auth: { enabled: true, grants: [{ consumer: "secret-consumer" }] } },
      400,
    ],
    ["of a domain", "POST domains", { name: "x.example.com" }, 403],
    ["of a resource group", "POST resource-groups", { name: "x" }, 403],
    ["of one's own resource group", "DELETE resource-groups/a", {}, 403],
    ["of the instance", "PATCH instances/default", { region: "x" }, 403],
    ["of a consumer group", "PATCH consumer-groups/open-group", { description: "x" }, 403],
    ["of a sink", "POST sinks", { name: "x", type: "file", path: "x.jsonl" }, 403],
    [
      "of an alert on everything",
      "POST alerts",
      { name: "x", metric: "requests", op: ">", threshold: 1 },
      400,
    ],
    [
      "of an alert on another's Model API",
      "POST alerts",
      { name: "x", metric: "requests", filter: { api: "secret-api" }, op: ">", threshold: 1 },
      400,
    ],
    ["of an alert on groups by pattern", "PATCH alerts/a-alert", { filter: { resourceGroup: "*" } }, 400],
  ])("%s is refused", async (_name, request, body, status) => {
    const before = fixture.configuration.working.revision;
    const answer = await as(editor, request, body);
    expect([answer.status, fixture.configuration.working.revision]).toEqual([status, before]);
    // What was sent may come back; what was not sent is not told.
    const sent = JSON.stringify(body) + request;
    for (const word of answer.text.match(/secret-\w+/gu) ?? []) expect(sent).toContain(word);
  });

  test("that names another's object says what it says of one that there is none of", async () => {
    const [foreign, absent] = [
      await as(editor, "PATCH model-apis/a-api", single("secret-service")),
      await as(editor, "PATCH model-apis/a-api", single("absent-service")),
    ];
    const told = ({ text }: Answer) => text.replaceAll("absent", "secret").replace(/request-\d+/u, "");
    expect(told(foreign)).toBe(told(absent));
  });

  test("keeps what an administrator has let an object name", async () => {
    const owner = await fixture.bearer("owner");
    await as(owner, "PATCH model-apis/a-api", {
      fallback: { enabled: true, targets: [{ service: "secret-service" }] },
    });
    expect((await as(editor, "PATCH model-apis/a-api", { description: "still mine" })).status).toBe(200);
  });

  test("of an address that another has says so, and not whose it is", async () => {
    const answer = await as(editor, "PATCH model-apis/a-api", { basePath: "/secret" });
    expect([answer.status, codeOf(answer)]).toEqual([409, "conflict"]);
    expect(answer.text).toContain("belongs to an object you may not see");
    expect(answer.text).not.toContain("secret-api");
    const check = await as(editor, "POST model-apis/check?name=a-api", {
      ...api,
      ...single("a-service"),
      resourceGroup: "a",
      basePath: "/secret",
    });
    expect([check.body["ok"], check.text.includes("secret-api")]).toEqual([false, false]);
  });

  test("of a key that another consumer has does not tell whose it is", async () => {
    const value = "0123456789abcdef-shared";
    const owner = await fixture.bearer("owner");
    await as(owner, "POST consumers/secret-consumer/credentials", { name: "k", value });
    const answer = await as(editor, "POST consumers/a-consumer/credentials", { name: "k", value });
    expect([answer.status, answer.text.includes("secret")]).toEqual([409, false]);
  });

  test("that would break what is not seen counts it and names it not", async () => {
    const owner = await fixture.bearer("owner");
    await as(owner, "PATCH model-apis/secret-api", {
      fallback: { enabled: true, targets: [{ service: "a-service" }] },
    });
    await as(editor, "DELETE alerts/a-alert");
    await as(editor, "DELETE model-apis/a-api");
    const answer = await as(editor, "DELETE services/a-service");
    expect([answer.status, codeOf(answer)]).toEqual([409, "in_use"]);
    expect(answer.text).toContain("an object you may not see");
    expect(answer.text).not.toContain("secret");
    const users = await as(editor, "GET services/a-service/dependants");
    expect(users.body).toEqual({ items: [], total: 1 });
  });

  test("that joins a consumer group gives nobody more than his group may grant", async () => {
    const owner = await fixture.bearer("owner");
    const join = { groups: ["open-group"] };
    expect((await as(editor, "PATCH consumers/a-consumer", join)).status).toBe(200);
    await as(editor, "PATCH consumers/a-consumer", { groups: [] });
    const grants = [{ consumerGroup: "open-group" }];
    await as(owner, "PATCH model-apis/secret-api", { auth: { enabled: true, grants } });
    expect((await as(editor, "PATCH consumers/a-consumer", join)).status).toBe(403);
  });

  test("of what is seen but not one's own is forbidden, unchanged or not", async () => {
    const users = { name: "both", password: "correct horse battery" };
    const roles = [{ role: "viewer" }, { role: "editor", resourceGroups: ["a"] }];
    await fixture.ask("POST /api/v1/users", { body: { ...users, roles } });
    const signedIn = await fixture.ask("POST /api/v1/session", {
      token: null,
      body: { username: "both", password: users.password },
    });
    const headers = {
      cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "",
      "x-csrf-token": String(signedIn.body["csrfToken"]),
    };
    const both = (request: string, body?: unknown) =>
      fixture.ask(request.replace(" ", " /api/v1/"), {
        token: null,
        headers,
        ...(body === undefined ? {} : { body }),
      });
    const seen = await both("GET services/secret-service");
    expect(seen.status).toBe(200);
    const statuses = [
      await both("PATCH services/secret-service", {}),
      await both("PATCH services/secret-service", {
        apiKeys: [{ name: "main", value: "sk-of-secret-service-0123456789" }],
      }),
      await both("DELETE services/secret-service"),
      await both("PATCH services/a-service", { resourceGroup: "secret-b" }),
      await both("PATCH services/a-service", { description: "mine" }),
    ].map(({ status }) => status);
    expect(statuses).toEqual([403, 403, 403, 403, 200]);
  });
});

describe("the audit log of a resource group", () => {
  test("has what was done there, and not what was moved in or out", async () => {
    const owner = await fixture.bearer("owner");
    const auditor = await fixture.bearer("auditor", ["a"]);
    const seen = async () =>
      ((await as(auditor, "GET audit-log")).body["items"] as { operation: string; name: string }[]).map(
        ({ operation, name }) => `${operation} ${name}`,
      );
    await as(owner, "PATCH services/secret-service", { description: "secret-words" });
    await as(owner, "PATCH services/secret-service", { resourceGroup: "a", description: "x" });
    await as(owner, "PATCH services/secret-service", { description: "y" });
    await as(owner, "PATCH services/secret-service", { resourceGroup: null });
    await as(owner, "PATCH services/secret-service", { description: "z" });
    expect((await seen()).filter((entry) => entry.includes("secret-service"))).toEqual([
      "patchService secret-service",
    ]);
    for (const path of ["audit-log", "audit-log?search=secret-words", "audit-log/export"])
      expect((await as(auditor, `GET ${path}`)).text).not.toContain("secret-words");
  });
});

describe("a test of a service", () => {
  test("that is not saved takes no key of another's service of that name", async () => {
    const sent: string[] = [];
    const scene = await openScopes({
      testService: async (service) => {
        sent.push(JSON.stringify(service.apiKeys));
        return { ok: true, steps: [], models: [], keys: [] };
      },
    });
    const token = await scene.bearer("editor", ["a"]);
    const masked = [{ name: "main", value: { set: true, hint: "…6789" } }];
    const body = {
      name: "secret-service",
      provider: "openai",
      baseUrl: "http://127.0.0.1:9",
      apiKeys: masked,
    };
    const tested = (name: string) =>
      scene.ask("POST /api/v1/services/test", { token, body: { ...body, name } });
    expect([(await tested("secret-service")).status, sent]).toEqual([400, []]);
    expect([(await tested("a-service")).status, sent.length]).toEqual([200, 1]);
    await scene.close();
  });
});
