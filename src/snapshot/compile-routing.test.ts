import { expect, test } from "vitest";
import { modelApiSchema } from "../resources/model-api.ts";
import { builtInDomains } from "../routing/domains/built-in/built-in-domains.ts";
import { openDomainTable } from "../routing/domains/domain-table.ts";
import type { RoutingPolicy } from "../routing/policy.ts";
import { loadWordVectors } from "../routing/prompt/load-word-vectors.ts";
import { createPromptReader } from "../routing/prompt/prompt-reader.ts";
import { compileRouting } from "./compile-routing.ts";

function compiled(fields: object): RoutingPolicy {
  const { modelService } = modelApiSchema.parse({
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "intelligent", candidates: [{ service: "a", model: "m" }], ...fields },
  });
  if (modelService.mode !== "intelligent") throw new Error("another mode");
  return compileRouting(modelService);
}

const pets = {
  name: "pets",
  examples: ["my cat is ill", "what do dogs eat", "how old do hamsters get", "a name for a parrot"],
};
const cars = {
  name: "cars",
  examples: ["change a tyre", "which oil for a diesel", "my brakes squeak", "how to park backwards"],
};

test("a policy without more says what is declared, and nothing else", () => {
  const { domainTable, ...policy } = compiled({
    builtInDomains: false,
    candidates: [{ service: "a", model: "m", quality: 70, price: { input: 1, output: 2 } }],
    stickiness: { enabled: false },
  });
  expect(domainTable).toBe("");
  expect(policy).toEqual({
    profile: "balanced",
    candidates: [
      { service: "a", model: "m", declared: { quality: 70, price: { input: 1, output: 2 }, strengths: {} } },
    ],
    rules: [],
    domains: [],
    otherNames: "route",
    exploration: 0,
    learns: false,
  });
});

test("names of headers are compared in lower case", () => {
  const { rules, stickiness } = compiled({
    rules: [{ name: "r", header: { name: "X-Team" }, profile: "cheap" }],
    stickiness: { header: "X-Talk" },
  });
  expect(rules[0]?.header?.name).toBe("x-team");
  expect(stickiness).toEqual({ minutes: 60, header: "x-talk" });
});

test("own domains come first, and add to built-in ones of their name", () => {
  const { domains } = compiled({
    domains: [
      { ...pets, keywords: ["kitten"] },
      { name: "code", keywords: ["our-framework"], prefer: ["m"] },
    ],
  });
  const code = builtInDomains.find(({ name }) => name === "code");
  expect(domains.slice(0, 2)).toEqual([
    { name: "pets", keywords: ["kitten"], patterns: [], prefer: [] },
    { name: "code", keywords: ["our-framework", ...(code?.keywords ?? [])], patterns: [], prefer: ["m"] },
  ]);
  expect(domains.filter(({ name }) => name === "code")).toHaveLength(1);
});

test("the table tells prompts of own domains apart, and is the same for the same examples", () => {
  const one = compiled({ builtInDomains: false, domains: [pets, cars] });
  const again = compiled({
    builtInDomains: false,
    domains: [pets, { ...cars, prefer: ["m"] }],
    profile: "fast",
  });
  expect(again.domainTable).toBe(one.domainTable);
  const other = compiled({
    builtInDomains: false,
    domains: [pets, { ...cars, examples: cars.examples.slice(1) }],
  });
  expect(other.domainTable).not.toBe(one.domainTable);
  const { names, classify } = classifierOf(one.domainTable);
  expect(names).toEqual(["pets", "cars", "general"]);
  const [aboutPets = 0, aboutCars = 0] = classify("is my cat too old");
  expect(aboutPets).toBeGreaterThan(aboutCars);
});

test("the table of the built-in domains alone ships, whatever is said of them beside examples", () => {
  expect(compiled({}).domainTable).toBe("built-in");
  expect(compiled({ domains: [{ name: "code", prefer: ["m"], minQuality: 50 }] }).domainTable).toBe(
    "built-in",
  );
  expect(compiled({ domains: [pets] }).domainTable).not.toBe("built-in");
});

test("without examples there is no table", () => {
  expect(
    compiled({ builtInDomains: false, domains: [{ name: "pets", keywords: ["cat"] }] }).domainTable,
  ).toBe("");
});

function classifierOf(table: string) {
  const classifier = openDomainTable(Buffer.from(table, "base64"));
  const reader = createPromptReader(loadWordVectors());
  return { names: classifier.names, classify: (text: string) => [...classifier.classify(reader.read(text))] };
}
