// Nobody gives himself or others more than he has: every way that we know of, each refused, and nothing changed by it.
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "./admin-api-fixture.ts";
import { openScopes } from "./scope-fixture.ts";
import type { ScopeFixture } from "./scope-fixture.ts";

let fixture: ScopeFixture;
let admin: string;
let groupAdmin: string;
let revision = 0;

const password = "correct horse battery";

beforeAll(async () => {
  fixture = await openScopes();
  const { ask } = fixture;
  const user = (name: string, roles: object[]) =>
    ask("POST /api/v1/users", { body: { name, password, roles } });
  await user("boss", [{ role: "owner" }]);
  await user("chief", [{ role: "admin" }]);
  await ask("POST /api/v1/tokens", { body: { name: "boss-token", role: "owner" } });
  admin = await fixture.bearer("admin");
  groupAdmin = await fixture.bearer("admin", ["a"]);
  revision = fixture.configuration.working.revision;
});
afterAll(() => fixture.close());
afterEach(() => {
  expect(fixture.configuration.working.revision).toBe(revision);
});

const as = (token: string, request: string, body?: unknown): Promise<Answer> =>
  fixture.ask(request.replace(" ", " /api/v1/"), { token, ...(body === undefined ? {} : { body }) });

const owner = [{ role: "owner" }];
const everywhere = [{ role: "editor" }];
const elsewhere = [{ role: "viewer", resourceGroups: ["secret-b"] }];
const both = [{ role: "viewer", resourceGroups: ["a", "secret-b"] }];
const nowhere = [{ role: "viewer", resourceGroups: [] }];
const ownerOfGroup = [{ role: "owner", resourceGroups: ["a"] }];

describe("an admin", () => {
  test.each<[string, string, object | undefined]>([
    ["makes an owner", "POST users", { name: "x", password, roles: owner }],
    ["makes an owner of a resource group", "POST users", { name: "x", roles: ownerOfGroup }],
    ["makes himself an owner", "PATCH users/chief", { roles: owner }],
    ["makes himself an owner as a whole", "PUT users/chief", { roles: [{ role: "viewer" }, ...owner] }],
    ["sets an owner's password", "PATCH users/boss", { password: "another password of mine" }],
    ["guesses an owner's password", "PATCH users/boss", { password }],
    ["takes an owner's role", "PATCH users/boss", { roles: [] }],
    ["takes it by null", "PATCH users/boss", { roles: null }],
    ["disables an owner", "PATCH users/boss", { enabled: false }],
    ["changes nothing of an owner", "PATCH users/boss", {}],
    ["deletes an owner", "DELETE users/boss", undefined],
    ["makes a token of an owner", "POST tokens", { name: "x", role: "owner" }],
    ["makes one for a resource group", "POST tokens", { name: "x", role: "owner", resourceGroups: ["a"] }],
    ["prolongs an owner's token", "PATCH tokens/boss-token", { expiresAt: null }],
    ["revokes an owner's token", "DELETE tokens/boss-token", undefined],
    ["applies an owner", "POST config/apply", { version: 1, users: [{ name: "x", password, roles: owner }] }],
    [
      "applies an owner's password",
      "POST config/apply",
      { version: 1, users: [{ name: "boss", password, roles: owner }] },
    ],
    [
      "plans an owner's password",
      "POST config/plan",
      { version: 1, users: [{ name: "boss", password, roles: owner }] },
    ],
    [
      "prunes an owner",
      "POST config/apply?prune=true",
      { version: 1, users: [{ name: "chief", roles: [{ role: "admin" }] }] },
    ],
  ])("who %s is refused", async (_name, request, body) => {
    expect((await as(admin, request, body)).status).toBe(403);
  });

  test("still applies a document that leaves owners as they are", async () => {
    const plan = await as(admin, "POST config/plan", { version: 1, users: [{ name: "boss", roles: owner }] });
    expect([plan.status, plan.body["changes"]]).toEqual([200, []]);
  });
});

