// The grants of a Model API as lines: to whom, until when, and whether that one could call now. Pure.
import type { Consumer, ModelApi } from "../../../api/resources.ts";

export type GrantState = "ready" | "consumerOff" | "noKeys" | "expired" | "gone";

export interface GrantRow {
  readonly index: number;
  readonly name: string;
  readonly group: boolean;
  readonly expiresAt: string | undefined;
  readonly keys: number | undefined;
  readonly state: GrantState | undefined;
}

/** @param consumers undefined while they are not known */
export function grantRows(
  { auth }: Pick<ModelApi, "auth">,
  consumers: readonly Consumer[] | undefined,
  nowMs: number,
): GrantRow[] {
  return auth.grants.map((grant, index) => {
    const { expiresAt } = grant;
    const ended = expiresAt !== undefined && Date.parse(expiresAt) <= nowMs;
    if ("consumerGroup" in grant) {
      const state = ended ? ("expired" as const) : undefined;
      return { index, name: grant.consumerGroup, group: true, expiresAt, keys: undefined, state };
    }
    const consumer = consumers?.find(({ name }) => name === grant.consumer);
    const keys = consumer?.credentials.filter(
      ({ expiresAt: end }) => end === undefined || Date.parse(end) > nowMs,
    ).length;
    const known = consumers === undefined ? undefined : stateOf(consumer, keys ?? 0);
    return { index, name: grant.consumer, group: false, expiresAt, keys, state: ended ? "expired" : known };
  });
}

function stateOf(consumer: Consumer | undefined, keys: number): GrantState {
  if (consumer === undefined) return "gone";
  if (!consumer.enabled) return "consumerOff";
  return keys === 0 ? "noKeys" : "ready";
}

/** Consumers that have no grant yet, by name. */
export function ungranted({ auth }: Pick<ModelApi, "auth">, consumers: readonly Consumer[]): string[] {
  const granted = new Set(auth.grants.flatMap((grant) => ("consumer" in grant ? [grant.consumer] : [])));
  return consumers.map(({ name }) => name).filter((name) => !granted.has(name));
}
