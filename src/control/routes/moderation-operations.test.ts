// Which policy a text is judged by, and who may ask. What a check finds: beside the checks.
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Moderation } from "../../resources/moderation.ts";
import { openApi, type ApiFixture } from "../admin-api-fixture.ts";
import type { ModerationQuestion } from "./moderation-port.ts";

let asked: { readonly policy: Moderation; readonly question: ModerationQuestion } | undefined;
let fixture: ApiFixture;

const secret = "webhook-secret-0123456789";
const hook = { name: "hook", type: "webhook", url: "https://judge.example/x", secret };

beforeEach(async () => {
  asked = undefined;
  fixture = await openApi({
    testModeration: (policy, question) => {
      asked = { policy, question };
      return Promise.resolve({ verdict: "pass", findings: [], errors: [], masked: question.text });
    },
  });
  await fixture.ask("POST /api/v1/services", { body: { name: "a", provider: "simulator" } });
  await fixture.ask("POST /api/v1/model-apis", {
    body: {
      name: "chat",
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: "a" } },
      moderation: { enabled: true, checks: [hook] },
    },
  });
});
afterEach(() => fixture.close());

const tried = (body: object, name = "chat", token?: string) =>
  fixture.ask(
    `POST /api/v1/model-apis/${name}/moderation/test`,
    token === undefined ? { body } : { body, token },
  );

test("the stored policy judges with its secrets", async () => {
  const answer = await tried({ text: "hello", consumer: "app", direction: "response" });
  expect(answer.status).toBe(200);
  expect(asked).toMatchObject({
    policy: { enabled: true, checks: [{ name: "hook", secret }] },
    question: { api: "chat", text: "hello", consumer: "app", direction: "response" },
  });
});

test("a policy that is not saved judges, with the stored secrets where they are masked", async () => {
  const masked = { ...hook, secret: { set: true, hint: "…6789" } };
  const words = { name: "w", type: "keywords", keywords: ["x"] };
  const answer = await tried({ text: "hello", moderation: { checks: [words, masked] } });
  expect(answer.status).toBe(200);
  expect(asked?.policy).toMatchObject({ enabled: true, checks: [{ name: "w" }, { name: "hook", secret }] });
});

test.each<[string, object, number]>([
  ["no text", {}, 400],
  ["an empty text", { text: "" }, 400],
  ["a direction that is none", { text: "x", direction: "up" }, 400],
  ["a policy that is none", { text: "x", moderation: { checks: [{ type: "nothing" }] } }, 400],
])("%s is refused", async (_name, body, status) => {
  expect((await tried(body)).status).toBe(status);
  expect(asked).toBeUndefined();
});

test("what is not there has no checks, and who only reads may not try them", async () => {
  expect((await tried({ text: "x" }, "nothing")).status).toBe(404);
  expect((await tried({ text: "x" }, "chat", await fixture.tokenOf("viewer"))).status).toBe(403);
});