describe("an admin of a resource group", () => {
  test.each<[string, string, object | undefined, number]>([
    ["makes a user for everywhere", "POST users", { name: "x", roles: everywhere }, 403],
    ["makes a user for elsewhere", "POST users", { name: "x", roles: elsewhere }, 403],
    ["makes a user for more than his own", "POST users", { name: "x", roles: both }, 403],
    ["makes a user for nowhere", "POST users", { name: "x", roles: nowhere }, 403],
    ["makes a user without a role", "POST users", { name: "x" }, 403],
    ["makes an owner of his group", "POST users", { name: "x", roles: ownerOfGroup }, 403],
    ["widens a user", "PATCH users/a-user", { roles: both }, 403],
    ["widens a user by leaving the groups out", "PUT users/a-user", { roles: everywhere }, 403],
    [
      "widens a user by null",
      "PATCH users/a-user",
      { roles: [{ role: "viewer", resourceGroups: null }] },
      403,
    ],
    ["hides a user from others", "PATCH users/a-user", { roles: null }, 403],
    ["takes a user of others", "PATCH users/secret-user", { roles: ownerOfGroup }, 404],
    ["takes his password", "PATCH users/secret-user", { password }, 404],
    ["sets the password of an admin", "PATCH users/chief", { password }, 404],
    ["makes a token for everywhere", "POST tokens", { name: "x", role: "viewer" }, 403],
    [
      "makes one for elsewhere",
      "POST tokens",
      { name: "x", role: "viewer", resourceGroups: ["secret-b"] },
      403,
    ],
    ["makes one for nowhere", "POST tokens", { name: "x", role: "viewer", resourceGroups: [] }, 403],
    ["makes one for a text", "POST tokens", { name: "x", role: "viewer", resourceGroups: "a" }, 403],
    ["widens a token", "PATCH tokens/a-token", { resourceGroups: ["a", "secret-b"] }, 400],
    ["widens a token by null", "PATCH tokens/a-token", { resourceGroups: null }, 400],
    ["raises a token", "PATCH tokens/a-token", { role: "owner" }, 403],
    [
      "renames a user over another",
      "PUT users/a-user",
      { name: "secret-user", roles: [{ role: "viewer", resourceGroups: ["a"] }] },
      400,
    ],
    ["makes a resource group", "POST resource-groups", { name: "x" }, 403],
    [
      "applies a document",
      "POST config/apply",
      { version: 1, users: [{ name: "x", roles: everywhere }] },
      403,
    ],
    ["plans a document", "POST config/plan", { version: 1 }, 403],
    ["exports everything", "GET config/export", undefined, 403],
    ["rolls back", "POST revisions/1/rollback", {}, 403],
  ])("who %s is refused", async (_name, request, body, status) => {
    expect((await as(groupAdmin, request, body)).status).toBe(status);
  });
});

const provider = (roles: object[], more: object = {}) => ({
  signIn: {
    publicUrl: "https://gateway.example.com",
    oidc: [{ name: "idp", issuer: "https://idp.example.com", clientId: "x", roles, ...more }],
  },
});

