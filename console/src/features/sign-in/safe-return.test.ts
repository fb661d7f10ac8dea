// After signing in nobody is led out of the console.
import { describe, expect, it } from "vitest";
import { safeReturn } from "./safe-return.ts";

describe("where signing in leads", () => {
  it.each(["/", "/overview", "/model-apis/a/debug?tab=raw#x", "/services?q=%2F%2Fevil"])(
    "goes to %s",
    (to) => {
      expect(safeReturn(to)).toBe(to);
    },
  );

  it.each([
    undefined,
    "",
    "overview",
    "//evil.example",
    "/\\evil.example",
    "/a\\b",
    "/\t/evil.example",
    "/\n/evil.example",
    "https://evil.example/",
    "javascript:alert(1)",
    "/sign-in?to=/x",
    "/setup",
  ])("goes to the overview instead of %j", (to) => {
    expect(safeReturn(to)).toBe("/overview");
  });

  it("does not take a page whose name only begins like a door", () => {
    expect(safeReturn("/setup-notes")).toBe("/setup-notes");
  });
});
