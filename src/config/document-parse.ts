// Text of a configuration document -> its value, or where it is malformed. Pure; knows no schema and no file.
import { constructFromEvents, EVENT_ID, parseEvents, YAMLException } from "js-yaml";
import { prepareScan, scanObject } from "../lib/json-scan.ts";
import { positionAt } from "./document-position.ts";

export type DocumentFormat = "json" | "yaml";

/** One thing wrong, where its author finds it. `path` is as in `services[0].name`; empty = the document. */
export interface DocumentIssue {
  readonly line: number;
  readonly column: number;
  readonly path: string;
  readonly message: string;
}

/** `value` is null for an empty document. */
export type DocumentResult = { readonly value: unknown } | { readonly issues: readonly DocumentIssue[] };

const maxDepth = 100;
/** Values after following all aliases; the largest documents of the contract have about two million. */
const maxValues = 10_000_000;

class DocumentRefused extends Error {}

interface Measure {
  readonly values: number;
  readonly depth: number;
}

/** Refuses what would hurt whoever walks the value: cycles, great depth, and aliases that multiply without end. */
function checkShape(root: unknown): void {
  const known = new Map<object, Measure | "open">();
  const measure = (value: unknown, level: number): Measure => {
    if (typeof value === "number" && !Number.isFinite(value))
      throw new DocumentRefused("Numbers must be finite");
    if (typeof value !== "object" || value === null) return { values: 1, depth: 0 };
    const before = known.get(value);
    if (before === "open") throw new DocumentRefused("An alias must not contain itself");
    if (level > maxDepth || (before !== undefined && level + before.depth > maxDepth)) {
      throw new DocumentRefused(`More than ${maxDepth} levels are nested`);
    }
    if (before !== undefined) return before;
    known.set(value, "open");
    let values = 1;
    let depth = 0;
    for (const child of Object.values(value)) {
      const inner = measure(child, level + 1);
      values += inner.values;
      depth = Math.max(depth, inner.depth + 1);
    }
    if (values > maxValues) throw new DocumentRefused(`The document has more than ${maxValues} values`);
    const result = { values, depth };
    known.set(value, result);
    return result;
  };
  measure(root, 1);
}

function failure(text: string, offset: number, message: string): DocumentResult {
  return { issues: [{ ...positionAt(text, offset), path: "", message }] };
}

function parseYaml(text: string): DocumentResult {
  try {
    const events = parseEvents(text, { maxDepth });
    const starts = events.filter((event) => event.type === EVENT_ID.DOCUMENT).length;
    if (starts > 1)
      return failure(text, 0, "The file has more than one YAML document (`---`): it must be one");
    return { value: constructFromEvents(events, { source: text })[0] ?? null };
  } catch (error) {
    // Only the reason is told: the full message quotes lines, which may hold secrets.
    if (!(error instanceof YAMLException)) throw error;
    return failure(text, error.mark?.position ?? 0, `This is not valid YAML: ${error.reason}`);
  }
}

function parseJson(text: string): DocumentResult {
  try {
    return { value: JSON.parse(text) };
  } catch {
    // JSON.parse tells the place only sometimes, and quotes the text, which may hold secrets.
    const bytes = Buffer.from(text, "utf8");
    const scan = scanObject(bytes, prepareScan([]));
    const offset = scan.ok ? 0 : bytes.toString("utf8", 0, scan.offset).length;
    const message =
      !scan.ok && scan.error === "not-an-object" ? "it must be one object in braces" : "unexpected text";
    return failure(text, offset, `This is not valid JSON: ${message}`);
  }
}

/** Parses a whole document. Never throws for what the text holds. */
export function parseDocument(text: string, format: DocumentFormat): DocumentResult {
  if (text.trim() === "") return { value: null };
  const result = format === "json" ? parseJson(text) : parseYaml(text);
  if ("issues" in result) return result;
  try {
    checkShape(result.value);
    return result;
  } catch (error) {
    if (!(error instanceof DocumentRefused)) throw error;
    return failure(text, 0, error.message);
  }
}
