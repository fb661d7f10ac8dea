// From random candidates and requests to the choice: what a request needs is looked at here once more, in other words than
// the filters'.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { modalities, type Modality } from "../../core/known-model.ts";
import { profiles } from "../../core/routing-record.ts";
import type { RoutingCandidate, RoutingPolicy } from "../policy.ts";
import type { RequestFacts } from "../request-facts.ts";
import { chooseModel } from "./choose-model.ts";
import { gatherFrom, testPolicy, testRouting } from "./decision-fixture.ts";
import type { CompiledRouting, GatheredEvidence, RequestSignals } from "./gather-evidence.ts";
import type { ModelState, RowHealth } from "./hard-filters.ts";

const names = ["a", "b", "c", "d"] as const;
const anyHealth: fc.Arbitrary<RowHealth> = fc.constantFrom("open", "open", "open", "failing", "closed");
const anyModalities = fc.subarray([...modalities], { minLength: 1 });
const anyPoints = fc.integer({ min: 0, max: 100 });
const anyLanguage = fc.constantFrom("en", "zh" as const);

const anyCandidate: fc.Arbitrary<RoutingCandidate> = fc.record({
  service: fc.constantFrom("s", "t"),
  model: fc.constantFrom(...names),
  declared: fc.record({
    quality: anyPoints,
    strengths: fc.dictionary(fc.constantFrom("code", "math"), anyPoints),
    contextWindow: fc.integer({ min: 500, max: 4_000 }),
    maxOutputTokens: fc.integer({ min: 100, max: 2_000 }),
    input: fc.oneof(fc.constant([...modalities]), anyModalities),
    output: fc.oneof(fc.constant([...modalities]), anyModalities),
    tools: fc.boolean(),
    jsonSchema: fc.boolean(),
    languages: fc.uniqueArray(anyLanguage, { minLength: 1, maxLength: 2 }),
    price: fc.record({ input: fc.nat({ max: 20 }), output: fc.nat({ max: 60 }) }),
  }),
});

const anyFacts: fc.Arbitrary<Partial<RequestFacts>> = fc
  .record({
    requestedModel: fc.constantFrom("auto", "auto/cheap", "auto/fast", "x", ...names),
    input: fc.oneof(fc.constant<Modality[]>(["text"]), anyModalities),
    output: fc.constantFrom<Modality[]>(["text"], ["text"], ["image"]),
    promptTokens: fc.integer({ min: 0, max: 3_000 }),
    maxOutputTokens: fc.option(fc.integer({ min: 1, max: 2_500 }), { nil: undefined }),
    needsTools: fc.boolean(),
    needsJsonSchema: fc.boolean(),
    inToolLoop: fc.boolean(),
    allowed: fc.subarray([...names]),
  })
  .map(({ allowed, ...facts }) => ({
    ...facts,
    // A word of the list, so that half of the requests may use everything.
    mayUse: (model: string) => allowed.length < 2 || allowed.some((name) => name === model),
  }));

interface Case {
  readonly routing: CompiledRouting;
  readonly facts: Partial<RequestFacts>;
  readonly signals: Partial<RequestSignals>;
}

const anyPolicy: fc.Arbitrary<RoutingPolicy> = fc
  .record({
    candidates: fc.array(anyCandidate, { minLength: 1, maxLength: 8 }),
    profile: fc.constantFrom(...profiles),
    maxPrice: fc.option(fc.nat({ max: 60 }), { nil: undefined }),
    minQuality: fc.option(anyPoints, { nil: undefined }),
  })
  .map(({ candidates, profile, maxPrice, minQuality }) =>
    testPolicy(candidates, {
      profile,
      ...(maxPrice !== undefined && { maxPrice }),
      domains: [
        {
          name: "code",
          patterns: [],
          keywords: [],
          prefer: ["b"],
          ...(minQuality !== undefined && { minQuality }),
        },
      ],
    }),
  );

