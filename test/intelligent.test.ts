// Mode intelligent over real sockets: which model gets a request, and that its record tells why.
import { describe, expect, test } from "vitest";
import type { ExchangeRecord } from "../src/core/exchange-record.ts";
import { chooseModel } from "../src/routing/decision/choose-model.ts";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { startModelService, type ModelService } from "./support/model-service.ts";

const keep = createKeeper();

const small = { service: "up", model: "small", quality: 60, price: { input: 0.1, output: 0.4 } };
const middle = { service: "up", model: "middle", quality: 66, price: { input: 1, output: 4 } };
const large = {
  service: "up",
  model: "large",
  quality: 90,
  price: { input: 5, output: 20 },
  input: ["text", "image"],
};

interface Scene {
  readonly service: ModelService;
  readonly gateway: Gateway;
  ask(
    body: object,
    headers?: Record<string, string>,
  ): Promise<{ status: number; text: string; record: ExchangeRecord }>;
}

function documentOf(service: ModelService, mode: object, api: object = {}): TestDocument {
  const modelService = { mode: "intelligent", candidates: [small, middle, large], ...mode };
  return {
    services: [serviceAt(service.url, "openai")],
    modelApis: [apiOf("openai", { modelService, ...api })],
  };
}

async function scene(mode: object = {}, api: object = {}): Promise<Scene> {
  const service = keep(await startModelService());
  const gateway = keep(await startGateway(documentOf(service, mode, api)));
  return {
    service,
    gateway,
    ask: async (body, headers = {}) => {
      const response = await fetch(`${gateway.url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({
          messages: [{ role: "user", content: "What is the capital of France?" }],
          ...body,
        }),
      });
      const text = await response.text();
      const record = await gateway.record(response.headers.get("x-request-id") ?? undefined);
      return { status: response.status, text, record };
    },
  };
}

describe("what clients ask for", () => {
  test.each([
    ["auto/quality", "large"],
    ["auto/cheap", "small"],
    ["small", "small"],
    ["large", "large"],
  ])("%s is answered by %s", async (model, expected) => {
    const { ask, service } = await scene({ maxQualityDrop: 40 });
    const { status, record } = await ask({ model });
    expect(status).toBe(200);
    expect(record).toMatchObject({ requestedModel: model, model: expected, outcome: "ok" });
    expect(service.asked).toEqual([expected]);
  });
});

test("every record gives its choice again", async () => {
  const { ask } = await scene();
  for (const model of ["auto", "auto/fast", "auto/quality", "small", "whatever"]) {
    const { record } = await ask({ model });
    const routing = record.decision?.routing;
    if (routing === undefined) throw new Error("no routing in the record");
    expect(chooseModel(JSON.parse(JSON.stringify(routing.evidence)))).toMatchObject(routing.choice);
  }
});
