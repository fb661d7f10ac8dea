import { describe, expect, test } from "vitest";
import type { ChoiceEvidence } from "../../core/routing-record.ts";
import type { LabelEstimates } from "../labels/label-table.ts";
import type { RoutingPolicy } from "../policy.ts";
import type { RequestFacts } from "../request-facts.ts";
import { chooseModel } from "./choose-model.ts";
import { gatherFrom, testCandidate, testPolicy, testRouting, testState } from "./decision-fixture.ts";
import type { CompiledRouting, RequestSignals } from "./gather-evidence.ts";
import type { RowHealth } from "./hard-filters.ts";

const everything = {
  quality: 80,
  contextWindow: 100_000,
  maxOutputTokens: 100_000,
  input: ["text", "image", "audio", "video", "pdf"],
  output: ["text", "image", "audio"],
  price: { input: 10, output: 40 },
} as const;

/** `all` can do everything, `narrow` what the row says. */
function routingWith(
  narrow: Parameters<typeof testCandidate>[1],
  fields: Partial<RoutingPolicy> = {},
): CompiledRouting {
  return testRouting(
    testPolicy(
      [
        testCandidate("narrow", { quality: 80, price: { input: 1, output: 1 }, ...narrow }),
        testCandidate("all", everything),
      ],
      fields,
    ),
  );
}

const excludedOf = ({ models }: ChoiceEvidence, model: string): string =>
  models.find((one) => one.model === model)?.excluded ?? "unheard of";

interface FilterRow {
  readonly narrow?: Parameters<typeof testCandidate>[1];
  readonly policy?: Partial<RoutingPolicy>;
  readonly facts?: Partial<RequestFacts>;
  readonly signals?: Partial<RequestSignals>;
  readonly word: string;
}

const math = { domains: [{ name: "math", probability: 0.9 }], source: "engine" } as const;
const health = (...narrow: RowHealth[]): Pick<RequestSignals, "states"> => ({
  // Models stand by name: `all`, then `narrow`.
  states: [testState(), testState({ health: narrow })],
});

const filterRows: readonly (readonly [string, FilterRow])[] = [
  ["nothing speaks against it", { word: "" }],
  ["an image", { facts: { input: ["text", "image"] }, word: "takes-no-image" }],
  ["a sound", { facts: { input: ["audio"] }, word: "takes-no-audio" }],
  ["a video", { facts: { input: ["video"] }, word: "takes-no-video" }],
  ["a PDF file", { facts: { input: ["pdf"] }, word: "takes-no-pdf" }],
  ["an image that it takes", { narrow: { input: ["text", "image"] }, facts: { input: ["image"] }, word: "" }],
  ["an image to be made", { facts: { output: ["image"] }, word: "gives-no-image" }],
  ["speech to be made", { facts: { output: ["text", "audio"] }, word: "gives-no-audio" }],
  ["tools", { narrow: { tools: false }, facts: { needsTools: true }, word: "no-tools" }],
  ["no tools", { narrow: { tools: false }, word: "" }],
  [
    "a JSON schema",
    { narrow: { jsonSchema: false }, facts: { needsJsonSchema: true }, word: "no-json-schema" },
  ],
  [
    "a prompt and a bound that fill the window",
    { narrow: { contextWindow: 1_000 }, facts: { promptTokens: 600, maxOutputTokens: 400 }, word: "" },
  ],
  [
    "a prompt and a bound over the window",
    {
      narrow: { contextWindow: 1_000 },
      facts: { promptTokens: 600, maxOutputTokens: 401 },
      word: "context-window",
    },
  ],
  [
    "a prompt without a bound that leaves room for what answers usually take",
    { narrow: { contextWindow: 1_000 }, facts: { promptTokens: 800 }, word: "" },
  ],
  [
    "a prompt without a bound that leaves no such room",
    { narrow: { contextWindow: 1_000 }, facts: { promptTokens: 801 }, word: "context-window" },
  ],
  [
    "a bound over what it answers",
    { narrow: { maxOutputTokens: 500 }, facts: { maxOutputTokens: 501 }, word: "max-output" },
  ],
  ["no bound, and short answers", { narrow: { maxOutputTokens: 100 }, word: "" }],
  ["no permission", { facts: { mayUse: (model) => model !== "narrow" }, word: "not-permitted" }],
  [
    "a price over the ceiling",
    { narrow: { price: { input: 0, output: 41 } }, policy: { maxPrice: 40 }, word: "price-ceiling" },
  ],
  [
    "a price at the ceiling",
    { narrow: { price: { input: 99, output: 40 } }, policy: { maxPrice: 40 }, word: "" },
  ],
  [
    "a domain that asks for more",
    {
      narrow: { strengths: { math: 60 } },
      policy: { domains: [{ name: "math", patterns: [], keywords: [], prefer: [], minQuality: 70 }] },
      signals: { found: math },
      word: "min-quality",
    },
  ],
  [
    "a domain that asks for as much",
    {
      narrow: { quality: 70 },
      policy: { domains: [{ name: "math", patterns: [], keywords: [], prefer: [], minQuality: 70 }] },
      signals: { found: math },
      word: "",
    },
  ],
  [
    "a domain that may be another",
    {
      narrow: { strengths: { math: 60 } },
      policy: { domains: [{ name: "math", patterns: [], keywords: [], prefer: [], minQuality: 70 }] },
      signals: { found: { domains: [{ name: "math", probability: 0.59 }], source: "engine" } },
      word: "",
    },
  ],
  ["no service that can be sent to", { signals: health("closed"), word: "unreachable" }],
  ["no service that answers", { signals: health("failing"), word: "ejected" }],
  [
    "another language",
    {
      narrow: { languages: ["en"] },
      signals: { features: { language: "zh", complexity: 0.5 } },
      word: "language",
    },
  ],
  [
    "no language",
    {
      narrow: { languages: ["en"] },
      signals: { features: { language: undefined, complexity: 0.5 } },
      word: "",
    },
  ],
];