function anyStates({ models }: CompiledRouting): fc.Arbitrary<readonly ModelState[]> {
  return fc.tuple(
    ...models.map(({ rows }) =>
      fc.record({
        health: fc.array(anyHealth, { minLength: rows.length, maxLength: rows.length }),
        outputTokens: fc.integer({ min: 1, max: 600 }),
        latencyMs: fc.integer({ min: 1, max: 12_000 }),
      }),
    ),
  );
}

const anyCase: fc.Arbitrary<Case> = anyPolicy
  .map((policy) => testRouting(policy))
  .chain((routing) =>
    fc.record({
      routing: fc.constant(routing),
      facts: anyFacts,
      signals: fc.record({
        states: anyStates(routing),
        features: fc.record({
          language: fc.option(anyLanguage, { nil: undefined }),
          complexity: fc.double({ min: 0, max: 1, noNaN: true }),
        }),
        found: fc.record({
          domains: fc
            .double({ min: 0, max: 1, noNaN: true })
            .map((probability) => [{ name: "code", probability }]),
          source: fc.constant("engine" as const),
        }),
        previous: fc.option(fc.constantFrom(...names), { nil: undefined }),
        draw: fc.option(
          fc.record({ random: fc.double({ min: 0, max: 1, noNaN: true }), share: fc.constant(0.05) }),
          {
            nil: undefined,
          },
        ),
      }),
    }),
  );

const runs = { numRuns: 3_000, seed: 9 };

/** What the model's candidates can do, row by row, in the words of the policy. */
function rowsOf({ routing, facts, signals }: Case, model: string) {
  const place = routing.models.findIndex((one) => one.model === model);
  return (routing.models[place]?.rows ?? []).map((row, index) => {
    const declared = routing.policy.candidates[row.index]?.declared;
    if (declared === undefined) throw new Error("a row of no candidate");
    const { promptTokens = 0, maxOutputTokens, input = [], output = [], needsTools, needsJsonSchema } = facts;
    const { contextWindow = 0, maxOutputTokens: longest = 0, price, tools, jsonSchema } = declared;
    const meets =
      input.every((modality) => declared.input?.includes(modality)) &&
      output.every((modality) => declared.output?.includes(modality)) &&
      !(needsTools === true && tools === false) &&
      !(needsJsonSchema === true && jsonSchema === false) &&
      promptTokens + (maxOutputTokens ?? 0) <= contextWindow &&
      (maxOutputTokens ?? 0) <= longest &&
      (price?.output ?? 0) <= (routing.policy.maxPrice ?? Infinity) &&
      facts.mayUse?.(model) === true;
    return { service: row.service, index: row.index, meets, health: signals.states?.[place]?.health[index] };
  });
}

function decide(one: Case): GatheredEvidence & ReturnType<typeof chooseModel> {
  const gathered = gatherFrom(one.routing, one.facts, one.signals);
  return { ...gathered, ...chooseModel(gathered.evidence) };
}

