// What is said of traffic when nobody can tell: the rest is in test/traffic.test.ts.
import { expect, test } from "vitest";
import { answeredBy, openApi } from "../admin-api-fixture.ts";

test.each([
  "traffic",
  "traffic/a",
  "logs",
  "logs/some-id",
  "logs/tail",
  "logs/export",
  "log-store",
  "traces/0123456789abcdef0123456789abcdef",
  "metrics/query?name=requests",
  "usage",
])("%s is unavailable while nobody counts", async (path) => {
  const fixture = await openApi({ telemetry: answeredBy({}) });
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
