// A provider is looked at before people sign in by it: what it says, and everything that it may say wrong.
import { afterEach, beforeEach, expect, test } from "vitest";
import { openOidc } from "./oidc-fixture.ts";
import type { OidcFixture } from "./oidc-fixture.ts";
import { startPretender, startRealProvider } from "./provider-fixture.ts";
import type { Pretence, Pretender } from "./provider-fixture.ts";

let fixture: OidcFixture;
let pretender: Pretender;
beforeEach(async () => {
  [fixture, pretender] = await Promise.all([openOidc(), startPretender()]);
});
afterEach(() => Promise.all([fixture.close(), pretender.close()]));

const check = async (issuer: string) =>
  (await fixture.ask("POST /api/v1/sign-in/test", { body: { issuer } })).body;

test("a real provider is found good, with its scopes", async () => {
  const provider = await startRealProvider("http://127.0.0.1/callback");
  expect(await check(provider.issuer)).toMatchObject({
    ok: true,
    keys: 1,
    scopes: expect.arrayContaining(["openid", "email"]),
  });
  await provider.close();
});

test("nothing is asked but the discovery document and the keys", async () => {
  expect(await check(pretender.issuer)).toMatchObject({ ok: true, keys: 1 });
  expect(pretender.asked).toEqual(["/.well-known/openid-configuration", "/jwks"]);
});

test.each<[string, NonNullable<Pretence["discovery"]>, RegExp]>([
  ["another issuer", { issuer: "https://evil.example" }, /issuer/u],
  ["no keys", { jwks_uri: undefined }, /no jwks_uri/u],
  ["an address of keys that has none", (response) => response.end("{}"), /./u],
  ["no codes", { response_types_supported: ["token"] }, /does not give codes/u],
  ["no PKCE", { code_challenge_methods_supported: ["plain"] }, /does not take PKCE/u],
  ["an error", (response) => void response.writeHead(500).end("internal-detail"), /./u],
  ["a redirect", (response) => void response.writeHead(302, { location: "/elsewhere" }).end(), /./u],
  ["no JSON", (response) => void response.writeHead(200).end("internal-detail"), /./u],
])("one that tells %s is none, and what it wrote is not repeated", async (_what, discovery, message) => {
  pretender.pretence = { discovery };
  const answer = await check(pretender.issuer);
  expect(answer).toMatchObject({ ok: false, message: expect.stringMatching(message) });
  expect(JSON.stringify(answer)).not.toContain("internal-detail");
});

test("one that cannot be reached is none", async () => {
  await pretender.close();
  expect(await check(pretender.issuer)).toMatchObject({
    ok: false,
    keys: 0,
    message: expect.stringMatching(/^No provider was found: connect ECONNREFUSED/u),
  });
});

test.each(["http://192.0.2.1", "https://a.example/?x=1", "file:///etc/passwd", "ftp://a.example", ""])(
  "%j is no address of one and is not asked",
  async (issuer) => {
    const answer = await fixture.ask("POST /api/v1/sign-in/test", { body: { issuer } });
    expect(answer.status).toBe(400);
  },
);
