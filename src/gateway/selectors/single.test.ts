import { describe, expect, test } from "vitest";
import { systemClock } from "../../core/clock.ts";
import { GatewayError } from "../../core/errors.ts";
import { SharedCells } from "../../lib/shared-cells.ts";
import { ServiceRuntime } from "../service-runtime.ts";
import { createSelector } from "./create-selector.ts";
import type { Selectable } from "./selector.ts";
import { createSingleSelector } from "./single.ts";

function serviceOf(usable: boolean): ServiceRuntime {
  return new ServiceRuntime(
    {
      name: "s",
      provider: "openai",
      resourceGroup: "default",
      endpoints: [{ protocol: "openai", baseUrl: "https://s.test/v1" }],
      auth: { kind: "bearer" },
      usageOption: true,
      keys: [],
      usable,
      headers: [],
      timeouts: { connectMs: 1, idleMs: 1, totalMs: 1 },
      maxInFlight: 0,
      models: [],
    },
    0,
    {
      clock: systemClock,
      cells: new SharedCells(SharedCells.allocate(1, 1, 1), 1, 0),
      simulatorUrl: undefined,
    },
  );
}

const anyRequest: Selectable = { requestedModel: "asked-for", consumer: "c" };

describe("mode single", () => {
  test.each([
    ["with a model of its own", "fixed", "fixed"],
    ["passing the client's model through", undefined, ""],
  ])("has one target, %s", async (_, model, recorded) => {
    const service = serviceOf(true);
    const target = model === undefined ? { service: "s" } : { service: "s", model };
    const selection = await createSingleSelector(target, new Map([["s", service]])).rank(anyRequest);
    expect(selection.targets).toEqual([{ service, model }]);
    expect(selection.targets[0]?.service).toBe(service);
    expect(selection.decision).toMatchObject({
      mode: "single",
      candidates: [{ service: "s", model: recorded }],
    });
    expect(selection.decision.reason).not.toBe("");
  });

  test.each([
    ["whose keys are all disabled", new Map([["s", serviceOf(false)]])],
    ["that does not exist", new Map([["other", serviceOf(true)]])],
  ])("has no target for a service %s", (_, services) => {
    const selector = createSingleSelector({ service: "s" }, services);
    expect(() => selector.rank(anyRequest)).toThrow(GatewayError);
    expect(() => selector.rank(anyRequest)).toThrow(
      expect.objectContaining({ code: "no_healthy_service", status: 503 }),
    );
  });

  test("is what a snapshot's mode of that name gets", async () => {
    const services = new Map([["s", serviceOf(true)]]);
    const selector = createSelector({ mode: "single", target: { service: "s", model: "m" } }, services);
    expect((await selector.rank(anyRequest)).targets).toEqual([{ service: services.get("s"), model: "m" }]);
  });
});
