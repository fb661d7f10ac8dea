// What workers know, read on the main thread over their memory for whoever tells people how things stand: the newest
// snapshot's services, and its plan once somebody asks for that.
import { systemClock } from "../core/clock.ts";
import { createReadingPlan, createReadingServices } from "../gateway/explain/reading-plan.ts";
import type { Plan } from "../gateway/plan.ts";
import type { Publisher } from "../snapshot/publisher.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { NodeMemory } from "./node-memory.ts";

export interface ReadingSurroundings {
  readonly publisher: Pick<Publisher, "current">;
  readonly memory: NodeMemory;
  readonly simulatorUrl: string;
}

interface Reading {
  readonly snapshot: Snapshot;
  readonly services: Plan["services"];
  plan: Plan | undefined;
}

export class ReadingPlans {
  readonly #surroundings: ReadingSurroundings;
  #last: Reading | undefined;

  constructor(surroundings: ReadingSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Of the published snapshot; undefined before there is one. */
  get current(): { readonly snapshot: Snapshot; readonly plan: Plan } | undefined {
    const reading = this.#newest();
    if (reading === undefined) return undefined;
    const { snapshot, services } = reading;
    reading.plan ??= createReadingPlan(snapshot, this.#tools(), services);
    return { snapshot, plan: reading.plan };
  }

  /** Of the published snapshot; empty before there is one. Asked every few seconds, so it never builds a plan. */
  get services(): Plan["services"] {
    return this.#newest()?.services ?? new Map();
  }

  #newest(): Reading | undefined {
    const { publisher, memory } = this.#surroundings;
    const snapshot = publisher.current;
    if (snapshot === undefined) return undefined;
    if (this.#last?.snapshot !== snapshot) {
      // With no worker running nobody else has given its names their rows yet.
      memory.rowsFor(snapshot);
      this.#last = { snapshot, services: createReadingServices(snapshot, this.#tools()), plan: undefined };
    }
    return this.#last;
  }

  #tools() {
    const { memory, simulatorUrl } = this.#surroundings;
    const { conversations } = memory;
    return { clock: systemClock, shared: memory, random: Math.random, simulatorUrl, conversations };
  }
}
