// What is said of each grant: whether its consumer could call now, and if not, why.
import { expect, test } from "vitest";
import { consumerSchema } from "../../../../../src/resources/consumer.ts";
import { modelApiSchema } from "../../../../../src/resources/model-api.ts";
import { grantRows, ungranted } from "./grant-rows.ts";

const nowMs = Date.parse("2026-06-01T00:00:00Z");
const stored = { revision: 1, managedBy: "api" as const };
const key = (expiresAt?: string) => ({
  type: "api-key",
  name: "main",
  value: "0123456789abcdef",
  ...(expiresAt === undefined ? {} : { expiresAt }),
});
const consumer = (name: string, fields: object = {}) => ({
  ...consumerSchema.parse({ name, credentials: [key()], ...fields }),
  ...stored,
});
const consumers = [
  consumer("well"),
  consumer("off", { enabled: false }),
  consumer("keyless", { credentials: [key("2026-01-01T00:00:00Z")] }),
  consumer("late"),
  consumer("other"),
];
const api = modelApiSchema.parse({
  name: "a",
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "s" } },
  auth: {
    enabled: true,
    grants: [
      { consumer: "well", expiresAt: "2027-01-01T00:00:00Z" },
      { consumer: "off" },
      { consumer: "keyless" },
      { consumer: "late", expiresAt: "2026-05-31T00:00:00Z" },
      { consumer: "nobody" },
      { consumerGroup: "team" },
    ],
  },
});

test("each grant says whether its consumer could call now", () => {
  expect(grantRows(api, consumers, nowMs).map(({ name, state }) => [name, state])).toEqual([
    ["well", "ready"],
    ["off", "consumerOff"],
    ["keyless", "noKeys"],
    ["late", "expired"],
    ["nobody", "gone"],
    ["team", undefined],
  ]);
});

test("nothing is claimed before the consumers are known, but an end that has passed", () => {
  const states = grantRows(api, undefined, nowMs).map(({ state }) => state);
  expect(states.filter((state) => state !== undefined)).toEqual(["expired"]);
});

test("whoever has no grant is offered", () => {
  expect(ungranted(api, consumers)).toEqual(["other"]);
});
