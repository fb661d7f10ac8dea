// Signing in as a browser does: who gets in, the cookie, CSRF and the throttle.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { Answer } from "./admin-api-fixture.ts";
import type { JsonObject } from "./merge-patch.ts";
import { openSignIn, password } from "./sign-in-fixture.ts";
import type { SignInFixture } from "./sign-in-fixture.ts";

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
const browserOf: SignInFixture["browserOf"] = (answer) => fixture.browserOf(answer);

describe("signing in", () => {
  test("answers who is signed in and sets a cookie that scripts and other sites cannot use", async () => {
    const answer = await tryPassword("ada", password);
    expect(answer.body).toEqual({
      csrfToken: expect.stringMatching(/^[\w-]{43}$/u),
      user: { name: "ada", role: "owner", roles: [{ role: "owner" }] },
    });
    const [pair, ...flags] = (answer.headers.get("set-cookie") ?? "").split("; ");
    expect(pair).toMatch(/^moongate_session=[\w-]{43}$/u);
    expect(flags).toEqual(["Path=/", "HttpOnly", "SameSite=Strict", "Max-Age=43200"]);
    expect((await browserOf(answer).ask("GET /api/v1/session")).body).toEqual(answer.body);
  });

  test("makes the cookie Secure when the page is on https", async () => {
    const headers = { host: "moon.example", origin: "https://moon.example" };
    const answer = await tryPassword("ada", password, { headers });
    expect(answer.headers.get("set-cookie")).toMatch(/; Secure$/u);
  });

  test("makes a new id each time, whatever id was brought along", async () => {
    const first = await signIn();
    const fixed = `moongate_session=${"f".repeat(43)}`;
    const second = browserOf(await tryPassword("ada", password, { headers: { cookie: fixed } }));
    const third = browserOf(await tryPassword("ada", password, { headers: { cookie: first.cookie } }));
    expect(new Set([first.cookie, fixed, second.cookie, third.cookie]).size).toBe(4);
    expect((await ask("GET /api/v1/session", { token: null, headers: { cookie: fixed } })).status).toBe(401);
  });

  test.each([
    ["an unknown user", "nobody", password],
    ["a wrong password", "ada", "wrong horse battery"],
    ["a disabled user", "off", password],
    ["a user without a password", "bare", "undefined00"],
    ["an empty password", "ada", ""],
    ["a name of another spelling", "ADA", password],
    ["a name from the prototype", "constructor", password],
  ])("%s is refused in the same words", async (_name, username, given) => {
    await makeUser("off", { enabled: false });
    await ask("POST /api/v1/users", { body: { name: "bare", roles: [{ role: "owner" }] } });
    const answer = await tryPassword(username, given);
    expect([answer.status, codeOf(answer), answer.headers.get("set-cookie")]).toEqual([
      401,
      "unauthorized",
      null,
    ]);
    expect(answer.text).toContain("User name or password is wrong.");
  });

  test("compares with a slow hash whether or not there is such a user", async () => {
    const verify = vi.spyOn(fixture.configuration.passwords, "verify");
    await tryPassword("nobody", password);
    await tryPassword("ada", "wrong horse battery");
    expect(verify.mock.calls.map(([, stored]) => stored?.slice(0, 11))).toEqual([undefined, "scrypt$256$"]);
  });

  test.each<[string, JsonObject]>([
    ["disabled", { enabled: false }],
    ["given another password", { password: "another long password" }],
  ])("a user who is %s while the password is compared does not get in", async (_name, patch) => {
    const { passwords } = fixture.configuration;
    const verify = passwords.verify.bind(passwords);
    vi.spyOn(passwords, "verify").mockImplementationOnce(async (given, stored) => {
      const isRight = await verify(given, stored);
      await ask("PATCH /api/v1/users/ada", { body: patch });
      return isRight;
    });
    expect((await tryPassword("ada", password)).status).toBe(401);
  });

  test("a user without a role is told so, but only with the right password", async () => {
    await makeUser("idle", { roles: [] });
    expect((await tryPassword("idle", "wrong horse battery")).status).toBe(401);
    const answer = await tryPassword("idle", password);
    expect([answer.status, answer.headers.get("set-cookie")]).toEqual([403, null]);
    expect(answer.text).toContain("Ask an owner for one");
  });

  test.each([
    ["no password", { username: "ada" }],
    ["a password that is no text", { username: "ada", password: { $ne: "" } }],
    ["a field too many", { username: "ada", password, remember: true }],
    ["a password of 2,000 characters", { username: "ada", password: "x".repeat(2000) }],
  ])("a body with %s is refused", async (_name, body) => {
    expect((await ask("POST /api/v1/session", { token: null, body })).status).toBe(400);
  });

  test("the same letters typed in another way are the same password", async () => {
    await makeUser("eve", { password: "caf\u00e9 caf\u00e9 caf\u00e9" });
    expect((await tryPassword("eve", "cafe\u0301 cafe\u0301 cafe\u0301")).status).toBe(201);
  });
});

