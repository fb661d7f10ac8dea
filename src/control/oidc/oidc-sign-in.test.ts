// Signing in by a provider: the whole way with a real provider library, and everything that a provider, a browser or
// somebody in between may do wrong.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  clientId,
  clientSecret,
  startPretender,
  startRealProvider,
  type Pretence,
  type Pretender,
  type RealProvider,
} from "../../../test/support/oidc-servers.ts";
import { guardedFetcher } from "../../lib/guarded-fetch.ts";
import type { Answer } from "../admin-api-fixture.ts";
import { auditPage } from "../audit/audit-query.ts";
import { openSignIn } from "../sign-in-fixture.ts";
import type { SignInFixture } from "../sign-in-fixture.ts";
import type { JsonObject } from "../merge-patch.ts";

const publicUrl = "http://127.0.0.1";
const callback = "/api/v1/session/oidc/corp/callback";
const start = "/api/v1/session/oidc/corp/start";

let fixture: SignInFixture;
const fetcher = guardedFetcher("private");

beforeEach(async () => {
  fixture = await openSignIn({ fetchProvider: fetcher.fetch });
});
afterEach(() => fixture.close());

const usualRoles = [
  { value: "admins", role: "admin" },
  { value: "auditors", role: "auditor" },
];

async function configure(issuer: string, provider: JsonObject = {}, more: JsonObject = {}): Promise<void> {
  const oidc = [{ name: "corp", issuer, clientId, clientSecret, roles: usualRoles, ...provider }];
  const answer = await fixture.ask("PATCH /api/v1/instances/default", {
    body: { signIn: { publicUrl, oidc, ...more } },
  });
  if (answer.status !== 200) throw new Error(answer.text);
}

/** Cookies of a browser, by name. */
class Jar {
  readonly #cookies = new Map<string, string>();

