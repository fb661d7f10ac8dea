// Sessions that are listed and ended: one's own by everybody, those of others by who may change them.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "./admin-api-fixture.ts";
import { startMs } from "./configuration-fixture.ts";
import type { JsonObject } from "./merge-patch.ts";
import { openSignIn, password } from "./sign-in-fixture.ts";
import type { Browser, SignInFixture } from "./sign-in-fixture.ts";

let fixture: SignInFixture;
beforeEach(async () => {
  fixture = await openSignIn();
});
afterEach(() => fixture.close());

const listOf = ({ body }: Answer): JsonObject[] => body["items"] as JsonObject[];
const readUser = async (name: string) => (await fixture.ask(`GET /api/v1/users/${name}`)).body;

describe("one's own sessions", () => {
  const own = "/api/v1/session/sessions";

  test("are listed for a viewer too, with the one that asks, and hold nothing that opens one", async () => {
    await fixture.makeUser("vic", { roles: [{ role: "viewer" }] });
    const headers = { "user-agent": "Elsewhere/2" };
    await fixture.tryPassword("vic", password, { headers, address: "203.0.113.9" });
    fixture.advance(60_000);
    const mine = await fixture.signIn("vic");
    const answer = await mine.ask(`GET ${own}`);
    expect(listOf(answer)).toMatchObject([
      { current: true, address: "203.0.113.1", startedAt: new Date(startMs + 60_000).toISOString() },
      { current: false, address: "203.0.113.9", agent: "Elsewhere/2" },
    ]);
    expect(answer.text).not.toContain(mine.cookie.split("=")[1]);
    expect(answer.text).not.toContain(mine.csrfToken);
  });

  test("end one by one, or all but this one", async () => {
    const [mine, second, third] = [await fixture.signIn(), await fixture.signIn(), await fixture.signIn()];
    const other = listOf(await second.ask(`GET ${own}`)).find(({ current }) => current === true);
    expect((await mine.ask(`DELETE ${own}/${String(other?.["session"])}`)).status).toBe(204);
    expect([await fixture.isIn(second), await fixture.isIn(third)]).toEqual([false, true]);
    expect((await mine.ask(`DELETE ${own}/${String(other?.["session"])}`)).status).toBe(404);
    expect((await mine.ask(`DELETE ${own}`)).status).toBe(204);
    expect([await fixture.isIn(mine), await fixture.isIn(third)]).toEqual([true, false]);
  });

  test("are nobody else's: what names a session of another user names none", async () => {
    await fixture.makeUser("vic", { roles: [{ role: "owner" }] });
    const [ada, vic] = [await fixture.signIn(), await fixture.signIn("vic")];
    const [hers] = listOf(await ada.ask(`GET ${own}`));
    expect((await vic.ask(`DELETE ${own}/${String(hers?.["session"])}`)).status).toBe(404);
    expect((await vic.ask(`DELETE /api/v1/users/vic/sessions/${String(hers?.["session"])}`)).status).toBe(
      404,
    );
    expect(await fixture.isIn(ada)).toBe(true);
  });

  test("take no change without the CSRF token", async () => {
    const mine = await fixture.signIn();
    const answer = await mine.ask(`DELETE ${own}`, { headers: { "x-csrf-token": "" } });
    expect(answer.status).toBe(403);
  });
});

describe("sessions of others", () => {
  let boss: Browser;
  const path = (name: string) => `/api/v1/users/${name}/sessions`;

  beforeEach(async () => {
    await fixture.makeUser("boss", { roles: [{ role: "admin" }] });
    await fixture.makeUser("vic", { roles: [{ role: "viewer" }] });
    boss = await fixture.signIn("boss");
  });

  test("are ended by an admin, with an entry in the audit log", async () => {
    const [first, second] = [await fixture.signIn("vic"), await fixture.signIn("vic")];
    const [newest] = listOf(await boss.ask(`GET ${path("vic")}`));
    expect((await boss.ask(`DELETE ${path("vic")}/${String(newest?.["session"])}`)).status).toBe(204);
    expect([await fixture.isIn(first), await fixture.isIn(second)].filter(Boolean)).toHaveLength(1);
    expect((await boss.ask(`DELETE ${path("vic")}`)).status).toBe(204);
    expect([await fixture.isIn(first), await fixture.isIn(second)]).toEqual([false, false]);
    const entries = listOf(await fixture.ask("GET /api/v1/audit-log?action=end-session"));
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({ actor: "user:boss", kind: "users", name: "vic", result: "ok" });
  });

  test("of an owner are seen by an admin, and ended by owners alone", async () => {
    const ada = await fixture.signIn();
    const [hers] = listOf(await boss.ask(`GET ${path("ada")}`));
    for (const request of [path("ada"), `${path("ada")}/${String(hers?.["session"])}`])
      expect((await boss.ask(`DELETE ${request}`)).status).toBe(403);
    expect(await fixture.isIn(ada)).toBe(true);
    expect((await fixture.ask(`DELETE ${path("ada")}`)).status).toBe(204);
    expect(await fixture.isIn(ada)).toBe(false);
  });

  test.each(["viewer", "editor", "auditor"])("are not shown to role %s", async (role) => {
    const token = await fixture.tokenOf(role);
    expect((await fixture.ask(`GET ${path("vic")}`, { token })).status).toBe(403);
    expect((await fixture.ask(`DELETE ${path("vic")}`, { token })).status).toBe(403);
  });
});

test("a user says when he came last and how many sessions run, and nobody inherits it by his name", async () => {
  expect(await readUser("ada")).toMatchObject({ lastSignInAt: null, openSessions: 0 });
  await fixture.tryPassword("ada", "wrong horse battery");
  expect(await readUser("ada")).toMatchObject({ lastSignInAt: null });
  await fixture.makeUser("vic");
  fixture.advance(5_000);
  const at = new Date(startMs + 5_000).toISOString();
  const browser = await fixture.signIn("vic");
  expect(await readUser("vic")).toMatchObject({ lastSignInAt: at, openSessions: 1 });
  await browser.ask("DELETE /api/v1/session");
  expect(await readUser("vic")).toMatchObject({ lastSignInAt: at, openSessions: 0 });
  await fixture.ask("DELETE /api/v1/users/vic");
  fixture.advance(1_000);
  await fixture.makeUser("vic");
  expect(await readUser("vic")).toMatchObject({ lastSignInAt: null, openSessions: 0 });
  const read = await readUser("vic");
  expect((await fixture.ask("PUT /api/v1/users/vic", { body: read })).status).toBe(200);
});
