// Which Model APIs a consumer may call.
import { describe, expect, test } from "vitest";
import { authField } from "../../../../src/resources/auth.ts";
import { grantedApis, grantOf, grantsWith } from "./grants.ts";

const api = (grants: readonly object[]) => ({ auth: authField.parse({ enabled: true, grants }) });
const caller = { name: "shop", groups: ["front"] };

describe("a grant", () => {
  test.each([
    ["by name", [{ consumer: "shop" }], { by: "consumer", group: "" }],
    ["by a group of the consumer", [{ consumerGroup: "front" }], { by: "group", group: "front" }],
    ["by name before that by group", [{ consumerGroup: "front" }, { consumer: "shop" }], { by: "consumer" }],
  ])("%s", (_name, grants, expected) => {
    expect(grantOf(api(grants), caller)).toMatchObject(expected);
  });

  test.each([[[]], [[{ consumer: "other" }]], [[{ consumerGroup: "back" }]]])("not in %j", (grants) => {
    expect(grantOf(api(grants), caller)).toBeUndefined();
  });
});

test("giving and taking leave the others alone", () => {
  const others = [{ consumer: "a", expiresAt: "2027-01-01T00:00:00Z" }, { consumerGroup: "front" }];
  const given = grantsWith(api(others), "shop", true);
  expect(given).toEqual([...others, { consumer: "shop" }]);
  expect(grantsWith(api(given), "shop", false)).toEqual(others);
  expect(grantsWith(api(given), "shop", true)).toEqual(given);
});

test("the granted APIs are named", () => {
  const apis = [
    { name: "one", ...api([{ consumer: "shop" }]) },
    { name: "two", ...api([]) },
  ];
  expect(grantedApis(apis, caller)).toEqual(["one"]);
});