describe("what an identity provider gives", () => {
  const asOwner = [{ value: "staff", role: "owner" }];
  test.each<[string, string, string, object]>([
    [
      "an editor maps nobody",
      "editor",
      "PATCH instances/default",
      provider([{ value: "me", role: "viewer" }]),
    ],
    [
      "an editor does not shorten the audit log",
      "editor",
      "PATCH instances/default",
      { audit: { retentionDays: 30 } },
    ],
    ["an admin maps no owner", "admin", "PATCH instances/default", provider(asOwner)],
    [
      "an admin maps none by default",
      "admin",
      "PATCH instances/default",
      provider([], { defaultRole: "owner" }),
    ],
    ["an admin maps none as a whole", "admin", "PUT instances/default", provider(asOwner)],
    [
      "an admin applies no such map",
      "admin",
      "POST config/apply",
      { version: 1, instance: provider(asOwner) },
    ],
    [
      "an admin of a group maps nobody",
      "group admin",
      "PATCH instances/default",
      provider([{ value: "me", role: "admin" }]),
    ],
  ])("%s", async (_name, role, request, body) => {
    const bearer = role === "admin" ? admin : role === "editor" ? await fixture.bearer("editor") : groupAdmin;
    revision = fixture.configuration.working.revision;
    expect((await as(bearer, request, body)).status).toBe(403);
  });

  test("an admin brings back no map that made owners", async () => {
    const { ask } = fixture;
    expect((await ask("PATCH /api/v1/instances/default", { body: provider(asOwner) })).status).toBe(200);
    const mapped = fixture.configuration.working.revision;
    // What the map gives keeps it out of the hands of admins.
    expect((await as(admin, "PATCH instances/default", { signIn: null })).status).toBe(403);
    await ask("PATCH /api/v1/instances/default", { body: { signIn: null } });
    expect((await as(admin, "PATCH instances/default", { region: "eu" })).status).toBe(200);
    expect((await as(admin, `POST revisions/${mapped}/rollback`, {})).status).toBe(403);
    revision = fixture.configuration.working.revision;
  });
});

describe("what rivals got wrong", () => {
  test("row 4: whoever may not save may not try out either", async () => {
    const tries = [
      "services/test",
      "services/a-service/test",
      "model-apis/check",
      "model-apis/a-api/debug",
      "sinks/test",
      "alerts/a-alert/test",
    ];
    for (const role of ["viewer", "auditor"])
      for (const groups of [undefined, ["a"]]) {
        const token = await fixture.bearer(role, groups);
        revision = fixture.configuration.working.revision;
        for (const path of tries)
          expect([role, path, (await as(token, `POST ${path}`, {})).status]).toEqual([role, path, 403]);
      }
  });

  test("row 6: a key is made with nothing that its maker has not, whatever fields come with it", async () => {
    const editor = await fixture.bearer("editor");
    revision = fixture.configuration.working.revision;
    for (const [maker, extra, status] of [
      [editor, {}, 403],
      [groupAdmin, { role: "viewer", resourceGroups: ["a"], allowed_routes: ["/*"] }, 400],
      [groupAdmin, { role: "viewer", resourceGroups: ["*"] }, 403],
      [groupAdmin, { role: ["viewer", "owner"], resourceGroups: ["a"] }, 400],
      [groupAdmin, { role: "admin", roles: owner, resourceGroups: ["a"] }, 403],
    ] as const) {
      const answer = await as(maker, "POST tokens", { name: "x", role: "viewer", ...extra });
      expect([extra, answer.status]).toEqual([extra, status]);
    }
  });
});

test("row 9: a session ends with its user's roles, and may at once no more than they say", async () => {
  const { ask } = fixture;
  const signIn = async (): Promise<Record<string, string>> => {
    const answer = await ask("POST /api/v1/session", { token: null, body: { username: "mover", password } });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    return { cookie, "x-csrf-token": String(answer.body["csrfToken"]) };
  };
  await ask("POST /api/v1/users", { body: { name: "mover", password, roles: [{ role: "editor" }] } });
  const headers = await signIn();
  const status = async (request: string) => (await ask(request, { token: null, headers })).status;
  expect(await status("GET /api/v1/services/secret-service")).toBe(200);
  await ask("PATCH /api/v1/users/mover", { body: { roles: [{ role: "viewer", resourceGroups: ["a"] }] } });
  expect([
    await status("GET /api/v1/services/secret-service"),
    await status("DELETE /api/v1/services/a-service"),
    await status("GET /api/v1/services/a-service"),
  ]).toEqual([404, 403, 200]);
  await ask("PATCH /api/v1/users/mover", { body: { roles: [] } });
  expect(await status("GET /api/v1/services/a-service")).toBe(401);
  await ask("DELETE /api/v1/users/mover");
  revision = fixture.configuration.working.revision;
});
