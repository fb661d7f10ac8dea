import { describe, expect, test } from "vitest";
import { moved, newDraft, withUseCase, type Draft } from "./draft.ts";
import { isRouteOn, servedRoutes, withRoute } from "./routes-of-draft.ts";
import { addressOf, evenSplit, normalised, sharesOf, spokenOf } from "./sentence.ts";

const base = newDraft("text-generation");
const row = { id: "1", service: "s", model: "" };

test.each([
  [
    [60, 30, 10],
    [60, 30, 10],
  ],
  [
    [1, 1, 1],
    [34, 33, 33],
  ],
  [
    [60, 30, 20],
    [55, 27, 18],
  ],
  [
    [0, 0],
    [0, 0],
  ],
  [[7], [100]],
])("weights %j are %j of 100", (weights, expected) => {
  expect(normalised(weights)).toEqual(expected);
});

test("an even split sums to 100", () => {
  expect([evenSplit(3), evenSplit(4)]).toEqual([
    [34, 33, 33],
    [25, 25, 25, 25],
  ]);
  expect(sharesOf([1, 3])).toEqual([0.25, 0.75]);
});

test.each<[readonly string[], string, string]>([
  [["*"], "/", "/"],
  [["*"], "/a", "/a"],
  [["h.example"], "/", "h.example"],
  [["h.example", "i.example"], "/a", "h.example/a"],
])("clients of %j and %s call %s", (domains, basePath, address) => {
  expect(addressOf({ domains, basePath })).toBe(address);
});

describe("the sentence tells", () => {
  test.each<[string, Partial<Draft>, object]>([
    ["nothing of a target without service", {}, { targets: [] }],
    [
      "shares of weights",
      {
        mode: "by-weight",
        weighted: [
          { ...row, weight: 1 },
          { ...row, weight: 3 },
        ],
      },
      { targets: [{ share: 0.25 }, { share: 0.75 }] },
    ],
    [
      "patterns and what takes the rest",
      {
        mode: "by-model-name",
        rules: [{ ...row, pattern: "a*" }],
        defaultOn: true,
        defaultTarget: { service: "d", model: "" },
      },
      { targets: [{ service: "s", pattern: "a*" }], fallThrough: { service: "d" } },
    ],
    [
      "no default that is switched off",
      { mode: "by-model-name", rules: [{ ...row, pattern: "a*" }] },
      { fallThrough: undefined },
    ],
    [
      "no fallback that is switched off",
      { fallbackOn: false, steps: [{ ...row, firstPacketTimeoutMs: undefined }] },
      { fallback: [] },
    ],
    [
      "fallback in its order",
      {
        steps: [
          { ...row, service: "b", firstPacketTimeoutMs: 1 },
          { ...row, firstPacketTimeoutMs: undefined },
        ],
      },
      { fallback: [{ service: "b" }, { service: "s" }] },
    ],
  ])("%s", (_name, change, expected) => {
    expect(spokenOf({ ...base, ...change })).toMatchObject(expected);
  });
});

describe("routes", () => {
  const completion = { name: "create-completion" };
  const responses = { name: "responses", beyondSeeds: true };

  test("of the seeds are on until switched off, others off until switched on", () => {
    expect([isRouteOn(base, completion), isRouteOn(base, responses)]).toEqual([true, false]);
    const off = { ...base, ...withRoute(base, completion, false) };
    expect(off.disabledRoutes).toEqual(["create-completion"]);
    const back = { ...off, ...withRoute(off, completion, true), ...withRoute(off, responses, true) };
    expect([back.disabledRoutes, back.enabledRoutes]).toEqual([[], ["responses"]]);
    expect(servedRoutes(back).map(({ name }) => name)).toEqual([
      "create-chat-completion",
      "create-completion",
      "responses",
      "models",
    ]);
  });

  test("and protocols follow another use case, and everything else stays", () => {
    const draft = {
      ...base,
      name: "n",
      disabledRoutes: ["create-completion"],
      protocols: ["openai", "anthropic"] as const,
    };
    expect(withUseCase(draft, "rerank")).toMatchObject({
      name: "n",
      protocols: ["dashscope"],
      disabledRoutes: [],
    });
    expect(withUseCase(draft, "embedding").protocols).toEqual(["openai"]);
  });
});

test("a row moves, and never out of its list", () => {
  expect([moved(["a", "b", "c"], 0, 2), moved(["a", "b"], 1, 2), moved(["a"], 0, -1)]).toEqual([
    ["b", "c", "a"],
    ["a", "b"],
    ["a"],
  ]);
});
