// What happens to stored secrets when an object is written again: sent back masked or omitted they stay, null clears.
// Knows stored secrets by their shape alone, no kind of resource and no cipher.
import { itemName } from "../resources/secret-positions.ts";
import { ControlError } from "./control-error.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";

/** Fields that hold entries by name, like a list: an entry that is left out of one that was sent is gone. */
const entryFields: ReadonlySet<string> = new Set(["headers"]);

/** Whether omitting a field that holds secrets keeps them (API, apply) or removes them (the started file is the whole truth). */
export type OmittedSecrets = "keep" | "remove";

/** A secret as the store holds it: sealed or hashed, with its hint. */
export function isStoredSecret(value: unknown): value is JsonObject {
  if (!isJsonObject(value)) return false;
  const rest = Object.keys(value).filter((name) => name !== "hint" && name !== "reference");
  return (
    rest.length === 1 && (rest[0] === "sealed" || rest[0] === "hash") && typeof value[rest[0]] === "string"
  );
}

/** A secret as readers see it: `{ set: true, hint }`. */
export function isMask(value: unknown): boolean {
  return (
    isJsonObject(value) &&
    value["set"] === true &&
    Object.keys(value).every((name) => name === "set" || name === "hint")
  );
}

/** Whether a value is or contains what `isLeaf` finds. */
export function contains(value: unknown, isLeaf: (leaf: unknown) => boolean): boolean {
  if (isLeaf(value)) return true;
  if (Array.isArray(value)) return value.some((item) => contains(item, isLeaf));
  return isJsonObject(value) && Object.values(value).some((field) => contains(field, isLeaf));
}

/**
 * The incoming body with stored secrets put where they are kept. List items match by `name`, webhooks by their address.
 * @param stored the body in the store; undefined for a new object
 * @throws ControlError `secret_missing` for a mask where nothing is stored
 */
export function keepSecrets(
  incoming: JsonObject,
  stored: JsonObject | undefined,
  omitted: OmittedSecrets,
): JsonObject {
  const merged = keepInObject(incoming, stored, omitted, "");
  refuseMasks(merged, "");
  return merged;
}

function keep(incoming: unknown, stored: unknown, omitted: OmittedSecrets, path: string): unknown {
  if (incoming === undefined) return omitted === "keep" ? secretsOnly(stored) : undefined;
  if (incoming === null) return contains(stored, isStoredSecret) ? undefined : null;
  if (isStoredSecret(stored)) return isMask(incoming) ? stored : incoming;
  if (Array.isArray(incoming))
    return keepInList(incoming, Array.isArray(stored) ? stored : [], omitted, path);
  if (!isJsonObject(incoming)) return incoming;
  const field = path.slice(path.lastIndexOf(".") + 1);
  const ofMembers = entryFields.has(field) ? "remove" : omitted;
  return keepInObject(incoming, isJsonObject(stored) ? stored : undefined, ofMembers, path);
}

function keepInObject(
  incoming: JsonObject,
  stored: JsonObject | undefined,
  omitted: OmittedSecrets,
  path: string,
): JsonObject {
  // Another type has other fields: what the old one kept secret has no place there.
  const comparable =
    stored !== undefined && (incoming["type"] ?? stored["type"]) === stored["type"] ? stored : {};
  const names = new Set([...Object.keys(incoming), ...Object.keys(comparable)]);
  const fields: [string, unknown][] = [];
  for (const name of names) {
    const value = keep(ownField(incoming, name), ownField(comparable, name), omitted, `${path}.${name}`);
    if (value !== undefined) fields.push([name, value]);
  }
  return Object.fromEntries(fields);
}

function keepInList(
  incoming: readonly unknown[],
  stored: readonly unknown[],
  omitted: OmittedSecrets,
  path: string,
): unknown[] {
  const storedByName = new Map(stored.map((item) => [itemName(item), item]));
  return incoming.map((item, index) => {
    const name = itemName(item);
    return (
      keep(item, name === undefined ? undefined : storedByName.get(name), omitted, `${path}[${index}]`) ??
      null
    );
  });
}

/** Of an omitted field, what was secret in it; the rest of a whole object goes. */
function secretsOnly(stored: unknown): unknown {
  return contains(stored, isStoredSecret) ? stored : undefined;
}

function refuseMasks(value: unknown, path: string): void {
  if (isMask(value)) {
    const place = path.replace(/^\./u, "");
    const message = "is marked as set, but no value is stored for it; send the value";
    throw new ControlError("secret_missing", `${place} ${message}.`, [{ path: place, message }]);
  }
  if (isStoredSecret(value)) return;
  if (Array.isArray(value)) value.forEach((item, index) => refuseMasks(item, `${path}[${index}]`));
  else if (isJsonObject(value))
    Object.entries(value).forEach(([name, field]) => refuseMasks(field, `${path}.${name}`));
}

function ownField(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