describe("who is signed in", () => {
  test("is what histories name, and may what the strongest role allows", async () => {
    await makeUser("vic", { roles: [{ role: "viewer" }, { role: "editor" }] });
    const browser = await signIn("vic");
    expect((await browser.ask("GET /api/v1/session")).body["user"]).toEqual({
      name: "vic",
      role: "editor",
      roles: [{ role: "viewer" }, { role: "editor" }],
    });
    const made = await browser.ask("POST /api/v1/services", { body: { name: "s", provider: "simulator" } });
    expect(made.status).toBe(201);
    const [revision] = await fixture.configuration.revisions(1);
    expect(revision?.by).toBe("user:vic");
    expect(codeOf(await browser.ask("GET /api/v1/users"))).toBe("forbidden");
    await ask("PATCH /api/v1/users/vic", { body: { roles: [{ role: "viewer" }] } });
    expect(codeOf(await browser.ask("DELETE /api/v1/services/s"))).toBe("forbidden");
  });

  test("may read metrics", async () => {
    expect((await (await signIn()).ask("GET /metrics")).status).toBe(200);
  });

  test("is the holder of a bearer token where both are sent", async () => {
    const browser = await signIn();
    const viewer = await fixture.tokenOf("viewer");
    const { cookie } = browser;
    const body = { name: "s", provider: "simulator" };
    const headers = { cookie, "x-csrf-token": browser.csrfToken };
    expect(codeOf(await ask("POST /api/v1/services", { token: viewer, body, headers }))).toBe("forbidden");
    const wrong = await ask("GET /api/v1/services", { token: "x".repeat(40), headers });
    expect(wrong.status).toBe(401);
    expect((await ask("POST /api/v1/services", { body, headers: { cookie } })).status).toBe(201);
    expect(codeOf(await ask("GET /api/v1/session", { headers }))).toBe("forbidden");
  });
});

