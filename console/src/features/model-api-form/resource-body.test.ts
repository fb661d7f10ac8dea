import { describe, expect, test } from "vitest";
import { defaultTriggers as resourceTriggers } from "../../../../src/resources/model-service.ts";
import { modelApiSchema } from "../../../../src/resources/model-api.ts";
import type { ModelApi } from "../../api/resources.ts";
import { defaultTriggers, newDraft, type Draft } from "./draft.ts";
import { bodyOf, cloneOf, draftOf, freeName, withoutDefaults, writable } from "./resource-body.ts";

const minimal = {
  name: "a",
  useCase: "text-generation",
  protocols: ["openai"],
  modelService: { mode: "single", target: { service: "s" } },
};

/** An object as the gateway shows it. */
function shown(fields: object): ModelApi {
  return { ...modelApiSchema.parse({ ...minimal, ...fields }), revision: 3, managedBy: "api" };
}

const targets = [{ service: "s", model: "m" }, { service: "t" }];

describe("a stored Model API comes back as it was", () => {
  test.each<[string, object]>([
    ["with nothing but what it must have", {}],
    [
      "by model name",
      { modelService: { mode: "by-model-name", rules: [{ pattern: "a*", target: targets[0] }] } },
    ],
    [
      "by model name with a default",
      { modelService: { mode: "by-model-name", rules: [], default: targets[1] } },
    ],
    [
      "by weight",
      { modelService: { mode: "by-weight", targets: targets.map((one) => ({ ...one, weight: 7 })) } },
    ],
    ["by metrics", { modelService: { mode: "by-metrics", goal: "least-busy", targets, maxShare: 0.4 } }],
    [
      "with what the form does not show",
      { cors: { enabled: false }, images: { pollSeconds: 3 }, cache: { ttlSeconds: 9 } },
    ],
    [
      "with everything else",
      {
        description: "d",
        tags: ["x"],
        enabled: false,
        domains: ["a.example"],
        basePath: "/b",
        stripBasePath: true,
        routes: {
          disabled: ["create-completion"],
          enabled: ["responses"],
          custom: [{ name: "c", path: "/c", methods: ["GET"] }],
        },
        fallback: {
          enabled: false,
          on: ["timeout"],
          targets: [{ service: "s", firstPacketTimeoutMs: 0 }, ...targets],
        },
        retries: { max: 3, on: ["timeout"], budgetPercent: 5 },
        firstPacketTimeoutMs: 3000,
        auth: {
          enabled: true,
          methods: ["api-key"],
          grants: [{ consumer: "c", expiresAt: "2027-01-01T00:00:00Z" }],
        },
      },
    ],
  ])("%s", (_name, fields) => {
    const api = shown(fields);
    expect(bodyOf(draftOf(api), writable(api))).toEqual(writable(api));
  });
});

test("a new draft is what the gateway makes of nothing said", () => {
  const draft: Draft = { ...newDraft("text-generation"), name: "a", single: { service: "s", model: "" } };
  expect(modelApiSchema.parse(bodyOf(draft))).toEqual(modelApiSchema.parse(minimal));
  expect(withoutDefaults(bodyOf(draft), draft)).toEqual({ ...minimal, domains: ["*"], basePath: "/" });
});

test("the triggers of a new draft are those of the resource", () => {
  expect(defaultTriggers).toEqual(resourceTriggers);
});

test("a part that differs is said without the parts that do not", () => {
  const draft = {
    ...newDraft("text-generation"),
    steps: [{ id: "1", service: "s", model: "", firstPacketTimeoutMs: 5 }],
  };
  expect(withoutDefaults(bodyOf(draft), draft)["fallback"]).toEqual({
    targets: [{ service: "s", firstPacketTimeoutMs: 5 }],
  });
});

test("what was typed in one mode is there when the mode comes back", () => {
  const draft = { ...newDraft("text-generation"), single: { service: "s", model: "m" } };
  const away = { ...draft, mode: "by-weight" } as const;
  expect(bodyOf({ ...away, mode: "single" })["modelService"]).toEqual({
    mode: "single",
    target: { service: "s", model: "m" },
  });
});

test("a clone gets a name and an address of its own", () => {
  expect(cloneOf(shown({ basePath: "/x" }), ["a", "a-copy"])).toMatchObject({
    name: "a-copy-2",
    basePath: "/x-copy",
  });
  expect(cloneOf(shown({}), [])).toMatchObject({ name: "a-copy", basePath: "/copy" });
  expect(freeName("n".repeat(64), [])).toBe(`${"n".repeat(59)}-copy`);
});
