// Who may do what: every route of the API against every kind of bearer, and the life of tokens.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createAccessCheck } from "./access.ts";
import { openApi, ownerToken } from "./admin-api-fixture.ts";
import type { Answer, ApiFixture } from "./admin-api-fixture.ts";
import { isGeneratedKey } from "../core/key-checksum.ts";
import { generateKey } from "./generated-key.ts";
import { mayGrant, roleAllows } from "../resources/held-role.ts";
import type { Permission } from "../resources/held-role.ts";
import { roles } from "../resources/user.ts";
import { startMs } from "./configuration-fixture.ts";

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await openApi({ metricsToken: "scrape-me" });
});
afterEach(() => fixture.close());

const ask: ApiFixture["ask"] = (request, options) => fixture.ask(request, options);
const everywhere = (role: (typeof roles)[number]) => ({ role, resourceGroups: null });
const codeOf = (answer: Answer): unknown => Reflect.get(Object(answer.body["error"]), "code");

/** What each role may be refused for: the table of the contract, written out a second time. */
const allowed: Readonly<Record<(typeof roles)[number], readonly Permission[]>> = {
  owner: ["read", "write", "content", "audit", "configure", "manage-access"],
  admin: ["read", "write", "content", "audit", "configure", "manage-access"],
  editor: ["read", "write", "content"],
  viewer: ["read"],
  auditor: ["read", "content", "audit"],
};
const permissions: readonly Permission[] = [
  "read",
  "write",
  "content",
  "audit",
  "configure",
  "manage-access",
];

/** Public on purpose; anything else without a token is a hole. */
const openRoutes = new Set([
  "GET /healthz",
  "GET /readyz",
  "GET /api/v1/openapi.json",
  "GET /api/v1/session/providers",
  "GET /api/v1/session/oidc/1/start",
  "GET /api/v1/session/oidc/1/callback",
  "GET /api/v1/setup",
  "POST /api/v1/setup",
  "POST /api/v1/session",
]);

/** Every route that the router holds, with its parameters filled in. */
function routesOf(api: ApiFixture["api"]): string[] {
  const routes = api.routes.filter(({ method }) => method !== "ALL");
  return [...new Set(routes.map(({ method, path }) => `${method} ${path.replaceAll(/:\w+/gu, "1")}`))];
}

