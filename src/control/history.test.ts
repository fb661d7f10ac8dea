// What one object's history tells: which revisions changed it, and how it was then, without its secrets.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openApi, type ApiFixture, type Answer } from "./admin-api-fixture.ts";

let fixture: ApiFixture;

const ask = (request: string, body?: unknown): Promise<Answer> =>
  fixture.ask(request, body === undefined ? {} : { body });

beforeEach(async () => {
  fixture = await openApi();
  const apiKeys = [{ name: "main", value: "sk-history-canary" }];
  await ask("POST /api/v1/services", { name: "s", provider: "openai", apiKeys });
  await ask("POST /api/v1/model-apis", {
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "s" } },
  });
  await ask("PATCH /api/v1/services/s", { description: "x" });
  await ask("PATCH /api/v1/model-apis/chat", { description: "new", auth: { enabled: true } });
  await ask("DELETE /api/v1/model-apis/chat");
});

afterEach(() => fixture.close());

describe("revisions of one object", () => {
  const list = "GET /api/v1/revisions?kind=model-apis&name=chat";

  test("are those that changed it, newest first, each with its fields", async () => {
    const { body } = await ask(list);
    expect(body).toMatchObject({
      items: [
        { number: 5, action: "delete", paths: [] },
        { number: 4, action: "update", paths: ["description", "auth.enabled"] },
        { number: 2, action: "create", paths: [] },
      ],
      nextCursor: null,
    });
  });

  test("name no field that only spells out its default", async () => {
    await ask("PATCH /api/v1/services/s", { description: "y", enabled: true, timeouts: { idleMs: 60_000 } });
    const { body } = await ask("GET /api/v1/revisions?kind=services&name=s&limit=1");
    expect(body["items"]).toMatchObject([{ action: "update", paths: ["description"] }]);
  });

  test("name a secret that was changed, and nothing of it", async () => {
    const apiKeys = [{ name: "main", value: "sk-another-canary" }];
    await ask("PATCH /api/v1/services/s", { apiKeys });
    const answer = await ask("GET /api/v1/revisions?kind=services&name=s&limit=1");
    expect(answer.body["items"]).toMatchObject([{ paths: ["apiKeys"] }]);
    expect(answer.text).not.toContain("canary");
  });

  test("come in pages", async () => {
    expect((await ask(`${list}&limit=2`)).body["nextCursor"]).toBe("4");
    expect((await ask(`${list}&limit=2&cursor=4`)).body).toMatchObject({
      items: [{ number: 2 }],
      nextCursor: null,
    });
  });

  test.each(["kind=model-apis", "name=chat", "kind=songs&name=chat"])(
    "%s alone is refused",
    async (query) => {
      expect((await ask(`GET /api/v1/revisions?${query}`)).status).toBe(400);
    },
  );
});

describe("an object at a revision", () => {
  const at = (number: number, object: string): Promise<Answer> =>
    ask(`GET /api/v1/revisions/${number}/objects/${object}`);

  test.each([
    ["before it was made", 1, null],
    ["as it was made, with defaults", 2, { description: "", auth: { enabled: false } }],
    ["at a revision that changed something else", 3, { description: "", auth: { enabled: false } }],
    ["after its change", 4, { description: "new", auth: { enabled: true } }],
    ["after its end", 5, null],
  ])("%s", async (_when, number, object) => {
    const { status, body } = await at(number, "model-apis/chat");
    expect(status).toBe(200);
    expect(body["number"]).toBe(number);
    if (object === null) expect(body["object"]).toBeNull();
    else expect(body["object"]).toMatchObject(object);
  });

  test("holds no secret", async () => {
    const answer = await at(3, "services/s");
    expect(answer.body["object"]).toMatchObject({ apiKeys: [{ name: "main", value: { set: true } }] });
    expect(answer.text).not.toContain("sk-history-canary");
    expect(answer.text).not.toContain("sealed");
  });

  test.each([
    ["of a revision that is not there", 9, "model-apis/chat"],
    ["of people, whom only their managers see", 1, "users/admin"],
    ["of tokens", 1, "tokens/x"],
    ["of no kind", 1, "songs/x"],
  ])("%s is not found", async (_what, number, object) => {
    expect((await at(number, object)).status).toBe(404);
  });
});
