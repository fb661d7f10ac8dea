// Whoever is granted access and has quotas: a consumer, or a consumer group. Pure.
import type { Consumer, ConsumerGroup, ModelApi } from "../../api/resources.ts";
import type { Where } from "../../ui/use-may-write.ts";

export type Grant = ModelApi["auth"]["grants"][number];

export interface Owner {
  readonly kind: "consumer" | "consumer-group";
  readonly name: string;
  /** Consumer groups whose grants and quotas count too. */
  readonly groups: readonly string[];
  readonly quotas: Consumer["quotas"];
  readonly revision: number;
  readonly managedBy: "api" | "file";
  /** Where a role must hold to change it. */
  readonly where: Where;
}

export function consumerOwner(consumer: Consumer): Owner {
  const { name, groups, quotas, revision, managedBy, resourceGroup } = consumer;
  return { kind: "consumer", name, groups, quotas, revision, managedBy, where: { group: resourceGroup } };
}

export function groupOwner({ name, quotas, revision, managedBy }: ConsumerGroup): Owner {
  return { kind: "consumer-group", name, groups: [], quotas, revision, managedBy, where: "everywhere" };
}

export function collectionOf({ kind }: Pick<Owner, "kind">): "consumers" | "consumer-groups" {
  return kind === "consumer" ? "consumers" : "consumer-groups";
}

/** Of the admin API. */
export function ownerPath(owner: Pick<Owner, "kind" | "name">): string {
  return `/${collectionOf(owner)}/${encodeURIComponent(owner.name)}`;
}
