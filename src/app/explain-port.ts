// Lets the admin API ask how the data plane would handle a request: a plan of the published snapshot on the main thread,
// over the memory of the workers, so that it sees what they have learnt.
import type { AdminApiPorts } from "../control/routes/ports.ts";
import { systemClock } from "../core/clock.ts";
import { explain, explainAbsent } from "../gateway/explain/explain.ts";
import type { Plan } from "../gateway/plan.ts";
import { createReadingPlan } from "../gateway/explain/reading-plan.ts";
import type { Publisher } from "../snapshot/publisher.ts";
import type { Snapshot } from "../snapshot/snapshot.ts";
import type { NodeMemory } from "./node-memory.ts";

export interface ExplainSurroundings {
  readonly publisher: Pick<Publisher, "current">;
  readonly memory: NodeMemory;
  readonly simulatorUrl: string;
}

export function explainPort({
  publisher,
  memory,
  simulatorUrl,
}: ExplainSurroundings): AdminApiPorts["explain"] {
  let last: { readonly snapshot: Snapshot; readonly plan: Plan } | undefined;
  const planOf = (snapshot: Snapshot): Plan => {
    if (last?.snapshot !== snapshot) {
      // With no worker running nobody else has given its names their rows yet.
      memory.rowsFor(snapshot);
      const surroundings = { clock: systemClock, shared: memory, random: Math.random, simulatorUrl };
      last = { snapshot, plan: createReadingPlan(snapshot, surroundings) };
    }
    return last.plan;
  };
  return async (api, request) => {
    const snapshot = publisher.current;
    const config = snapshot?.apis.get(api);
    if (snapshot === undefined || config === undefined) return explainAbsent(api);
    return explain(planOf(snapshot), config, request, systemClock);
  };
}
