// The demo objects are ordinary resources: they must be as valid as a user's own.
import { expect, test } from "vitest";
import { defaultRoutesOf } from "../resources/default-routes.ts";
import { parseResource } from "../resources/registry.ts";
import { demoResources } from "./demo.ts";

test.each(demoResources)("the demo's $kind are valid and served", ({ kind, body }) => {
  expect(parseResource(kind, body)).toMatchObject({ ok: true });
});

test("the demo has every extra route of its use case and protocols", () => {
  const api = demoResources.find((resource) => resource.kind === "model-apis")?.body;
  const extra = defaultRoutesOf("text-generation", ["openai", "anthropic"]).filter((row) => row.beyondSeeds);
  expect(api?.["routes"]).toEqual({ enabled: extra.map((row) => row.name) });
});

test("the demo says that it is simulated and can be deleted", () => {
  const api = demoResources.find((resource) => resource.kind === "model-apis");
  expect(api?.body["description"]).toMatch(/simulated.*delete/i);
});