  take(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      if (value === "" || /max-age=0/iu.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  has(name: string): boolean {
    return this.#cookies.has(name);
  }
}

/** Asks the console as a browser does that goes from page to page. */
async function visit(jar: Jar, path: string): Promise<Answer> {
  const answer = await fixture.ask(`GET ${path}`, { token: null, headers: { cookie: jar.header } });
  jar.take(answer.headers);
  return answer;
}

function placeOf(answer: Answer): string {
  expect([answer.status, answer.text]).toEqual([302, ""]);
  return answer.headers.get("location") ?? "";
}

/** Follows a browser through the real provider until that sends it back. @returns the path of the callback */
async function throughProvider(url: string): Promise<string> {
  const jar = new Jar();
  let next = url;
  for (let hops = 0; hops < 10; hops += 1) {
    const answer = await fetch(next, { redirect: "manual", headers: { cookie: jar.header } });
    await answer.arrayBuffer();
    jar.take(answer.headers);
    const place = answer.headers.get("location");
    if (place === null) throw new Error(`the provider answered ${answer.status} at ${next}`);
    const to = new URL(place, next);
    if (to.origin === publicUrl) return to.pathname + to.search;
    next = to.href;
  }
  throw new Error("the provider sends browsers in a circle");
}

async function signInThrough(jar = new Jar(), from = start): Promise<Answer> {
  return visit(jar, await throughProvider(placeOf(await visit(jar, from))));
}

async function whoIs(jar: Jar): Promise<Answer> {
  return fixture.ask("GET /api/v1/session", { token: null, headers: { cookie: jar.header } });
}

const everything = { actor: [], action: [], result: [], reach: "everywhere" } as const;
const newest = async () => (await auditPage(fixture.audit, everything, { limit: 1 })).entries[0];

describe("with a real provider", () => {
  let provider: RealProvider;

  beforeEach(async () => {
    provider = await startRealProvider(publicUrl + callback);
    provider.account = { sub: "ada-1", preferred_username: "ada@example.com", roles: ["admins"] };
    await configure(provider.issuer);
  });
  afterEach(() => provider.close());

  test("a browser is sent there with PKCE, state and nonce, and comes back signed in to the page it wanted", async () => {
    const jar = new Jar();
    const began = await visit(jar, `${start}?returnTo=${encodeURIComponent("/logs?api=chat")}`);
    const url = new URL(placeOf(began));
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: clientId,
      redirect_uri: publicUrl + callback,
      response_type: "code",
      code_challenge_method: "S256",
      scope: "openid profile email",
    });
    for (const name of ["state", "nonce", "code_challenge"])
      expect(url.searchParams.get(name)).toMatch(/^[\w-]{43}$/u);
    expect(began.headers.getSetCookie()[0]).toMatch(
      /^moongate_oidc=sealed:[\w-]+; Path=\/; HttpOnly; SameSite=Lax; Max-Age=600$/u,
    );
    const ended = await visit(jar, await throughProvider(url.href));
    expect(placeOf(ended)).toBe("/logs?api=chat");
    expect(jar.has("moongate_oidc")).toBe(false);
    const session = ended.headers.getSetCookie().find((line) => line.startsWith("moongate_session="));
    expect(session).toMatch(/; HttpOnly; SameSite=Strict; /u);
    expect((await whoIs(jar)).body["user"]).toMatchObject({ name: "corp-ada-example-com" });
    const user = await fixture.ask("GET /api/v1/users/corp-ada-example-com");
    expect(user.body).toMatchObject({
      oidc: { provider: "corp", issuer: provider.issuer, subject: "ada-1" },
      roles: [{ role: "admin" }],
      managedBy: "api",
    });
    expect(user.body["password"]).toBeUndefined();
  });

  test("the first sign-in leaves one entry with the user that was made, later ones one without", async () => {
    await signInThrough();
    expect(await newest()).toMatchObject({
      action: "sign-in",
      actor: "oidc:corp",
      operation: "finishOidc",
      result: "ok",
      objects: [{ action: "create", kind: "users", name: "corp-ada-example-com" }],
    });
    await signInThrough();
    expect(await newest()).toMatchObject({
      action: "sign-in",
      actor: "user:corp-ada-example-com",
      method: "oidc",
      objects: [],
    });
  });

  test("roles follow the claims at each sign-in, up and down, and sessions that run feel it", async () => {
    const first = new Jar();
    await signInThrough(first);
    provider.account = { ...provider.account, roles: ["auditors"] };
    await signInThrough();
    const user = await fixture.ask("GET /api/v1/users/corp-ada-example-com");
    expect(user.body["roles"]).toMatchObject([{ role: "auditor" }]);
    const asked = await fixture.ask("GET /api/v1/users", { token: null, headers: { cookie: first.header } });
    expect(asked.status).toBe(403);
  });

  test("whoever matches nothing is refused, and loses what he had", async () => {
    const jar = new Jar();
    await signInThrough(jar);
    provider.account = { ...provider.account, roles: ["cooks"] };
    expect(placeOf(await signInThrough())).toBe("/sign-in?error=oidc_no_role");
    expect(await newest()).toMatchObject({
      action: "sign-in-failed",
      result: "refused",
      code: "oidc_no_role",
    });
    expect((await whoIs(jar)).status).toBe(401);
    const user = await fixture.ask("GET /api/v1/users/corp-ada-example-com");
    expect(user.body["roles"]).toEqual([]);
  });

  test("nobody is made of whoever matches nothing, unless there is a role for everybody", async () => {
    provider.account = { sub: "cook-1", preferred_username: "cook" };
    expect(placeOf(await signInThrough())).toBe("/sign-in?error=oidc_no_role");
    expect((await fixture.ask("GET /api/v1/users/corp-cook")).status).toBe(404);
    await configure(provider.issuer, { defaultRole: "viewer" });
    const jar = new Jar();
    await signInThrough(jar);
    expect((await whoIs(jar)).body["user"]).toMatchObject({ name: "corp-cook" });
  });

  test("a user who is disabled does not come in, and his sessions end", async () => {
    const jar = new Jar();
    await signInThrough(jar);
    await fixture.ask("PATCH /api/v1/users/corp-ada-example-com", { body: { enabled: false } });
    expect((await whoIs(jar)).status).toBe(401);
    expect(placeOf(await signInThrough())).toBe("/sign-in?error=oidc_disabled");
  });

  test("sessions end when their provider is taken out of the configuration", async () => {
    const jar = new Jar();
    await signInThrough(jar);
    expect((await whoIs(jar)).status).toBe(200);
    await fixture.ask("PATCH /api/v1/instances/default", { body: { signIn: { oidc: [] } } });
    expect((await whoIs(jar)).status).toBe(401);
  });

  test("two people of one name are two users, and a user with a password is never taken over", async () => {
    await fixture.makeUser("corp-ada-example-com");
    await signInThrough();
    provider.account = { ...provider.account, sub: "ada-2" };
    await signInThrough();
    const { body } = await fixture.ask("GET /api/v1/users?search=corp-ada");
    const users = body["items"] as JsonObject[];
    expect(users.map(({ name }) => String(name).replace(/[0-9a-f]{8}$/u, "#"))).toEqual([
      "corp-ada-example-com",
      "corp-ada-example-com-#",
      "corp-ada-example-com-#",
    ]);
    expect(users.map(({ oidc }) => oidc === undefined)).toEqual([true, false, false]);
  });

  test("the same person under another name is the same user", async () => {
    await signInThrough();
    provider.account = { ...provider.account, preferred_username: "ada.lovelace" };
    const jar = new Jar();
    await signInThrough(jar);
    expect((await whoIs(jar)).body["user"]).toMatchObject({ name: "corp-ada-example-com" });
  });

  test("what came back once is worth nothing a second time", async () => {
    const jar = new Jar();
    const began = await visit(jar, start);
    const thief = new Jar();
    thief.take(began.headers);
    const back = await throughProvider(placeOf(began));
    expect(placeOf(await visit(jar, back))).toBe("/");
    expect(placeOf(await visit(thief, back))).toBe("/sign-in?error=oidc_expired");
    expect(thief.has("moongate_session")).toBe(false);
  });

  test("a code in another browser's round trip is refused by the provider, as its proof of key differs", async () => {
    const victim = new Jar();
    const back = new URL(await throughProvider(placeOf(await visit(new Jar(), start))), publicUrl);
    const own = new URL(placeOf(await visit(victim, start)));
    back.searchParams.set("state", own.searchParams.get("state") ?? "");
    expect(placeOf(await visit(victim, back.pathname + back.search))).toBe("/sign-in?error=oidc_failed");
  });

  test.each<[what: string, change: (back: URL, jar: Jar) => Jar, failure: string]>([
    ["no cookie", () => new Jar(), "oidc_expired"],
    ["a wrong state", (back, jar) => (back.searchParams.set("state", "x".repeat(43)), jar), "oidc_failed"],
    ["no state", (back, jar) => (back.searchParams.delete("state"), jar), "oidc_failed"],
    ["a wrong code", (back, jar) => (back.searchParams.set("code", "x"), jar), "oidc_failed"],
    [
      "another issuer",
      (back, jar) => (back.searchParams.set("iss", "https://evil.example"), jar),
      "oidc_failed",
    ],
    ["no issuer", (back, jar) => (back.searchParams.delete("iss"), jar), "oidc_failed"],
  ])("is refused with %s", async (_what, change, failure) => {
    const jar = new Jar();
    const back = new URL(await throughProvider(placeOf(await visit(jar, start))), publicUrl);
    const browser = change(back, jar);
    expect(placeOf(await visit(browser, back.pathname + back.search))).toBe(`/sign-in?error=${failure}`);
    expect(browser.has("moongate_session")).toBe(false);
    expect(await newest()).toMatchObject({ action: "sign-in-failed", code: failure, actor: "anonymous" });
  });

  test("is refused when it took longer than ten minutes", async () => {
    const jar = new Jar();
    const back = await throughProvider(placeOf(await visit(jar, start)));
    fixture.advance(600_000);
    expect(placeOf(await visit(jar, back))).toBe("/sign-in?error=oidc_expired");
  });

  test("a user who says no at the provider reads so", async () => {
    const jar = new Jar();
    const state = new URL(placeOf(await visit(jar, start))).searchParams.get("state") ?? "";
    const query = new URLSearchParams({ error: "access_denied", state, iss: provider.issuer });
    expect(placeOf(await visit(jar, `${callback}?${query}`))).toBe("/sign-in?error=oidc_denied");
  });

  test("no secret of the provider is in any answer, entry or failure", async () => {
    await signInThrough();
    const texts = [
      JSON.stringify((await auditPage(fixture.audit, everything, { limit: 100 })).entries),
      (await fixture.ask("GET /api/v1/instances/default")).text,
      (await fixture.ask("GET /api/v1/config/export")).text,
      (await fixture.ask("GET /api/v1/session/providers", { token: null })).text,
      fixture.failures.map(String).join("\n"),
    ];
    expect(texts[0]).toContain("signIn.oidc[corp].clientSecret");
    for (const text of texts) expect(text).not.toContain("canary");
  });
});

