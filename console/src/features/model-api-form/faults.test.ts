import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { normaliseBasePath } from "../../../../src/lib/base-path.ts";
import { newDraft, type Draft } from "./draft.ts";
import { allFaults, basePathFault, ownFaults, sectionOf } from "./faults.ts";

const good: Draft = { ...newDraft("text-generation"), name: "a", single: { service: "s", model: "" } };
const row = { id: "1", service: "s", model: "" };

test("a base path is wrong where the gateway finds it wrong", () => {
  const part = fc.constantFrom("/", "a", "%2f", "%20", "%", "?", "#", "\\", " ", ".", "..", "ü", "{", "%00");
  fc.assert(
    fc.property(fc.array(part, { maxLength: 8 }), (parts) => {
      const text = parts.join("");
      expect(basePathFault(text) === undefined).toBe(normaliseBasePath(text).ok);
    }),
  );
  expect([basePathFault(`/${"a".repeat(255)}`), basePathFault(`/${"a".repeat(256)}`)]).toEqual([
    undefined,
    "long",
  ]);
});

describe("a draft has a fault", () => {
  test.each<[string, Partial<Draft>, readonly (readonly [string, string])[]]>([
    ["not when it is complete", {}, []],
    ["without a name", { name: "" }, [["name", "nameEmpty"]]],
    ["with a space in its name", { name: "a b" }, [["name", "nameCharacters"]]],
    ["with a name of 65 characters", { name: "a".repeat(65) }, [["name", "nameLong"]]],
    ["without a domain", { domains: [] }, [["domains", "domainsEmpty"]]],
    [
      "without a service",
      { single: { service: "", model: "" } },
      [["modelService.target.service", "serviceEmpty"]],
    ],
    ["not in a mode that is not chosen", { weighted: [{ ...row, service: "", weight: 1 }] }, []],
    ["without rules", { mode: "by-model-name" }, [["modelService.rules", "rulesEmpty"]]],
    [
      "with a rule without pattern",
      { mode: "by-model-name", rules: [{ ...row, pattern: "" }] },
      [["modelService.rules[0].pattern", "patternEmpty"]],
    ],
    [
      "without weight",
      { mode: "by-weight", weighted: [{ ...row, weight: 0 }] },
      [["modelService.targets", "weightsZero"]],
    ],
    [
      "in a fallback step",
      { steps: [{ ...row, service: "", firstPacketTimeoutMs: -1 }] },
      [
        ["fallback.targets[0].service", "serviceEmpty"],
        ["fallback.targets[0].firstPacketTimeoutMs", "timeoutRange"],
      ],
    ],
    [
      "without a trigger",
      { steps: [{ ...row, firstPacketTimeoutMs: undefined }], triggers: [] },
      [["fallback.on", "triggersEmpty"]],
    ],
  ])("%s", (_name, change, faults) => {
    expect(ownFaults({ ...good, ...change }).map(({ path, code }) => [path, code])).toEqual(faults);
  });
});

describe("what the gateway says", () => {
  const clash = {
    path: "basePath",
    code: "conflict",
    message: 'domain "h.example" with base path "/b" belongs to Model API "other"',
    other: { kind: "model-apis", name: "other" },
  } as const;

  test("of an address stands at the domains, with the one that is taken", () => {
    const draft = { ...good, domains: ["a.example", "h.example"], basePath: "/b" };
    expect(allFaults(draft, [], [clash])).toEqual([
      { path: "domains", code: "addressTaken", other: "other", address: "h.example/b" },
    ]);
  });

  test("of a field that we have found wrong ourselves is not said twice", () => {
    const draft = { ...good, name: "" };
    const said = [{ path: "name", code: "invalid", message: "must have 1 to 64" } as const];
    expect(allFaults(draft, ownFaults(draft), said)).toEqual([{ path: "name", code: "nameEmpty" }]);
  });

  test("in other words stays as it is", () => {
    const said = [{ path: "routes.disabled[0]", code: "invalid", message: "is no default route" } as const];
    expect(allFaults(good, [], said)).toEqual([
      { path: "routes.disabled[0]", code: "said", message: "is no default route" },
    ]);
  });
});

test.each([
  ["modelService.targets[0].service", "service"],
  ["firstPacketTimeoutMs", "fallback"],
  ["auth.grants[0]", "access"],
  ["", "review"],
])("a fault at %s is mended in section %s", (path, section) => {
  expect(sectionOf(path)).toBe(section);
});
