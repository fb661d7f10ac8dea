import { expect, test } from "vitest";
import { serviceAt } from "../../../test/support/configuration.ts";
import { snapshotOf } from "../../../test/support/gateway.ts";
import { testSurroundings } from "../runtime-fixture.ts";
import { toolsOf } from "./explain-fixture.ts";
import { explain } from "./explain.ts";
import { createReadingPlan } from "./reading-plan.ts";

const consumer = (name: string, quotas: readonly object[], groups: readonly string[] = []) => ({
  name,
  groups,
  credentials: [{ type: "api-key", name: "main", value: `key-of-${name}-0123456789` }],
  quotas,
});

const snapshot = snapshotOf({
  services: [serviceAt("https://a.test/v1", "openai", { name: "a" })],
  consumers: [
    consumer("free", []),
    consumer("spender", [
      { name: "monthly", metric: "tokens", limit: 5_000, period: "month" },
      { name: "money", metric: "cost", limit: 2.5, period: "day", dryRun: true },
    ]),
    consumer("spent", [{ name: "nothing", metric: "tokens", limit: 0, period: "day" }]),
    consumer("member", [], ["team"]),
  ],
  consumerGroups: [
    { name: "team", quotas: [{ name: "shared", metric: "tokens", limit: 9_000, period: "week" }] },
  ],
  modelApis: [
    {
      name: "chat",
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: "a" } },
      auth: {
        enabled: true,
        grants: ["free", "spender", "spent", "member"].map((name) => ({ consumer: name })),
      },
    },
  ],
});

test.each<[string, string, string | undefined, RegExp | undefined]>([
  [
    "what is left",
    "spender",
    "passed",
    /^5000 tokens are left of quota "monthly"; USD 2\.5 are left of quota "money", which refuses nothing$/u,
  ],
  ["what is left to a group", "member", "passed", /^9000 tokens are left of quota "shared"$/u],
  ["what is exhausted", "spent", "refused", /^Quota "nothing" of consumer "spent" allows 0 tokens a day/u],
  ["nothing where there is none", "free", undefined, undefined],
])("tells %s", async (_name, name, verdict, reason) => {
  const surroundings = testSurroundings();
  const config = snapshot.apis.get("chat");
  if (config === undefined) throw new Error("no chat");
  const request = {
    method: "POST",
    path: "/v1/chat/completions",
    headers: ["host", "localhost", "authorization", `Bearer key-of-${name}-0123456789`],
    body: undefined,
  };
  const plan = createReadingPlan(snapshot, surroundings);
  const { policies, refusal } = await explain(plan, config, request, toolsOf(surroundings));
  const told = policies.find((policy) => policy.name === "quotas");
  expect(told?.verdict).toBe(verdict);
  if (reason !== undefined) expect(told?.reason).toMatch(reason);
  expect(refusal?.code ?? null).toBe(verdict === "refused" ? "quota_exceeded" : null);
});
