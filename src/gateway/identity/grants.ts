// Who may call one Model API, until when, and which models. A consumer's groups are looked up when it calls, so that a
// plan costs nothing per member of a group.
import { compilePattern, type Pattern } from "../../lib/wildcard.ts";
import type { SnapshotAuth, SnapshotGrant } from "../../snapshot/snapshot.ts";

/** Null: every model. */
export type AllowedModels = readonly Pattern[] | null;

interface PlannedGrant {
  readonly untilMs: number;
  readonly models: AllowedModels;
}

export class Grants {
  readonly #consumers: ReadonlyMap<string, readonly PlannedGrant[]>;
  readonly #groups: ReadonlyMap<string, readonly PlannedGrant[]>;

  constructor({ grants, groupGrants = [] }: Pick<SnapshotAuth, "grants" | "groupGrants">) {
    this.#consumers = planned(grants.map((grant) => [grant.consumer, grant]));
    this.#groups = planned(groupGrants.map((grant) => [grant.group, grant]));
  }

  /**
   * What a consumer may ask for by all the grants that hold now, its own and those of its groups; undefined when none
   * does.
   */
  find(consumer: string, groups: readonly string[], wallMs: number): AllowedModels | undefined {
    let found = widened(undefined, this.#consumers.get(consumer), wallMs);
    if (this.#groups.size === 0) return found;
    for (const group of groups) {
      if (found === null) return null;
      found = widened(found, this.#groups.get(group), wallMs);
    }
    return found;
  }

  /** When the last of its grants ends or has ended, ms since 1970; undefined when it never had one. */
  lastEndMs(consumer: string, groups: readonly string[]): number | undefined {
    const lists = [this.#consumers.get(consumer), ...groups.map((group) => this.#groups.get(group))];
    const ends = lists.flatMap((list) => list ?? []).map(({ untilMs }) => untilMs);
    return ends.length === 0 ? undefined : Math.max(...ends);
  }
}

function widened(
  found: AllowedModels | undefined,
  grants: readonly PlannedGrant[] | undefined,
  wallMs: number,
): AllowedModels | undefined {
  if (grants === undefined) return found;
  let all = found;
  for (const { untilMs, models } of grants) {
    if (untilMs <= wallMs) continue;
    if (models === null) return null;
    all = all === undefined ? models : [...(all ?? []), ...models];
  }
  return all;
}

function planned(
  grants: readonly (readonly [name: string, grant: SnapshotGrant])[],
): ReadonlyMap<string, readonly PlannedGrant[]> {
  const byName = new Map<string, PlannedGrant[]>();
  for (const [name, { expiresAtMs, models }] of grants) {
    const grant = { untilMs: expiresAtMs ?? Infinity, models: models?.map(compilePattern) ?? null };
    const known = byName.get(name);
    if (known === undefined) byName.set(name, [grant]);
    else known.push(grant);
  }
  return byName;
}
