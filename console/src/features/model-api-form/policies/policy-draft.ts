// The policies of a Model API as the form holds them, and the way from and to the resource. Knows no React.
import type { ModelApi } from "../../../api/resources.ts";
import type { Body } from "../resource-body.ts";

export type AuthMethod = ModelApi["auth"]["methods"][number];
export type RateLimit = ModelApi["rateLimits"][number];
type Moderation = ModelApi["moderation"];
export type CheckType = Moderation["checks"][number]["type"];
export type ModerationRule = Moderation["rules"][number];
export type ValueMatch = RateLimit["match"];
export type Parameters = ModelApi["parameters"];
export type ParameterName = keyof Parameters;
type Transform = ModelApi["transform"];
export type TransformPlace = keyof Transform;

/** In the order of their cards, which is that of the way. */
export const policyNames = [
  "ipAccess",
  "auth",
  "transform",
  "shaping",
  "rateLimits",
  "moderation",
  "cache",
  "cors",
] as const;
export type PolicyName = (typeof policyNames)[number];

/** Cards as they stand on a page: the policies, and what has no switch, as it acts wherever it is needed. */
export type CardName = PolicyName | "translation";
export const cardNames: readonly CardName[] = [...policyNames, "translation"];

/** Those that are on by what they hold; switched off, the form keeps what was typed until it is saved. */
export const bareNames = ["ipAccess", "transform", "shaping", "rateLimits"] as const;
export type BareName = (typeof bareNames)[number];

export interface LimitDraft {
  readonly id: string;
  /** `limit` is undefined while nothing is typed. */
  readonly limit: Omit<RateLimit, "limit"> & { readonly limit: number | undefined };
}

/** A check of any type: which fields it has stands in `check-fields.ts`. */
export type CheckValue = Body & { readonly name: string; readonly type: CheckType };

export interface CheckDraft {
  readonly id: string;
  readonly check: CheckValue;
}
export interface ModerationRuleDraft {
  readonly id: string;
  readonly rule: ModerationRule;
}
export type ModerationDraft = Omit<Moderation, "checks" | "rules"> & {
  readonly checks: readonly CheckDraft[];
  readonly rules: readonly ModerationRuleDraft[];
};

/** One change of a header or field: `value` is the new name, or the value as text; in a body it is JSON. */
export interface EditDraft {
  readonly id: string;
  readonly action: "remove" | "rename" | "set";
  readonly name: string;
  readonly value: string;
}

export const transformPlaces = ["requestHeaders", "requestBody", "responseHeaders"] as const;

export interface PolicyDraft {
  /** Policies without a switch of their own that are switched off in the form. */
  readonly paused: readonly BareName[];
  readonly authMethods: readonly AuthMethod[];
  readonly rateLimits: readonly LimitDraft[];
  readonly moderation: ModerationDraft;
  readonly cache: ModelApi["cache"];
  readonly ipAccess: ModelApi["ipAccess"];
  readonly prompt: ModelApi["prompt"];
  readonly parameters: Parameters;
  readonly edits: Readonly<Record<TransformPlace, readonly EditDraft[]>>;
  readonly cors: ModelApi["cors"];
  readonly translation: ModelApi["translation"];
  /** Undefined while nothing is typed. */
  readonly images: Readonly<Record<keyof ModelApi["images"], number | undefined>>;
}

type StoredPolicies = Pick<
  ModelApi,
  | "auth"
  | "rateLimits"
  | "moderation"
  | "cache"
  | "ipAccess"
  | "prompt"
  | "parameters"
  | "transform"
  | "cors"
  | "translation"
  | "images"
>;

/** As the resource has them; a test compares. */
export const newPolicies: PolicyDraft = {
  paused: bareNames,
  authMethods: ["api-key", "jwt", "hmac"],
  rateLimits: [],
  moderation: {
    enabled: false,
    dryRun: false,
    request: true,
    response: true,
    images: false,
    onError: "block",
    streamWindowCharacters: 200,
    checks: [],
    rules: [],
  },
  cache: { enabled: false, mode: "exact", ttlSeconds: 3600, maxEntryBytes: 1024 ** 2, scope: "consumer" },
  ipAccess: { allow: [], deny: [] },
  prompt: { systemPrefix: "", systemSuffix: "" },
  parameters: {},
  edits: { requestHeaders: [], requestBody: [], responseHeaders: [] },
  cors: { enabled: true, origins: ["*"] },
  translation: { strict: false, passFields: [] },
  images: { pollSeconds: 1, deadlineSeconds: 120 },
};

export function policiesOf(api: StoredPolicies, newId: () => string): PolicyDraft {
  const { moderation, transform } = api;
  const draft: PolicyDraft = {
    paused: [],
    authMethods: api.auth.methods,
    rateLimits: api.rateLimits.map((limit) => ({ id: newId(), limit })),
    moderation: {
      ...moderation,
      checks: moderation.checks.map((check) => ({ id: newId(), check })),
      rules: moderation.rules.map((rule) => ({ id: newId(), rule })),
    },
    cache: api.cache,
    ipAccess: api.ipAccess,
    prompt: api.prompt,
    parameters: api.parameters,
    edits: {
      requestHeaders: headerEdits(transform.requestHeaders, newId),
      requestBody: editsOf(transform.requestBody, (value) => JSON.stringify(value), newId),
      responseHeaders: headerEdits(transform.responseHeaders, newId),
    },
    cors: api.cors,
    translation: api.translation,
    images: api.images,
  };
  return { ...draft, paused: bareNames.filter((name) => isBare(draft, name)) };
}