describe("a model with something against it", () => {
  test.each(filterRows)("%s", (_, { narrow, policy, facts = {}, signals, word }) => {
    const { evidence, rows } = gatherFrom(routingWith(narrow, policy), facts, signals);
    expect(excludedOf(evidence, "narrow")).toBe(word);
    expect(excludedOf(evidence, "all")).toBe("");
    expect(rows.get("narrow")).toHaveLength(word === "" ? 1 : 0);
    expect(rows.get("all")).toHaveLength(1);
    if (word !== "") expect(chooseModel(evidence).model).toBe("all");
  });
});

describe("a model at several services", () => {
  const routing = testRouting(
    testPolicy([
      testCandidate("wide/m", { quality: 80, contextWindow: 9_000, price: { input: 1, output: 1 } }),
      testCandidate("near/m", { quality: 80, contextWindow: 1_000, price: { input: 9, output: 9 } }),
    ]),
  );
  const states = (...rows: RowHealth[]): Pick<RequestSignals, "states"> => ({
    states: [testState({ health: rows })],
  });

  test.each<readonly [string, Partial<RequestFacts>, Partial<RequestSignals>, readonly string[], string]>([
    ["all, when nothing is against any", {}, {}, ["wide", "near"], ""],
    ["those whose window is wide enough", { promptTokens: 2_000 }, {}, ["wide"], ""],
    ["those that answer", {}, states("failing", "open"), ["near"], ""],
    ["those that fail, when none answers", {}, states("failing", "closed"), ["wide"], ""],
    ["none, when none can be sent to", {}, states("closed", "closed"), [], "unreachable"],
    [
      "none, when one is too narrow and the other is closed",
      { promptTokens: 2_000 },
      states("closed", "open"),
      [],
      "unreachable",
    ],
    ["none, when all are too narrow", { promptTokens: 20_000 }, {}, [], "context-window"],
  ])("is sent to %s", (_, facts, signals, ...[services, word]) => {
    const { evidence, rows } = gatherFrom(routing, facts, signals);
    expect(rows.get("m")?.map(({ service }) => service)).toEqual(services);
    expect(excludedOf(evidence, "m")).toBe(word);
  });

  test("costs what it costs at the dearest that it may be sent to", () => {
    const cost = (signals: Partial<RequestSignals>, facts: Partial<RequestFacts> = {}) =>
      gatherFrom(routing, { promptTokens: 100, ...facts }, signals).evidence.models[0]?.costUsd;
    expect(cost({})).toBeCloseTo((9 * 100 + 9 * 200) / 1e6, 12);
    expect(cost(states("open", "failing"))).toBeCloseTo((100 + 200) / 1e6, 12);
    expect(cost({}, { maxOutputTokens: 50 })).toBeCloseTo((9 * 100 + 9 * 50) / 1e6, 12);
  });
});

