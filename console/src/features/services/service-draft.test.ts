// A service in its form: what is kept, what is sent, what is wrong.
import { describe, expect, test } from "vitest";
import { knownProviderOf as providerOf } from "../../../../src/providers/known-providers.ts";
import { serviceSchema } from "../../../../src/resources/service.ts";
import type { Service } from "../../api/resources.ts";
import {
  addModels,
  bodyOf,
  changesOf,
  cloneDraft,
  draftOf,
  knownModel,
  newDraft,
  newKey,
} from "./service-draft.ts";
import { faultsByField, problemsOf } from "./service-problems.ts";

const openai = providerOf("openai");
const nobody: ReadonlySet<string> = new Set();

/** As the admin API shows it: secrets are masks, which the schema does not know. */
function shown(fields: object): Service {
  const stored = serviceSchema.parse({ name: "main", provider: "openai", ...fields });
  const mask = { set: true, hint: "…abcd" };
  const view = {
    ...stored,
    apiKeys: stored.apiKeys.map((key) => ({ ...key, value: mask })),
    headers: Object.fromEntries(Object.keys(stored.headers).map((name) => [name, mask])),
    revision: 3,
    managedBy: "api",
  };
  return view as unknown as Service; // Masks stand where the schema has secrets, as in every answer.
}

const stored = shown({
  apiKeys: [{ name: "first", value: "sk-0123456789abcd", weight: 2 }],
  headers: { "x-team": "secret-team" },
  models: [{ name: "gpt-5-mini", price: { input: 0.25, output: 2 } }],
  timeouts: { connectMs: 100 },
  healthCheck: { path: "/health" },
});

describe("what is sent for a stored service", () => {
  test("keeps secrets by sending back their masks, and what the form does not show", () => {
    const body = bodyOf(draftOf(stored, openai), openai, stored);
    expect(body).toMatchObject({
      apiKeys: [{ name: "first", value: { set: true, hint: "…abcd" }, weight: 2, enabled: true }],
      headers: { "x-team": { set: true, hint: "…abcd" } },
      healthCheck: { path: "/health" },
      timeouts: { connectMs: 100, idleMs: 60_000, totalMs: 600_000 },
    });
    expect(body).not.toHaveProperty("revision");
    expect(body).not.toHaveProperty("baseUrl");
  });

  test("a typed secret replaces the stored one", () => {
    const draft = draftOf(stored, openai);
    const keys = draft.apiKeys.map((key) => ({ ...key, secret: { ...key.secret, typed: "sk-new" } }));
    expect(bodyOf({ ...draft, apiKeys: keys }, openai, stored)).toMatchObject({
      apiKeys: [{ name: "first", value: "sk-new" }],
    });
  });

  test("the schema takes it, with a value in place of each mask", () => {
    const draft = draftOf(stored, openai);
    const typed = { stored: undefined, typed: "sk-0123456789abcd" };
    const body = bodyOf(
      {
        ...draft,
        apiKeys: draft.apiKeys.map((key) => ({ ...key, secret: typed })),
        headers: draft.headers.map((header) => ({ ...header, secret: typed })),
      },
      openai,
      stored,
    );
    expect(serviceSchema.safeParse(body).error).toBeUndefined();
  });
});

