// Every operation that the description of the admin API names, against everybody who may ask: no session, each role
// everywhere and in one resource group, tokens and sessions that are over. In process; whatever is described and has no
// row in the table fails.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { answeredBy } from "../src/control/admin-api-fixture.ts";
import type { Answer, Ask } from "../src/control/admin-api-fixture.ts";
import { openScopes } from "../src/control/scope-fixture.ts";
import type { ScopeFixture } from "../src/control/scope-fixture.ts";
import { roles } from "../src/resources/user.ts";
import type { Role } from "../src/resources/user.ts";
import { parseJson, record } from "../src/lib/unknown-json.ts";
import type { LogItem } from "../src/telemetry/log-answers.ts";
import { allowed, authorisationTable } from "./support/authorisation-table.ts";
import type { AuthorisationRow, World } from "./support/authorisation-table.ts";

interface Described {
  readonly id: string;
  readonly method: string;
  readonly path: string;
}

let fixture: ScopeFixture;
let operations: readonly Described[];
/** Everywhere, by role; in resource group `a`, by role. */
const everywhere = new Map<Role, string>();
const inGroup = new Map<Role, string>();
const over = new Map<string, Ask>();
let cookie = "";

const password = "correct horse battery";
const methods = new Set(["get", "post", "put", "patch", "delete"]);
/** Nothing is at this revision: what may be changed is found, and stays. */
const stale = { "if-match": '"999999"' };

beforeAll(async () => {
  fixture = await openScopes({ telemetry });
  const { ask, bearer } = fixture;
  for (const role of roles) {
    everywhere.set(role, await bearer(role));
    if (role !== "owner") inGroup.set(role, await bearer(role, ["a"]));
  }
  await expired();
  await revoked();
  cookie = await signedIn();
  const ended = await signedIn();
  await ask("DELETE /api/v1/session", { token: null, headers: { ...(await csrfOf(ended)), cookie: ended } });
  over.set("an ended session", { token: null, headers: { cookie: ended } });
  over.set("no session", { token: null });
  over.set("a token that is none", { token: "mga_".padEnd(53, "0") });
  operations = describedIn(await ask("GET /api/v1/openapi.json"));
});
afterAll(() => fixture.close());

async function expired(): Promise<void> {
  const expiresAt = new Date(fixture.wallMs() + 1).toISOString();
  const made = await fixture.ask("POST /api/v1/tokens", {
    body: { name: "short", role: "owner", expiresAt },
  });
  over.set("an expired token", { token: String(made.body["token"]) });
  fixture.advance(10);
}

async function revoked(): Promise<void> {
  const made = await fixture.ask("POST /api/v1/tokens", { body: { name: "gone", role: "owner" } });
  over.set("a revoked token", { token: String(made.body["token"]) });
  await fixture.ask("DELETE /api/v1/tokens/gone");
}

async function signedIn(): Promise<string> {
  await fixture.ask("POST /api/v1/users", { body: { name: "ada", password, roles: [{ role: "owner" }] } });
  const body = { username: "ada", password };
  const answer = await fixture.ask("POST /api/v1/session", { token: null, body });
  expect(answer.status).toBe(201);
  return answer.headers.get("set-cookie")?.split(";")[0] ?? "";
}

async function csrfOf(session: string): Promise<Record<string, string>> {
  const { body } = await fixture.ask("GET /api/v1/session", { token: null, headers: { cookie: session } });
  return { "x-csrf-token": String(body["csrfToken"]) };
}

function describedIn({ body }: Answer): Described[] {
  return Object.entries(record(body["paths"])).flatMap(([path, item]) =>
    Object.entries(record(item)).flatMap(([method, row]) =>
      methods.has(method)
        ? [{ id: String(record(row)["operationId"]), method: method.toUpperCase(), path }]
        : [],
    ),
  );
}

