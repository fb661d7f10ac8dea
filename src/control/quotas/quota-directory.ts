// Which quotas are configured, by the key of their counter. Knows neither counts nor HTTP.
import type { ResourceSet } from "../../resources/resource-set.ts";
import type { Quota } from "../../resources/quota.ts";
import { compileQuota, ownerInKey, type QuotaOwnerKind } from "../../snapshot/compile-quota.ts";
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

/**
 * All quotas of a configuration. Nothing is listed beforehand: there may be a hundred thousand, and a change touches one.
 */
export class QuotaDirectory {
  readonly #resources: () => ResourceSet;
  readonly #known = new WeakMap<object, readonly KnownQuota[]>();
  #seen: Pick<ResourceSet, QuotaKind> | undefined;

  constructor(resources: () => ResourceSet) {
    this.#resources = resources;
  }

  /** The same object for as long as no owner has changed. */
  get state(): object {
    const resources = this.#resources();
    // Sets of resources share the maps of untouched kinds.
    if (this.#seen === undefined || kinds.some((kind) => this.#seen?.[kind] !== resources[kind]))
      this.#seen = resources;
    return this.#seen;
  }

  /** @param key of its counter */
  find(key: string): KnownQuota | undefined {
    const place = ownerInKey(key);
    if (place === undefined) return undefined;
    const kind = place.kind === "consumer" ? "consumers" : "consumer-groups";
    const owner = this.#resources()[kind].get(place.owner);
    if (owner === undefined) return undefined;
    return this.#of(kind, owner.value).find(({ counted }) => counted.key === key);
  }

  /** Of the configuration as it is now, also if that changes on the way. */
  *all(): Generator<KnownQuota> {
    const resources = this.#resources();
    for (const kind of kinds)
      for (const { value } of resources[kind].values())
        if (value.quotas.length > 0) yield* this.#of(kind, value);
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
