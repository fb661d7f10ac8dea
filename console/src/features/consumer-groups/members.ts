// Who belongs to a consumer group: the consumers say so themselves. Pure.
import type { Consumer } from "../../api/resources.ts";

type Member = Pick<Consumer, "name" | "groups">;

export function membersOf<Each extends Member>(consumers: readonly Each[], group: string): readonly Each[] {
  return consumers.filter(({ groups }) => groups.includes(group));
}

/** The groups of a consumer once it belongs to one, or no longer. */
export function groupsWith({ groups }: Member, group: string, isMember: boolean): readonly string[] {
  const others = groups.filter((each) => each !== group);
  return isMember ? [...others, group] : others;
}
