// Who belongs to which resource group, and who holds a role there. Pure.
import type { Role } from "../../../../src/resources/user.ts";
import type { User } from "../../api/resources.ts";

interface Member {
  readonly name: string;
  readonly resourceGroup: string;
}

export interface GroupMembers {
  readonly modelApis: readonly string[];
  readonly services: readonly string[];
  readonly consumers: readonly string[];
}

const nobody: GroupMembers = { modelApis: [], services: [], consumers: [] };

/** Group -> names of its members by kind; a group without members has no entry. */
export function membersOf(objects: {
  readonly [Kind in keyof GroupMembers]: readonly Member[];
}): ReadonlyMap<string, GroupMembers> {
  const members = new Map<string, GroupMembers>();
  for (const kind of ["modelApis", "services", "consumers"] as const) {
    for (const { name, resourceGroup } of objects[kind]) {
      const before = members.get(resourceGroup) ?? nobody;
      members.set(resourceGroup, { ...before, [kind]: [...before[kind], name] });
    }
  }
  return members;
}

export interface Holder {
  readonly user: string;
  readonly role: Role;
}

/** Who holds a role in a group by its name, not everywhere. */
export function holdersOf(group: string, users: readonly Pick<User, "name" | "roles">[]): readonly Holder[] {
  return users.flatMap(({ name: user, roles }) =>
    roles.flatMap(({ role, resourceGroups }) =>
      resourceGroups?.includes(group) === true ? [{ user, role }] : [],
    ),
  );
}
