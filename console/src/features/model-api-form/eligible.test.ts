import { expect, test } from "vitest";
import type { ApiProtocol } from "../../../../src/core/protocol.ts";
import { knownProviders } from "../../../../src/providers/known-providers.ts";
import { routesOf } from "../../../../src/resources/default-routes.ts";
import { serviceSchema } from "../../../../src/resources/service.ts";
import type { UseCase } from "../../../../src/resources/use-case.ts";
import type { Service } from "../../api/resources.ts";
import { choicesOf, knownModels, type Choices } from "./eligible.ts";

const providers = knownProviders();

function service(fields: object): Service {
  return { ...serviceSchema.parse(fields), revision: 1, managedBy: "api" };
}

const services = [
  service({ name: "claude", provider: "anthropic", models: [{ name: "claude-x" }] }),
  service({ name: "simulator", provider: "simulator" }),
  service({ name: "comfy", provider: "comfyui", baseUrl: "http://127.0.0.1" }),
  service({ name: "aws", provider: "bedrock", region: "eu-west-1" }),
  service({
    name: "own",
    provider: "comfyui",
    protocols: [{ protocol: "anthropic", baseUrl: "http://127.0.0.1" }],
    models: [{ name: "m" }],
  }),
];

function choose(useCase: UseCase, protocols: readonly ApiProtocol[]): Choices {
  const routes = routesOf(useCase, protocols, { disabled: [], enabled: [], custom: [] });
  return choicesOf(services, providers, protocols, routes);
}

function told({ shown }: Choices): unknown {
  return shown.map(({ service: { name }, lacks, translated }) => [
    name,
    lacks.join(" "),
    translated.map(({ from, to }) => `${from} ${to}`).join(", "),
  ]);
}

test.each<
  [string, UseCase, readonly ApiProtocol[], { shown: readonly string[][]; hidden: readonly string[] }]
>([
  [
    "the catalogue's own protocol is spoken as it is, a list of the service's own is translated to",
    "text-generation",
    ["openai"],
    {
      shown: [
        ["claude", "", ""],
        ["simulator", "", ""],
        ["aws", "", "openai bedrock"],
        ["own", "", "openai anthropic"],
      ],
      hidden: ["comfy"],
    },
  ],
  [
    "each of several protocols has a way of its own",
    "text-generation",
    ["openai", "anthropic"],
    {
      shown: [
        ["claude", "", ""],
        ["simulator", "", ""],
        ["aws", "", "openai bedrock, anthropic bedrock"],
        ["own", "", "openai anthropic"],
      ],
      hidden: ["comfy"],
    },
  ],
  [
    "what is called decides: no translation leads ranks there",
    "rerank",
    ["vllm"],
    { shown: [["simulator", "", ""]], hidden: ["claude", "comfy", "aws", "own"] },
  ],
])("%s", (_name, useCase, protocols, expected) => {
  const choices = choose(useCase, protocols);
  const hidden = choices.hidden.map(({ name }) => name);
  expect({ shown: told(choices), hidden }).toEqual(expected);
});

test("a protocol that nothing leads to is told as lacking, one whose route is switched on is translated", () => {
  const ways = (enabled: readonly string[]) => {
    const routes = routesOf("text-generation", ["dashscope"], { disabled: [], enabled, custom: [] });
    const { shown } = choicesOf(services, providers, ["dashscope", "anthropic"], routes);
    return told({ shown: shown.filter(({ service: { name } }) => name === "claude"), hidden: [] });
  };
  expect(ways([])).toEqual([["claude", "dashscope", ""]]);
  expect(ways(["dashscope-text-generation"])).toEqual([["claude", "", "dashscope openai"]]);
});

test("a route that is switched off leads nowhere", () => {
  const names = ["create-chat-completion", "create-completion", "responses"];
  const routes = routesOf("text-generation", ["openai"], { disabled: names, enabled: [], custom: [] });
  expect(choicesOf(services, providers, ["openai"], routes).hidden.map(({ name }) => name)).toEqual([
    "comfy",
    "aws",
    "own",
  ]);
});

test("without a protocol nothing is hidden, and models are those of services and catalogue", () => {
  const { shown, hidden } = choose("text-generation", []);
  expect([shown.length, hidden]).toEqual([5, []]);
  const known = knownModels(shown);
  expect(known).toEqual(expect.arrayContaining(["claude-x", "m", "simulated", "claude-haiku-4-5"]));
  expect(new Set(known).size).toBe(known.length);
});