describe("keys that are more than a text", () => {
  const bedrock = providerOf("bedrock");
  const access = { accessKeyId: " AKIA0 ", secretAccessKey: "wJalr", sessionToken: "" };
  const [first] = newDraft(bedrock, "aws").apiKeys;
  if (first === undefined) throw new Error("There is no key.");
  const draft = { ...newDraft(bedrock, "aws"), region: "eu-west-1", apiKeys: [{ ...first, access }] };

  test("an access key is sent by its parts, a session token only where there is one", () => {
    expect(problemsOf(draft, bedrock, nobody).size).toBe(0);
    expect(bodyOf(draft, bedrock)).toMatchObject({
      apiKeys: [{ value: { accessKeyId: "AKIA0", secretAccessKey: "wJalr" } }],
    });
    const temporary = { ...draft, apiKeys: [{ ...first, access: { ...access, sessionToken: "t" } }] };
    expect(bodyOf(temporary, bedrock)).toMatchObject({ apiKeys: [{ value: { sessionToken: "t" } }] });
    expect(serviceSchema.safeParse(bodyOf(temporary, bedrock)).error).toBeUndefined();
  });

  test("what of it is missing is said at its field", () => {
    const empty = { ...draft, apiKeys: [first] };
    expect([...problemsOf(empty, bedrock, nobody).keys()]).toEqual([
      "apiKeys[0].value.accessKeyId",
      "apiKeys[0].value.secretAccessKey",
    ]);
  });

  test("a stored one is kept by its masks, and replaced by what is typed", () => {
    const value = { accessKeyId: "AKIA0", secretAccessKey: { set: true, hint: "…abcd" } };
    const view = {
      ...shown({ provider: "bedrock" }),
      apiKeys: [{ name: "a", value, weight: 1, enabled: true }],
    };
    const kept = draftOf(view as unknown as Service, bedrock); // Masks, as in `shown`.
    expect(bodyOf(kept, bedrock)).toMatchObject({ apiKeys: [{ value }] });
    const typed = kept.apiKeys.map((key) => ({
      ...key,
      secret: { ...key.secret, typed: "" },
      access: { ...key.access, secretAccessKey: "new" },
    }));
    expect(bodyOf({ ...kept, apiKeys: typed }, bedrock)).toMatchObject({
      apiKeys: [{ value: { accessKeyId: "AKIA0", secretAccessKey: "new" } }],
    });
    expect(cloneDraft(view as unknown as Service, bedrock, "copy").apiKeys[0]?.access.accessKeyId).toBe(""); // Likewise.
  });

  test("the text of a service account is sent as it was pasted, and another text is refused", () => {
    const vertex = providerOf("vertex");
    const pasted = '{\n "client_email": "a@b", "private_key": "-----BEGIN PRIVATE KEY-----"\n}';
    const withText = (typed: string) => ({
      ...newDraft(vertex, "gcp"),
      region: "global",
      apiKeys: [{ ...newKey([], vertex), secret: { stored: undefined, typed } }],
    });
    expect(bodyOf(withText(pasted), vertex)).toMatchObject({ apiKeys: [{ value: pasted }] });
    expect(problemsOf(withText(pasted), vertex, nobody).size).toBe(0);
    expect([...problemsOf(withText("AIza"), vertex, nobody)]).toEqual([["apiKeys[0].value", "accountJson"]]);
  });
});

test("a clone takes no secret along and so misses them", () => {
  const draft = cloneDraft(stored, openai, "copy");
  expect(JSON.stringify(bodyOf(draft, openai))).not.toContain("…abcd");
  expect([...problemsOf(draft, openai, nobody).keys()]).toEqual(["apiKeys[0].value", "headers[0].value"]);
});

test("the catalogue's address is not stored as the service's own, another one is", () => {
  const draft = newDraft(openai, "x");
  expect(draft.baseUrl).toBe("https://api.openai.com");
  expect(bodyOf(draft, openai)).not.toHaveProperty("baseUrl");
  expect(bodyOf({ ...draft, baseUrl: "https://proxy.lan" }, openai)).toMatchObject({
    baseUrl: "https://proxy.lan",
  });
});

test("knobs are sent for the simulator, and only those that are set", () => {
  const simulator = providerOf("simulator");
  const draft = newDraft(simulator, "sim");
  expect(bodyOf(draft, simulator)).not.toHaveProperty("simulator");
  const set = { ...draft, knobs: { ...draft.knobs, ttftMs: 300 }, fault: "reset" as const };
  expect(bodyOf(set, simulator)).toMatchObject({ simulator: { ttftMs: 300, fault: "reset" } });
});

