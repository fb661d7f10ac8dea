// Who a list of grants lets call, and the ends of grants as inputs of a browser write them. Knows no React.
import type { Consumer } from "../../../api/resources.ts";
import type { Grant } from "../draft.ts";

export function granteeOf(grant: Grant): string {
  return "consumer" in grant ? grant.consumer : grant.consumerGroup;
}

export function isEnded({ expiresAt }: Pick<Grant, "expiresAt">, nowMs: number): boolean {
  return expiresAt !== undefined && Date.parse(expiresAt) <= nowMs;
}

/** Names of the consumers that could call at a moment: enabled, with a credential, by themselves or by a group. */
export function callersOf(
  grants: readonly Grant[],
  consumers: readonly Pick<Consumer, "name" | "enabled" | "groups" | "credentials">[],
  nowMs: number,
): readonly string[] {
  const open = grants.filter((grant) => !isEnded(grant, nowMs));
  return consumers
    .filter(
      ({ name, enabled, groups, credentials }) =>
        enabled &&
        credentials.some((credential) => !isEnded(credential, nowMs)) &&
        open.some((grant) =>
          "consumer" in grant ? grant.consumer === name : groups.includes(grant.consumerGroup),
        ),
    )
    .map(({ name }) => name);
}

const two = (value: number): string => String(value).padStart(2, "0");

/** The moment as an input of local time shows it; empty for none. */
export function localMoment(moment: string | undefined): string {
  if (moment === undefined) return "";
  const at = new Date(moment);
  if (Number.isNaN(at.getTime())) return "";
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day}T${two(at.getHours())}:${two(at.getMinutes())}`;
}

/** What such an input says, as the admin API takes it. */
export function momentOf(local: string): string | undefined {
  const at = new Date(local);
  return local === "" || Number.isNaN(at.getTime()) ? undefined : at.toISOString();
}
