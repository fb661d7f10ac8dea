import { describe, expect, test } from "vitest";
import { modelApiSchema } from "../resources/model-api.ts";
import type { ModelService } from "../resources/model-service.ts";
import { serviceSchema } from "../resources/service.ts";
import { routingFaults, routingIssues, unknownAtService } from "./routing-diagnostics.ts";

const candidates = [
  { service: "a", model: "small" },
  { service: "b", model: "large" },
];

function parsed(fields: object): Extract<ModelService, { mode: "intelligent" }> {
  const { modelService } = modelApiSchema.parse({
    name: "chat",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "intelligent", candidates, ...fields },
  });
  if (modelService.mode !== "intelligent") throw new Error("another mode");
  return modelService;
}

const texts = (issues: readonly { path: string; message: string }[]): string[] =>
  issues.map(({ path, message }) => `${path} ${message}`);

const words = { keywords: ["x"] };

describe("what is refused", () => {
  test.each<[string, object, string[]]>([
    [
      "nothing of what names candidates and domains that there are",
      {
        default: { service: "b", model: "large" },
        rules: [{ name: "r", ...words, model: "small", domain: "code" }],
        domains: [{ name: "own", ...words, prefer: ["large"] }],
        candidates: [{ ...candidates[0], strengths: { own: 10, math: 20 } }, candidates[1]],
      },
      [],
    ],
    [
      "a candidate twice",
      { candidates: [...candidates, candidates[0]] },
      ['modelService.candidates[2] is model "small" at service "a" again, as candidates[0]: name it once'],
    ],
    [
      "one model at several services is no fault",
      { candidates: [...candidates, { service: "b", model: "small" }] },
      [],
    ],
    [
      "a model by the name of the choice",
      { candidates: [{ service: "a", model: "auto/cheap" }] },
      [
        'modelService.candidates[0].model "auto/cheap" is what clients ask for who leave the choice to the gateway: give the model its own name',
      ],
    ],
    [
      "a default that is no candidate",
      { default: { service: "a", model: "large" } },
      [
        'modelService.default model "large" at service "a" is no candidate: add it to the candidates, or choose one of them',
      ],
    ],
    [
      "a rule for nobody's model",
      { rules: [{ name: "r", ...words, model: "smal" }] },
      [
        'modelService.rules[0].model "smal" is the model of no candidate: add it to the candidates, or name one of them; did you mean "small"?',
      ],
    ],
    [
      "a rule for no domain",
      { rules: [{ name: "r", ...words, domain: "codes" }] },
      [
        'modelService.rules[0].domain there is no domain "codes": add it to the domains, or name one of them; did you mean "code"?',
      ],
    ],
    [
      "a built-in domain where there are none",
      { builtInDomains: false, rules: [{ name: "r", ...words, domain: "code" }] },
      ['modelService.rules[0].domain there is no domain "code": add it to the domains, or name one of them'],
    ],
    [
      "a preference for nobody's model",
      { domains: [{ name: "own", ...words, prefer: ["large", "other"] }] },
      [
        'modelService.domains[0].prefer[1] "other" is the model of no candidate: add it to the candidates, or name one of them',
      ],
    ],
    [
      "a strength in no domain",
      { candidates: [{ ...candidates[0], strengths: { poetry: 5 } }] },
      [
        'modelService.candidates[0].strengths.poetry there is no domain "poetry": add it to the domains, or name one of them',
      ],
    ],
    [
      "a domain by the name of what belongs to none",
      { domains: [{ name: "general", ...words }] },
      [
        'modelService.domains[0].name "general" is what prompts are called that belong to no domain: choose another name',
      ],
    ],
  ])("%s", (_name, fields, expected) => {
    expect(texts(routingFaults(parsed(fields)))).toEqual(expected);
  });
});

describe("what is warned of", () => {
  const few = "so that hardly any prompt is taken to belong to it: give it 5 examples or more, or keywords";
  test.each<[string, object, string[]]>([
    ["a domain with keywords", { domains: [{ name: "own", ...words }] }, []],
    ["one with examples", { domains: [{ name: "own", examples: ["a", "b", "c", "d", "e"] }] }, []],
    [
      "one that a rule says",
      { domains: [{ name: "own" }], rules: [{ name: "r", ...words, domain: "own" }] },
      [],
    ],
    ["an addition to a built-in one", { domains: [{ name: "code", prefer: ["small"] }] }, []],
    [
      "one with nothing",
      { domains: [{ name: "own" }] },
      [`modelService.domains[0] has no examples and no keywords, ${few}`],
    ],
    [
      "one with too little",
      { domains: [{ name: "own", examples: ["a"] }] },
      [`modelService.domains[0] has only 1 examples and no keywords, ${few}`],
    ],
  ])("%s", (_name, fields, expected) => {
    expect(texts(routingIssues(parsed(fields)))).toEqual(expected);
  });

  test("a model that its service does not list", () => {
    const service = (models: string[]) =>
      serviceSchema.parse({ name: "a", provider: "openai", models: models.map((name) => ({ name })) });
    const issues = (models: string[], model = "small") =>
      texts(unknownAtService(parsed({ candidates: [{ service: "a", model }] }), () => service(models)));
    expect(issues([])).toEqual([]);
    expect(issues(["small"])).toEqual([]);
    expect(issues(["smaller"], "gpt-4o")).toEqual([]);
    expect(issues(["smaller"])).toEqual([
      'modelService.candidates[0].model service "a" does not list model "small": add it to the models of the service, or name one of them; did you mean "smaller"?',
    ]);
  });
});