/** A stream without an end is left when it has said something. */
async function beginningOf(path: string, { token, headers = {} }: Ask): Promise<Answer> {
  const authorization = typeof token === "string" ? { authorization: `Bearer ${token}` } : {};
  const init = { headers: { ...authorization, ...headers } };
  const response = await fixture.api.request(`http://127.0.0.1/api/v1/${path}`, init, {});
  const reader = response.body?.getReader();
  const pieces = [await reader?.read(), response.status === 200 ? await reader?.read() : undefined];
  await reader?.cancel();
  const text = pieces.map((piece) => new TextDecoder().decode(piece?.value)).join("");
  const body = response.status === 200 ? {} : { ...record(parseJson(text)) };
  return { status: response.status, headers: response.headers, text, body };
}

/** Sends the request of the table. */
function send({ id, method }: Described, world: World, as: Ask): Promise<Answer> {
  const row = rowOf(id);
  const path = row.path(world);
  const body = named(row.body?.(world));
  if (id === "tailLogRecords") return beginningOf(path, as);
  return fixture.ask(`${method} ${path.startsWith("/") ? path : `/api/v1/${path}`}`, {
    ...as,
    ...(body === undefined ? {} : { body }),
    headers: { ...stale, ...as.headers },
  });
}

let made = 0;

function named(body: object | undefined): object | undefined {
  const { name } = record(body);
  if (typeof name !== "string" || !name.startsWith("made-")) return body;
  return { ...body, name: `${name}-${(made += 1)}` };
}

function rowOf(id: string): AuthorisationRow {
  const row = authorisationTable[id];
  if (row === undefined) throw new Error(`test/support/authorisation-table.ts has no row for ${id}`);
  return row;
}

/** Let through to whatever the operation says of the request itself. */
const isLetIn = ({ status, body }: Answer): boolean =>
  status !== 401 && !["forbidden", "csrf_refused"].includes(String(record(body["error"])["code"]));

const isAbsent = ({ status, text }: Answer, { found }: AuthorisationRow): boolean =>
  status === 404 && (found === undefined || !text.includes(found));

const needOf = ({ needs }: AuthorisationRow) => (needs === "metrics" ? "read" : needs);

test("every operation that is described has a row, and every row an operation", () => {
  expect(operations.map(({ id }) => id).toSorted()).toEqual(Object.keys(authorisationTable).toSorted());
});

describe("every operation", () => {
  test("is closed to whoever is nobody, or no longer, but for those that are open to all", async () => {
    let closed = 0;
    for (const operation of operations)
      for (const [who, as] of over) {
        const { status } = await send(operation, "a", as);
        const isOpen = rowOf(operation.id).needs === "nothing";
        // What is open may refuse a bad password, and says 401 to nobody else.
        expect([operation.id, who, status === 401]).toEqual([operation.id, who, !isOpen]);
        closed += status === 401 ? 1 : 0;
      }
    expect(closed).toBeGreaterThan(500);
  });

  test("is let in by exactly the roles of the table that hold everywhere", async () => {
    for (const operation of operations)
      for (const role of roles) {
        const need = needOf(rowOf(operation.id));
        const may = need === "nothing" || (need !== "session" && allowed[role].includes(need));
        const answer = await send(operation, "secret", { token: everywhere.get(role) ?? "" });
        expect([operation.id, role, isLetIn(answer)]).toEqual([operation.id, role, may]);
        if (may && need !== "nothing")
          expect([operation.id, role, isAbsent(answer, rowOf(operation.id))]).toEqual([
            operation.id,
            role,
            false,
          ]);
      }
  });

  test("that changes something takes no cookie without its CSRF token", async () => {
    for (const operation of operations.filter(({ id }) => rowOf(id).needs !== "nothing")) {
      const answer = await send(operation, "a", { token: null, headers: { cookie } });
      const code = record(answer.body["error"])["code"];
      expect([operation.id, code === "csrf_refused"]).toEqual([operation.id, operation.method !== "GET"]);
    }
  });

  test("lets a role of one resource group do there what it does everywhere, and nothing elsewhere", async () => {
    let absent = 0;
    for (const operation of operations)
      for (const [role, token] of inGroup)
        for (const world of ["a", "secret"] as const) {
          const answer = await send(operation, world, { token });
          const said = [operation.id, role, world, judged(answer, world, rowOf(operation.id))];
          expect(said).toEqual([operation.id, role, world, expected(role, world, rowOf(operation.id))]);
          absent += answer.status === 404 ? 1 : 0;
        }
    expect(absent).toBeGreaterThan(60);
  });
});

