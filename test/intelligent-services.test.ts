// Mode intelligent over real sockets: which services a chosen model is at, which of them answers, and what follows when none
// does.
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import {
  large,
  middle,
  question,
  routingOf,
  small,
  startIntelligentScene,
  type IntelligentScene,
  type SceneParts,
} from "./support/intelligent-scene.ts";

const keep = createKeeper();
const scene = async (parts: SceneParts = {}): Promise<IntelligentScene> =>
  keep(await startIntelligentScene(parts));

describe("services", () => {
  test("a model whose only service is ejected is left out, and comes back", async () => {
    const candidates = [
      { ...small, service: "up" },
      { ...large, service: "other" },
    ];
    const clock = {
      nowMs: 5_000,
      monotonicMs: () => clock.nowMs,
      wallMs: () => 1_700_000_000_000 + clock.nowMs,
    };
    const { ask, services } = await scene({
      mode: { candidates, weights: { cost: 0, latency: 0 } },
      others: ["other"],
      options: { clock },
    });
    const { other } = services;
    if (other === undefined) throw new Error("no other");
    other.status = 500;
    for (let failures = 0; failures < 5; failures += 1)
      expect((await ask({ model: "auto" })).status).toBe(500);
    const passed = await ask({ model: "auto" });
    expect(passed.record).toMatchObject({ status: 200, model: "small" });
    expect(routingOf(passed.record).evidence.models.find(({ model }) => model === "large")?.excluded).toBe(
      "ejected",
    );
    other.status = 200;
    clock.nowMs += 60_000;
    expect((await ask({ model: "auto" })).record).toMatchObject({
      status: 200,
      model: "large",
      service: "other",
    });
    expect((await ask({ model: "auto" })).record).toMatchObject({ status: 200, model: "large" });
  });

  test("of one model at several services the one that answers best is taken, whatever their order", async () => {
    const candidates = [
      { ...small, service: "up" },
      { ...small, service: "other" },
    ];
    const { ask, services, up } = await scene({ mode: { candidates }, others: ["other"] });
    up.status = 500;
    for (let requests = 0; requests < 30; requests += 1) await ask({ model: "auto" });
    up.status = 200;
    expect(services["other"]?.asked.length).toBeGreaterThan(20);
    expect(new Set(services["other"]?.asked)).toEqual(new Set(["small"]));
  });

  test("what follows a failure is the list of fallbacks, not the order of candidates", async () => {
    const { ask, services, up } = await scene({
      mode: { candidates: [large, small, middle], weights: { cost: 0, latency: 0 } },
      others: ["other"],
      api: { fallback: { targets: [{ service: "other", model: "rescue" }] }, retries: { max: 0 } },
    });
    up.status = 500;
    const { status, record } = await ask({ model: "auto" });
    expect(status).toBe(200);
    expect(up.asked).toEqual(["large"]);
    expect(services["other"]?.asked).toEqual(["rescue"]);
    expect(record).toMatchObject({ fallbackFrom: "up", model: "rescue", service: "other" });
    expect(record.decision?.candidates.map(({ model }) => model)).toEqual(["large", "small", "middle"]);
  });

  test.each(["auto", "auto/cheap", "large"])(
    "a fallback that names no model is asked for the chosen one, not for %s",
    async (model) => {
      const { ask, services, up } = await scene({
        mode: { candidates: [large, small], weights: { cost: 0, latency: 0 } },
        others: ["other"],
        api: { fallback: { targets: [{ service: "other" }] }, retries: { max: 0 } },
      });
      up.status = 500;
      const { status, record, headers } = await ask({ model });
      expect(status).toBe(200);
      expect(services["other"]?.asked).toEqual(["large"]);
      expect(headers.get("x-moongate-model")).toBe("large");
      expect(record).toMatchObject({ requestedModel: model, model: "large", service: "other" });
    },
  );

  test("when none of them can be sent to, the fallbacks are tried, or the answer says so", async () => {
    const off = { service: "off" };
    const candidates = [
      { ...small, ...off },
      { ...large, ...off },
    ];
    const alone = await scene({ mode: { candidates: [small] } });
    alone.gateway.apply({
      services: [
        { name: "off", provider: "openai-compatible", baseUrl: alone.up.url, enabled: false },
        { name: "up", provider: "openai-compatible", baseUrl: `${alone.up.url}/v1` },
      ],
      modelApis: ["/", "/rescued"].map((basePath) => ({
        name: basePath === "/" ? "chat" : "rescued",
        useCase: "text-generation",
        protocols: ["openai"],
        basePath,
        stripBasePath: true,
        modelService: { mode: "intelligent", candidates },
        ...(basePath === "/" ? {} : { fallback: { targets: [{ service: "up", model: "rescue" }] } }),
      })),
    });
    const lost = await alone.ask({ model: "auto" });
    expect(lost.status).toBe(503);
    expect(lost.record.errorCode).toBe("no_healthy_service");
    expect(routingOf(lost.record).choice.reason).toBe("none-fits");
    const body = JSON.stringify({ model: "auto", messages: question });
    const rescued = await fetch(`${alone.gateway.url}/rescued/v1/chat/completions`, {
      method: "POST",
      body,
      headers: { "content-type": "application/json" },
    });
    expect(rescued.status).toBe(200);
    expect(await rescued.text()).toContain("rescue");
  });
});
