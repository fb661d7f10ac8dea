// What a target that keeps failing costs the requests after: it is passed over, tried again in time, and never alone
// the reason why nothing is tried. U29 and U30 on a small scale; in numbers: `storms.test.ts`.
import { describe, expect, test } from "vitest";
import { TestClock } from "../src/gateway/runtime-fixture.ts";
import { sendsOf, startScene, type Part, type Scene } from "./support/fault-scene.ts";
import { defaultTriggers, faultTable } from "./support/fault-table.ts";
import { failureBody, healthyBody } from "./support/fault-upstream.ts";
import { createKeeper } from "./support/keeper.ts";
import { named } from "./support/named.ts";
import { protocolCases, type ProtocolCase } from "./support/protocol-cases.ts";

const keep = createKeeper();
/** Failures in a row that eject. */
const inRow = 5;
/** Longest first ejection: 2 s, and its jitter. */
const firstEjectionMs = 2_500;

interface Kind {
  readonly wire: ProtocolCase;
  readonly stream: boolean;
}

const kinds: readonly (Kind & { readonly name: string })[] = protocolCases.flatMap((wire) =>
  [false, true].map((stream) => ({ wire, stream, name: `${wire.protocol} ${stream ? "stream" : "plain"}` })),
);

/** A scene on a clock that stands still until it is moved, so that an ejection lasts as long as the test says. */
async function sceneAt(
  clock: TestClock,
  parts: readonly (Part["fault"] | Part)[],
  options: Kind & { api?: Readonly<Record<string, unknown>>; fallback?: Readonly<Record<string, unknown>> },
): Promise<Scene> {
  return startScene(keep, parts, { ...options, gateway: { clock } });
}

async function times(count: number, scene: Scene): Promise<number[]> {
  const statuses: number[] = [];
  for (let asked = 0; asked < count; asked += 1) statuses.push((await scene.ask()).answer.status);
  return statuses;
}

describe("after five failures in a row", () => {
  // Those that need no time to pass and no connection to be kept, once each.
  const rows = faultTable.filter(
    ({ fault, timeouts }) =>
      timeouts?.idleMs === timeouts?.totalMs &&
      timeouts?.connectMs === undefined &&
      timeouts?.firstPacketMs === undefined &&
      !["resetOnReuse", "resetFromThenOn", "resetInside", "gzipBomb"].includes(fault),
  );

  /** Whose fault it is: only what the service does badly ejects it; too many requests rest its keys. */
  const guilty: ReadonlySet<string> = new Set([
    "upstream-5xx",
    "network-error",
    "error-in-200",
    "empty-answer",
  ]);
  const resting: ReadonlySet<string> = new Set(["upstream-429", "upstream-credentials"]);
  /** Reported errors that are the client's or a rate limit. */
  const innocent: ReadonlySet<string> = new Set(["limitIn200"]);

  const cells = rows.flatMap((row) => {
    const reason = "reason" in row.ending ? row.ending.reason : "";
    if (resting.has(reason)) return [];
    const ejects = guilty.has(reason) && !innocent.has(row.fault);
    return protocolCases.map((wire) => ({
      ...row,
      wire,
      ejects,
      name: `${row.fault}, ${wire.protocol} ${row.shape}: ${ejects ? "passed over" : "tried as before"}`,
    }));
  });

  test.each(named(cells))("%s", async (_name, { fault, shape, wire, ejects }) => {
    const kind = { wire, stream: shape === "stream" };
    const scene = await sceneAt(new TestClock(), [fault === "blackHole" ? "refused" : fault, "healthy"], {
      ...kind,
      // Wide, so that a target that was ejected wrongly would be passed over.
      fallback: { on: [...defaultTriggers, "upstream-4xx", "upstream-any-4xx"] },
    });
    for (let asked = 0; asked < inRow; asked += 1) {
      const { attempts } = await scene.ask();
      expect(attempts[0]?.service).toBe("s0");
    }
    const { answer, attempts, record } = await scene.ask();
    expect(attempts[0]?.service).toBe(ejects ? "s1" : "s0");
    if (!ejects) return;
    expect(answer).toMatchObject({ status: 200, complete: true });
    expect(answer.text()).toBe(healthyBody(kind));
    expect(answer.header("x-moongate-attempts")).toBe("1");
    expect(answer.header("x-moongate-fallback-from")).toBe("s0");
    expect(attempts).toMatchObject([{ outcome: "ok", nextAction: "none" }]);
    expect(record).toMatchObject({ outcome: "ok", service: "s1", fallbackFrom: "s0" });
  });
});

