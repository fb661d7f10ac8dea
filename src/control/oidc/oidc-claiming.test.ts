// Identities of providers that somebody binds to a user before their owner comes: what that must not give him.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { JsonObject } from "../merge-patch.ts";
import { openOidc, placeOf, Jar } from "./oidc-fixture.ts";
import type { OidcFixture } from "./oidc-fixture.ts";
import { publicUrl, callback } from "./oidc-fixture.ts";
import { startRealProvider } from "./provider-fixture.ts";
import type { RealProvider } from "./provider-fixture.ts";

let fixture: OidcFixture;
let provider: RealProvider;
beforeEach(async () => {
  fixture = await openOidc();
  provider = await startRealProvider(publicUrl + callback);
  await fixture.configure(provider.issuer, { roles: [{ value: "bosses", role: "owner" }] });
  provider.account = { sub: "boss-1", preferred_username: "boss", roles: ["bosses"] };
});
afterEach(() => Promise.all([fixture.close(), provider.close()]));

const identity = () => ({ provider: "corp", issuer: provider.issuer, subject: "boss-1" });
const make = async (token: string, body: JsonObject) =>
  (await fixture.ask("POST /api/v1/users", { token, body: { name: "x", ...body } })).status;

async function adminOf(group: string): Promise<string> {
  await fixture.ask("POST /api/v1/resource-groups", { body: { name: group } });
  const body = { name: "limited", role: "admin", resourceGroups: [group] };
  return String((await fixture.ask("POST /api/v1/tokens", { body })).body["token"]);
}

describe("an identity that the mapping may make an owner", () => {
  test("is bound by nobody who may not make owners, however he writes it", async () => {
    const [admin, limited] = [await fixture.tokenOf("admin"), await adminOf("a")];
    const inGroup = [{ role: "viewer", resourceGroups: ["a"] }];
    expect(await make(admin, { oidc: identity() })).toBe(403);
    expect(await make(limited, { oidc: identity(), roles: inGroup })).toBe(403);
    expect(await make(limited, { roles: inGroup })).toBe(201);
    for (const method of ["PATCH", "PUT"]) {
      const body = { oidc: identity(), roles: inGroup };
      const answer = await fixture.ask(`${method} /api/v1/users/x`, { token: limited, body });
      expect([method, answer.status]).toEqual([method, 403]);
    }
    const users = [{ name: "y", oidc: identity() }];
    const applied = await fixture.ask("POST /api/v1/config/apply", {
      token: admin,
      body: { version: 1, users },
    });
    expect(applied.status).toBe(403);
    expect((await fixture.ask("GET /api/v1/users?search=y")).text).not.toContain("boss-1");
  });

  test("is bound by an owner, and stays where it is when others change the user", async () => {
    expect((await fixture.ask("POST /api/v1/users", { body: { name: "x", oidc: identity() } })).status).toBe(
      201,
    );
    const admin = await fixture.tokenOf("admin");
    const read = (await fixture.ask("GET /api/v1/users/x")).body;
    expect((await fixture.ask("PUT /api/v1/users/x", { token: admin, body: read })).status).toBe(200);
    const jar = new Jar();
    expect(placeOf(await fixture.signInThrough(jar))).toBe("/");
    expect((await fixture.whoIs(jar)).body["user"]).toMatchObject({ name: "x", role: "owner" });
  });

  test("is bound to one user: a second one would keep both out", async () => {
    await fixture.signInThrough();
    const answer = await fixture.ask("POST /api/v1/users", { body: { name: "x", oidc: identity() } });
    expect(answer.status).toBe(409);
    expect(answer.text).toContain("corp-boss");
    expect(placeOf(await fixture.signInThrough())).toBe("/");
  });

  test("has no password beside it, by which somebody else would come in as its user", async () => {
    await fixture.signInThrough();
    const password = "correct horse battery";
    const answer = await fixture.ask("PATCH /api/v1/users/corp-boss", { body: { password } });
    expect([answer.status, answer.text.includes(password)]).toEqual([400, false]);
    const token = (await fixture.ask("POST /api/v1/tokens", { body: { name: "o", role: "owner" } })).body;
    expect(await make(String(token["token"]), { oidc: { ...identity(), subject: "2" }, password })).toBe(400);
    await make(String(token["token"]), { password });
    const patched = await fixture.ask("PATCH /api/v1/users/x", {
      body: { oidc: { ...identity(), subject: "3" } },
    });
    expect(patched.status).toBe(400);
  });
});