describe("what gives way", () => {
  test.each<readonly [string, readonly RowHealth[], string, string]>([
    ["one that fails is not asked, though it alone speaks the language", ["failing", "open"], "ejected", ""],
    ["of two that fail the one that speaks the language is asked", ["failing", "failing"], "", "language"],
    ["of two that answer the one that speaks the language is asked", ["open", "open"], "", "language"],
  ])("%s", (_, [chinese = "open", english = "open"], ...expected) => {
    const routing = testRouting(
      testPolicy([
        testCandidate("chinese", { languages: ["zh"] }),
        testCandidate("english", { languages: ["en"] }),
      ]),
    );
    const { evidence } = gatherFrom(
      routing,
      {},
      {
        features: { language: "zh", complexity: 0.5 },
        states: [testState({ health: [chinese] }), testState({ health: [english] })],
      },
    );
    expect([excludedOf(evidence, "chinese"), excludedOf(evidence, "english")]).toEqual(expected);
  });

  test("what is only assumed, where nothing else is left", () => {
    const routing = testRouting(
      testPolicy([testCandidate("told", { input: ["text"] }), testCandidate("untold")]),
    );
    const { evidence, rows } = gatherFrom(routing, { input: ["image"] });
    expect(excludedOf(evidence, "told")).toBe("takes-no-image");
    expect(excludedOf(evidence, "untold")).toBe("");
    expect(rows.get("untold")).toHaveLength(1);
    expect(chooseModel(evidence)).toMatchObject({ model: "untold", reason: "only" });
  });

  test("nothing, where a need is not met by any model", () => {
    const { evidence } = gatherFrom(routingWith({ input: ["text"] }), {
      input: ["image"],
      promptTokens: 1_000_000,
    });
    expect(evidence.models.map(({ excluded }) => excluded)).toEqual(["context-window", "takes-no-image"]);
    expect(chooseModel(evidence)).toMatchObject({ model: "all", reason: "none-fits" });
  });
});