test("a model of the catalogue brings its price, and none comes twice", () => {
  const models = addModels(addModels([], ["gpt-5-mini", "other"], openai), ["other", "third"], openai);
  expect(models.map(({ name }) => name)).toEqual(["gpt-5-mini", "other", "third"]);
  // The known price is not written down: it holds by itself, and is replaced with the data that ships.
  expect(models[0]).toMatchObject({ contextWindow: 400_000, price: {} });
  expect(knownModel("gpt-5-mini", openai)?.price).toMatchObject({ input: 0.25, output: 2 });
  expect(new Set(models.map(({ id }) => id)).size).toBe(3);
});

test("changes are counted by part", () => {
  const draft = draftOf(stored, openai);
  expect(changesOf(draft, draft)).toBe(0);
  expect(changesOf({ ...draft, region: "x", apiKeys: [] }, draft)).toBe(2);
});

describe("problems", () => {
  const draft = {
    ...newDraft(openai, "x"),
    apiKeys: [{ ...newKey([], openai), secret: { stored: null, typed: "sk" } }],
  };
  test.each([
    ["a fitting service", draft, "openai", []],
    ["a name with a space", { ...draft, name: "a b" }, "openai", ["name"]],
    ["a name that another has", { ...draft, name: "taken" }, "openai", ["name"]],
    ["no key where one is needed", { ...draft, apiKeys: [] }, "openai", ["apiKeys"]],
    ["no scheme", { ...draft, baseUrl: "api.example.com" }, "openai", ["baseUrl"]],
    ["a query", { ...draft, baseUrl: "https://a.b/?x=1" }, "openai", ["baseUrl"]],
    [
      "a place holder",
      newDraft(providerOf("azure-openai"), "x"),
      "azure-openai",
      ["baseUrl", "apiKeys[0].value"],
    ],
    ["no region", { ...newDraft(providerOf("bedrock"), "x"), apiKeys: draft.apiKeys }, "bedrock", ["region"]],
    ["no address at all", newDraft(providerOf("openai-compatible"), "x"), "openai-compatible", ["baseUrl"]],
    [
      "no protocol",
      { ...newDraft(providerOf("elevenlabs"), "x"), apiKeys: draft.apiKeys },
      "elevenlabs",
      ["protocols"],
    ],
    ["an own server", newDraft(providerOf("ollama"), "x"), "ollama", []],
    ["the simulator", newDraft(providerOf("simulator"), "x"), "simulator", []],
    [
      "a header of the connection",
      { ...draft, headers: [{ id: 1, name: "Host", secret: { stored: null, typed: "a" } }] },
      "openai",
      ["headers[0].name"],
    ],
    [
      "a model twice",
      { ...draft, models: addModels([], ["a"], openai).flatMap((model) => [model, { ...model, id: 2 }]) },
      "openai",
      ["models[1].name"],
    ],
  ] as const)("of %s", (_name, given, provider, expected) => {
    expect([...problemsOf(given, providerOf(provider), new Set(["taken"])).keys()]).toEqual(expected);
  });
});

test("faults of the control plane go to their fields, others stay texts", () => {
  const headers = [{ id: 1, name: "x-a", secret: { stored: null, typed: "a" } }];
  const { fields, others } = faultsByField(
    [
      { path: "apiKeys[0].value", message: "is required" },
      { path: "headers.x-a", message: "is set by the gateway itself" },
      { path: "healthCheck.enabled", message: "is not served" },
      { path: "", message: "exists already" },
    ],
    { ...newDraft(openai, "x"), headers },
  );
  expect(Object.fromEntries(fields)).toEqual({
    "apiKeys[0].value": "is required",
    "headers[0].name": "is set by the gateway itself",
  });
  expect(others).toEqual(["healthCheck.enabled is not served", "exists already"]);
});
