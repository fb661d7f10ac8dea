// `${env:NAME}` and `${file:path}` in resource bodies: kept verbatim for export beside the value they stood for.
// Knows not how they are resolved, which is done before a document gets here.
import { contains } from "./kept-secrets.ts";
import { isJsonObject } from "./merge-patch.ts";
import type { JsonObject } from "./merge-patch.ts";

/**
 * Name under which a stored body keeps the reference texts of its ordinary fields, by JSON pointer (RFC 6901).
 * No schema has a field of this name. Secrets keep theirs inside their sealed form.
 */
const referencesField = "$references";

const referencePattern = /\$\{(?:env|file):/u;

function hasReference(value: unknown): boolean {
  return typeof value === "string" && referencePattern.test(value);
}

/** Whether any text in the value is or holds a reference. */
export function holdsReference(value: unknown): boolean {
  return contains(value, hasReference);
}

/** A stored body without our own notes: what its author wrote. */
export function withoutReferences(stored: JsonObject): JsonObject {
  if (stored[referencesField] === undefined) return stored;
  return Object.fromEntries(Object.entries(stored).filter(([name]) => name !== referencesField));
}

/** Texts in `source` that stood for what is now in `resolved`, by JSON pointer. */
export function collectReferences(source: unknown, pointer = ""): Map<string, string> {
  if (typeof source === "string") return hasReference(source) ? new Map([[pointer, source]]) : new Map();
  const found = new Map<string, string>();
  for (const [name, field] of entriesOf(source)) {
    for (const [place, text] of collectReferences(field, `${pointer}/${escapePart(name)}`))
      found.set(place, text);
  }
  return found;
}

/** References of the stored body whose field still has the value that it stood for. */
export function survivingReferences(
  stored: JsonObject | undefined,
  written: JsonObject,
): Map<string, string> {
  const notes = stored?.[referencesField];
  if (!isJsonObject(notes)) return new Map();
  return new Map(
    Object.entries(notes).flatMap(([pointer, text]): [string, string][] => {
      const value = valueAt(written, pointer);
      const same = value !== undefined && value === valueAt(stored, pointer);
      return same && typeof text === "string" ? [[pointer, text]] : [];
    }),
  );
}

/** The body with notes of those references that stand in ordinary fields. */
export function withReferences(body: JsonObject, references: ReadonlyMap<string, string>): JsonObject {
  const ordinary = [...references].filter(([pointer]) => typeof valueAt(body, pointer) === "string");
  return ordinary.length === 0 ? body : { ...body, [referencesField]: Object.fromEntries(ordinary) };
}

/** The stored body with its reference texts back in their places, for export. */
export function restoreReferences(stored: JsonObject): JsonObject {
  const notes = stored[referencesField];
  const body = withoutReferences(stored);
  if (!isJsonObject(notes)) return body;
  const restore = (value: unknown, pointer: string): unknown => {
    const text = notes[pointer];
    if (typeof text === "string") return text;
    if (Array.isArray(value)) return value.map((item, index) => restore(item, `${pointer}/${index}`));
    if (!isJsonObject(value)) return value;
    return restoreFields(value, pointer);
  };
  const restoreFields = (value: JsonObject, pointer: string): JsonObject =>
    Object.fromEntries(
      Object.entries(value).map(([name, field]) => [name, restore(field, `${pointer}/${escapePart(name)}`)]),
    );
  return restoreFields(body, "");
}

/** JSON pointer (RFC 6901) of a path. */
export function pointerOf(path: readonly (string | number)[]): string {
  return path.map((part) => `/${escapePart(String(part))}`).join("");
}

function entriesOf(value: unknown): [string, unknown][] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item]);
  return isJsonObject(value) ? Object.entries(value) : [];
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const part of pointer.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    value = new Map(entriesOf(value)).get(name);
  }
  return value;
}

function escapePart(name: string): string {
  return name.replaceAll("~", "~0").replaceAll("/", "~1");
}
