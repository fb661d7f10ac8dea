// Tests of webhooks by hand: how many run at once has a bound.
import { expect, test } from "vitest";
import { openApi } from "../admin-api-fixture.ts";

test("only so many tests of webhooks run at a time", async () => {
  const ended = Promise.withResolvers<void>();
  const fixture = await openApi({
    alerts: {
      states: () => [],
      test: async () => {
        await ended.promise;
        return { ok: true, results: [] };
      },
    },
  });
  try {
    const alert = { name: "slow", metric: "requests", op: ">", threshold: 1 };
    expect((await fixture.ask("POST /api/v1/alerts", { body: alert })).status).toBe(201);
    const ask = () => fixture.ask("POST /api/v1/alerts/slow/test");
    const running = Array.from({ length: 5 }, ask);
    const first = await Promise.race(running);
    expect(first).toMatchObject({ status: 429, body: { error: { code: "too_many_tries" } } });
    ended.resolve();
    const statuses = (await Promise.all(running)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 200)).toHaveLength(4);
    expect((await ask()).status).toBe(200);
  } finally {
    ended.resolve();
    await fixture.close();
  }
});
