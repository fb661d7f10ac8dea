// What may be done to a user, and why not.
import { describe, expect, test } from "vitest";
import { userSchema } from "../../../../src/resources/user.ts";
import { tokenSchema } from "../../../../src/resources/token.ts";
import type { User } from "../../api/resources.ts";
import {
  generatedPassword,
  isLastOwner,
  mayGiveRole,
  obstacleTo,
  obstacleToTaking,
  standingOf,
} from "./user-rules.ts";

type Roles = User["roles"];

function user(name: string, roles: Roles, more: Partial<User> = {}): User {
  return {
    ...userSchema.parse({ name, roles }),
    password: { hash: "shown as set", hint: null },
    revision: 1,
    managedBy: "api",
    ...more,
  };
}

const everywhere = (role: Roles[number]["role"]) => [{ role, resourceGroups: null }];
const owner = user("root", [{ role: "owner" }]);

describe("how a user stands", () => {
  test.each([
    ["with a password and a role", user("a", [{ role: "viewer" }]), "active"],
    ["disabled", user("a", [{ role: "viewer" }], { enabled: false }), "disabled"],
    ["without a password", user("a", [{ role: "viewer" }], { password: undefined }), "noWayIn"],
    ["without a role", user("a", []), "noRole"],
    ["with a role nowhere", user("a", [{ role: "viewer", resourceGroups: [] }]), "noRole"],
  ] as const)("%s", (_name, who, expected) => expect(standingOf(who)).toBe(expected));
});

describe("who may be touched", () => {
  test.each([
    ["an owner by an owner", owner, everywhere("owner"), undefined],
    ["an owner by an admin", owner, everywhere("admin"), "aboveYou"],
    ["an admin by an admin", user("a", [{ role: "admin" }]), everywhere("admin"), undefined],
    [
      "who holds more groups",
      user("a", [{ role: "viewer", resourceGroups: ["a", "b"] }]),
      [{ role: "admin", resourceGroups: ["a"] }],
      "fewGroups",
    ],
    [
      "who holds one's own group",
      user("a", [{ role: "editor", resourceGroups: ["a"] }]),
      [{ role: "admin", resourceGroups: ["a"] }],
      undefined,
    ],
    ["who comes from the file", user("a", [], { managedBy: "file" }), everywhere("owner"), "fromFile"],
  ] as const)("%s", (_name, who, held, expected) =>
    expect(obstacleTo(who, { name: "me", held })).toBe(expected),
  );

  test("not oneself, and not the last owner", () => {
    expect(obstacleToTaking(owner, { name: "root", held: everywhere("owner") }, true)).toBe("ownAccount");
    expect(obstacleToTaking(owner, { name: "me", held: everywhere("owner") }, true)).toBe("lastOwner");
    expect(obstacleToTaking(owner, { name: "me", held: everywhere("owner") }, false)).toBeUndefined();
  });
});

test("the last owner is the one beside whom nobody can sign in as owner, and no token is one", () => {
  const token = {
    ...tokenSchema.parse({ name: "ci", role: "owner", expiresAt: "2030-01-01T00:00:00Z" }),
    revision: 1,
    managedBy: "api",
  } as const;
  const other = user("other", [{ role: "owner" }]);
  expect(isLastOwner(owner, [owner], [], 0)).toBe(true);
  expect(isLastOwner(owner, [owner, other], [], 0)).toBe(false);
  expect(isLastOwner(owner, [owner, { ...other, enabled: false }], [], 0)).toBe(true);
  expect(isLastOwner(owner, [owner], [token], 0)).toBe(false);
  expect(isLastOwner(owner, [owner], [token], Date.parse("2031-01-01"))).toBe(true);
});

test("a role is given by who has it somewhere", () => {
  expect(mayGiveRole([{ role: "admin", resourceGroups: ["a"] }], "editor")).toBe(true);
  expect(mayGiveRole([{ role: "admin", resourceGroups: [] }], "editor")).toBe(false);
  expect(mayGiveRole(everywhere("admin"), "owner")).toBe(false);
});

test("a generated password has 20 letters, and passes over bytes that would favour some", () => {
  let call = 0;
  const password = generatedPassword((length) => new Uint8Array(length).fill([255, 0, 1][call++] ?? 2));
  expect(password).toMatch(/^[a-zA-Z2-9]{20}$/u);
  expect(password).toBe("a".repeat(20));
});