describe.each(named(kinds))("%s", (_name, kind) => {
  test("an ejected target is tried by one request when its time is over, and rests longer when that fails", async () => {
    const clock = new TestClock();
    const { wire, stream } = kind;
    const scene = await sceneAt(clock, ["serverError", "healthy"], kind);
    expect(await times(inRow + 1, scene)).toEqual(Array<number>(inRow + 1).fill(200));
    expect(sendsOf(scene)[0]).toBe(inRow);
    clock.nowMs += firstEjectionMs;
    const trial = await scene.ask();
    expect(trial.attempts.map(({ service }) => service)).toEqual(["s0", "s1"]);
    expect(trial.answer.text()).toBe(healthyBody({ wire, stream }));
    // The trial failed: passed over again, for longer.
    clock.nowMs += firstEjectionMs;
    expect((await scene.ask()).attempts.map(({ service }) => service)).toEqual(["s1"]);
  });

  test("where its trigger is off, it is no reason to go past the chosen target", async () => {
    const scene = await sceneAt(new TestClock(), ["serverError", "healthy"], {
      ...kind,
      fallback: { on: ["network-error"] },
    });
    const statuses = await times(inRow + 3, scene);
    expect(new Set(statuses)).toEqual(new Set([500]));
    expect(sendsOf(scene)).toEqual([inRow + 3, 0]);
  });

  test("a lone target is tried however often it failed", async () => {
    const scene = await sceneAt(new TestClock(), ["serverError"], kind);
    expect(new Set(await times(inRow * 2, scene))).toEqual(new Set([500]));
    expect(sendsOf(scene)).toEqual([inRow * 2]);
  });

  test("U30 when all have failed, a request costs one send, and gets the failure", async () => {
    const scene = await sceneAt(new TestClock(), ["serverError", "serverError", "serverError"], {
      ...kind,
      api: { retries: { max: 3, on: ["upstream-5xx"] } },
    });
    await times(inRow * 3, scene);
    const before = sendsOf(scene).reduce((sum, sends) => sum + sends);
    const requests = 20;
    for (let asked = 0; asked < requests; asked += 1) {
      const { answer } = await scene.ask();
      expect(answer.status).toBe(500);
      expect(answer.text()).toBe(failureBody);
    }
    const sends = sendsOf(scene).reduce((sum, count) => sum + count) - before;
    expect(sends).toBe(requests);
  });

  test.each([false, true])("U29 one of three answers 500 (fallback: %s)", async (fallback) => {
    const targets = ["s0", "s1", "s2"].map((service) => ({ service, weight: 1 }));
    const scene = await sceneAt(new TestClock(), ["serverError", "healthy", "healthy"], {
      ...kind,
      api: { modelService: { mode: "by-weight", targets }, retries: { max: 0 } },
      fallback: { enabled: fallback, targets: [{ service: "s1" }, { service: "s2" }] },
    });
    const statuses = await times(60, scene);
    const errors = statuses.filter((status) => status !== 200).length;
    expect(errors).toBe(fallback ? 0 : inRow);
    expect(sendsOf(scene)[0]).toBe(inRow);
    // The others share what it does not get.
    const [, second = 0, third = 0] = sendsOf(scene);
    expect(Math.abs(second - third)).toBeLessThanOrEqual(inRow + 1);
    expect(statuses.slice(-30)).toEqual(Array<number>(30).fill(200));
  });

  test.each<readonly [name: string, candidates: readonly object[]]>([
    [
      "one model at three services",
      ["s0", "s1", "s2"].map((service) => ({ service, model: "m", quality: 60 })),
    ],
    [
      "three models, the best of them ejected",
      ["s0", "s1", "s2"].map((service, index) => ({
        service,
        model: `m-${service}`,
        quality: 90 - index * 10,
        price: { input: 1, output: 4 },
      })),
    ],
  ])(
    "mode intelligent passes over an ejected target, and tries it once when its time is over: %s",
    async (_model, candidates) => {
      const clock = new TestClock();
      const scene = await sceneAt(clock, ["serverError", "healthy", "healthy"], {
        ...kind,
        api: { modelService: { mode: "intelligent", candidates }, retries: { max: 0 } },
        fallback: { enabled: false },
      });
      const statuses = await times(60, scene);
      // As many as eject it, however the choice falls.
      expect(statuses.filter((status) => status !== 200)).toHaveLength(inRow);
      expect(sendsOf(scene)[0]).toBe(inRow);
      expect(statuses.slice(-30)).toEqual(Array<number>(30).fill(200));
      clock.nowMs += firstEjectionMs;
      await times(30, scene);
      // One trial, which failed.
      expect(sendsOf(scene)[0]).toBe(inRow + 1);
    },
  );
});
