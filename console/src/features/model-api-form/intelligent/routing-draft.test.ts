import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../../../../../src/resources/model-api.ts";
import { newDraft, type Draft } from "../draft.ts";
import { ownFaults } from "../faults.ts";
import { bodyOf, draftOf, withoutDefaults } from "../resource-body.ts";
import {
  examplesOf,
  examplesText,
  groupsOf,
  newCandidate,
  newRouting,
  newRule,
  plainRouting,
  routingBody,
  type RoutingDraft,
} from "./routing-draft.ts";

const least = { mode: "intelligent", candidates: [{ service: "s", model: "small" }] };

const full = {
  mode: "intelligent",
  profile: "cheap",
  candidates: [
    {
      service: "s",
      model: "small",
      quality: 55,
      strengths: { code: 70 },
      contextWindow: 8_000,
      maxOutputTokens: 2_000,
      input: ["text", "image"],
      output: ["text"],
      tools: false,
      jsonSchema: true,
      languages: ["zh"],
      price: { input: 0, output: 0.5 },
    },
    { service: "t", model: "large" },
  ],
  default: { service: "t", model: "large" },
  weights: { cost: 0.3, latency: 0 },
  maxQualityDrop: 5,
  maxPrice: 10,
  rules: [
    {
      name: "r",
      keywords: ["invoice"],
      header: { name: "x-team", value: { type: "exact", value: "legal" } },
      metadata: { key: "tier", value: { type: "prefix", value: "g" } },
      consumer: { type: "exact", value: "c" },
      domain: "code",
      model: "large",
      profile: "quality",
    },
  ],
  builtInDomains: false,
  domains: [{ name: "hr", examples: ["a\nb", "c"], prefer: ["large"], minQuality: 40 }],
  stickiness: { enabled: false, minutes: 5, header: "x-chat" },
  otherNames: "refuse",
  exploration: 0.02,
  classifier: { type: "llm", service: "s", model: "small", timeoutMs: 900 },
  learning: { enabled: true, autoPublish: true, judge: { service: "t", model: "large" } },
};

function stored(modelService: object) {
  const body = { name: "a", useCase: "text-generation", protocols: ["openai"], modelService };
  return { ...modelApiSchema.parse(body), revision: 1, managedBy: "api" as const };
}

test.each([
  ["of the least that can be said", least],
  ["of everything", full],
])("a stored object %s comes back as it was", (_name, modelService) => {
  const api = stored(modelService);
  const body = bodyOf(draftOf(api), { ...api });
  expect(JSON.parse(JSON.stringify(body["modelService"]))).toEqual(
    JSON.parse(JSON.stringify(api.modelService)),
  );
});

test("what a new draft has is what the resource has without a word", () => {
  const draft: RoutingDraft = {
    ...newRouting,
    candidates: [{ id: "1", service: "s", model: "small", strengths: {} }],
  };
  expect(routingBody(draft)).toEqual(stored(least).modelService);
});

test("for reading, only what was said is shown", () => {
  const draft: Draft = {
    ...newDraft("text-generation"),
    name: "a",
    mode: "intelligent",
    routing: { ...newRouting, profile: "fast", candidates: [{ ...newCandidate("1", "s"), model: "m" }] },
  };
  expect(withoutDefaults(bodyOf(draft), draft)["modelService"]).toEqual({
    mode: "intelligent",
    profile: "fast",
    candidates: [{ service: "s", model: "m" }],
  });
  expect(plainRouting(routingBody(newRouting))).toEqual({ mode: "intelligent", candidates: [] });
});

test("rows of one model are one group, wherever they stand", () => {
  const candidates = [
    { ...newCandidate("1", "a"), model: "m" },
    { ...newCandidate("2", "a"), model: "" },
    { ...newCandidate("3", "b"), model: "m" },
    { ...newCandidate("4", "b"), model: "" },
  ];
  expect(groupsOf({ candidates }).map(({ rows }) => rows.map(({ index }) => index))).toEqual([
    [0, 2],
    [1],
    [3],
  ]);
});

