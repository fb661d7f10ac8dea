// Finds the line and column of a resource path in a configuration document. Knows no schema.
import { EVENT_ID, getScalarValue, parseEvents } from "js-yaml";
import type { Event, ScalarEvent } from "js-yaml";

/** Both from 1; a column counts UTF-16 code units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

type Step = string | number;

/** Line and column of an offset in UTF-16 code units. */
export function positionAt(text: string, offset: number): Position {
  let line = 1;
  let lineStart = 0;
  for (const lineEnd of text.slice(0, offset).matchAll(/\r\n?|\n/gu)) {
    line += 1;
    lineStart = lineEnd.index + lineEnd[0].length;
  }
  return { line, column: offset - lineStart + 1 };
}

/** Reads `services[0].apiKeys[1].value` or `headers["x y"]`, as `pathText` writes them. */
function readPath(path: string): Step[] {
  const steps: Step[] = [];
  for (const [, index, quoted, word] of path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([\w-]+)/gu)) {
    if (index !== undefined) steps.push(Number(index));
    else if (quoted !== undefined) steps.push(String(JSON.parse(quoted)));
    else if (word !== undefined) steps.push(word);
  }
  return steps;
}

/** Index of the event after the node that starts at `index`. */
function skipNode(events: readonly Event[], index: number): number {
  let depth = 0;
  for (let at = index; at < events.length; at += 1) {
    const type = events[at]?.type;
    if (type === EVENT_ID.SEQUENCE || type === EVENT_ID.MAPPING) depth += 1;
    else if (type === EVENT_ID.POP) depth -= 1;
    if (depth <= 0) return at + 1;
  }
  return events.length;
}

const startOf = (event: Event | undefined): number => {
  if (event === undefined) return 0;
  if ("start" in event) return event.start;
  if ("valueStart" in event) return event.valueStart;
  return "anchorStart" in event ? event.anchorStart : 0;
};

/** An entry of a mapping or sequence: where it starts for a reader, and the event of its value. */
interface Entry {
  readonly offset: number;
  readonly value: number;
}

function findKey(text: string, events: readonly Event[], mapping: number, key: string): Entry | undefined {
  let at = mapping + 1;
  while (at < events.length && events[at]?.type !== EVENT_ID.POP) {
    const event = events[at];
    const value = skipNode(events, at);
    if (event?.type === EVENT_ID.SCALAR && keyText(text, event) === key)
      return { offset: startOf(event), value };
    at = skipNode(events, value);
  }
  return undefined;
}

const keyText = (text: string, key: ScalarEvent): string => getScalarValue(text, key);

function findItem(events: readonly Event[], sequence: number, wanted: number): Entry | undefined {
  let at = sequence + 1;
  for (let index = 0; at < events.length && events[at]?.type !== EVENT_ID.POP; index += 1) {
    if (index === wanted) return { offset: startOf(events[at]), value: at };
    at = skipNode(events, at);
  }
  return undefined;
}

function findOffset(text: string, events: readonly Event[], steps: readonly Step[]): number {
  // The first event opens the document, the second its root.
  let at = 1;
  let offset = Math.max(0, startOf(events[at]));
  for (const step of steps) {
    const type = events[at]?.type;
    let entry: Entry | undefined;
    if (type === EVENT_ID.MAPPING) entry = findKey(text, events, at, String(step));
    else if (type === EVENT_ID.SEQUENCE && typeof step === "number") entry = findItem(events, at, step);
    // What is not there, such as a missing required field, is shown at its nearest parent.
    if (entry === undefined) return offset;
    offset = entry.offset;
    at = entry.value;
  }
  return offset;
}

/** Where each path stands; the nearest parent for what is not there, the start for a document that is not valid. */
export function findPositions(text: string, paths: readonly string[]): Position[] {
  let events: readonly Event[];
  try {
    // JSON is read as YAML, of which it is a part.
    events = parseEvents(text, {});
  } catch {
    return paths.map(() => ({ line: 1, column: 1 }));
  }
  return paths.map((path) => positionAt(text, findOffset(text, events, readPath(path))));
}
