// The set-up link: the first owner is made once, by whoever holds the newest token.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ownerToken, setUpToken } from "./admin-api-fixture.ts";
import type { Answer } from "./admin-api-fixture.ts";
import type { JsonObject } from "./merge-patch.ts";
import { openSignIn, password } from "./sign-in-fixture.ts";
import type { SignInFixture } from "./sign-in-fixture.ts";

let fixture: SignInFixture;
beforeEach(async () => {
  fixture = await openSignIn({ adminToken: null });
});
afterEach(() => fixture.close());

const codeOf = (answer: Answer): unknown => Reflect.get(Object(answer.body["error"]), "code");
const ask: SignInFixture["ask"] = (request, options) => fixture.ask(request, { token: null, ...options });
const run = (body: JsonObject, headers: Record<string, string> = {}) =>
  ask("POST /api/v1/setup", { body: { token: setUpToken, password, ...body }, headers });
const isNeeded = async () => (await ask("GET /api/v1/setup")).body["needed"];

test("makes owner admin and signs in at once, as a sign-in does", async () => {
  expect(await isNeeded()).toBe(true);
  const answer = await run({});
  expect([answer.status, answer.body]).toEqual([
    201,
    {
      csrfToken: expect.stringMatching(/^[\w-]{43}$/u),
      user: { name: "admin", role: "owner", roles: [{ role: "owner" }] },
    },
  ]);
  expect(answer.headers.get("set-cookie")).toMatch(
    /^moongate_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; /u,
  );
  const browser = fixture.browserOf(answer);
  expect(
    (await browser.ask("POST /api/v1/services", { body: { name: "s", provider: "simulator" } })).status,
  ).toBe(201);
  expect(await isNeeded()).toBe(false);
  await fixture.signIn("admin");
  const [, first] = await fixture.configuration.revisions(2);
  expect(first?.by).toBe("set-up link");
});

test("is over for everybody afterwards, and says so", async () => {
  await run({ username: "ada" });
  for (const token of [setUpToken, "x"]) {
    const again = await run({ token, username: "eve" });
    expect([again.status, codeOf(again), again.text]).toEqual([
      409,
      "conflict",
      expect.stringContaining("The set-up is done"),
    ]);
  }
  expect([...fixture.configuration.working.resources.users.keys()]).toEqual(["ada"]);
});

test("stays over when the owners are gone again: a link in an old log opens nothing", async () => {
  await fixture.close();
  fixture = await openSignIn({ adminToken: ownerToken });
  expect((await run({ username: "ada" })).status).toBe(201);
  expect((await fixture.ask("DELETE /api/v1/users/ada")).status).toBe(204);
  expect((await run({ username: "eve" })).status).toBe(409);
  expect(await isNeeded()).toBe(false);
});

test("takes no more than a small body, as anybody may send one", async () => {
  for (const request of ["POST /api/v1/setup", "POST /api/v1/session"]) {
    const answer = await fixture.ask(request, { token: null, body: { password: "x".repeat(20_000) } });
    expect([request, answer.status]).toEqual([request, 413]);
  }
});

test("makes one owner when two hold the link at once", async () => {
  const answers = await Promise.all([run({ username: "ada" }), run({ username: "eve" })]);
  expect(answers.map(({ status }) => status).toSorted((left, right) => left - right)).toEqual([201, 409]);
  expect(fixture.configuration.working.resources.users.size).toBe(1);
});

test.each<[string, JsonObject, Record<string, string>, [number, string]]>([
  ["another token", { token: "x".repeat(43) }, {}, [403, "forbidden"]],
  ["no token", { token: "" }, {}, [403, "forbidden"]],
  ["a token that begins alike", { token: setUpToken.slice(0, -1) }, {}, [403, "forbidden"]],
  ["a short password", { password: "123456789" }, {}, [400, "invalid"]],
  ["a long password", { password: "x".repeat(257) }, {}, [400, "invalid"]],
  ["a name that no user may have", { username: "a b" }, {}, [400, "invalid"]],
  ["a role of its own", { role: "owner" }, {}, [400, "invalid"]],
  ["a page of another origin", {}, { origin: "http://evil.example" }, [403, "csrf_refused"]],
])("%s is refused and makes nobody", async (_name, body, headers, refusal) => {
  const answer = await run(body, headers);
  expect([answer.status, codeOf(answer), answer.headers.get("set-cookie")]).toEqual([...refusal, null]);
  expect(fixture.configuration.working.resources.users.size).toBe(0);
  expect((await run({})).status).toBe(201);
});

test("the token is tried five times a minute", async () => {
  for (let count = 0; count < 5; count += 1) expect((await run({ token: "guess" })).status).toBe(403);
  const refused = await run({});
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "60"]);
  fixture.advance(60_000);
  expect((await run({})).status).toBe(201);
});

describe("is needed as long as no user can sign in as owner", () => {
  test.each<[string, JsonObject | null, boolean]>([
    ["nobody", null, true],
    ["an owner", { password, roles: [{ role: "owner" }] }, false],
    ["an owner without a password", { roles: [{ role: "owner" }] }, true],
    ["a disabled owner", { password, roles: [{ role: "owner" }], enabled: false }, true],
    ["an admin", { password, roles: [{ role: "admin" }] }, true],
  ])("%s", async (_name, user, needed) => {
    await fixture.close();
    fixture = await openSignIn({ adminToken: ownerToken });
    if (user !== null) await fixture.ask("POST /api/v1/users", { body: { name: "ada", ...user } });
    expect(fixture.configuration.working.resources.users.size).toBe(user === null ? 0 : 1);
    expect(await isNeeded()).toBe(needed);
    const answer = await run({ username: "ada" });
    const isTaken = needed && user !== null;
    expect([answer.status, isTaken && answer.text.includes("exists already")]).toEqual([
      needed && !isTaken ? 201 : 409,
      isTaken,
    ]);
  });
});
