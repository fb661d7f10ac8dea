// Signing in by a provider, the whole way with a real provider library.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clientId, startRealProvider, type RealProvider } from "./provider-fixture.ts";
import { auditPage } from "../audit/audit-query.ts";
import type { JsonObject } from "../merge-patch.ts";
import { openOidc, callback, Jar, placeOf, publicUrl, start, throughProvider } from "./oidc-fixture.ts";
import type { OidcFixture } from "./oidc-fixture.ts";

let fixture: OidcFixture;
let configure: OidcFixture["configure"];
let visit: OidcFixture["visit"];
let signInThrough: OidcFixture["signInThrough"];
let whoIs: OidcFixture["whoIs"];
let newest: OidcFixture["newest"];

beforeEach(async () => {
  fixture = await openOidc();
  ({ configure, visit, signInThrough, whoIs, newest } = fixture);
});
afterEach(() => fixture.close());

const everything = { actor: [], action: [], result: [], reach: "everywhere" } as const;

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
    expect(placeOf(await visit(jar, `${callback}?${query.toString()}`))).toBe("/sign-in?error=oidc_denied");
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
