// What explain says of the reuse of answers: whether one could be reused, and what stands in the way.
import { expect, test } from "vitest";
import { apiOf, serviceAt } from "../../../test/support/configuration.ts";
import { snapshotOf } from "../../../test/support/gateway.ts";
import { testSurroundings } from "../runtime-fixture.ts";
import { toolsOf } from "./explain-fixture.ts";
import { explain } from "./explain.ts";
import type { PolicyVerdict } from "./explain-authentication.ts";
import type { ImaginedRequest } from "./imagined-call.ts";
import { createReadingPlan } from "./reading-plan.ts";

const spoken = ["openai", "openai-responses"].map((protocol) => ({ protocol, baseUrl: "https://a.test" }));

async function ask(cache: object, request: Partial<ImaginedRequest>): Promise<PolicyVerdict | undefined> {
  const snapshot = snapshotOf({
    services: [serviceAt("https://a.test", "openai", { protocols: spoken })],
    modelApis: [apiOf("openai", { cache, routes: { enabled: ["responses"] } })],
  });
  const config = snapshot.apis.get("chat");
  if (config === undefined) throw new Error("there is no Model API");
  const surroundings = testSurroundings();
  const whole = {
    method: "POST",
    path: "/v1/chat/completions",
    headers: ["host", "localhost"],
    body: undefined,
    ...request,
  };
  const plan = createReadingPlan(snapshot, surroundings);
  const { policies } = await explain(plan, config, whole, toolsOf(surroundings));
  return policies.find(({ name }) => name === "cache");
}

const on = { enabled: true };
const semantic = { service: "up", model: "m", threshold: 0.9 };

test.each<[string, object, Partial<ImaginedRequest>, [verdict: string, reason: string]]>([
  ["without a body", on, {}, ["passed", "the same request of the same consumer is reused for 3600 s"]],
  ["with one", on, { body: '{"model":"m"}' }, ["passed", "is reused"]],
  ["of anybody", { ...on, scope: "api" }, {}, ["passed", "of any consumer"]],
  ["by likeness", { ...on, mode: "semantic", semantic }, {}, ["passed", "is like it by 0.9"]],
  ["that names a key twice", on, { body: '{"n":1,"n":2}' }, ["off", "names a key twice"]],
  ["that is kept", on, { body: '{"model":"m","store":true}' }, ["off", "is kept at the service"]],
  ["for an object", on, { method: "GET", path: "/v1/responses/a" }, ["off", "not on this route"]],
  [
    "whose client does not want it",
    on,
    { headers: ["host", "localhost", "x-moongate-cache", "bypass"] },
    ["off", "does not want it"],
  ],
  [
    "with a wish that is none",
    on,
    { headers: ["host", "localhost", "x-moongate-cache", "please"] },
    ["refused", "must be bypass"],
  ],
])("a request %s", async (_name, cache, request, [verdict, reason]) => {
  const told = await ask(cache, request);
  expect(told?.verdict).toBe(verdict);
  expect(told?.reason).toContain(reason);
});

test("nothing where answers are not reused", async () => {
  expect(await ask({}, {})).toBeUndefined();
});
