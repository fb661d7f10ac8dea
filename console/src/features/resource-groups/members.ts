// Who belongs to which resource group. Pure.

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
