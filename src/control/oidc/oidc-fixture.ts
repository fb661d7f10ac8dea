// What tests of signing in by a provider share: an API that asks providers over real sockets, and browsers with a jar of
// cookies. Tests only.
import { expect } from "vitest";
import { clientId, clientSecret } from "./provider-fixture.ts";
import { guardedFetcher } from "../../lib/guarded-fetch.ts";
import type { Answer } from "../admin-api-fixture.ts";
import type { AuditEntry } from "../audit/audit-entry.ts";
import { auditPage } from "../audit/audit-query.ts";
import type { JsonObject } from "../merge-patch.ts";
import { openSignIn } from "../sign-in-fixture.ts";
import type { SignInFixture } from "../sign-in-fixture.ts";

export const publicUrl = "http://127.0.0.1";
export const callback = "/api/v1/session/oidc/corp/callback";
export const start = "/api/v1/session/oidc/corp/start";

const usualRoles = [
  { value: "admins", role: "admin" },
  { value: "auditors", role: "auditor" },
];

/** Cookies of a browser, by name. */
export class Jar {
  readonly #cookies = new Map<string, string>();

  take(headers: Headers): void {
    for (const line of headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      const [name, value] = [pair.slice(0, at), pair.slice(at + 1)];
      if (value === "" || /max-age=0/iu.test(line)) this.#cookies.delete(name);
      else this.#cookies.set(name, value);
    }
  }

  get header(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  }

  has(name: string): boolean {
    return this.#cookies.has(name);
  }
}

export function placeOf(answer: Answer): string {
  expect([answer.status, answer.text]).toEqual([302, ""]);
  return answer.headers.get("location") ?? "";
}

/** Follows a browser through the real provider until that sends it back. @returns the path of the callback */
export async function throughProvider(url: string): Promise<string> {
  const jar = new Jar();
  let next = url;
  for (let hops = 0; hops < 10; hops += 1) {
    const answer = await fetch(next, { redirect: "manual", headers: { cookie: jar.header } });
    await answer.arrayBuffer();
    jar.take(answer.headers);
    const place = answer.headers.get("location");
    if (place === null) throw new Error(`the provider answered ${answer.status} at ${next}`);
    const to = new URL(place, next);
    if (to.origin === publicUrl) return to.pathname + to.search;
    next = to.href;
  }
  throw new Error("the provider sends browsers in a circle");
}

export interface OidcFixture extends SignInFixture {
  /** Makes `corp` the one provider. */
  configure(issuer: string, provider?: JsonObject, more?: JsonObject): Promise<void>;
  /** Asks the console as a browser does that goes from page to page. */
  visit(jar: Jar, path: string): Promise<Answer>;
  signInThrough(jar?: Jar): Promise<Answer>;
  whoIs(jar: Jar): Promise<Answer>;
  /** The entry of the audit log that was written last. */
  newest(): Promise<AuditEntry | undefined>;
}

const everything = { actor: [], action: [], result: [], reach: "everywhere" } as const;

export async function openOidc(): Promise<OidcFixture> {
  const fetcher = guardedFetcher("private");
  const fixture = await openSignIn({ fetchProvider: fetcher.fetch });

  async function configure(issuer: string, provider: JsonObject = {}, more: JsonObject = {}): Promise<void> {
    const oidc = [{ name: "corp", issuer, clientId, clientSecret, roles: usualRoles, ...provider }];
    const answer = await fixture.ask("PATCH /api/v1/instances/default", {
      body: { signIn: { publicUrl, oidc, ...more } },
    });
    if (answer.status !== 200) throw new Error(answer.text);
  }

  async function visit(jar: Jar, path: string): Promise<Answer> {
    const answer = await fixture.ask(`GET ${path}`, { token: null, headers: { cookie: jar.header } });
    jar.take(answer.headers);
    return answer;
  }

  async function signInThrough(jar = new Jar()): Promise<Answer> {
    return visit(jar, await throughProvider(placeOf(await visit(jar, start))));
  }

  async function whoIs(jar: Jar): Promise<Answer> {
    return fixture.ask("GET /api/v1/session", { token: null, headers: { cookie: jar.header } });
  }

  return {
    ...fixture,
    configure,
    visit,
    signInThrough,
    whoIs,
    newest: async () => (await auditPage(fixture.audit, everything, { limit: 1 })).entries[0],
    close: async () => {
      await fetcher.close();
      await fixture.close();
    },
  };
}