describe("of random candidates for a random request", () => {
  test("the chosen one is sent to rows alone that meet every need and can be sent to", () => {
    let chosen = 0;
    fc.assert(
      fc.property(anyCase, (one) => {
        const { model, reason, rows } = decide(one);
        if (reason === "none-fits") return;
        chosen += 1;
        const places = new Set(rows.get(model)?.map(({ index }) => index));
        const known = rowsOf(one, model).filter(({ index }) => places.has(index));
        expect(known).not.toEqual([]);
        expect(known.every(({ meets, health }) => meets && health !== "closed")).toBe(true);
      }),
      runs,
    );
    // Of requests that need little: else the test would say nothing.
    expect(chosen).toBeGreaterThan(runs.numRuns / 10);
  });

  test("none fails while one that would do answers", () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { evidence, model, reason } = decide(one);
        if (reason === "none-fits") return;
        const health = new Map(rowsOf(one, model).map((row) => [row.index, row.health]));
        const { rows } = gatherFrom(one.routing, one.facts, one.signals);
        const isFailing = rows.get(model)?.some(({ index }) => health.get(index) === "failing") ?? false;
        if (!isFailing) return;
        const others = evidence.models.filter(({ excluded }) => excluded !== "min-quality");
        const answering = others.flatMap((other) => rowsOf(one, other.model)).filter((row) => row.meets);
        // Without a bound the likely length of an answer counts too, which this test does not know.
        if (one.facts.maxOutputTokens !== undefined)
          expect(answering.filter((row) => row.health === "open")).toEqual([]);
      }),
      runs,
    );
  });

  test("one that may not be used is never chosen, whatever is left", () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { model } = decide(one);
        expect(model === "" || one.facts.mayUse?.(model)).toBe(true);
      }),
      runs,
    );
  });

  test("none is worse than its domain asks for", () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { evidence, model, reason, scores } = decide(one);
        const [domain] = one.routing.policy.domains;
        const probability = evidence.prompt.domains[0]?.probability ?? 0;
        if (reason === "none-fits" || probability < 0.6 || domain?.minQuality === undefined) return;
        const quality = scores.find((score) => score.model === model)?.quality;
        expect(quality).toBeGreaterThanOrEqual(domain.minQuality / 100);
      }),
      runs,
    );
  });

  test("nothing is left out without a reason: when nothing fits, something is against every model", () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const { evidence, reason, rows } = decide(one);
        for (const { model, excluded } of evidence.models)
          expect((rows.get(model)?.length ?? 0) === 0).toBe(excluded !== "");
        const isAllExcluded = evidence.models.every(({ excluded }) => excluded !== "");
        expect(reason === "none-fits").toBe(isAllExcluded);
      }),
      runs,
    );
  });

  test("the order of candidates changes nothing", () => {
    const shuffled = anyCase.chain((one) => {
      const { candidates } = one.routing.policy;
      return fc
        .shuffledSubarray([...candidates], { minLength: candidates.length })
        .map((order) => ({ one, order }));
    });
    fc.assert(
      fc.property(shuffled, ({ one, order }) => {
        const routing = testRouting({ ...one.routing.policy, candidates: order });
        // All rows of one model are as healthy as each other here, as rows have no place of their own.
        const states = one.routing.models.map((model, index) => {
          const state = one.signals.states?.[index];
          const health = model.rows.map((): RowHealth => state?.health[0] ?? "open");
          return { outputTokens: 200, latencyMs: 500, ...state, health };
        });
        const signals = { ...one.signals, states };
        const before = gatherFrom(one.routing, one.facts, signals).evidence;
        expect(gatherFrom(routing, one.facts, signals).evidence).toEqual(before);
      }),
      runs,
    );
  });

  test("the chosen one stays when its services become cheaper", () => {
    let moved = 0;
    fc.assert(
      fc.property(anyCase, fc.double({ min: 0, max: 1, noNaN: true }), (one, factor) => {
        const { maxPrice: _, ...policy } = one.routing.policy;
        const signals = { ...one.signals, draw: undefined };
        const choose = (candidates: readonly RoutingCandidate[]): string =>
          chooseModel(gatherFrom(testRouting({ ...policy, candidates }), one.facts, signals).evidence).model;
        const model = choose(policy.candidates);
        const cheaper = policy.candidates.map((candidate) => {
          const { price } = candidate.declared;
          if (candidate.model !== model || price === undefined) return candidate;
          const lower = { input: price.input * factor, output: price.output * factor };
          return { ...candidate, declared: { ...candidate.declared, price: lower } };
        });
        expect(choose(cheaper)).toBe(model);
        if (policy.candidates.some((candidate) => candidate.model !== model)) moved += 1;
      }),
      runs,
    );
    expect(moved).toBeGreaterThan(runs.numRuns / 2);
  });
});
