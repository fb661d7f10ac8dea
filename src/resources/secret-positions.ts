// Where secrets stand in a resource body, as data, and the walk over them. Works on raw bodies of any shape.
import type { Kind } from "./kinds.ts";

/** `sealed`: must be readable again; `hashed`: is only ever compared; `password`: the same, and can be guessed. */
export type SecretForm = "sealed" | "hashed" | "password";

/** `[]` = every item of a list, `{}` = every value of an object. */
interface SecretPosition {
  readonly path: readonly string[];
  readonly form: SecretForm;
}

export const secretPositions: Readonly<Record<Kind, readonly SecretPosition[]>> = {
  instances: [{ path: ["signIn", "oidc", "[]", "clientSecret"], form: "sealed" }],
  "resource-groups": [],
  domains: [{ path: ["certificate", "key"], form: "sealed" }],
  services: [
    { path: ["apiKeys", "[]", "value"], form: "sealed" },
    { path: ["apiKeys", "[]", "value", "secretAccessKey"], form: "sealed" },
    { path: ["apiKeys", "[]", "value", "sessionToken"], form: "sealed" },
    { path: ["headers", "{}"], form: "sealed" },
  ],
  "model-apis": [
    { path: ["moderation", "checks", "[]", "accessKeySecret"], form: "sealed" },
    { path: ["moderation", "checks", "[]", "secret"], form: "sealed" },
  ],
  "consumer-groups": [{ path: ["quotas", "[]", "notify", "[]", "secret"], form: "sealed" }],
  consumers: [
    { path: ["credentials", "[]", "value"], form: "hashed" },
    { path: ["credentials", "[]", "previous", "value"], form: "hashed" },
    { path: ["credentials", "[]", "secretKey"], form: "sealed" },
    { path: ["quotas", "[]", "notify", "[]", "secret"], form: "sealed" },
    { path: ["credentials", "[]", "previous", "secretKey"], form: "sealed" },
  ],
  users: [{ path: ["password"], form: "password" }],
  tokens: [{ path: ["value"], form: "hashed" }],
  sinks: [
    { path: ["headers", "{}"], form: "sealed" },
    { path: ["accessKeySecret"], form: "sealed" },
    { path: ["secret"], form: "sealed" },
  ],
  alerts: [{ path: ["notify", "[]", "secret"], form: "sealed" }],
};

/** Where one secret stands. */
export interface SecretPlace {
  /** Field names and list indexes. */
  readonly path: readonly (string | number)[];
  /** The same place with list items by name, so that it survives reordering: `apiKeys[main].value`. */
  readonly id: string;
  readonly form: SecretForm;
}

/** Returns what shall stand there instead; the same value to leave it, undefined to take the field out. */
export type SecretMapper = (secret: unknown, place: SecretPlace) => unknown;

/**
 * Walks every secret of a raw body: text, sealed, hashed, `{ set: true }`, null; whatever is there.
 * Absent fields are not visited. Returns the same body when nothing changed, else a copy of the parts that did.
 */
export function mapSecrets<Body>(kind: Kind, body: Body, map: SecretMapper): Body {
  let current: unknown = body;
  for (const { path, form } of secretPositions[kind]) {
    current = walk(current, path, { path: [], id: "" }, (secret, at) => {
      // Keys of Bedrock are objects whose own fields are the secrets.
      if (form === "sealed" && isKeyPair(secret)) return secret;
      return map(secret, { ...at, form });
    });
  }
  // Only secrets inside changed, and the caller's mapper decides their shape.
  return current as Body;
}

interface Place {
  readonly path: readonly (string | number)[];
  readonly id: string;
}

function walk(
  node: unknown,
  path: readonly string[],
  at: Place,
  map: (secret: unknown, at: Place) => unknown,
): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return map(node, at);
  if (step === "[]") {
    if (!Array.isArray(node)) return node;
    const items = node.map((item: unknown, index) => walk(item, rest, itemPlace(at, item, index), map));
    return items.every((item, index) => item === node[index]) ? node : items;
  }
  if (!isRecord(node)) return node;
  const names = step === "{}" ? Object.keys(node) : Object.hasOwn(node, step) ? [step] : [];
  let copy: Record<string, unknown> | undefined;
  for (const name of names) {
    const before = node[name];
    const id = step === "{}" ? `${at.id}[${name}]` : at.id === "" ? name : `${at.id}.${name}`;
    const after = walk(before, rest, { path: [...at.path, name], id }, map);
    if (after === before) continue;
    copy ??= { ...node };
    if (after === undefined) delete copy[name];
    else copy[name] = after;
  }
  return copy ?? node;
}

function itemPlace(at: Place, item: unknown, index: number): Place {
  return { path: [...at.path, index], id: `${at.id}[${itemName(item) ?? index}]` };
}

/** What tells an item of a list from the others: its name, or the address that it stands for. */
export function itemName(item: unknown): string | undefined {
  if (!isRecord(item)) return undefined;
  const name = item["name"] ?? item["webhook"];
  return typeof name === "string" ? name : undefined;
}

function isKeyPair(value: unknown): boolean {
  return isRecord(value) && ("accessKeyId" in value || "secretAccessKey" in value);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
