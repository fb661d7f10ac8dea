// What stands in the address of a section of the settings.
import { expect, test } from "vitest";
import { readSettingsSearch } from "./settings-search.ts";

test("what is known is read, whatever else stands there", () => {
  expect(
    readSettingsSearch({ from: 3, to: "4", edit: 12, q: "", actor: ["user:ada", 5], action: "x", other: 1 }),
  ).toEqual({ from: 3, edit: "12", actor: ["user:ada"] });
});