describe("examples", () => {
  test.each<[string, string, readonly string[]]>([
    ["a line each", "one\ntwo", ["one", "two"]],
    ["as pasted from Windows", "one\r\ntwo\r\n", ["one", "two"]],
    ["without empty lines and repetitions", "one\n\n  one \n", ["one"]],
    ["with breaks inside", "a⏎b\nc", ["a\nb", "c"]],
  ])("are read %s", (_name, text, expected) => {
    expect(examplesOf(text)).toEqual(expected);
  });

  test("are written as they are read", () => {
    const examples = ["a\nb", "c"];
    expect(examplesOf(examplesText(examples))).toEqual(examples);
  });
});

describe("mode intelligent has a fault", () => {
  const good: RoutingDraft = { ...newRouting, candidates: [{ ...newCandidate("1", "s"), model: "m" }] };
  const rule = { ...newRule, name: "r", keywords: ["w"], model: "m" };
  const path = "modelService";
  test.each<[string, Partial<RoutingDraft>, readonly (readonly [string, string])[]]>([
    ["not when it is complete", {}, []],
    ["without candidates", { candidates: [] }, [[`${path}.candidates`, "candidatesEmpty"]]],
    [
      "with an empty candidate",
      { candidates: [newCandidate("1", "")] },
      [
        [`${path}.candidates[0].service`, "serviceEmpty"],
        [`${path}.candidates[0].model`, "modelEmpty"],
      ],
    ],
    [
      "with the same candidate twice",
      { candidates: [...good.candidates, { ...newCandidate("2", "s"), model: "m" }] },
      [[`${path}.candidates[1].model`, "candidateTwice"]],
    ],
    [
      "with half a price",
      { candidates: [{ ...newCandidate("1", "s"), model: "m", price: { input: 1, output: undefined } }] },
      [[`${path}.candidates[0].price.output`, "numberEmpty"]],
    ],
    [
      "with a rule that never holds and does nothing",
      { rules: [{ id: "1", rule: { ...newRule, name: "r" } }] },
      [
        [`${path}.rules[0].when`, "ruleAsksNothing"],
        [`${path}.rules[0].then`, "ruleDoesNothing"],
      ],
    ],
    [
      "with a rule for a model that no candidate has",
      { rules: [{ id: "1", rule: { ...rule, model: "gone" } }] },
      [[`${path}.rules[0].model`, "modelUnknown"]],
    ],
    [
      "with two rules of one name",
      {
        rules: [
          { id: "1", rule },
          { id: "2", rule },
        ],
      },
      [[`${path}.rules[1].name`, "nameTwice"]],
    ],
    [
      "with a domain that prefers a model that no candidate has",
      {
        domains: [
          { id: "1", domain: { name: "d", patterns: [], keywords: [], examples: [], prefer: ["x"] } },
        ],
      },
      [[`${path}.domains[0].prefer`, "modelUnknown"]],
    ],
    [
      "with a classifier without address",
      { classifier: { type: "http", url: "", timeoutMs: 30 } },
      [[`${path}.classifier.url`, "valueEmpty"]],
    ],
    [
      "with a judge that is nobody",
      { learning: { enabled: true, autoPublish: false, judge: { service: "", model: "" } } },
      [
        [`${path}.learning.judge.service`, "serviceEmpty"],
        [`${path}.learning.judge.model`, "modelEmpty"],
      ],
    ],
    [
      "with half of the weights",
      { weights: { cost: 1, latency: undefined } },
      [[`${path}.weights.latency`, "numberEmpty"]],
    ],
  ])("%s", (_name, change, faults) => {
    const draft: Draft = {
      ...newDraft("text-generation"),
      name: "a",
      mode: "intelligent",
      routing: { ...good, ...change },
    };
    expect(ownFaults(draft).map((fault) => [fault.path, fault.code])).toEqual(faults);
  });
});
