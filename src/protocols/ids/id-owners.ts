// Makes owners to be bound out of ids that were made or chosen. Must not know stores and routes.
import { expiryOf } from "../../core/id-families.ts";
import type { IdFamily } from "../../core/id-families.ts";
import type { IdOwner } from "../../core/id-owner.ts";
import { boundedId } from "./bounded-id.ts";
import type { IdReference } from "./references.ts";

/** Whose an id is and where it lives. */
export type IdHolder = Pick<IdOwner, "service" | "key" | "consumer" | "api">;

/** What is known of an id before it is bound. */
interface UnboundId {
  readonly family: IdFamily;
  readonly id: string;
  readonly createdMs?: number | undefined;
}

/** @param nowMs wall time */
export function ownersOf(ids: readonly UnboundId[], holder: IdHolder, nowMs: number): IdOwner[] {
  const { service, key, consumer, api } = holder;
  return ids.map(({ family, id, createdMs = nowMs }) => ({
    family,
    id,
    service,
    key,
    consumer,
    ...(api === undefined ? {} : { api }),
    createdMs,
    expiresMs: expiryOf(family, nowMs),
  }));
}

/** An id that a client chose outside a request's path, query and body, such as the task of a socket's frame. */
export function chosenId(family: IdFamily, text: string): IdReference | undefined {
  const id = boundedId(text);
  return id === undefined ? undefined : { family, id, unknown: "bind" };
}