type Judgement = "let in" | "forbidden" | "absent" | "refused";

function expected(role: Role, world: World, row: AuthorisationRow): Judgement {
  const need = needOf(row);
  if (need === "nothing") return "let in";
  if (need === "session" || !allowed[role].includes(need)) return "forbidden";
  switch (row.sphere) {
    case "gateway":
      return "forbidden";
    case "hidden":
      return "absent";
    case "narrowed":
      return "let in";
    case "object":
      return world === "a" ? "let in" : "absent";
    case "creation":
      return world === "a" ? "let in" : "refused";
  }
}

function judged(answer: Answer, world: World, row: AuthorisationRow): Judgement {
  const { sphere, needs } = row;
  const { status, text } = answer;
  // Creating is refused for the group, 400, or for what it would give, 403.
  if (sphere === "creation" && world === "secret" && status === 400) return "refused";
  if (!isLetIn(answer)) {
    const grants = sphere === "creation" && text.includes("may not give or take");
    return grants ? "refused" : "forbidden";
  }
  if (isAbsent(answer, row) && needs !== "nothing") return "absent";
  // Whoever is answered is told nothing of the other world.
  if (sphere === "narrowed" || sphere === "object") expect(text).not.toContain("secret-");
  return "let in";
}

/** Exchanges of both worlds, and one that came to no Model API. */
const exchanges = (
  [
    ["a-exchange", "a", "a"],
    ["secret-exchange", "secret-b", "b"],
    ["secret-stray", "", "c"],
  ] as const
).map(
  ([requestId, resourceGroup, letter]) =>
    // As much of a record as is read here.
    ({ requestId, resourceGroup, traceId: letter.repeat(32), api: `${resourceGroup}-api` }) as LogItem,
);

/** Filters as the log thread does, by resource group alone. */
function within(filters: readonly object[]): LogItem[] {
  return exchanges.filter((item) =>
    filters.every((filter) => {
      const { field, dimension, values } = record(filter);
      if ((field ?? dimension) !== "resourceGroup") return true;
      return Array.isArray(values) && values.includes(item.resourceGroup);
    }),
  );
}

const page = { nextCursor: null, total: null, facets: [], histogram: null, tookMs: 0, complete: true };
const telemetry = answeredBy({
  logs: ({ filters }) => ({ ...page, items: within(filters) }),
  tail: ({ filters }) => ({ items: within(filters), next: "" }),
  log: ({ requestId }) => exchanges.find((item) => item.requestId === requestId) ?? null,
  trace: ({ traceId }) => ({ traceId, items: exchanges.filter((item) => item.traceId === traceId) }),
  feedback: () => true,
  metrics: ({ filters }) => ({ metrics: [{ series: [{ values: [], names: within(filters) }] }], columns: 0 }),
  usage: ({ filters }) => ({ items: within(filters).map((labels) => ({ labels })) }),
  traffic: ({ resourceGroups }) => ({
    apis: within(resourceGroups === undefined ? [] : [{ field: "resourceGroup", values: resourceGroups }]),
  }),
  way: ({ resourceGroups }) => ({
    last: within(resourceGroups === undefined ? [] : [{ field: "resourceGroup", values: resourceGroups }]),
  }),
  state: () => ({ records: exchanges.length }),
});
