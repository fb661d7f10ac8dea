// What is said of traffic when nobody can tell: the rest is in test/traffic.test.ts.
import { expect, test } from "vitest";
import { openApi } from "../admin-api-fixture.ts";

test.each(["traffic", "traffic/a", "logs"])("%s is unavailable while nobody counts", async (path) => {
  const gone = () => Promise.reject(new Error("the log thread cannot be asked now"));
  const fixture = await openApi({ traffic: { traffic: gone, way: gone, logs: gone } });
  try {
    await fixture.ask("POST /api/v1/services", { body: { name: "up", provider: "simulator" } });
    const body = {
      name: "a",
      useCase: "text-generation",
      protocols: ["openai"],
      modelService: { mode: "single", target: { service: "up" } },
    };
    expect((await fixture.ask("POST /api/v1/model-apis", { body })).status).toBe(201);
    const answer = await fixture.ask(`GET /api/v1/${path}`);
    expect(answer).toMatchObject({ status: 503, body: { error: { code: "traffic_unavailable" } } });
    expect(answer.text).not.toContain("thread");
    expect(fixture.failures.map(String)).toEqual(["Error: the log thread cannot be asked now"]);
  } finally {
    await fixture.close();
  }
});
