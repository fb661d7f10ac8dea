// Turns faults that name a resource and a field into lines that name the place in the author's file.
import { documentFormat, locate, readDocumentText } from "../config/read-document.ts";
import { kindTable } from "../resources/kinds.ts";
import { record } from "../lib/unknown-json.ts";

/**
 * One fault; `path` is `kind/name: field`, a path in the document such as `services[0].name`, or `line 3, column 5`
 * where the document cannot be read at all.
 */
export interface Fault {
  readonly path: string;
  readonly message: string;
}

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** More than a reader mends at once. */
const mostLines = 100;

/** @returns one line per fault: `file:line path: message`; without a line where the fault names no place */
export async function describeFaults(faults: readonly Fault[], file: SourceFile): Promise<string[]> {
  const shown = faults.slice(0, mostLines);
  if (shown.length === 0) return [];
  const read = await readDocumentText(file.text, documentFormat(file.path));
  const toPlace = placeFinder("value" in read ? read.value : undefined);
  const positions = await locate(
    file.text,
    shown.map(({ path }) => toPlace(path)),
  );
  const lines = shown.map(({ path, message }, index) => {
    const stated = /^line (\d+), column (\d+)$/u.exec(path);
    if (stated !== null) return `${file.path}:${stated[1]}:${stated[2]} ${message}`;
    if (path === "") return `${file.path} ${message}`;
    return `${file.path}:${positions[index]?.line ?? 1} ${path}: ${message}`;
  });
  const rest = faults.length - shown.length;
  return rest > 0 ? [...lines, `and ${rest} more`] : lines;
}

/** @returns a function from the path of a fault to a path in the document, as near as the document has it */
export function placeFinder(document: unknown): (path: string) => string {
  const indexes = new Map<string, ReadonlyMap<unknown, number>>();
  return (path) => {
    const [, kind = "", name = "", field = ""] = /^([a-z-]+)\/([^:\s]+)(?::\s*(.*))?$/u.exec(path) ?? [];
    const row = kindTable.find((known) => known.kind === kind);
    if (row === undefined) return path;
    const listPath = row.documentPath.join(".");
    const list = row.documentPath.reduce<unknown>((value, part) => record(value)[part], document);
    if (!Array.isArray(list)) return joined(listPath, field);
    const index = indexes.get(kind) ?? new Map(list.map((item, at) => [record(item)["name"], at]));
    indexes.set(kind, index);
    const at = index.get(name);
    return at === undefined ? listPath : joined(`${listPath}[${at}]`, field);
  };
}

function joined(path: string, field: string): string {
  return field === "" || field.startsWith("[") ? `${path}${field}` : `${path}.${field}`;
}
