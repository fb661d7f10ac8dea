import { expect, test } from "vitest";
import { groupsWith, membersOf } from "./members.ts";

const web = { name: "web", groups: ["team", "beta"] };
const app = { name: "app", groups: [] };

test("members are the consumers that name the group", () => {
  expect(membersOf([web, app], "team")).toEqual([web]);
});

test("a consumer enters a group once and leaves it alone", () => {
  expect(groupsWith(app, "team", true)).toEqual(["team"]);
  expect(groupsWith(web, "team", true)).toEqual(["beta", "team"]);
  expect(groupsWith(web, "team", false)).toEqual(["beta"]);
});