describe("every route", () => {
  test("answers 401 without a token, with a wrong one and with odd ones, but for the open ones", async () => {
    const routes = routesOf(fixture.api);
    expect(routes.length).toBeGreaterThan(70);
    const bad: readonly Readonly<Record<string, string>>[] = [
      {},
      { authorization: "Bearer wrong-token-wrong-token-wrong-token" },
      { authorization: "Bearer " },
      { authorization: `Basic ${ownerToken}` },
      { authorization: `Bearer ${ownerToken.slice(0, -1)}` },
      { authorization: "Bearer ' OR 1=1 --" },
      { authorization: "Bearer %27%20OR%201=1" },
      { cookie: `session=${ownerToken}` },
      { cookie: `moongate_session=${"a".repeat(43)}` },
      { cookie: "moongate_session=", "x-csrf-token": "" },
      { "x-api-key": ownerToken },
    ];
    for (const route of routes) {
      for (const headers of bad) {
        const { status } = await ask(route, {
          token: null,
          headers: headers,
        });
        expect([route, status === 401]).toEqual([route, !openRoutes.has(route)]);
      }
    }
    expect(fixture.configuration.working.revision).toBe(0);
  });

  test("answers 403 exactly to the roles that lack its permission", async () => {
    const paths = Reflect.get((await ask("GET /api/v1/openapi.json")).body, "paths") as Record<
      string,
      Record<string, { "x-permission"?: string }>
    >;
    const tokens = await Promise.all(roles.map(async (role) => [role, await fixture.tokenOf(role)] as const));
    let refused = 0;
    for (const route of routesOf(fixture.api)) {
      const [method = "", path = ""] = route.split(" ");
      const described = Object.entries(paths).find(
        ([known]) => known.replaceAll(/\{\w+\}/gu, "1") === path,
      )?.[1][method.toLowerCase()];
      const access = described?.["x-permission"] ?? "open";
      const needed = permissions.find(
        (permission) => permission === (access === "metrics" ? "read" : access),
      );
      for (const [role, token] of tokens) {
        const may = needed === undefined ? openRoutes.has(route) : allowed[role].includes(needed);
        const answer = await ask(route, { token, ...(method === "GET" ? {} : { body: "{" }) });
        const isRefused = codeOf(answer) === "forbidden";
        expect([route, role, isRefused]).toEqual([route, role, !may]);
        refused += isRefused ? 1 : 0;
      }
    }
    expect(refused).toBeGreaterThan(100);
  });

  test("allows a session what it allows a token of the same role, and its own sign-in", async () => {
    const bearers = await Promise.all(
      roles.map(async (role) => [role, await fixture.tokenOf(role), await sessionOf(role)] as const),
    );
    for (const route of routesOf(fixture.api)) {
      for (const [role, token, session] of bearers) {
        const body = route.startsWith("GET ") ? {} : { body: "{" };
        const headers = route === "DELETE /api/v1/session" ? await sessionOf(role) : session;
        const [answer, same] = [
          await ask(route, { token: null, headers, ...body }),
          await ask(route, { token, ...body }),
        ];
        const isAboutSession = /^\w+ \/api\/v1\/session/u.test(route) && !openRoutes.has(route);
        const may = isAboutSession || codeOf(same) !== "forbidden";
        expect([route, role, codeOf(answer) !== "forbidden"]).toEqual([route, role, may]);
        expect([route, role, answer.status === 401]).toEqual([route, role, false]);
      }
    }
  });

  /** Headers of a user with this role who has just signed in. */
  async function sessionOf(role: (typeof roles)[number]): Promise<Record<string, string>> {
    const credentials = { username: `user-${role}`, password: "correct horse battery" };
    const { username: name, password } = credentials;
    await ask("POST /api/v1/users", { body: { name, password, roles: [{ role }] } });
    const answer = await ask("POST /api/v1/session", { token: null, body: credentials });
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    return { cookie, "x-csrf-token": String(answer.body["csrfToken"]) };
  }

  interface OperationEntry {
    readonly operationId: string;
    readonly "x-permission"?: string;
  }

  test("that changes something needs more than reading", async () => {
    const { body } = await ask("GET /api/v1/openapi.json");
    const items = Object.values(Reflect.get(body, "paths") as Record<string, Record<string, OperationEntry>>);
    // Asked by POST because of what it takes.
    const changesNothing = new Set([
      "explainRequest",
      "queryMetricsPage",
      "previewAlert",
      "previewRouting",
      "reproduceDecision",
      "testRouting",
      "listCharacteristics",
    ]);
    // These ask for a password or the token of the set-up link.
    const proveThemselves = new Set(["openSession", "runSetUp"]);
    const weak = items.flatMap((item) =>
      Object.entries(item).filter(
        ([method, row]) =>
          ["post", "put", "patch", "delete"].includes(method) &&
          !changesNothing.has(row.operationId) &&
          !proveThemselves.has(row.operationId) &&
          ["read", undefined].includes(row["x-permission"]),
      ),
    );
    expect(weak).toEqual([]);
  });
});

