// Who belongs to which resource group.
import { expect, test } from "vitest";
import { membersOf } from "./members.ts";

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