describe("the evidence of a request", () => {
  const routing = testRouting(
    testPolicy(
      [
        testCandidate("small", { quality: 60, strengths: { code: 40, chat: 70 } }),
        testCandidate("large", { quality: 80 }),
      ],
      {
        rules: [
          {
            name: "r",
            patterns: [],
            keywords: ["refund"],
            model: "small",
            domain: "business",
            profile: "cheap",
          },
        ],
        domains: [{ name: "code", patterns: [], keywords: ["stack trace"], prefer: ["large"] }],
      },
    ),
  );
  const gather = (facts: Partial<RequestFacts>, signals?: Partial<RequestSignals>) =>
    gatherFrom(routing, facts, signals).evidence;
  const declaredOf = (evidence: ChoiceEvidence) =>
    evidence.models.find(({ model }) => model === "small")?.declared;
  const found = (...domains: [string, number][]): Partial<RequestSignals> => ({
    found: { domains: domains.map(([name, probability]) => ({ name, probability })), source: "engine" },
  });

  test.each<readonly [string, Partial<RequestSignals>, number]>([
    ["nothing", {}, 0.6],
    ["one domain for sure", found(["code", 1]), 0.4],
    ["one domain and perhaps others", found(["code", 0.5], ["chat", 0.2]), 0.5 * 0.4 + 0.2 * 0.7 + 0.3 * 0.6],
    ["a domain in which it is as in general", found(["poetry", 0.9]), 0.6],
  ])("says how good a model is where the prompt is about %s", (_, signals, expected) => {
    expect(declaredOf(gather({}, signals))).toBeCloseTo(expected, 4);
  });

  test.each<readonly [string, Partial<RequestFacts>, Partial<RequestSignals>, Partial<ChoiceEvidence>]>([
    ["what the client names", { requestedModel: "small" }, {}, { named: "small", profile: "balanced" }],
    [
      "the profile that it asks for",
      { requestedModel: "auto/fast" },
      {},
      { profile: "fast", latencyWeight: 0.5 },
    ],
    ["no model that is none of the candidates", { requestedModel: "gpt-9" }, {}, { profile: "balanced" }],
    [
      "a rule with all that follows",
      { question: "a refund", requestedModel: "auto/fast" },
      found(["chat", 1]),
      { rule: { name: "r", model: "small" }, profile: "cheap", costWeight: 0.5 },
    ],
    ["the model of the conversation", {}, { previous: "large" }, { previous: "large" }],
    ["what a domain prefers", { question: "a stack trace" }, {}, { preferred: ["large"] }],
    ["what a sure domain prefers", {}, found(["code", 0.6]), { preferred: ["large"] }],
    ["nothing preferred where no domain is sure", {}, found(["code", 0.5999]), { preferred: [] }],
    ["the default", {}, {}, { defaultModel: "large" }],
  ])("says %s", (_, facts, signals, expected) => {
    expect(gather(facts, signals)).toMatchObject(expected);
  });

  test.each<readonly [string, Partial<RequestFacts>, Partial<RequestSignals>]>([
    ["a name of no candidate", { requestedModel: "gpt-9" }, {}],
    ["a conversation with a model that is no candidate any more", {}, { previous: "gone" }],
  ])("does not say %s", (_, facts, signals) => {
    const evidence = gather(facts, signals);
    expect([evidence.named, evidence.previous]).toEqual([undefined, undefined]);
  });

  test("says what the prompt is about, the likeliest three, rounded", () => {
    const { prompt } = gather({}, found(["a", 0.1], ["b", 0.123_456], ["c", 0.1], ["d", 0.6], ["e", 0]));
    expect(prompt).toEqual({
      language: "en",
      complexity: 0.05,
      domains: [
        { name: "d", probability: 0.6 },
        { name: "b", probability: 0.1235 },
        { name: "a", probability: 0.1 },
      ],
      source: "engine",
      familiarity: 0,
    });
  });

  test.each([
    ["a rule", "a refund", { domains: [{ name: "business", probability: 1 }], source: "rule" }],
    ["keywords", "a stack trace", { domains: [{ name: "code", probability: 1 }], source: "keywords" }],
  ])("says what it is about by %s, before the engine", (_, question, expected) => {
    expect(gather({ question }, found(["chat", 1])).prompt).toMatchObject(expected);
  });

  test("says what labels say, rounded, and all of them for those that are near none", () => {
    const estimates: LabelEstimates = {
      familiarity: 0.333_333,
      models: new Map([
        ["small", { near: Number.NaN, mean: 0.123_456, count: 12.345_67 }],
        ["large", { near: 0.5, mean: 0.6, count: 0 }],
      ]),
    };
    const { models, prompt } = gather({}, { estimates });
    expect(prompt.familiarity).toBe(0.3333);
    expect(models.map(({ model, learnt }) => [model, learnt])).toEqual([
      ["large", undefined],
      ["small", { near: 0.1235, mean: 0.1235, count: 12.35 }],
    ]);
  });

  test("takes the author's weights, whatever profile is asked for", () => {
    const own = testRouting(
      testPolicy([testCandidate("m")], { weights: { cost: 1.234_56, latency: 0 }, maxQualityDrop: 12.5 }),
    );
    expect(gatherFrom(own, { requestedModel: "auto/fast" }).evidence).toMatchObject({
      profile: "fast",
      costWeight: 1.2346,
      latencyWeight: 0,
      maxQualityDrop: 0.125,
    });
  });

  test.each([
    ["no time is known", { latencyMs: Number.NaN }, 0],
    ["it never answers", { latencyMs: Infinity }, 600_000],
    ["it is quick", { latencyMs: 123.456 }, 123.5],
  ])("holds a finite time where %s", (_, state, expected) => {
    const { models } = gather({}, { states: [testState(state), testState()] });
    expect(models[0]?.latencyMs).toBe(expected);
  });
});
