// Which quotas are configured, by the key of their counter. Knows neither counts nor HTTP.
import type { ResourceSet } from "../../resources/resource-set.ts";
import type { Quota } from "../../resources/quota.ts";
import { compileQuota, type QuotaOwnerKind } from "../../snapshot/compile-quota.ts";
import type { SnapshotQuota } from "../../snapshot/snapshot.ts";

/** Kinds of resources that have quotas. */
export type QuotaKind = "consumers" | "consumer-groups";

/** A quota that counts. */
export interface KnownQuota {
  readonly kind: QuotaKind;
  readonly owner: string;
  /** With the secrets of its webhooks opened. */
  readonly config: Quota;
  readonly counted: SnapshotQuota;
}

const kinds = ["consumers", "consumer-groups"] as const;

const ownerKinds: Readonly<Record<QuotaKind, QuotaOwnerKind>> = {
  consumers: "consumer",
  "consumer-groups": "consumer-group",
};

interface QuotaOwner {
  readonly name: string;
  readonly quotas: readonly Quota[];
}

/** The quotas of one owner, in the order of the configuration; those of a disabled one too, so that nothing is forgotten. */
export function quotasOf(kind: QuotaKind, { name, quotas }: QuotaOwner): readonly KnownQuota[] {
  return quotas
    .filter(({ enabled }) => enabled)
    .map((config) => ({
      kind,
      owner: name,
      config,
      counted: compileQuota(ownerKinds[kind], name, config),
    }));
}

/** All quotas of a configuration; owners that have not changed are looked at once. */
export class QuotaDirectory {
  readonly #resources: () => ResourceSet;
  readonly #known = new WeakMap<object, readonly KnownQuota[]>();
  #seen: Pick<ResourceSet, QuotaKind> | undefined;
  #byKey = new Map<string, KnownQuota>();

  constructor(resources: () => ResourceSet) {
    this.#resources = resources;
  }

  /** The same map for as long as no owner has changed. */
  get byKey(): ReadonlyMap<string, KnownQuota> {
    const resources = this.#resources();
    // Sets of resources share the maps of untouched kinds.
    if (this.#seen !== undefined && kinds.every((kind) => this.#seen?.[kind] === resources[kind]))
      return this.#byKey;
    this.#seen = resources;
    this.#byKey = new Map();
    for (const kind of kinds) {
      for (const { value } of resources[kind].values()) {
        if (value.quotas.length === 0) continue;
        for (const quota of this.#of(kind, value)) this.#byKey.set(quota.counted.key, quota);
      }
    }
    return this.#byKey;
  }

  #of(kind: QuotaKind, owner: QuotaOwner): readonly KnownQuota[] {
    let quotas = this.#known.get(owner);
    if (quotas === undefined) {
      quotas = quotasOf(kind, owner);
      this.#known.set(owner, quotas);
    }
    return quotas;
  }
}
