import { describe, expect, test } from "vitest";
import { testRequest, testService, testSurroundings, testTarget } from "../runtime-fixture.ts";
import { createSingleSelector } from "./single.ts";

describe("mode single", () => {
  test.each([
    ["with a model of its own", "fixed", "fixed"],
    ["passing the client's model through", undefined, ""],
  ])("has one target, %s", async (_, model, recorded) => {
    const surroundings = testSurroundings();
    const target = testTarget(testService({}, surroundings), model);
    const selection = await createSingleSelector(target, surroundings.clock).select(testRequest());
    expect(selection).toMatchObject({ standing: "ready" });
    expect(selection.target).toBe(target);
    expect(selection.decision).toMatchObject({
      mode: "single",
      candidates: [{ service: "s", model: recorded, reason: "" }],
    });
    expect(selection.decision.reason).not.toBe("");
  });

  test.each([
    ["whose keys are all disabled", testService({ usable: false }), "disabled"],
    [
      "of another protocol",
      testService({ endpoints: [{ protocol: "anthropic", baseUrl: "https://s.test" }] }),
      "foreign",
    ],
  ])("says why it cannot use a service %s", async (_, service, standing) => {
    const selector = createSingleSelector(testTarget(service), testSurroundings().clock);
    const selection = await selector.select(testRequest());
    expect(selection.standing).toBe(standing);
    expect(selection.decision.candidates[0]?.reason).not.toBe("");
  });
});
