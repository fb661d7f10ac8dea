// Who belongs to which resource group.
import { expect, test } from "vitest";
import { holdersOf, membersOf } from "./members.ts";

test("members are listed by group and kind", () => {
  const members = membersOf({
    modelApis: [
      { name: "chat", resourceGroup: "default" },
      { name: "shop", resourceGroup: "retail" },
    ],
    services: [{ name: "main", resourceGroup: "retail" }],
    consumers: [],
  });
  expect(Object.fromEntries(members)).toEqual({
    default: { modelApis: ["chat"], services: [], consumers: [] },
    retail: { modelApis: ["shop"], services: ["main"], consumers: [] },
  });
});

test("who holds a role in a group is listed with it, whoever holds one everywhere is not", () => {
  const users = [
    { name: "ada", roles: [{ role: "owner" as const }] },
    {
      name: "ed",
      roles: [
        { role: "editor" as const, resourceGroups: ["retail", "shared"] },
        { role: "viewer" as const, resourceGroups: [] },
      ],
    },
  ];
  expect(holdersOf("retail", users)).toEqual([{ user: "ed", role: "editor" }]);
  expect(holdersOf("other", users)).toEqual([]);
});
