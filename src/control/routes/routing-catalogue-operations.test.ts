import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import { sampleService } from "../configuration-fixture.ts";

let fixture: ApiFixture;

beforeAll(async () => {
  fixture = await openApi();
  const models = [{ name: "own-model", contextWindow: 9_000, price: { input: 1.5, output: 6 } }];
  await fixture.ask("POST /api/v1/services", { body: { ...sampleService, name: "priced", models } });
});
afterAll(() => fixture.close());

const ask = async (candidates: readonly object[]) =>
  fixture.ask("POST /api/v1/routing/characteristics", { body: { candidates } });

describe("what a model is taken for", () => {
  test("is by its service where that names a price", async () => {
    const { status, body } = await ask([{ service: "priced", model: "own-model" }]);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      items: [
        {
          service: "priced",
          model: "own-model",
          price: { value: { input: 1.5, output: 6 }, origin: "service" },
          input: { value: ["text"], origin: "assumed" },
        },
      ],
    });
  });

  test.each([
    ["of a service that is not there", { service: "nowhere", model: "m" }],
    ["of a model that nobody knows", { service: "priced", model: "never-heard-of" }],
    ["of a model without a name", { service: "priced", model: "" }],
  ])("is assumed %s", async (_name, candidate) => {
    const { body } = await ask([candidate]);
    expect(body).toMatchObject({ items: [{ quality: { origin: "assumed" }, price: { origin: "assumed" } }] });
    expect(JSON.stringify(body)).not.toContain('"source"');
  });

  test("comes in the order of the question", async () => {
    const names = ["b", "a", "b"];
    const { body } = await ask(names.map((model) => ({ service: "priced", model })));
    expect(body).toMatchObject({ items: names.map((model) => ({ model })) });
  });

  test("is not told of more than fifty at once", async () => {
    const { status } = await ask(Array.from({ length: 51 }, () => ({ service: "priced", model: "m" })));
    expect(status).toBe(400);
  });
});
