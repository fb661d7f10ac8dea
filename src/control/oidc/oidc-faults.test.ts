// Everything that a provider may get wrong, or that somebody who pretends to be one may try.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startPretender, type Pretence, type Pretender } from "./provider-fixture.ts";
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
    const place = placeOf(await visit(jar, `${callback}?${query.toString()}`));
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

  test.each<[what: string, value: unknown, isIn: boolean]>([
    ["one text", "auditors", true],
    ["a list", ["x", "auditors"], true],
    ["a list with other things", [1, null, {}, ["admins"], "auditors"], true],
    ["a number", 1, false],
    ["true", true, false],
    ["an object", { admins: true }, false],
    ["a list in a list", [["admins"]], false],
    ["texts with commas", "admins,auditors", false],
    ["a text with a space behind", "admins ", false],
    ["other letters of the same sound", "ADMINS", false],
    ["its place behind a thousand others", [...Array.from({ length: 1_000 }, String), "auditors"], false],
    ["a huge text", "x".repeat(200_000), false],
  ])("of a claim of roles that is %s only texts count", async (_what, value, isIn) => {
    expect(await come({ claims: { roles: value } })).toBe(isIn ? "/" : "/sign-in?error=oidc_no_role");
    const { body } = await fixture.ask("GET /api/v1/users?search=corp");
    const roles = isIn ? [expect.objectContaining({ roles: [{ role: "auditor" }] })] : [];
    expect(body["items"]).toEqual(roles);
  });

  test("claims named like parts of objects give nothing", async () => {
    for (const roleClaim of ["__proto__", "constructor.name", "toString", "roles.length", "roles.0"]) {
      await configure(pretender.issuer, { roleClaim, roles: [{ value: "Object", role: "admin" }] });
      expect(await come({ claims: { roles: ["Object"] } })).toBe("/sign-in?error=oidc_no_role");
    }
  });

  test("an answer that is larger than any token is refused", async () => {
    expect(await come({ claims: { more: "x".repeat(1_100_000) } })).toBe("/sign-in?error=oidc_failed");
  });

  test("names that are none in our letters still name a user", async () => {
    expect(await come({ claims: { preferred_username: "爱丽丝" } })).toBe("/");
    const { body } = await fixture.ask("GET /api/v1/users?search=corp");
    expect(body["items"]).toMatchObject([{ name: expect.stringMatching(/^corp--?[0-9a-f]{8}$/u) }]);
  });
});
