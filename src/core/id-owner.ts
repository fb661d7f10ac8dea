// Where asynchronous ids live and whose they are: what the data plane asks of a store of ids. An interface, no code.
import type { IdFamily } from "./id-families.ts";

/** One binding: where an id lives and whose it is. Which of these tell two apart, its family says. */
export interface IdBinding {
  readonly family: IdFamily;
  readonly id: string;
  readonly service: string;
  /** Name of the service key that made it; empty for a service without keys. */
  readonly key: string;
  /** Empty: nobody, when authentication is off. */
  readonly consumer: string;
}

/** A binding with its times. */
export interface IdOwner extends IdBinding {
  /** The Model API it was made through; told to people, never asked for. */
  readonly api?: string | undefined;
  /** Wall time; that of the service where its answer tells it, so that lists keep the service's order. */
  readonly createdMs: number;
  /** Wall time. */
  readonly expiresMs: number;
}

export interface IdPage {
  /** At most this many. */
  readonly limit: number;
  /** Only what comes after it. */
  readonly after?: Pick<IdOwner, "createdMs" | "id"> | undefined;
}

/**
 * Synchronous, so that an id is durable before the answer that tells it goes on. Calls take microseconds; a call that
 * would wait for a lock throws in the end. Shared by all threads and, later, nodes of an instance.
 */
export interface IdStore {
  /**
   * Remembers all of them or none, durably when it returns: also when the process is killed at once. An id that is
   * bound already keeps owner, place and time; bound again by its owner at its place it lives on, never less long; a renewal that is not due is not written.
   * @returns who holds each now, in the order given: for an id that clients choose it may be somebody else
   * @throws StoreUnavailable
   */
  bind(owners: readonly IdOwner[]): readonly IdOwner[];
  /**
   * The holder of an id: the consumer's own newest one if there is one, else somebody else's, so that the caller can
   * tell an id of others from an unknown one.
   * @throws StoreUnavailable
   */
  find(family: IdFamily, id: string, consumer: string): IdOwner | undefined;
  /** As `find`, of the consumer's own, forgotten ids of the last day: cursors may name what was just deleted. */
  findForgotten(family: IdFamily, id: string, consumer: string): IdOwner | undefined;
  /** The consumer's ids, newest first; ids of one time in descending order. */
  list(family: IdFamily, consumer: string, page: IdPage): IdOwner[];
  /** What was deleted at its service is no longer found; the id may be bound anew. */
  forget(binding: IdBinding): void;
  /** True for the first caller only, and only for a bound id: the usage of a task is counted once. */
  settleOnce(binding: IdBinding): boolean;
  /**
   * Removes what has expired, at most `limit` ids, so that no thread stands still for long.
   * @returns how many; fewer than `limit` when nothing is left to do
   */
  sweep(limit: number): number;
  close(): void;
}
