// Sessions and how they end, one's own password, the last owner, and that no secret gets out.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { Answer } from "./admin-api-fixture.ts";
import type { JsonObject } from "./merge-patch.ts";
import { openSignIn, password } from "./sign-in-fixture.ts";
import type { Browser, SignInFixture } from "./sign-in-fixture.ts";

let fixture: SignInFixture;
beforeEach(async () => {
  fixture = await openSignIn();
});
afterEach(() => fixture.close());

const ask: SignInFixture["ask"] = (request, options) => fixture.ask(request, options);
const codeOf = (answer: Answer): unknown => Reflect.get(Object(answer.body["error"]), "code");
const makeUser: SignInFixture["makeUser"] = (name, more) => fixture.makeUser(name, more);
const tryPassword: SignInFixture["tryPassword"] = (...parts) => fixture.tryPassword(...parts);
const signIn: SignInFixture["signIn"] = (...parts) => fixture.signIn(...parts);
const isIn: SignInFixture["isIn"] = (browser) => fixture.isIn(browser);

describe("a session ends", () => {
  test.each<[string, (browser: Browser) => Promise<unknown>]>([
    ["by signing out", (browser) => browser.ask("DELETE /api/v1/session")],
    ["when the user is deleted", () => ask("DELETE /api/v1/users/ada")],
    ["when the user is disabled", () => ask("PATCH /api/v1/users/ada", { body: { enabled: false } })],
    ["when an owner sets another password", () => setPassword("another long password")],
    ["when the password is taken away", () => ask("PATCH /api/v1/users/ada", { body: { password: null } })],
    ["when the last role goes", () => ask("PATCH /api/v1/users/ada", { body: { roles: [] } })],
    ["30 minutes after its last use", async () => fixture.advance(30 * 60_000)],
    ["12 hours after the sign-in, however much it is used", useFor12Hours],
    ["after the minutes that the instance says", waitFiveMinutes],
  ])("%s", async (_name, end) => {
    await makeUser("other");
    const browser = await signIn();
    const other = await signIn("other");
    expect(await isIn(browser)).toBe(true);
    await end(browser);
    expect(await isIn(browser)).toBe(false);
    expect((await browser.ask("GET /api/v1/session")).status).toBe(401);
    if (!_name.includes("after")) expect(await isIn(other)).toBe(true);
  });

  const setPassword = (next: string) => ask("PATCH /api/v1/users/ada", { body: { password: next } });

  async function useFor12Hours(browser: Browser): Promise<void> {
    for (let minutes = 29; minutes < 12 * 60; minutes += 29) {
      fixture.advance(29 * 60_000);
      expect([minutes, await isIn(browser)]).toEqual([minutes, true]);
    }
    fixture.advance(29 * 60_000);
  }

  async function waitFiveMinutes(browser: Browser): Promise<void> {
    const sessions = { idleMinutes: 5 };
    const answer = await ask("PATCH /api/v1/instances/default", { body: { signIn: { sessions } } });
    expect([answer.status, await isIn(browser)]).toEqual([200, true]);
    fixture.advance(5 * 60_000);
  }

  test("not when anything else about the user changes, and not by the same password again", async () => {
    const browser = await signIn();
    await ask("PATCH /api/v1/users/ada", { body: { roles: [{ role: "viewer" }] } });
    await setPassword(password);
    expect(await isIn(browser)).toBe(true);
  });

  test("for good: a user who is enabled again signs in anew", async () => {
    const browser = await signIn();
    await ask("PATCH /api/v1/users/ada", { body: { enabled: false } });
    await ask("PATCH /api/v1/users/ada", { body: { enabled: true } });
    expect(await isIn(browser)).toBe(false);
    await signIn();
  });

  test("with a cookie that is taken away", async () => {
    const answer = await (await signIn()).ask("DELETE /api/v1/session");
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([
      204,
      "moongate_session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0",
    ]);
  });

  test("of one user beyond 20: the one that was used least recently", async () => {
    const browsers: Browser[] = [];
    for (let count = 0; count < 21; count += 1) {
      fixture.advance(1000);
      browsers.push(await signIn());
    }
    const [first, second] = browsers;
    if (first === undefined || second === undefined) throw new Error("no sessions");
    expect([await isIn(first), await isIn(second)]).toEqual([false, true]);
  });
});

describe("one's own password", () => {
  const next = "another long password";
  const change = (browser: Browser, body: JsonObject) =>
    browser.ask("POST /api/v1/session/password", { body });

  test("is changed with the present one; this session stays and the others end", async () => {
    const [mine, elsewhere] = [await signIn(), await signIn()];
    const answer = await change(mine, { current: password, next });
    expect([answer.status, answer.text]).toEqual([204, ""]);
    expect([await isIn(mine), await isIn(elsewhere)]).toEqual([true, false]);
    expect((await mine.ask("DELETE /api/v1/session")).status).toBe(204);
    expect((await tryPassword("ada", password)).status).toBe(401);
    await signIn("ada", next);
  });

  test.each([
    ["a wrong present one", { current: "wrong horse battery", next }, "current"],
    ["a short one", { current: password, next: "123456789" }, "next"],
    ["a long one", { current: password, next: "x".repeat(257) }, "next"],
  ])("%s changes nothing and names the field", async (_name, body, path) => {
    const browser = await signIn();
    const answer = await change(browser, body);
    expect([answer.status, answer.body["error"]]).toEqual([
      400,
      expect.objectContaining({ details: [{ path, message: expect.any(String) }] }),
    ]);
    await signIn();
  });

  test("is changed once when two changes come at once: the second names one that is none any more", async () => {
    const browsers = [await signIn(), await signIn()];
    const words = ["the first new one", "the second new one"];
    const answers = await Promise.all(
      browsers.map((browser, index) => change(browser, { current: password, next: words[index] })),
    );
    const statuses = answers.map(({ status }) => status);
    expect(statuses.toSorted((left, right) => left - right)).toEqual([204, expect.toBeOneOf([400, 401])]);
    await signIn("ada", words[statuses.indexOf(204)]);
  });

  test("of a viewer too, and tried five times a minute", async () => {
    await makeUser("vic", { roles: [{ role: "viewer" }] });
    const browser = await signIn("vic");
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1)
      statuses.push((await change(browser, { current: "wrong horse battery", next })).status);
    expect(statuses).toEqual([400, 400, 400, 400, 400, 429]);
    fixture.advance(60_000);
    expect((await change(browser, { current: password, next })).status).toBe(204);
  });
});

