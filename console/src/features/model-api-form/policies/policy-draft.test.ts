import { expect, test } from "vitest";
import { modelApiSchema } from "../../../../../src/resources/model-api.ts";
import type { ModelApi } from "../../../api/resources.ts";
import { createTranslate } from "../../../i18n/messages.ts";
import { newDraft, type Draft } from "../draft.ts";
import { bodyOf, draftOf, writable } from "../resource-body.ts";
import { cardMessages } from "./card-messages.ts";
import { limitMessages } from "./limit-messages.ts";
import { policyFaults } from "./policy-faults.ts";
import { cardNames, policyNames, shownBody } from "./policy-draft.ts";
import { policyState } from "./policy-states.ts";
import { policySummary } from "./policy-summary.ts";

const texts = {
  card: createTranslate(cardMessages, "en"),
  limit: createTranslate(limitMessages, "en"),
  comma: ", ",
};

const everything = {
  auth: { enabled: true, methods: ["jwt"], grants: [{ consumerGroup: "g", models: ["a*"] }] },
  rateLimits: [
    {
      name: "a",
      by: "header",
      key: "x-plan",
      match: { type: "exact", value: "t" },
      metric: "tokens",
      limit: 5,
      window: "day",
      dryRun: true,
    },
    { name: "b", by: "api", metric: "concurrency", limit: 3 },
  ],
  moderation: {
    enabled: true,
    dryRun: true,
    checks: [
      { name: "w", type: "keywords", keywords: ["x"] },
      { name: "h", type: "webhook", url: "https://judge.example/x", secret: "webhook-secret-0123456789" },
    ],
    rules: [{ consumer: { type: "prefix", value: "internal-" }, level: "observe" }],
  },
  cache: { enabled: true, mode: "semantic", semantic: { service: "s", model: "m" } },
  ipAccess: { allow: ["10.0.0.0/8"], deny: ["10.66.0.0/16"] },
  prompt: { systemPrefix: "before" },
  parameters: { maxTokens: { maximum: 4096 }, temperature: { default: 0.3 } },
  transform: {
    requestHeaders: { remove: ["x-a"], rename: { "x-b": "x-c" }, set: { "x-d": "v" } },
    requestBody: { set: { store: false, note: "text", nothing: null } },
  },
  cors: { origins: ["https://a.example"] },
  translation: { strict: true, passFields: ["service_tier"] },
  images: { pollSeconds: 0.5, deadlineSeconds: 60 },
};

function shown(fields: object): ModelApi {
  const minimal = {
    name: "a",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "s" } },
  };
  return { ...modelApiSchema.parse({ ...minimal, ...fields }), revision: 3, managedBy: "api" };
}

test("policies come back as they were", () => {
  const api = shown(everything);
  expect(bodyOf(draftOf(api), writable(api))).toEqual(writable(api));
  expect(policyFaults(draftOf(api))).toEqual([]);
});

test.each<[string, object, Readonly<Record<string, string>>]>([
  [
    "nothing set",
    {},
    {
      auth: "off",
      rateLimits: "off",
      moderation: "off",
      cache: "off",
      ipAccess: "off",
      shaping: "off",
      transform: "off",
      cors: "on",
    },
  ],
  [
    "everything",
    everything,
    {
      auth: "on",
      rateLimits: "on",
      moderation: "dryRun",
      cache: "on",
      ipAccess: "on",
      shaping: "on",
      transform: "on",
      cors: "on",
    },
  ],
  [
    "only dry runs",
    { rateLimits: everything.rateLimits.slice(0, 1), auth: { enabled: true } },
    { rateLimits: "dryRun", auth: "nobody" },
  ],
  ["moderation without a check", { moderation: { enabled: true } }, { moderation: "off" }],
])("the words where policies stand: %s", (_name, fields, states) => {
  const draft = draftOf(shown(fields));
  expect(
    Object.fromEntries(
      Object.keys(states).flatMap((name) => {
        const known = policyNames.find((each) => each === name);
        return known === undefined ? [] : [[name, policyState(draft, known)]];
      }),
    ),
  ).toEqual(states);
});

test("each policy is summed up in a line", () => {
  const draft = draftOf(shown(everything));
  expect(cardNames.map((name) => policySummary(draft, name, texts))).toEqual([
    "1 allowed, 1 denied",
    "JWT; 1 grant",
    "6 changes",
    "words before the system prompt, 2 parameters",
    "Each value of header x-plan that is t may use 5 tokens a day. Only recorded, nothing is refused. And 1 more.",
    "2 checks on requests and answers; refused when a check fails",
    "questions that mean the same, kept 3,600 s, each consumer for itself",
    "1 origin may call",
    "What a service cannot be told is refused. 1 unknown field passes.",
  ]);
});

test("a policy that is switched off goes, and is back once it is switched on again", () => {
  const draft = draftOf(shown(everything));
  const off: Draft = { ...draft, paused: ["rateLimits", "ipAccess", "shaping", "transform"] };
  const { rateLimits, ipAccess, prompt, parameters, transform } = newBody();
  expect(bodyOf(off)).toMatchObject({ rateLimits, ipAccess, prompt, parameters, transform });
  expect(bodyOf({ ...off, paused: [] })).toEqual(bodyOf(draft));
});

function newBody(): Readonly<Record<string, unknown>> {
  return bodyOf(newDraft("text-generation"));
}

test("what is typed as a secret is not shown", () => {
  const text = JSON.stringify(shownBody(bodyOf(draftOf(shown(everything)))));
  expect(text).not.toContain("webhook-secret-0123456789");
  expect(text).toContain("••••");
});

test("what is missing is said at its field", () => {
  const draft = draftOf(shown(everything));
  const [first] = draft.rateLimits;
  if (first === undefined) throw new Error("There is no limit.");
  const wrong: Draft = {
    ...draft,
    useCase: "image-generation",
    images: { pollSeconds: undefined, deadlineSeconds: 120 },
    authMethods: [],
    rateLimits: [first, { id: "x", limit: { ...first.limit, limit: undefined, key: "" } }],
    cache: { ...draft.cache, semantic: { service: "", model: "m", threshold: 0.9 } },
    edits: {
      ...draft.edits,
      requestHeaders: [
        { id: "1", action: "remove", name: "x-a", value: "" },
        { id: "2", action: "remove", name: "x-a", value: "" },
        { id: "3", action: "rename", name: "x-b", value: "" },
      ],
    },
  };
  expect(policyFaults(wrong).map(({ path, code }) => `${path} ${code}`)).toEqual([
    "auth.methods listEmpty",
    "rateLimits[0].name nameTwice",
    "rateLimits[1].name nameTwice",
    "rateLimits[1].key valueEmpty",
    "rateLimits[1].limit numberEmpty",
    "cache.semantic.service valueEmpty",
    "transform.requestHeaders[1].name nameTwice",
    "transform.requestHeaders[2].value valueEmpty",
    "images.pollSeconds numberEmpty",
  ]);
});
