// The difference between two snapshots, to send one changed consumer instead of all. Pure; knows no worker.
import type { OwnModelData } from "../core/known-model.ts";
import { changedMap, keysToCompare } from "../lib/layered-map.ts";
import { sameData } from "../lib/same-data.ts";
import type { PublishedRouter } from "../routing/policy.ts";
import type {
  Snapshot,
  SnapshotApi,
  SnapshotConsumer,
  SnapshotConsumerGroup,
  SnapshotService,
} from "./snapshot.ts";

/** What to change in one section. */
export interface SectionPatch<Item> {
  readonly put: readonly (readonly [name: string, item: Item])[];
  readonly delete: readonly string[];
}

/** Brings a snapshot at revision `base` to `revision`. Structured-clone-able. Says nothing about the order within a section. */
export interface SnapshotPatch {
  readonly instance: string;
  readonly revision: number;
  /** Revision that it fits on; null = the full state, fits on anything. */
  readonly base: number | null;
  /** Sections without changes are absent. */
  readonly sections: {
    readonly apis?: SectionPatch<SnapshotApi>;
    readonly services?: SectionPatch<SnapshotService>;
    readonly consumers?: SectionPatch<SnapshotConsumer>;
    readonly consumerGroups?: SectionPatch<SnapshotConsumerGroup>;
    readonly routers?: SectionPatch<PublishedRouter>;
    /** As a whole; null: there is none any more. */
    readonly modelData?: OwnModelData | null;
  };
}

/** Thrown when a patch was made for another state than the one at hand: ask for the full state. */
export class PatchMismatch extends Error {
  constructor(message: string) {
    super(message);
    this.name = "PatchMismatch";
  }
}

function diffSection<Item>(
  before: ReadonlyMap<string, Item> | undefined,
  after: ReadonlyMap<string, Item>,
): SectionPatch<Item> | undefined {
  if (before === after) return undefined;
  const put: [string, Item][] = [];
  const gone: string[] = [];
  for (const name of keysToCompare(before ?? noItems, after)) {
    const item = after.get(name);
    if (item === undefined) {
      if (before?.has(name) === true) gone.push(name);
    }
    // Identity settles nearly all; the look inside spares items that were compiled anew without a change.
    else if (!sameData(before?.get(name), item)) put.push([name, item]);
  }
  return put.length === 0 && gone.length === 0 ? undefined : { put, delete: gone };
}

const noItems: ReadonlyMap<string, never> = new Map<string, never>();

function patchSection<Item>(
  current: ReadonlyMap<string, Item>,
  patch: SectionPatch<Item> | undefined,
): ReadonlyMap<string, Item> {
  // The same map again: whoever built something from this section can keep it.
  return patch === undefined ? current : changedMap(current, patch.put, patch.delete);
}

/** The patch from `before` to `after`; the full state when there is no `before` or it is of another instance. */
export function diffSnapshots(before: Snapshot | undefined, after: Snapshot): SnapshotPatch {
  const base = before?.instance === after.instance ? before : undefined;
  const apis = diffSection(base?.apis, after.apis);
  const services = diffSection(base?.services, after.services);
  const consumers = diffSection(base?.consumers, after.consumers);
  const consumerGroups = diffSection(base?.consumerGroups ?? noItems, after.consumerGroups ?? noItems);
  const routers = diffSection(base?.routers ?? noItems, after.routers ?? noItems);
  return {
    instance: after.instance,
    revision: after.revision,
    base: base?.revision ?? null,
    sections: {
      ...(apis === undefined ? {} : { apis }),
      ...(services === undefined ? {} : { services }),
      ...(consumers === undefined ? {} : { consumers }),
      ...(consumerGroups === undefined ? {} : { consumerGroups }),
      ...(routers === undefined ? {} : { routers }),
      ...(sameData(base?.modelData, after.modelData) ? {} : { modelData: after.modelData ?? null }),
    },
  };
}

function baseOf(
  current: Snapshot | undefined,
  patch: SnapshotPatch,
): Omit<Snapshot, "revision" | "instance"> {
  if (patch.base === null) return { apis: new Map(), services: new Map(), consumers: new Map() };
  if (current?.instance !== patch.instance || current.revision !== patch.base) {
    const at = current === undefined ? "nothing" : `${current.instance} at revision ${current.revision}`;
    throw new PatchMismatch(`A patch for ${patch.instance} at revision ${patch.base} does not fit ${at}`);
  }
  return current;
}

/**
 * The snapshot after the patch; `current` stays as it is. Unchanged sections and items are the same objects.
 * @throws PatchMismatch when the patch was made for another state
 */
export function applyPatch(current: Snapshot | undefined, patch: SnapshotPatch): Snapshot {
  const base = baseOf(current, patch);
  const groups = patchSection(base.consumerGroups ?? noItems, patch.sections.consumerGroups);
  const routers = patchSection(base.routers ?? noItems, patch.sections.routers);
  const { modelData = base.modelData ?? null } = patch.sections;
  return {
    revision: patch.revision,
    instance: patch.instance,
    apis: patchSection(base.apis, patch.sections.apis),
    services: patchSection(base.services, patch.sections.services),
    consumers: patchSection(base.consumers, patch.sections.consumers),
    ...(groups.size === 0 ? {} : { consumerGroups: groups }),
    ...(routers.size === 0 ? {} : { routers }),
    ...(modelData === null ? {} : { modelData }),
  };
}