describe("with a provider that lies or fails", () => {
  let pretender: Pretender;

  beforeEach(async () => {
    pretender = await startPretender();
    await configure(pretender.issuer);
  });
  afterEach(() => pretender.close());

  async function come(pretence: Pretence): Promise<string> {
    pretender.pretence = pretence;
    const jar = new Jar();
    const began = await visit(jar, start);
    const url = new URL(placeOf(began), publicUrl);
    if (url.pathname === "/sign-in") return url.pathname + url.search;
    pretender.nonce = url.searchParams.get("nonce") ?? "";
    const state = url.searchParams.get("state") ?? "";
    const query = new URLSearchParams({ code: "c", state, iss: pretender.issuer });
    const place = placeOf(await visit(jar, `${callback}?${query}`));
    expect(jar.has("moongate_session")).toBe(place === "/");
    return place;
  }

  test("comes in when everything is right", async () => {
    expect(await come({})).toBe("/");
  });

  const seconds = () => Math.floor(Date.now() / 1000);

  test.each<[what: string, pretence: () => Pretence]>([
    ["a wrong nonce", () => ({ claims: { nonce: "another" } })],
    ["another issuer in the token", () => ({ claims: { iss: "https://evil.example" } })],
    ["another audience", () => ({ claims: { aud: "another-client" } })],
    ["a token that has ended", () => ({ claims: { exp: seconds() - 120, iat: seconds() - 400 } })],
    ["a token of the future", () => ({ claims: { nbf: seconds() + 3_600 } })],
    ["no signature", () => ({ unsigned: true })],
    ["a signature of another key", () => ({ otherKey: true })],
    ["a refusal of the code", () => ({ token: (response) => void response.writeHead(400).end("{}") })],
    [
      "a redirect of the token",
      () => ({ token: (response) => void response.writeHead(302, { location: "/jwks" }).end() }),
    ],
    [
      "an answer without an end",
      () => ({
        token: (response) => {
          response.writeHead(200, { "content-type": "application/json" });
          response.write(" ".repeat(2 * 1024 * 1024));
        },
      }),
    ],
    ["a connection that breaks", () => ({ token: (response) => void response.destroy() })],
  ])("refuses %s", async (_what, pretence) => {
    expect(await come(pretence())).toMatch(/^\/sign-in\?error=oidc_(?:failed|unreachable)$/u);
    expect((await fixture.ask("GET /api/v1/users?search=corp")).body["items"]).toEqual([]);
  });

  test("takes a clock that is half a minute off", async () => {
    expect(await come({ claims: { exp: seconds() - 30, iat: seconds() - 330 } })).toBe("/");
    expect(await come({ claims: { iat: seconds() + 30, nbf: seconds() + 30 } })).toBe("/");
  });

  test.each<[what: string, discovery: NonNullable<Pretence["discovery"]>]>([
    ["another issuer", { issuer: "https://evil.example" }],
    ["no address to go to", { authorization_endpoint: undefined }],
    ["an error", (response) => void response.writeHead(500).end()],
    ["a redirect", (response) => void response.writeHead(302, { location: "/elsewhere" }).end()],
    ["no JSON", (response) => void response.writeHead(200, { "content-type": "application/json" }).end("<")],
  ])(
    "cannot be reached where its discovery tells %s, and is not asked again at once",
    async (_what, discovery) => {
      expect(await come({ discovery })).toBe("/sign-in?error=oidc_unreachable");
      expect(await come({})).toBe("/sign-in?error=oidc_unreachable");
      expect(pretender.asked).toEqual(["/.well-known/openid-configuration"]);
      fixture.advance(5_001);
      expect(await come({})).toBe("/");
    },
  );

  test("is asked for its discovery once in ten minutes", async () => {
    const discoveries = () => pretender.asked.filter((path) => path.endsWith("openid-configuration")).length;
    await come({});
    await come({});
    expect(discoveries()).toBe(1);
    fixture.advance(600_001);
    await come({});
    expect(discoveries()).toBe(2);
  });

  test("is down: the sign-in page says so", async () => {
    await pretender.close();
    expect(await come({})).toBe("/sign-in?error=oidc_unreachable");
  });

  test("roles are found in a claim inside a claim, and nowhere but in texts", async () => {
    await configure(pretender.issuer, { roleClaim: "realm_access.roles" });
    expect(await come({ claims: { realm_access: { roles: ["auditors"] } } })).toBe("/");
    expect(await come({ claims: { sub: "x", realm_access: { roles: [{ value: "admins" }] } } })).toBe(
      "/sign-in?error=oidc_no_role",
    );
    expect(await come({ claims: { sub: "y", realm_access: "admins" } })).toBe("/sign-in?error=oidc_no_role");
  });

  test("names that are none in our letters still name a user", async () => {
    expect(await come({ claims: { preferred_username: "爱丽丝" } })).toBe("/");
    const { body } = await fixture.ask("GET /api/v1/users?search=corp");
    expect(body["items"]).toMatchObject([{ name: expect.stringMatching(/^corp--?[0-9a-f]{8}$/u) }]);
  });
});

