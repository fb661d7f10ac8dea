// The newest plan over the workers' memory on the main thread, for whoever tells people how things stand.
import { systemClock } from "../core/clock.ts";
import { createReadingPlan } from "../gateway/explain/reading-plan.ts";
import type { Plan } from "../gateway/plan.ts";
import type { Publisher } from "../snapshot/publisher.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { NodeMemory } from "./node-memory.ts";

export interface ReadingSurroundings {
  readonly publisher: Pick<Publisher, "current">;
  readonly memory: NodeMemory;
  readonly simulatorUrl: string;
}

export class ReadingPlans {
  readonly #surroundings: ReadingSurroundings;
  #last: { readonly snapshot: Snapshot; readonly plan: Plan } | undefined;

  constructor(surroundings: ReadingSurroundings) {
    this.#surroundings = surroundings;
  }

  /** Of the published snapshot; undefined before there is one. */
  get current(): { readonly snapshot: Snapshot; readonly plan: Plan } | undefined {
    const { publisher, memory, simulatorUrl } = this.#surroundings;
    const snapshot = publisher.current;
    if (snapshot === undefined) return undefined;
    if (this.#last?.snapshot !== snapshot) {
      // With no worker running nobody else has given its names their rows yet.
      memory.rowsFor(snapshot);
      const surroundings = { clock: systemClock, shared: memory, random: Math.random, simulatorUrl };
      this.#last = { snapshot, plan: createReadingPlan(snapshot, surroundings) };
    }
    return this.#last;
  }
}
