// What is saved although it can hardly be meant: the author is told, wherever the change comes from.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openApi, type ApiFixture } from "./admin-api-fixture.ts";
import { sampleApi, sampleService } from "./configuration-fixture.ts";

const rules = [
  { pattern: "gpt-*", target: { service: "sim" } },
  { pattern: "gpt-?", target: { service: "sim", model: "small" } },
];
const api = { ...sampleApi, modelService: { mode: "by-model-name", rules } };
const warning =
  'Model API "chat": modelService.rules[1].pattern can never be chosen: rules[0] "gpt-*" comes first and takes every name that it fits; remove it, or make its pattern more special';

let fixture: ApiFixture;
beforeEach(async () => {
  fixture = await openApi();
});
afterEach(() => fixture.close());

describe("a Model API with a rule that can never be chosen", () => {
  test("is created, with a warning in the answer", async () => {
    await fixture.ask("POST /api/v1/services", { body: sampleService });
    const answer = await fixture.ask("POST /api/v1/model-apis", { body: api });
    expect([answer.status, answer.body["warnings"]]).toEqual([201, [warning]]);
    expect((await fixture.ask("GET /api/v1/model-apis/chat")).body["warnings"]).toBeUndefined();
  });

  test("is spoken of again when a service that it uses changes", async () => {
    await fixture.ask("POST /api/v1/services", { body: sampleService });
    await fixture.ask("POST /api/v1/model-apis", { body: api });
    const answer = await fixture.ask("PATCH /api/v1/services/sim", { body: { description: "changed" } });
    expect([answer.status, answer.body["warnings"]]).toEqual([200, [warning]]);
  });

  test("loses the warning once the rule is mended", async () => {
    await fixture.ask("POST /api/v1/services", { body: sampleService });
    await fixture.ask("POST /api/v1/model-apis", { body: api });
    const modelService = { mode: "by-model-name", rules: rules.toReversed() };
    const answer = await fixture.ask("PATCH /api/v1/model-apis/chat", { body: { modelService } });
    expect([answer.status, answer.body["warnings"]]).toEqual([200, undefined]);
  });

  test.each(["plan", "apply"])("is warned of by %s of a document", async (action) => {
    const body = { version: 1, services: [sampleService], modelApis: [api] };
    const answer = await fixture.ask(`POST /api/v1/config/${action}`, {
      body,
      headers: { "content-type": "application/json" },
    });
    expect([answer.status, answer.body["warnings"]]).toEqual([200, [warning]]);
  });
});
