// The demo objects are ordinary resources: they must be as valid as a user's own.
import { expect, test } from "vitest";
import { parseResource } from "../resources/registry.ts";
import { demoResources } from "./demo.ts";

test.each(demoResources)("the demo's $kind are valid and served", ({ kind, body }) => {
  expect(parseResource(kind, body)).toMatchObject({ ok: true });
});

test("the demo says that it is simulated and can be deleted", () => {
  const api = demoResources.find((resource) => resource.kind === "model-apis");
  expect(api?.body["description"]).toMatch(/simulated.*delete/i);
});