describe("a change by cookie", () => {
  const origin = "http://127.0.0.1";
  test.each<[string, Record<string, string>, number]>([
    ["the token", {}, 201],
    ["the token from the same origin", { origin, "sec-fetch-site": "same-origin" }, 201],
    ["the token, typed by the user", { "sec-fetch-site": "none" }, 201],
    ["the token behind a proxy with TLS", { host: "moon.example:443", origin: "https://moon.example" }, 201],
    ["no token", { "x-csrf-token": "" }, 403],
    ["another token", { "x-csrf-token": "a".repeat(43) }, 403],
    ["another origin", { origin: "http://evil.example" }, 403],
    ["another port", { origin: `${origin}:8080` }, 403],
    ["an origin that begins alike", { origin: `${origin}.evil.example` }, 403],
    ["no origin to tell", { origin: "null" }, 403],
    ["an origin that is no URL", { origin: "127.0.0.1" }, 403],
    ["a site beside ours", { "sec-fetch-site": "same-site" }, 403],
    ["another site", { origin, "sec-fetch-site": "cross-site" }, 403],
  ])("with %s", async (_name, headers, status) => {
    const browser = await signIn();
    const body = { name: "s", provider: "simulator" };
    const answer = await browser.ask("POST /api/v1/services", { body, headers });
    expect([answer.status, codeOf(answer)]).toEqual([status, status === 403 ? "csrf_refused" : undefined]);
  });

  test("is nobody's with two cookies of sessions: a neighbouring host may have added one", async () => {
    const [mine, planted] = [await signIn(), await signIn()];
    for (const cookie of [`${mine.cookie}; ${planted.cookie}`, `${planted.cookie}; ${mine.cookie}`]) {
      expect((await mine.ask("GET /api/v1/session", { headers: { cookie } })).status).toBe(401);
    }
    const cookie = `a=1; ${mine.cookie}; moongate_session_other=2`;
    expect((await mine.ask("GET /api/v1/session", { headers: { cookie } })).status).toBe(200);
  });

  test("on https has a cookie that no neighbouring host can set, and beside which others do not count", async () => {
    const page = { origin: "https://127.0.0.1" };
    const answer = await tryPassword("ada", password, { headers: page });
    const line = answer.headers.get("set-cookie") ?? "";
    expect(line).toMatch(/^__Host-moongate_session=[\w-]{43}; Path=\/; HttpOnly; .*; Secure$/u);
    const [mine, planted] = [browserOf(answer), await signIn()];
    for (const cookie of [`${mine.cookie}; ${planted.cookie}`, `${planted.cookie}; ${mine.cookie}`])
      expect((await mine.ask("GET /api/v1/session", { headers: { cookie } })).body["csrfToken"]).toBe(
        mine.csrfToken,
      );
    const signedOut = await mine.ask("DELETE /api/v1/session", { headers: page });
    expect(signedOut.headers.get("set-cookie")).toMatch(/^__Host-moongate_session=; .*Max-Age=0; Secure$/u);
    // What has ended opens nothing, and is no reason to believe the other.
    const cookie = `${mine.cookie}; ${planted.cookie}`;
    expect((await mine.ask("GET /api/v1/session", { headers: { cookie } })).status).toBe(401);
  });

  test("needs the token of its own session", async () => {
    const [first, second] = [await signIn(), await signIn()];
    const headers = { "x-csrf-token": second.csrfToken };
    expect(codeOf(await first.ask("DELETE /api/v1/session", { headers }))).toBe("csrf_refused");
    expect([await isIn(first), await isIn(second)]).toEqual([true, true]);
  });

  test("reading needs no token, wherever the link stood", async () => {
    const { cookie } = await signIn();
    const headers = { cookie, "sec-fetch-site": "cross-site" };
    expect((await ask("GET /api/v1/services", { token: null, headers })).status).toBe(200);
    expect((await ask("HEAD /api/v1/services", { token: null, headers })).status).toBe(200);
  });

  test("nobody is signed in by a page of another origin", async () => {
    const answer = await tryPassword("ada", password, { headers: { origin: "http://evil.example" } });
    expect(codeOf(answer)).toBe("csrf_refused");
  });
});

describe("tries", () => {
  test("are five a minute for an account and an address, right or wrong, then 429 says when", async () => {
    for (let count = 0; count < 5; count += 1) {
      fixture.advance(1000);
      expect((await tryPassword("ada", "wrong horse battery")).status).toBe(401);
    }
    const sixth = await tryPassword("ada", password);
    expect([sixth.status, codeOf(sixth), sixth.headers.get("retry-after")]).toEqual([
      429,
      "too_many_tries",
      "56",
    ]);
    fixture.advance(55_999);
    expect((await tryPassword("ada", password)).status).toBe(429);
    fixture.advance(1);
    expect((await tryPassword("ada", password)).status).toBe(201);
  });

  test("of others and from elsewhere are their own", async () => {
    await makeUser("bob");
    for (let count = 0; count < 6; count += 1) await tryPassword("ada", "wrong horse battery");
    expect((await tryPassword("bob", password)).status).toBe(201);
    expect((await tryPassword("ada", password, { address: "203.0.113.2" })).status).toBe(201);
    expect((await tryPassword("ada", password)).status).toBe(429);
  });

  test("start anew after a good one", async () => {
    for (let count = 0; count < 20; count += 1) {
      const isGood = count % 5 === 4;
      const { status } = await tryPassword("ada", isGood ? password : "wrong horse battery");
      expect(status).toBe(isGood ? 201 : 401);
      if (count % 10 === 9) fixture.advance(60_000);
    }
  });

  test("count for an unknown user too, so that nobody learns who exists", async () => {
    const statuses: number[] = [];
    for (let count = 0; count < 6; count += 1) statuses.push((await tryPassword("nobody", password)).status);
    expect(statuses).toEqual([401, 401, 401, 401, 401, 429]);
  });
});
