// What tests of signing in share: users with a password, and browsers that hold a session. Tests only.
import { openApi } from "./admin-api-fixture.ts";
import type { Answer, ApiFixture, Ask } from "./admin-api-fixture.ts";
import type { JsonObject } from "./merge-patch.ts";
import type { AdminApiPorts } from "./routes/ports.ts";

export const password = "correct horse battery";

export interface Browser {
  readonly cookie: string;
  readonly csrfToken: string;
  /** Asks with the cookie, and on changes with the CSRF token. */
  ask(request: string, options?: Ask): Promise<Answer>;
}

export interface SignInFixture extends ApiFixture {
  makeUser(name: string, more?: JsonObject): Promise<void>;
  tryPassword(username: string, given: string, more?: Ask): Promise<Answer>;
  browserOf(answer: Answer): Browser;
  /** As `ada` with her password, unless told otherwise. */
  signIn(username?: string, given?: string): Promise<Browser>;
  isIn(browser: Browser): Promise<boolean>;
}

/** An admin API; where its token is known, with owner `ada`. */
export async function openSignIn(ports: Partial<AdminApiPorts> = {}): Promise<SignInFixture> {
  const fixture = await openApi(ports);
  const { ask } = fixture;
  const browserOf = (answer: Answer): Browser => {
    const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
    const csrfToken = String(answer.body["csrfToken"]);
    return {
      cookie,
      csrfToken,
      ask: (request, options = {}) =>
        ask(request, {
          token: null,
          ...options,
          headers: { cookie, "x-csrf-token": csrfToken, ...options.headers },
        }),
    };
  };
  const tryPassword: SignInFixture["tryPassword"] = (username, given, more = {}) =>
    ask("POST /api/v1/session", { token: null, body: { username, password: given }, ...more });
  const makeUser: SignInFixture["makeUser"] = async (name, more = {}) => {
    const answer = await ask("POST /api/v1/users", {
      body: { name, password, roles: [{ role: "owner" }], ...more },
    });
    if (answer.status !== 201) throw new Error(answer.text);
  };
  if (ports.adminToken === undefined) await makeUser("ada");
  return {
    ...fixture,
    browserOf,
    tryPassword,
    makeUser,
    signIn: async (username = "ada", given = password) => {
      const answer = await tryPassword(username, given);
      if (answer.status !== 201) throw new Error(answer.text);
      return browserOf(answer);
    },
    isIn: async (browser) => (await browser.ask("GET /api/v1/services")).status === 200,
  };
}
