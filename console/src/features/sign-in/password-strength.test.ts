// The words beside a new password.
import { expect, it } from "vitest";
import { passwordLength, strengthOf } from "./password-strength.ts";

it.each([
  ["", "short"],
  ["ninechars", "short"],
  ["aaaaaaaaaaaaaaaaaaaa", "weak"],
  ["password123", "weak"],
  ["hgbtrfvdce", "weak"],
  ["hgbtrfvdcexs", "fair"],
  ["Hgbt-fvd4e", "fair"],
  ["correct-horse-battery", "strong"],
  ["Tr0ub4dor&3xyz", "strong"],
] as const)("%j is %s", (password, strength) => {
  expect(strengthOf(password)).toBe(strength);
});

it("counts characters as the gateway does", () => {
  expect(passwordLength("月亮門🌕")).toBe(4);
});
