// Where a request must go because of the ids that it names. Pure; must not know stores, modes and protocols.
import type { IdOwner } from "../../core/id-owner.ts";
import type { IdReference } from "./references.ts";

export interface PlacementQuestion {
  readonly references: readonly IdReference[];
  /** Empty: nobody. */
  readonly consumer: string;
  /** See `IdStore.find`. */
  readonly find: (reference: IdReference) => IdOwner | undefined;
  /** Whether the Model API uses a service. */
  readonly hasService: (service: string) => boolean;
  /** Whether the Model API has one service and that one key: nobody else can have made what is unknown. */
  readonly isOnlyPlace: boolean;
}

/**
 * - `free`: the mode of the Model API picks the service
 * - `pinned`: the service and key of `owner`, without fallback
 * - `unknown`: 404 in the protocol of the route, because of `reference`
 *
 * `bind` are ids that the client chose: to be bound to the consumer, at the place that the request goes to, before it is
 * sent. `owners` are all that were found, to be renewed.
 */
export type Placement =
  | { readonly kind: "free"; readonly bind: readonly IdReference[] }
  | {
      readonly kind: "pinned";
      readonly owner: IdOwner;
      readonly owners: readonly IdOwner[];
      readonly bind: readonly IdReference[];
    }
  | { readonly kind: "unknown"; readonly reference: IdReference };

const free: Placement = { kind: "free", bind: [] };

export function placeRequest(question: PlacementQuestion): Placement {
  const { references, consumer, find, hasService, isOnlyPlace } = question;
  if (references.length === 0) return free;
  const owners: IdOwner[] = [];
  const bind: IdReference[] = [];
  let follower: IdReference | undefined;
  for (const reference of references) {
    const owner = find(reference);
    if (owner !== undefined) {
      const isLost = owner.consumer !== consumer || !hasService(owner.service);
      // No service has what lies at two.
      if (isLost || owner.service !== (owners[0] ?? owner).service) return { kind: "unknown", reference };
      owners.push(owner);
    } else if (reference.unknown === "bind") {
      bind.push(reference);
    } else if (reference.unknown === "follow") {
      follower ??= reference;
    } else if (reference.unknown === "refuse" && !isOnlyPlace) {
      return { kind: "unknown", reference };
    }
  }
  const [owner] = owners;
  if (owner !== undefined) return { kind: "pinned", owner, owners, bind };
  if (follower !== undefined && !isOnlyPlace) return { kind: "unknown", reference: follower };
  return { kind: "free", bind };
}
