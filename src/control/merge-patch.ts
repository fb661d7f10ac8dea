// JSON merge patch (RFC 7396), with nulls that clear a masked secret left in place. Knows no kind of resource.

export type JsonObject = Readonly<Record<string, unknown>>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Merges `patch` into `target` by RFC 7396: objects merge, null removes, anything else replaces.
 * Where a null would remove something that `keepsNull` names, the null stays, so that a later step can tell
 * "cleared" from "not sent".
 */
export function mergePatch(
  target: unknown,
  patch: unknown,
  keepsNull: (removed: unknown) => boolean,
): unknown {
  if (!isJsonObject(patch)) return patch;
  // A Map, not an object: `__proto__` in a patch must stay a plain name.
  const merged = new Map<string, unknown>(isJsonObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) {
      if (merged.has(name) && keepsNull(merged.get(name))) merged.set(name, null);
      else merged.delete(name);
    } else {
      merged.set(name, mergePatch(merged.get(name), value, keepsNull));
    }
  }
  return Object.fromEntries(merged);
}
