// Which service is tested, with what, and who may ask. What a test finds: test/service-test.test.ts.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Service } from "../../resources/service.ts";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import type { ServiceTestChoice } from "./service-test-port.ts";

const key = "sk-stored-0123456789";
const service = {
  name: "up",
  provider: "openai-compatible",
  baseUrl: "https://a.test/v1",
  apiKeys: [
    { name: "main", value: key },
    { name: "asleep", value: "sk-asleep-0123456789", enabled: false },
  ],
  headers: { "x-team": "canary-team" },
};

let asked: { readonly service: Service; readonly choice: ServiceTestChoice } | undefined;
let fixture: ApiFixture;

beforeEach(async () => {
  asked = undefined;
  fixture = await openApi({
    testService: (given, choice) => {
      asked = { service: given, choice };
      return Promise.resolve({ ok: true, steps: [], models: [], keys: [] });
    },
  });
  await fixture.ask("POST /api/v1/services", { body: service });
});
afterEach(() => fixture.close());

const unsaved = (body: object) => fixture.ask("POST /api/v1/services/test", { body });

test("a stored service is tested with its secrets", async () => {
  expect((await fixture.ask("POST /api/v1/services/up/test")).status).toBe(200);
  expect(asked).toMatchObject({ service: { apiKeys: [{ value: key }, {}] }, choice: {} });
});

test("model and key can be picked", async () => {
  const body = { model: "m", key: "main" };
  await fixture.ask("POST /api/v1/services/up/test", { body });
  expect(asked?.choice).toEqual(body);
});

test.each([
  [
    "masked",
    {
      apiKeys: [{ name: "main", value: { set: true, hint: "…6789" } }],
      headers: { "x-team": { set: true } },
    },
  ],
  ["left out of their entries", { apiKeys: [{ name: "main" }] }],
  ["left out as a whole", {}],
])("secrets that are %s are the stored ones, and nothing is stored", async (_name, fields) => {
  const { apiKeys: _keys, headers: _headers, ...rest } = service;
  const before = fixture.configuration.working.revision;
  const answer = await unsaved({ ...rest, baseUrl: "https://b.test/v1", ...fields });
  expect(answer.status).toBe(200);
  expect(asked?.service).toMatchObject({
    baseUrl: "https://b.test/v1",
    headers: { "x-team": "canary-team" },
  });
  expect(asked?.service.apiKeys[0]?.value).toBe(key);
  expect(fixture.configuration.working.revision).toBe(before);
});

test("a service without a name yet can be tested", async () => {
  const { name: _name, ...rest } = service;
  expect((await unsaved(rest)).status).toBe(200);
  expect(asked?.service.apiKeys).toHaveLength(2);
});

test.each<[string, string, object, readonly [number, string, string]]>([
  [
    "a mask of nothing",
    "test",
    { ...service, name: "new", apiKeys: [{ name: "a", value: { set: true } }] },
    [400, "secret_missing", "apiKeys[0].value"],
  ],
  [
    "a stored form",
    "test",
    { ...service, apiKeys: [{ name: "a", value: { sealed: "x" } }] },
    [400, "invalid", "as a text"],
  ],
  [
    "a reference",
    "test",
    { ...service, apiKeys: [{ name: "a", value: "${env:KEY}" }] },
    [400, "invalid", "References"],
  ],
  ["no address", "test", { provider: "openai-compatible" }, [400, "invalid", "baseUrl"]],
  ["no protocol", "test", { provider: "elevenlabs" }, [400, "invalid", "protocols"]],
  ["a field that there is not", "test", { ...service, colour: "red" }, [400, "invalid", "colour"]],
  ["a service that is not there", "nothing/test", {}, [404, "not_found", "nothing"]],
  ["a key that is not there", "up/test", { key: "other" }, [400, "invalid", "other"]],
  ["a key that is not enabled", "up/test", { key: "asleep" }, [400, "invalid", "asleep"]],
  ["a choice that there is not", "up/test", { colour: "red" }, [400, "invalid", "colour"]],
])("%s is refused", async (_name, path, body, [status, code, text]) => {
  const answer = await fixture.ask(`POST /api/v1/services/${path}`, { body });
  expect(answer).toMatchObject({ status, body: { error: { code } } });
  expect(answer.text).toContain(text);
  expect(asked).toBeUndefined();
});

test("a service may be called test", async () => {
  await fixture.ask("POST /api/v1/services", { body: { ...service, name: "test" } });
  expect(await fixture.ask("GET /api/v1/services/test")).toMatchObject({
    status: 200,
    body: { name: "test" },
  });
  expect((await fixture.ask("POST /api/v1/services/test/test")).status).toBe(200);
  expect((await fixture.ask("DELETE /api/v1/services/test")).status).toBe(204);
});

test("whoever may only read may not ask", async () => {
  const token = await fixture.tokenOf("viewer");
  expect((await fixture.ask("POST /api/v1/services/up/test", { token })).status).toBe(403);
  expect((await fixture.ask("POST /api/v1/services/test", { token, body: service })).status).toBe(403);
});

test("only so many tests run at once, and one that is done makes room", async () => {
  await fixture.close();
  const open: (() => void)[] = [];
  fixture = await openApi({
    testService: () =>
      new Promise((resolve) => {
        open.push(() => resolve({ ok: true, steps: [], models: [], keys: [] }));
      }),
  });
  await fixture.ask("POST /api/v1/services", { body: service });
  const ask = () => fixture.ask("POST /api/v1/services/up/test");
  const running = Array.from({ length: 4 }, ask);
  await expect.poll(() => open.length).toBe(4);
  const refused = await ask();
  expect([refused.status, refused.headers.get("retry-after")]).toEqual([429, "1"]);
  open.shift()?.();
  await Promise.race(running);
  const next = ask();
  await expect.poll(() => open.length).toBe(4);
  for (const end of open) end();
  expect((await Promise.all([...running, next])).map(({ status }) => status)).toEqual([
    200, 200, 200, 200, 200,
  ]);
});