describe("secrets", () => {
  test("of users and sessions stand nowhere: not in answers, exports, diffs or the store", async () => {
    const browser = await signIn();
    const texts = await Promise.all(
      [
        "GET /api/v1/users",
        "GET /api/v1/users/ada",
        "GET /api/v1/config/export",
        "GET /api/v1/revisions/0/diff?to=1",
      ].map(async (request) => (await ask(request)).text),
    );
    const stored = JSON.stringify([await fixture.store.list(), await fixture.store.getMeta("sessions")]);
    const id = browser.cookie.split("=")[1] ?? "";
    for (const text of [...texts, stored]) {
      for (const secret of [password, password.slice(-4), id, browser.csrfToken])
        expect(text).not.toContain(secret);
    }
    for (const text of texts) expect(text).not.toContain("scrypt");
    expect(stored).toContain("scrypt$256$8$1$");
    expect((await ask("GET /api/v1/users/ada")).body["password"]).toEqual({ set: true, hint: null });
  });

  test("that a document refers to are set once: applied again they change nothing and end no session", async () => {
    const users = [{ name: "eve", password: "${env:KEY}", roles: [{ role: "viewer" }] }];
    const apply = () => ask("POST /api/v1/config/apply", { body: { version: 1, users } });
    expect((await apply()).body["changes"]).toEqual([{ action: "create", kind: "users", name: "eve" }]);
    const browser = await signIn("eve", "resolved-secret");
    expect((await apply()).body["changes"]).toEqual([]);
    expect(await isIn(browser)).toBe(true);
    expect((await ask("GET /api/v1/config/export")).text).toContain("${env:KEY}");
  });

  test("sent back as a mask the password stays, and a hash is not taken from outside", async () => {
    const read = await ask("GET /api/v1/users/ada");
    expect((await ask("PUT /api/v1/users/ada", { body: read.body })).status).toBe(200);
    await signIn();
    const hash = { hash: "scrypt$256$8$1$AAAA$AAAA", hint: null };
    expect((await ask("PATCH /api/v1/users/ada", { body: { password: hash } })).status).toBe(400);
  });
});

describe("the last owner", () => {
  test("stays, be it a user or a token", async () => {
    await fixture.close();
    fixture = await openSignIn({ adminToken: null, bootstrapToken: "bootstrap-token-bootstrap-token-1" });
    const body = { name: "ada", password, roles: [{ role: "owner" }] };
    const token = "bootstrap-token-bootstrap-token-1";
    expect((await ask("POST /api/v1/users", { token, body })).status).toBe(201);
    expect((await ask("GET /api/v1/services", { token })).status).toBe(401);
    const ada = await signIn();
    for (const patch of [{ enabled: false }, { roles: [{ role: "admin" }] }, { password: null }]) {
      const answer = await ada.ask("PATCH /api/v1/users/ada", { body: patch });
      expect([answer.status, answer.text]).toEqual([409, expect.stringContaining("last owner")]);
    }
    expect((await ada.ask("DELETE /api/v1/users/ada")).status).toBe(409);
    await ada.ask("POST /api/v1/tokens", { body: { name: "ops", role: "owner" } });
    expect((await ada.ask("DELETE /api/v1/users/ada")).status).toBe(204);
  });

  test("is not made by an admin, in no way", async () => {
    await makeUser("max", { roles: [{ role: "admin" }] });
    const max = await signIn("max");
    const owner = { name: "eve", password, roles: [{ role: "owner" }] };
    expect((await max.ask("POST /api/v1/users", { body: owner })).status).toBe(403);
    const raised = { name: "max", roles: [{ role: "owner" }] };
    const documents = [
      { users: [owner] },
      { users: [raised] },
      { users: [{ name: "ada", password: "another long password", roles: [{ role: "owner" }] }] },
    ];
    for (const document of documents) {
      const answer = await max.ask("POST /api/v1/config/apply", {
        body: { version: 1, ...document },
        headers: { "content-type": "application/json" },
      });
      expect([answer.status, codeOf(answer)]).toEqual([403, "forbidden"]);
    }
    for (const guess of [password, "another long password"])
      for (const operation of ["plan", "apply"]) {
        const body = { version: 1, users: [{ name: "ada", password: guess, roles: [{ role: "owner" }] }] };
        expect(codeOf(await max.ask(`POST /api/v1/config/${operation}`, { body }))).toBe("forbidden");
      }
    const pruned = await max.ask("POST /api/v1/config/apply?prune=true", { body: { version: 1, users: [] } });
    expect(codeOf(pruned)).toBe("forbidden");
    const kept = { users: [{ name: "ada", roles: [{ role: "owner" }] }] };
    const same = await max.ask("POST /api/v1/config/apply", { body: { version: 1, ...kept } });
    expect(same.body["changes"]).toEqual([]);
    expect(
      (await max.ask("PATCH /api/v1/users/ada", { body: { password: "another long password" } })).status,
    ).toBe(403);
    await signIn();
  });
});
