// Keys lead where the sheet of shortcuts says.
import { expect, it } from "vitest";
import { navItems } from "./nav-items.ts";
import { actOf } from "./shortcuts.ts";

it("g and a letter goes to every page of the menu, each by its own letter", () => {
  expect(new Set(navItems.map(({ key }) => key)).size).toBe(navItems.length);
  for (const { key, to } of navItems) expect(actOf(key, true, "/overview")).toEqual({ kind: "go", to });
});

it("a letter that leads nowhere ends the sequence", () => {
  expect(actOf("z", true, "/overview")).toBeNull();
  expect(actOf("n", true, "/services")).toBeNull();
});

it.each([
  ["g", "/overview", { kind: "await" }],
  ["?", "/overview", { kind: "open", tool: "shortcuts" }],
  ["/", "/services", { kind: "search" }],
  ["n", "/services", { kind: "go", to: "/services/new" }],
  ["n", "/domains", { kind: "go", to: "/domains", search: { add: true } }],
  ["n", "/model-apis", null],
  ["n", "/settings/general", null],
  ["x", "/overview", null],
] as const)("%s on %s", (key, path, act) => {
  expect(actOf(key, false, path)).toEqual(act);
});
