import { expect, test } from "vitest";
import { snapshotOf } from "../../../test/support/gateway.ts";
import { serviceAt } from "../../../test/support/configuration.ts";
import { testSurroundings } from "../runtime-fixture.ts";
import { ServiceRuntime } from "../targets/service-runtime.ts";
import { createReadingPlan, createReadingServices } from "./reading-plan.ts";

const modelService = (fields: object) => ({ useCase: "text-generation", protocols: ["openai"], ...fields });
const snapshot = snapshotOf({
  services: [
    serviceAt("https://a.test/v1", "openai", { name: "a" }),
    serviceAt("https://b.test", "openai", { name: "b" }),
  ],
  modelApis: [
    modelService({
      name: "single",
      basePath: "/single",
      modelService: { mode: "single", target: { service: "a" } },
      fallback: { on: ["timeout"], targets: [{ service: "b", model: "spare" }] },
    }),
    modelService({
      name: "named",
      basePath: "/named",
      modelService: {
        mode: "by-model-name",
        rules: [{ pattern: "q-*", target: { service: "a", model: "q" } }],
        default: { service: "b", model: "rest" },
      },
    }),
    modelService({
      name: "measured",
      basePath: "/measured",
      modelService: { mode: "by-metrics", targets: [{ service: "a", model: "m" }, { service: "b" }] },
    }),
  ],
});

test("services alone know every target that a plan knows", () => {
  const surroundings = testSurroundings();
  const untouched = new Map(
    [...snapshot.services].map(([name, config]) => [name, new ServiceRuntime(config, surroundings)]),
  );
  const planned = createReadingPlan(snapshot, surroundings, untouched).services;
  const alone = createReadingServices(snapshot, surroundings);
  const modelsOf = (services: typeof alone) =>
    [...services].map(([name, { targets }]) => [name, new Set(targets.keys())]);
  expect(modelsOf(alone)).toEqual(modelsOf(planned));
  expect(modelsOf(alone)).toEqual([
    ["a", new Set([undefined, "q", "m"])],
    ["b", new Set(["spare", "rest", undefined])],
  ]);
});
