// Services and targets for tests, over shared memory of their own and a clock that tests set.
import type { Clock } from "../core/clock.ts";
import { SharedCells } from "../lib/shared-cells.ts";
import { SharedRows } from "../lib/shared-rows.ts";
import type { SnapshotService } from "../snapshot/snapshot.ts";
import type { Selectable, Target } from "./selectors/selector.ts";
import { ServiceRuntime } from "./targets/service-runtime.ts";
import type { SharedState } from "./targets/shared-state.ts";

const rows = 256;

export class TestClock implements Clock {
  nowMs = 5_000;
  monotonicMs(): number {
    return this.nowMs;
  }
  wallMs(): number {
    return 1_700_000_000_000 + this.nowMs;
  }
}

/** Memory in which every name gets a row as soon as it is asked for. */
export function testMemory(): SharedState {
  const names = new Map<string, number>();
  return {
    cells: new SharedCells(SharedCells.allocate(1, rows, rows), 1, 0),
    rows: new SharedRows(SharedRows.allocate(rows)),
    rowOf: (name) => {
      const row = names.get(name) ?? names.size;
      names.set(name, row);
      return row;
    },
  };
}

/** What the services of one test share. */
export interface TestSurroundings {
  readonly clock: TestClock;
  readonly shared: SharedState;
  readonly random: () => number;
  readonly simulatorUrl: undefined;
}

export function testSurroundings(): TestSurroundings {
  return { clock: new TestClock(), shared: testMemory(), random: () => 0.5, simulatorUrl: undefined };
}

export function testService(
  fields: Partial<SnapshotService> = {},
  surroundings: TestSurroundings = testSurroundings(),
): ServiceRuntime {
  const config: SnapshotService = {
    name: "s",
    provider: "openai",
    resourceGroup: "default",
    endpoints: [{ protocol: "openai", baseUrl: "https://s.test/v1" }],
    auth: { kind: "bearer" },
    usageOption: true,
    keys: [],
    usable: true,
    headers: [],
    timeouts: { connectMs: 1, idleMs: 1, totalMs: 1 },
    maxInFlight: 0,
    models: [],
    prices: [],
    ...fields,
  };
  return new ServiceRuntime(config, surroundings);
}

export function testTarget(service: ServiceRuntime, model?: string): Target {
  return { service, model, state: service.target(model), firstPacketTimeoutMs: undefined };
}

/** A request as selectors see it. */
export function testRequest(fields: Partial<Selectable> = {}): Selectable {
  return {
    requestedModel: "asked-for",
    consumer: "c",
    protocol: "openai",
    promptTokens: 100,
    stream: false,
    dryRun: false,
    ...fields,
  };
}
