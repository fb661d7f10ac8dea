// What mode intelligent decided and by what, as it stands in a line of a record: models as lists of values, since there may be
// twenty. Knows not what the numbers mean.
import type { ChoiceEvidence, ModelEvidence, RoutingRecord } from "../core/routing-record.ts";

/** Behind the last one others may come in later builds. */
export function routingValues({ evidence, ...record }: RoutingRecord): unknown {
  return { ...record, evidence: { ...evidence, models: evidence.models.map(modelValues) } };
}

function modelValues({
  model,
  excluded,
  declared,
  general,
  learnt,
  costUsd,
  latencyMs,
}: ModelEvidence): unknown[] {
  const values = [model, excluded, declared, general, costUsd, latencyMs];
  return learnt === undefined ? values : [...values, learnt.near, learnt.mean, learnt.count];
}

/** Undefined for what is none. */
export function routingOf(value: unknown): RoutingRecord | undefined {
  if (typeof value !== "object" || value === null || !("evidence" in value)) return undefined;
  // Nobody but the spool writes lines, and it was given a record.
  const { evidence, ...record } = value as Omit<RoutingRecord, "evidence"> & {
    readonly evidence: WrittenEvidence;
  };
  return { ...record, evidence: { ...evidence, models: evidence.models.map(modelOf) } };
}

type WrittenEvidence = Omit<ChoiceEvidence, "models"> & { readonly models: readonly (readonly unknown[])[] };

function modelOf(values: readonly unknown[]): ModelEvidence {
  const [model, excluded, declared, general, costUsd, latencyMs, near, mean, count] = values;
  return {
    model: String(model),
    excluded: String(excluded),
    declared: Number(declared),
    general: Number(general),
    ...(near === undefined
      ? undefined
      : { learnt: { near: Number(near), mean: Number(mean), count: Number(count) } }),
    costUsd: Number(costUsd),
    latencyMs: Number(latencyMs),
  };
}