describe("ways in", () => {
  let pretender: Pretender;

  beforeEach(async () => {
    pretender = await startPretender();
  });
  afterEach(() => pretender.close());

  test.each([
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example",
    "\\\\evil.example",
    "/%09/evil.example".replace("%09", "\t"),
    "javascript:alert(1)",
    "/api/v1/session",
    "/sign-in",
    "/./api/v1/config/export",
    "/x/..//evil.example",
    "",
    `/${"x".repeat(2_000)}`,
  ])("returnTo %j leads to the first page", async (returnTo) => {
    await configure(pretender.issuer);
    const jar = new Jar();
    const url = new URL(placeOf(await visit(jar, `${start}?returnTo=${encodeURIComponent(returnTo)}`)));
    pretender.nonce = url.searchParams.get("nonce") ?? "";
    const query = new URLSearchParams({
      code: "c",
      state: url.searchParams.get("state") ?? "",
      iss: pretender.issuer,
    });
    expect(placeOf(await visit(jar, `${callback}?${query}`))).toBe("/");
  });

  test("are listed for everybody, without anything of the provider but its name", async () => {
    const list = () => fixture.ask("GET /api/v1/session/providers", { token: null });
    expect((await list()).body).toEqual({ password: true, providers: [] });
    await configure(pretender.issuer, { label: "Example Inc." }, { password: false });
    expect((await list()).body).toEqual({
      password: false,
      providers: [{ name: "corp", label: "Example Inc." }],
    });
  });

  test("a provider that is not configured is none, and asks nobody", async () => {
    for (const path of [start, callback])
      expect(placeOf(await visit(new Jar(), path))).toBe("/sign-in?error=oidc_unknown");
    expect(pretender.asked).toEqual([]);
  });

  test("Host builds no address: it is the configured one that providers are told", async () => {
    await configure(pretender.issuer);
    const answer = await fixture.ask(`GET ${start}`, { token: null, headers: { host: "evil.example" } });
    expect(new URL(placeOf(answer)).searchParams.get("redirect_uri")).toBe(publicUrl + callback);
  });

  test("on https the cookie of the way cannot be set by a neighbour, and none goes over http", async () => {
    await configure(pretender.issuer, {}, { publicUrl: "https://gateway.example.com" });
    const answer = await visit(new Jar(), start);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Host-moongate_oidc=.*; Path=\/; .*; Secure$/u);
  });

  test("passwords can be switched off; the token of the environment still opens everything", async () => {
    await configure(pretender.issuer, {}, { password: false });
    const answer = await fixture.tryPassword("ada", "correct horse battery");
    expect([answer.status, answer.body]).toMatchObject([403, { error: { code: "forbidden" } }]);
    const back = await fixture.ask("PATCH /api/v1/instances/default", {
      body: { signIn: { password: true } },
    });
    expect(back.status).toBe(200);
    expect((await fixture.tryPassword("ada", "correct horse battery")).status).toBe(201);
  });

  test.each<[what: string, signIn: JsonObject, path: string]>([
    ["no way in", { password: false }, "signIn.password"],
    [
      "a provider without a public address",
      { oidc: [{ name: "a", issuer: "https://a.example", clientId: "c" }] },
      "signIn.publicUrl",
    ],
    ["a public address with a path", { publicUrl: "https://a.example/x" }, "signIn.publicUrl"],
    [
      "an issuer in clear",
      { publicUrl, oidc: [{ name: "a", issuer: "http://a.example", clientId: "c" }] },
      "signIn.oidc[0].issuer",
    ],
    [
      "two providers of one name",
      { publicUrl, oidc: ["a", "a"].map((name) => ({ name, issuer: "https://a.example", clientId: "c" })) },
      "signIn.oidc[1].name",
    ],
    [
      "a resource group that is not there",
      {
        publicUrl,
        oidc: [
          {
            name: "a",
            issuer: "https://a.example",
            clientId: "c",
            roles: [{ value: "x", role: "viewer", resourceGroups: ["none"] }],
          },
        ],
      },
      "signIn.oidc[0].roles[0].resourceGroups[0]",
    ],
  ])("refuses a configuration with %s", async (_what, signIn, path) => {
    const answer = await fixture.ask("PATCH /api/v1/instances/default", { body: { signIn } });
    expect(answer.status).toBe(400);
    expect(JSON.stringify(answer.body)).toContain(path);
  });

  test.each([
    ["editor", 403],
    ["admin", 403],
    ["owner", 200],
  ])("a mapping that makes owners is changed by an %s with %i", async (role, status) => {
    await configure(pretender.issuer);
    const token = await fixture.tokenOf(role);
    const oidc = [
      { name: "corp", issuer: pretender.issuer, clientId, roles: [{ value: "x", role: "owner" }] },
    ];
    const body = { signIn: { publicUrl, oidc } };
    expect((await fixture.ask("PATCH /api/v1/instances/default", { token, body })).status).toBe(status);
    const document = { version: 1, instance: { name: "default", signIn: body.signIn } };
    if (role === "admin")
      expect((await fixture.ask("POST /api/v1/config/apply", { token, body: document })).status).toBe(403);
  });

  test("other fields of the instance are an editor's to change, and the mapping stays out of his reach", async () => {
    await configure(pretender.issuer);
    const token = await fixture.tokenOf("editor");
    const change = (request: string, body: object) =>
      fixture.ask(`${request} /api/v1/instances/default`, { token, body });
    expect((await change("PATCH", { region: "cn-1" })).status).toBe(200);
    expect((await change("PUT", { region: "cn-2", signIn: null })).status).toBe(403);
    expect((await fixture.ask("DELETE /api/v1/instances/default", { token })).status).toBeGreaterThanOrEqual(
      400,
    );
  });

  test("an admin does not roll back to a mapping that makes owners", async () => {
    await configure(pretender.issuer, { roles: [{ value: "x", role: "owner" }] });
    const before = fixture.configuration.working.revision;
    await configure(pretender.issuer, { roles: [] });
    const token = await fixture.tokenOf("admin");
    const answer = await fixture.ask(`POST /api/v1/revisions/${before}/rollback`, { token });
    expect([answer.status, answer.body]).toMatchObject([403, {}]);
  });
});
