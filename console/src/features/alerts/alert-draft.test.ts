// Alerts under edit: percent is stored as a share, a stored secret stays unless another is typed, faults keep it back.
import { describe, expect, it } from "vitest";
import type { Alert } from "../../api/resources.ts";
import {
  bodyOf,
  draftOf,
  faultsOf,
  newDraft,
  nextDimension,
  ruleOf,
  type AlertDraft,
} from "./alert-draft.ts";

const stored: Alert = {
  name: "fallbacks",
  enabled: true,
  metric: "fallback_rate",
  filter: { api: "chat" },
  op: ">",
  threshold: 0.05,
  forSeconds: 300,
  notify: [{ webhook: "https://example.com/hook", secret: { sealed: "x", hint: "…abcd" } }],
  revision: 3,
  managedBy: "api",
};

describe("a stored alert", () => {
  const draft = draftOf(stored);

  it("shows a share as percent", () => {
    expect(draft.threshold).toBe(5);
    expect(ruleOf(draft)?.threshold).toBe(0.05);
  });

  it("is sent as it was when nothing is changed", () => {
    expect(bodyOf(draft)).toEqual({
      name: "fallbacks",
      enabled: true,
      metric: "fallback_rate",
      filter: { api: "chat" },
      op: ">",
      threshold: 0.05,
      forSeconds: 300,
      notify: [{ webhook: "https://example.com/hook", secret: { sealed: "x", hint: "…abcd" } }],
    });
  });

  it.each([
    ["another secret", "new", "new"],
    ["no secret", "", undefined],
  ])("takes %s", (_name, typed, expected) => {
    const notify = draft.notify.map((each) => ({ ...each, typed }));
    expect(bodyOf({ ...draft, notify })).toMatchObject({ notify: [{ webhook: "https://example.com/hook" }] });
    expect(Reflect.get(Reflect.get(bodyOf({ ...draft, notify }) ?? {}, "notify")[0], "secret")).toBe(
      expected,
    );
  });
});

describe("faults", () => {
  it.each([
    ["a good one", {}, []],
    ["no name", { name: "" }, ["name"]],
    ["no threshold", { threshold: "" }, ["threshold"]],
    ["a condition without value", { filters: [{ id: 0, dimension: "api", value: " " }] }, ["value"]],
    [
      "a webhook that is no address",
      { notify: [{ id: 0, webhook: "ftp://x", stored: undefined, typed: "" }] },
      ["webhook"],
    ],
  ] satisfies [string, Partial<AlertDraft>, string[]][])("of %s", (_name, change, expected) => {
    const draft: AlertDraft = { ...newDraft, name: "a", ...change };
    expect([...faultsOf(draft)]).toEqual(expected);
    expect(bodyOf(draft) === null).toBe(expected.length > 0);
  });
});

it("a condition gets a field that is not in use", () => {
  expect(nextDimension([{ id: 0, dimension: "api", value: "x" }])).toBe("service");
});
