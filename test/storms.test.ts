// Storms of errors over real sockets, on a clock that the test moves: what clients see, and what services are spared.
import { describe, expect, test } from "vitest";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { apiOf, serviceAt, type TestDocument } from "./support/configuration.ts";
import { startGateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { openLanes, type LaneAnswer } from "./support/request-lanes.ts";
import { startSwitchedUpstream, type Switch, type SwitchedUpstream } from "./support/switched-upstream.ts";

const keep = createKeeper();
const names = ["a", "b", "c"];
/** Requests come in waves of this size, one per step of the clock: 100 a second. */
const wave = 10;
const stepMs = 100;

const modes: readonly (readonly [name: string, modelService: object])[] = [
  ["by-weight", { mode: "by-weight", targets: names.map((service) => ({ service, weight: 1 })) }],
  ["by-metrics", { mode: "by-metrics", targets: names.map((service) => ({ service })) }],
  [
    "intelligent, one model",
    { mode: "intelligent", candidates: names.map((service) => ({ service, model: "m" })) },
  ],
  [
    "intelligent, three models",
    { mode: "intelligent", candidates: names.map((service) => ({ service, model: `m-${service}` })) },
  ],
];

function documentOf(services: readonly SwitchedUpstream[], api: object): TestDocument {
  return {
    services: services.map(({ url }, index) => serviceAt(url, "openai", { name: names[index] })),
    modelApis: [apiOf("openai", api as Readonly<Record<string, unknown>>)],
  };
}

interface Storm {
  readonly services: readonly SwitchedUpstream[];
  /** Requests for so long, by the clock. */
  run(ms: number): Promise<LaneAnswer[]>;
  elapsedMs(): number;
}

async function startStorm(api: object): Promise<Storm> {
  const services: SwitchedUpstream[] = [];
  for (const _ of names) services.push(keep(await startSwitchedUpstream()));
  const clock = new TestClock();
  const gateway = keep(await startGateway(documentOf(services, api), { clock }));
  const lanes = keep(openLanes(gateway.port, wave));
  const startMs = clock.nowMs;
  return {
    services,
    elapsedMs: () => clock.nowMs - startMs,
    run: async (ms) => {
      const answers: LaneAnswer[] = [];
      for (let passed = 0; passed < ms; passed += stepMs) {
        answers.push(...(await lanes.send(wave)));
        clock.nowMs += stepMs;
      }
      return answers;
    },
  };
}

function shareOfErrors(answers: readonly LaneAnswer[]): number {
  return answers.filter(({ status }) => status !== 200).length / answers.length;
}

describe.each(modes)("%s, one service of three answers 500", (_, modelService) => {
  test("after a second clients see less than 1 % errors, and the service is back within 35 s of healing", async () => {
    const { services, run, elapsedMs } = await startStorm({ modelService, retries: { max: 0 } });
    const [sick] = services;
    if (sick === undefined) throw new Error("no service");
    await run(2_000);
    sick.answer = 500;
    await run(1_000);
    expect(shareOfErrors(await run(60_000))).toBeLessThan(0.01);
    sick.answer = 200;
    const healedMs = elapsedMs();
    const before = sick.served;
    while (sick.served === before) expect(shareOfErrors(await run(stepMs))).toBe(0);
    expect(elapsedMs() - healedMs).toBeLessThanOrEqual(35_000);
  });

  test("with a fallback not one client sees an error", async () => {
    const fallback = { targets: [{ service: "b" }, { service: "c" }] };
    const { services, run } = await startStorm({ modelService, fallback });
    await run(1_000);
    if (services[0] !== undefined) services[0].answer = 500;
    expect(shareOfErrors(await run(30_000))).toBe(0);
  });
});

describe.each(modes)("%s, a storm on all services", (_, modelService) => {
  test.each<[Switch]>([[500], [503]])(
    "of %i: from its second second a request is sent 1.2 times at most, and healed services answer again",
    async (answer) => {
      const fallback = { targets: [{ service: "b" }, { service: "c" }] };
      const retries = { max: 3, on: ["upstream-5xx", "upstream-503"] };
      const { services, run } = await startStorm({ modelService, fallback, retries });
      await run(1_000);
      for (const service of services) service.answer = answer;
      await run(1_000);
      const before = services.reduce((sum, { served }) => sum + served, 0);
      const answers = await run(20_000);
      const sends = services.reduce((sum, { served }) => sum + served, 0) - before;
      expect(shareOfErrors(answers)).toBe(1);
      // No outage of our own making: every request is sent at least once.
      expect(sends).toBeGreaterThanOrEqual(answers.length);
      expect(sends / answers.length).toBeLessThanOrEqual(1.2);
      for (const service of services) service.answer = 200;
      // One good answer closes what was ejected, whatever time is left.
      expect(shareOfErrors(await run(1_000))).toBe(0);
    },
  );
});
