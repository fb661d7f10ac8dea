// Sets, removes and renames fields of a JSON object by their path and keeps every other byte. Works on text that a scan has
// found to be valid. Must not know what the fields mean.
import { decodeString, skipSpace, type JsonKind } from "./json-scan.ts";
import { splice, type Edit } from "./json-splice.ts";

/** One member of an object: `bytes.subarray(keyStart, end)` is its JSON text. */
export interface MemberRange {
  readonly key: string;
  readonly keyStart: number;
  readonly keyEnd: number;
  readonly start: number;
  readonly end: number;
  readonly kind: JsonKind;
}

/** One value of an array. */
export type ItemRange = Pick<MemberRange, "start" | "end" | "kind">;

/** Names of fields, from the outermost. */
export type FieldPath = readonly string[];

const quote = 0x22;
const comma = 0x2c;
const openBracket = 0x5b;
const backslash = 0x5c;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

const kindOfFirst: ReadonlyMap<number, JsonKind> = new Map([
  [quote, "string"],
  [openBrace, "object"],
  [openBracket, "array"],
  [0x74, "true"],
  [0x66, "false"],
  [0x6e, "null"],
]);

function kindAt(bytes: Uint8Array, at: number): JsonKind {
  return kindOfFirst.get(bytes[at] ?? 0) ?? "number";
}

function afterString(bytes: Uint8Array, start: number): number {
  let at = start + 1;
  while (at < bytes.length && bytes[at] !== quote) at += bytes[at] === backslash ? 2 : 1;
  return at + 1;
}

/** Offset after the value that starts at `start`. */
export function afterValue(bytes: Uint8Array, start: number): number {
  let depth = 0;
  let at = start;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) {
      at = afterString(bytes, at);
      if (depth === 0) return at;
      continue;
    }
    if (byte === openBrace || byte === openBracket) depth += 1;
    else if (byte === closeBrace || byte === closeBracket) {
      depth -= 1;
      if (depth < 0) return at;
      if (depth === 0) return at + 1;
    } else if (depth === 0 && (byte === comma || byte <= 0x20)) return at;
    at += 1;
  }
  return at;
}

/** The members of the object that starts at `start`, in their order; a repeated key comes as often as it stands there. */
export function membersOf(bytes: Uint8Array, start: number): MemberRange[] {
  const members: MemberRange[] = [];
  let at = skipSpace(bytes, start + 1);
  while (at < bytes.length && bytes[at] === quote) {
    const keyEnd = afterString(bytes, at);
    const valueStart = skipSpace(bytes, skipSpace(bytes, keyEnd) + 1);
    const end = afterValue(bytes, valueStart);
    const key = decodeString(bytes, at, keyEnd);
    members.push({ key, keyStart: at, keyEnd, start: valueStart, end, kind: kindAt(bytes, valueStart) });
    at = skipSpace(bytes, end);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
  }
  return members;
}

/** The values of the array that starts at `start`. */
export function itemsOf(bytes: Uint8Array, start: number): ItemRange[] {
  const items: ItemRange[] = [];
  let at = skipSpace(bytes, start + 1);
  while (at < bytes.length && bytes[at] !== closeBracket) {
    const end = afterValue(bytes, at);
    items.push({ start: at, end, kind: kindAt(bytes, at) });
    at = skipSpace(bytes, end);
    if (bytes[at] === comma) at = skipSpace(bytes, at + 1);
  }
  return items;
}

/** Every place that a path leads to: one, unless keys are repeated on the way. */
function placesOf(bytes: Uint8Array, objectStart: number, path: FieldPath): MemberRange[] {
  const [key, ...rest] = path;
  const found = membersOf(bytes, objectStart).filter((member) => member.key === key);
  if (rest.length === 0) return found;
  return found.flatMap((member) => (member.kind === "object" ? placesOf(bytes, member.start, rest) : []));
}

/** The fields at a path: one, or none, or several where keys are repeated. */
export function fieldsAt(body: Buffer, path: FieldPath): readonly MemberRange[] {
  return placesOf(body, skipSpace(body, 0), path);
}

/**
 * Puts a JSON text where the path leads, wherever it leads by repeated keys; makes the objects on the way that are not
 * there. What stands on the way and is no object is replaced by one.
 */
export function setField(body: Buffer, path: FieldPath, jsonText: string): Buffer {
  const start = skipSpace(body, 0);
  const places = placesOf(body, start, path);
  if (places.length > 0) {
    return splice(
      body,
      places.map((place) => ({ start: place.start, end: place.end, text: jsonText })),
    );
  }
  return insertField(body, start, path, jsonText);
}

function insertField(body: Buffer, objectStart: number, path: FieldPath, jsonText: string): Buffer {
  const [key = "", ...rest] = path;
  const members = membersOf(body, objectStart);
  const member = members.findLast((each) => each.key === key);
  if (member?.kind === "object") return insertField(body, member.start, rest, jsonText);
  const text = nested(rest, jsonText);
  if (member !== undefined) return splice(body, [{ start: member.start, end: member.end, text }]);
  const last = members.at(-1);
  const at = last?.end ?? objectStart + 1;
  const lead = last === undefined ? "" : ",";
  return splice(body, [{ start: at, end: at, text: `${lead}${JSON.stringify(key)}:${text}` }]);
}

function nested(path: FieldPath, jsonText: string): string {
  return path.reduceRight((inner, key) => `{${JSON.stringify(key)}:${inner}}`, jsonText);
}

/** Takes a field out, however often it stands there, in one pass. */
export function removeField(body: Buffer, path: FieldPath): Buffer {
  return splice(body, removals(body, skipSpace(body, 0), path));
}

function removals(body: Buffer, objectStart: number, path: FieldPath): Edit[] {
  const [key, ...rest] = path;
  const members = membersOf(body, objectStart);
  if (rest.length > 0) {
    return members.flatMap((member) =>
      member.key === key && member.kind === "object" ? removals(body, member.start, rest) : [],
    );
  }
  const lastKept = members.findLastIndex((member) => member.key !== key);
  const edits: Edit[] = [];
  for (let index = 0; index < lastKept; index += 1) {
    const member = members[index];
    const next = members[index + 1];
    if (member !== undefined && next !== undefined && member.key === key)
      edits.push({ start: member.keyStart, end: next.keyStart, text: "" });
  }
  const last = members.at(-1);
  if (last !== undefined && last.key === key) {
    // The comma before those at the end goes with them.
    const start = members[lastKept]?.end ?? members[0]?.keyStart ?? last.keyStart;
    edits.push({ start, end: last.end, text: "" });
  }
  return edits;
}

/** Gives a field another name within its object; one that has this name already goes. */
export function renameField(body: Buffer, path: FieldPath, name: string): Buffer {
  const parent = path.slice(0, -1);
  if (path.at(-1) === name || fieldsAt(body, path).length === 0) return body;
  const cleared = removeField(body, [...parent, name]);
  const text = JSON.stringify(name);
  const edits = placesOf(cleared, skipSpace(cleared, 0), path).map(({ keyStart, keyEnd }) => ({
    start: keyStart,
    end: keyEnd,
    text,
  }));
  return splice(cleared, edits);
}
