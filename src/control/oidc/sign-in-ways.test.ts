// Which ways to sign in there are, who may change them, and that none of them leads anywhere else.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { clientId, startPretender, type Pretender } from "./provider-fixture.ts";
import type { JsonObject } from "../merge-patch.ts";
import { openOidc, callback, Jar, placeOf, publicUrl, start } from "./oidc-fixture.ts";
import type { OidcFixture } from "./oidc-fixture.ts";

let fixture: OidcFixture;
let configure: OidcFixture["configure"];
let visit: OidcFixture["visit"];

beforeEach(async () => {
  fixture = await openOidc();
  ({ configure, visit } = fixture);
});
afterEach(() => fixture.close());

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
    expect(placeOf(await visit(jar, `${callback}?${query.toString()}`))).toBe("/");
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
