// Keeps a half-written or wrong file from emptying the configuration. Pure; knows only names of objects.

/** What the head of a document says. */
export type DocumentHead = { readonly allowDelete: boolean } | { readonly refusal: string };

const remedy = "If this is meant, say `allowDelete: true` at its top";

/** Refuses an empty document and one without `version`, unless it allows deleting. */
export function checkDocumentHead(value: unknown): DocumentHead {
  if (value === null || value === undefined) return { refusal: `The document is empty. ${remedy}.` };
  if (typeof value !== "object" || Array.isArray(value)) {
    return { refusal: "The document must be an object that starts with `version: 1`." };
  }
  const allowDelete = "allowDelete" in value && value.allowDelete === true;
  if (allowDelete || "version" in value) return { allowDelete };
  return { refusal: `The document has no \`version\`. Add \`version: 1\` at its top. ${remedy}.` };
}

/**
 * Refuses to delete more than half of the objects.
 * @param before objects that came from the document up to now, as `kind/name`
 * @param after those of its new content
 * @returns why not; undefined = go on
 */
export function checkDeletion(
  before: Iterable<string>,
  after: Iterable<string>,
  allowDelete: boolean,
): string | undefined {
  if (allowDelete) return undefined;
  const kept = new Set(after);
  const known = new Set(before);
  const gone = [...known].filter((name) => !kept.has(name));
  if (gone.length * 2 <= known.size) return undefined;
  const examples = gone.slice(0, 3).join(", ");
  return `The document would delete ${gone.length} of its ${known.size} objects (${examples}${gone.length > 3 ? ", …" : ""}). ${remedy}.`;
}