interface StoredEdits<Value> {
  readonly remove: readonly string[];
  readonly rename: Readonly<Record<string, string>>;
  readonly set: Readonly<Record<string, Value>>;
}

function headerEdits(stored: StoredEdits<string>, newId: () => string): EditDraft[] {
  return editsOf(stored, (value) => value, newId);
}

function editsOf<Value>(
  { remove, rename, set }: StoredEdits<Value>,
  textOf: (value: Value) => string,
  newId: () => string,
): EditDraft[] {
  return [
    ...remove.map((name) => ({ id: newId(), action: "remove" as const, name, value: "" })),
    ...Object.entries(rename).map(([name, value]) => ({
      id: newId(),
      action: "rename" as const,
      name,
      value,
    })),
    ...Object.entries(set).map(([name, value]) => ({
      id: newId(),
      action: "set" as const,
      name,
      value: textOf(value),
    })),
  ];
}

/** Whether nothing of it would act. */
export function isBare(draft: PolicyDraft, name: BareName): boolean {
  switch (name) {
    case "rateLimits":
      return draft.rateLimits.length === 0;
    case "ipAccess":
      return draft.ipAccess.allow.length === 0 && draft.ipAccess.deny.length === 0;
    case "shaping":
      return (
        draft.prompt.systemPrefix === "" &&
        draft.prompt.systemSuffix === "" &&
        Object.keys(draft.parameters).length === 0
      );
    case "transform":
      return transformPlaces.every((place) => draft.edits[place].length === 0);
  }
}

/** The fields of the resource that the policies are; `auth` is made by the form, as it has more than methods. */
export function policyBody(draft: PolicyDraft, stored: Body): Body {
  const off = new Set(draft.paused);
  const { moderation } = draft;
  return {
    cors: draft.cors,
    ipAccess: off.has("ipAccess") ? newPolicies.ipAccess : draft.ipAccess,
    prompt: off.has("shaping") ? newPolicies.prompt : draft.prompt,
    parameters: off.has("shaping") ? newPolicies.parameters : draft.parameters,
    transform: off.has("transform") ? noEdits : transformOf(draft.edits),
    rateLimits: off.has("rateLimits") ? [] : draft.rateLimits.map(({ limit }) => limit),
    moderation: {
      ...moderation,
      checks: moderation.checks.map(({ check }) => check),
      rules: moderation.rules.map(({ rule }) => rule),
    },
    cache: cacheOf(draft.cache, stored),
    translation: draft.translation,
    images: draft.images,
  };
}

/** An empty comparison stands for none. */
function cacheOf(cache: PolicyDraft["cache"], stored: Body): Body {
  const { semantic, ...rest } = cache;
  const kept = stored["cache"];
  const wasThere = typeof kept === "object" && kept !== null && "semantic" in kept;
  const isEmpty = semantic === undefined || (semantic.service === "" && semantic.model === "" && !wasThere);
  return isEmpty && rest.mode === "exact" ? rest : { ...cache };
}

const noEdits: Transform = {
  requestHeaders: { remove: [], rename: {}, set: {} },
  requestBody: { remove: [], rename: {}, set: {} },
  responseHeaders: { remove: [], rename: {}, set: {} },
};

function transformOf(edits: PolicyDraft["edits"]): Body {
  return Object.fromEntries(
    transformPlaces.map((place) => {
      const of = (action: EditDraft["action"]): readonly EditDraft[] =>
        edits[place].filter((edit) => edit.action === action);
      return [
        place,
        {
          remove: of("remove").map(({ name }) => name),
          rename: Object.fromEntries(of("rename").map(({ name, value }) => [name, value])),
          set: Object.fromEntries(
            of("set").map(({ name, value }) => [name, place === "requestBody" ? jsonValue(value) : value]),
          ),
        },
      ];
    }),
  );
}

/** The value of a text of JSON; what is no JSON is taken as a text. */
function jsonValue(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

const secretFields = ["accessKeySecret", "secret"] as const;

/** The checks of a body with typed secrets hidden: for what is shown or kept in the browser. */
export function withoutSecrets<Value extends Body>(check: Value, hidden: string): Value {
  return Object.fromEntries(
    Object.entries(check).map(([name, value]) => [
      name,
      secretFields.some((secret) => secret === name) && typeof value === "string" && value !== ""
        ? hidden
        : value,
    ]),
    // Every field is there as it was but for texts that stay texts.
  ) as Value;
}

/** A body as it may be shown: what was typed as a secret is not in it. */
export function shownBody(body: Body): Body {
  const { moderation } = body;
  if (typeof moderation !== "object" || moderation === null || !("checks" in moderation)) return body;
  const { checks } = moderation;
  if (!Array.isArray(checks)) return body;
  return {
    ...body,
    moderation: { ...moderation, checks: checks.map((check: Body) => withoutSecrets(check, "••••••••")) },
  };
}
