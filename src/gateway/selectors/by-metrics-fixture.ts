// Mode by-metrics for tests: services by letters, a clock that tests set, and what has happened to the services.
import type { SnapshotService } from "../../snapshot/snapshot.ts";
import {
  testRequest,
  testService,
  testSurroundings,
  testTarget,
  type TestSurroundings,
} from "../runtime-fixture.ts";
import type { TargetState } from "../targets/target-state.ts";
import { createByMetricsSelector, type ByMetricsOptions } from "./by-metrics.ts";
import type { Selectable, Selection } from "./selector.ts";

/** A stream without length, as targets measure it. */
export const stream = { promptTokens: 0, stream: true, trial: false };

export type Options = Partial<Omit<ByMetricsOptions, "targets">> & {
  readonly services?: Readonly<Record<string, Partial<SnapshotService>>>;
};

/** Services a, b and c behind one selector. */
export function world(names = "abc", { services = {}, ...options }: Options = {}) {
  const surroundings: TestSurroundings = testSurroundings();
  const runtimes = [...new Set(names)].map((name) => testService({ name, ...services[name] }, surroundings));
  const selector = createByMetricsSelector(
    {
      goal: "lowest-ttft",
      maxShare: 1,
      targets: runtimes.map((service) => testTarget(service, "m")),
      fallbackExists: false,
      firstPacketTimeoutMs: 0,
      ...options,
    },
    surroundings,
  );
  const { clock } = surroundings;
  const service = (name: string) => {
    const found = runtimes.find(({ config }) => config.name === name);
    if (found === undefined) throw new Error(`no service ${name}`);
    return found;
  };
  const state = (name: string): TargetState => service(name).target("m");
  const select = (fields: Partial<Selectable> = {}): Selection => {
    const selection = selector.select(testRequest({ stream: true, promptTokens: 0, ...fields }));
    if (selection instanceof Promise) throw new Error("must not wait");
    return selection;
  };
  return { surroundings, clock, service, state, select, pick: () => select().target.service.config.name };
}

export type World = ReturnType<typeof world>;

/** Answers with first data after so many ms and so many tokens of 10 ms each. */
export function answer({ state, clock }: World, name: string, ttftMs: number, tokens = 0): void {
  const seen = state(name).observe(clock.nowMs, stream);
  seen.firstData(clock.nowMs + ttftMs);
  const rest = {
    inputTokens: 0,
    cachedInputTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    estimated: false,
  };
  seen.succeeded(clock.nowMs + ttftMs + tokens * 10, { ...rest, outputTokens: tokens });
}

/** Each of the services has answered a few times just now. */
export function measure(made: World, ttftMs: Readonly<Record<string, number>>, tokens = 0): void {
  for (let round = 0; round < 5; round += 1) {
    for (const [name, ms] of Object.entries(ttftMs)) answer(made, name, ms, tokens);
    made.clock.nowMs += 10;
  }
}

export function eject({ state, clock }: World, name: string): void {
  for (let failures = 0; failures < 5; failures += 1) {
    state(name).observe(clock.nowMs, stream).failed(clock.nowMs, "upstream-5xx");
  }
}
