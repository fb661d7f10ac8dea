import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../resources/model-api.ts";
import { modelServiceIssues } from "./model-service-diagnostics.ts";

const target = { service: "a" };
const rule = (pattern: string, service = "a") => ({ pattern, target: { service } });

function issues(fields: object): string[] {
  const api = modelApiSchema.parse({
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target },
    ...fields,
  });
  expect(modelServiceIssues(api)).toBe(modelServiceIssues(api));
  return modelServiceIssues(api).map(({ path, message }) => `${path} ${message}`);
}

describe("the model service", () => {
  test.each<[string, object, string[]]>([
    ["a single target", { mode: "single", target }, []],
    ["rules that can all be chosen", { mode: "by-model-name", rules: [rule("*"), rule("gpt-*")] }, []],
    ["no rules but a default", { mode: "by-model-name", rules: [], default: target }, []],
    [
      "neither rules nor a default",
      { mode: "by-model-name", rules: [] },
      [
        "modelService.rules is empty and there is no default, so that every request is answered with 404 model_not_found: add a rule or a default target",
      ],
    ],
    [
      "a rule behind its like",
      { mode: "by-model-name", rules: [rule("x"), rule("gpt-*"), rule("gpt-*", "b")] },
      [
        'modelService.rules[2].pattern can never be chosen: rules[1] "gpt-*" comes first and takes every name that it fits; remove it, or make its pattern more special',
      ],
    ],
    [
      "a rule that several others cover together",
      { mode: "by-model-name", rules: [rule("gpt-?*"), rule("gpt-*"), rule("gpt-")] },
      [
        'modelService.rules[1].pattern can never be chosen: rules[2] "gpt-" and rules[0] "gpt-?*" come first and together take every name that it fits; remove it, or make its pattern more special',
      ],
    ],
    [
      "weights of which one is above zero",
      {
        mode: "by-weight",
        targets: [
          { service: "a", weight: 0 },
          { service: "b", weight: 1 },
        ],
      },
      [],
    ],
    [
      "weights that are all zero",
      {
        mode: "by-weight",
        targets: [
          { service: "a", weight: 0 },
          { service: "b", weight: 0 },
        ],
      },
      [
        "modelService.targets all have weight 0, so that every request is answered with 503 no_healthy_service: give one a weight above 0",
      ],
    ],
    [
      "a weighted target twice",
      {
        mode: "by-weight",
        targets: [
          { service: "a", weight: 1 },
          { service: "a", model: "m", weight: 1 },
          { service: "a", model: "m", weight: 2 },
        ],
      },
      [
        'modelService.targets[2] is the same target as targets[1], service "a" with model "m": add up their weights, or choose another service or model',
      ],
    ],
    [
      "a measured target twice",
      { mode: "by-metrics", targets: [target, { service: "b" }, target] },
      [
        'modelService.targets[2] is the same target as targets[0], service "a" with the client\'s model: name it once, or choose another service or model',
      ],
    ],
  ])("%s", (_, modelService, expected) => {
    expect(issues({ modelService })).toEqual(expected);
  });
});

describe("the fallback", () => {
  const again =
    'is the only target of the model service again, service "a" with the client\'s model: choose another service or model; retries ask the same one again';
  const repeated =
    'is the same as the row before it, service "b" with the client\'s model: remove it, or choose another service or model';
  const other = { service: "b" };
  test.each<[string, object, object, string[]]>([
    ["another service", {}, { targets: [other] }, []],
    ["another model of the service", {}, { targets: [{ service: "a", model: "m" }] }, []],
    ["the only target", {}, { targets: [other, target] }, [`fallback.targets[1] ${again}`]],
    [
      "the only target, with its own timeout",
      {},
      { targets: [{ service: "a", firstPacketTimeoutMs: 5 }] },
      [`fallback.targets[0] ${again}`],
    ],
    [
      "the only target of a mode for several",
      { modelService: { mode: "by-model-name", rules: [rule("x")], default: target } },
      { targets: [target] },
      [`fallback.targets[0] ${again}`],
    ],
    [
      "one of several targets",
      { modelService: { mode: "by-metrics", targets: [target, other] } },
      { targets: [target] },
      [],
    ],
    ["a row twice in a row", {}, { targets: [other, other] }, [`fallback.targets[1] ${repeated}`]],
    ["a row twice with another between", {}, { targets: [other, { service: "c" }, other] }, []],
    ["a row twice with another timeout", {}, { targets: [other, { ...other, firstPacketTimeoutMs: 5 }] }, []],
    [
      "no failure that leads to it",
      {},
      { targets: [other], on: [] },
      [
        "fallback.on is empty, so that no failure goes to the fallback targets: list failures, or leave it out for the usual ones",
      ],
    ],
    ["no failure and no targets", {}, { targets: [], on: [] }, []],
    ["all of this switched off", {}, { enabled: false, on: [], targets: [target, other, other] }, []],
  ])("%s", (_, fields, fallback, expected) => {
    expect(issues({ ...fields, fallback })).toEqual(expected);
  });
});