describe("roles", () => {
  test.each(roles)("%s has exactly the permissions of the contract", (role) => {
    expect(permissions.filter((permission) => roleAllows(role, permission))).toEqual(allowed[role]);
  });

  test("nobody grants more than he has", () => {
    const granting = roles.map((own) =>
      roles.filter((granted) => mayGrant([everywhere(own)], everywhere(granted))),
    );
    expect(granting).toEqual([[...roles], ["admin", "editor", "viewer", "auditor"], [], [], []]);
  });

  test("an admin neither makes nor unmakes owners", async () => {
    const admin = await fixture.tokenOf("admin");
    await fixture.tokenOf("owner");
    const made = await ask("POST /api/v1/tokens", { token: admin, body: { name: "x", role: "owner" } });
    const changed = await ask("PATCH /api/v1/tokens/t-owner", {
      token: admin,
      body: { expiresAt: "2026-01-01T00:00:00Z" },
    });
    const deleted = await ask("DELETE /api/v1/tokens/t-owner", { token: admin });
    expect([made, changed, deleted].map((answer) => answer.status)).toEqual([403, 403, 403]);
    expect(
      (await ask("POST /api/v1/tokens", { token: admin, body: { name: "x", role: "editor" } })).status,
    ).toBe(201);
  });

  test("a role is not raised afterwards", async () => {
    const admin = await fixture.tokenOf("admin");
    const raised = await ask("PATCH /api/v1/tokens/t-admin", { token: admin, body: { role: "owner" } });
    expect(raised.status).toBe(403);
    const byOwner = await ask("PATCH /api/v1/tokens/t-admin", { body: { role: "owner" } });
    expect(codeOf(byOwner)).toBe("immutable_field");
  });

  test("recorded content is left out for roles that may not see it", async () => {
    const viewer = await fixture.tokenOf("viewer");
    const auditor = await fixture.tokenOf("auditor");
    expect((await ask("GET /api/v1/logs/req-1", { token: viewer })).body).toEqual({
      requestId: "req-1",
      status: 200,
      contentHidden: true,
    });
    expect((await ask("GET /api/v1/logs/req-1", { token: auditor })).body).toMatchObject({
      requestContent: "the question",
      contentHidden: false,
    });
  });

  test.each(["logs", "logs/export"])(
    "%s is not searched for content by roles that may not see it",
    async (path) => {
      const refused = await ask(`GET /api/v1/${path}?search=x`, { token: await fixture.tokenOf("viewer") });
      const answered = await ask(`GET /api/v1/${path}?search=x`, { token: await fixture.tokenOf("auditor") });
      expect([codeOf(refused), codeOf(answered)]).toEqual(["forbidden", "traffic_unavailable"]);
    },
  );
});

describe("tokens", () => {
  test("are shown once, stored as a hash, and have the generated form", async () => {
    const made = await ask("POST /api/v1/tokens", { body: { name: "ci", role: "editor" } });
    const token = String(made.body["token"]);
    expect(isGeneratedKey("admin", token)).toBe(true);
    expect((await ask("GET /api/v1/tokens")).text).not.toContain(token);
    expect((await ask("GET /api/v1/tokens/ci")).body["value"]).toEqual({
      set: true,
      hint: `…${token.slice(-4)}`,
    });
    expect(JSON.stringify(await fixture.store.list())).not.toContain(token);
    expect((await ask("GET /api/v1/config/export")).text).not.toContain("ci");
  });

  test("work after a restart, and are not taken from the client", async () => {
    const token = await fixture.tokenOf("viewer");
    const reopened = await fixture.reopen();
    expect(reopened.working.resources.tokens.get("t-viewer")?.value.role).toBe("viewer");
    expect((await ask("GET /api/v1/services", { token })).status).toBe(200);
    const own = await ask("POST /api/v1/tokens", {
      body: { name: "x", role: "viewer", value: "my-own-token-my-own-token-my-own-token" },
    });
    expect(codeOf(own)).toBe("invalid");
    const replaced = await ask("PATCH /api/v1/tokens/t-viewer", {
      body: { value: "my-own-token-my-own-token-my-own-token" },
    });
    expect(codeOf(replaced)).toBe("immutable_field");
    expect(codeOf(await ask("PATCH /api/v1/tokens/t-viewer", { body: { value: null } }))).toBe(
      "immutable_field",
    );
    expect(
      (await ask("PATCH /api/v1/tokens/t-viewer", { body: { expiresAt: "2027-01-01T00:00:00Z" } })).status,
    ).toBe(200);
    expect((await ask("GET /api/v1/services", { token })).status).toBe(200);
  });

  test("end at once when they are deleted, and at their expiry", async () => {
    const viewer = await fixture.tokenOf("viewer");
    const expiresAt = new Date(startMs + 1000).toISOString();
    const made = await ask("POST /api/v1/tokens", { body: { name: "short", role: "viewer", expiresAt } });
    const short = String(made.body["token"]);
    const read = async (token: string) => (await ask("GET /api/v1/services", { token })).status;
    expect([await read(viewer), await read(short)]).toEqual([200, 200]);
    await ask("DELETE /api/v1/tokens/t-viewer");
    fixture.advance(1000);
    expect([await read(viewer), await read(short)]).toEqual([401, 401]);
  });

  test("the metrics token opens /metrics and nothing else", async () => {
    expect((await ask("GET /metrics", { token: "scrape-me" })).status).toBe(200);
    expect((await ask("GET /api/v1/services", { token: "scrape-me" })).status).toBe(401);
    expect((await ask("GET /metrics", { token: await fixture.tokenOf("viewer") })).status).toBe(200);
  });
});

