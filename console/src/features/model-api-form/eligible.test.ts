import { expect, test } from "vitest";
import { providers } from "../../../../src/providers/catalog.ts";
import { serviceSchema } from "../../../../src/resources/service.ts";
import type { Service } from "../../api/resources.ts";
import { choicesOf, knownModels } from "./eligible.ts";

function service(fields: object): Service {
  return { ...serviceSchema.parse(fields), revision: 1, managedBy: "api" };
}

const services = [
  service({ name: "claude", provider: "anthropic", models: [{ name: "claude-x" }] }),
  service({ name: "simulator", provider: "simulator" }),
  service({ name: "comfy", provider: "comfyui", baseUrl: "http://127.0.0.1" }),
  service({
    name: "own",
    provider: "comfyui",
    protocols: [{ protocol: "openai", baseUrl: "http://127.0.0.1" }],
    models: [{ name: "m" }],
  }),
];

test("services that speak none of the protocols are hidden, and a list of their own decides", () => {
  const { shown, hidden } = choicesOf(services, providers, ["openai"]);
  expect(shown.map(({ service: { name } }) => name)).toEqual(["claude", "simulator", "own"]);
  expect(hidden.map(({ name }) => name)).toEqual(["comfy"]);
});

test("what a service lacks of several protocols is told", () => {
  const { shown } = choicesOf(services, providers, ["openai", "comfyui"]);
  expect(shown.map(({ service: { name }, lacks }) => [name, lacks])).toEqual([
    ["claude", ["comfyui"]],
    ["simulator", []],
    ["comfy", ["openai"]],
    ["own", ["comfyui"]],
  ]);
});

test("without a protocol nothing is hidden, and models are those of services and catalogue", () => {
  const { shown, hidden } = choicesOf(services, providers, []);
  expect([shown.length, hidden]).toEqual([4, []]);
  expect(knownModels(shown)).toEqual(["claude-x", "m", "simulated"]);
});