describe("first run", () => {
  const bootstrapToken = "bootstrap-token-bootstrap-token-1";
  const open = async () => {
    await fixture.close();
    fixture = await openApi({ adminToken: null, bootstrapToken });
  };

  test("the bootstrap token works until there is an owner token, and the last owner stays", async () => {
    await open();
    expect((await ask("GET /api/v1/services", { token: null })).status).toBe(401);
    const made = await ask("POST /api/v1/tokens", {
      token: bootstrapToken,
      body: { name: "me", role: "owner" },
    });
    expect(made.status).toBe(201);
    expect((await ask("GET /api/v1/services", { token: bootstrapToken })).status).toBe(401);
    const owner = String(made.body["token"]);
    const last = await ask("DELETE /api/v1/tokens/me", { token: owner });
    expect([last.status, last.text.includes("last owner")]).toEqual([409, true]);
    await ask("POST /api/v1/tokens", { token: owner, body: { name: "other", role: "owner" } });
    expect((await ask("DELETE /api/v1/tokens/me", { token: owner })).status).toBe(204);
  });

  test("without any token nobody gets in", async () => {
    await fixture.close();
    fixture = await openApi({ adminToken: null });
    expect((await ask("GET /api/v1/services", { token: "" })).status).toBe(401);
    expect((await ask("GET /api/v1/services", { token: "null" })).status).toBe(401);
  });

  test.each([
    ["adminToken", "short"],
    ["adminToken", ""],
    ["bootstrapToken", "short"],
    ["metricsToken", ""],
  ])("%s %j is refused at start", (name, token) => {
    const ports = {
      findToken: () => undefined,
      tokenUsed: () => undefined,
      findSession: () => undefined,
      ownerExists: () => false,
      wallMs: () => 0,
      adminToken: null,
      metricsToken: null,
      bootstrapToken: null,
    };
    expect(() => createAccessCheck({ ...ports, [name]: token })).toThrow(/needs at least/u);
  });
});

describe("generated keys", () => {
  test("have prefix, 43 characters of 256 bits and a checksum that catches slips", () => {
    const key = generateKey("consumer", (length) => new Uint8Array(length).fill(255));
    expect(key).toMatch(/^mgc_[0-9A-Za-z]{49}$/u);
    expect(isGeneratedKey("consumer", key)).toBe(true);
    expect(isGeneratedKey("admin", key)).toBe(false);
    const slips = Array.from(
      key,
      (character, index) => key.slice(0, index) + (character === "a" ? "b" : "a") + key.slice(index + 1),
    );
    expect(slips.filter((slip) => isGeneratedKey("consumer", slip))).toEqual([]);
    expect(generateKey("admin", (length) => new Uint8Array(length))).toMatch(/^mga_0{43}[0-9A-Za-z]{6}$/u);
  });
});
