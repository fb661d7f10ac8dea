// Visits chosen scalar values of a JSON text at any depth, without building the rest. Must not know what they mean.
// Unlike a parser it visits every value of a repeated key: what a service takes of them nobody knows.
import { decodeString, maxDepth, skipSpace } from "../../lib/json-scan.ts";

const quote = 0x22;
const backslash = 0x5c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const comma = 0x2c;
const colon = 0x3a;

/** A tree of the wanted paths; `*` in a path stands for every item of a list and every member of an object. */
export interface ValueTree<Mark> {
  readonly members: Map<string, ValueTree<Mark>>;
  any: ValueTree<Mark> | undefined;
  readonly marks: Mark[];
}

/** Builds the tree of paths such as `messages.*.content.*.file.file_id`. */
export function treeOf<Mark extends { readonly at: string }>(marks: readonly Mark[]): ValueTree<Mark> {
  const root = leaf<Mark>();
  for (const mark of marks) {
    let node = root;
    for (const name of mark.at.split(".")) node = childOf(node, name);
    node.marks.push(mark);
  }
  return root;
}

function leaf<Mark>(): ValueTree<Mark> {
  return { members: new Map(), any: undefined, marks: [] };
}

function childOf<Mark>(node: ValueTree<Mark>, name: string): ValueTree<Mark> {
  if (name === "*") return (node.any ??= leaf());
  const child = node.members.get(name) ?? leaf<Mark>();
  node.members.set(name, child);
  return child;
}

type Visit<Mark> = (mark: Mark, value: string | number) => void;
type Nodes<Mark> = readonly ValueTree<Mark>[];

/**
 * Calls `visit` for every string and number at a wanted path, in the order of the text.
 * @param bytes one JSON value; of an invalid or cut one, what stands before the fault is visited
 */
export function visitValues<Mark>(bytes: Buffer, tree: ValueTree<Mark>, visit: Visit<Mark>): void {
  try {
    new Visitor(bytes, visit).value(skipSpace(bytes, 0), [tree], 1);
  } catch (error) {
    // An escape that is none, in a text that nobody has checked.
    if (!(error instanceof SyntaxError)) throw error;
  }
}

class Visitor<Mark> {
  readonly #bytes: Buffer;
  readonly #visit: Visit<Mark>;

  constructor(bytes: Buffer, visit: Visit<Mark>) {
    this.#bytes = bytes;
    this.#visit = visit;
  }

  /** Offset after the value at `at`; the end of the text when it is cut, invalid or too deep. */
  value(at: number, nodes: Nodes<Mark>, depth: number): number {
    const bytes = this.#bytes;
    const first = bytes[at];
    if (nodes.length === 0) return this.#skip(at);
    if (first === openBrace || first === openBracket) {
      if (depth > maxDepth) return bytes.length;
      return first === openBrace ? this.#object(at, nodes, depth) : this.#list(at, nodes, depth);
    }
    const end = this.#skip(at);
    const isWhole = end < bytes.length || depth === 1;
    if (isWhole && nodes.some((node) => node.marks.length > 0)) this.#tell(at, end, nodes);
    return end;
  }

  #tell(start: number, end: number, nodes: Nodes<Mark>): void {
    const value =
      this.#bytes[start] === quote
        ? decodeString(this.#bytes, start, end)
        : Number(this.#bytes.toString("latin1", start, end));
    // true, false and null are no numbers.
    if (typeof value === "number" && Number.isNaN(value)) return;
    for (const node of nodes) for (const mark of node.marks) this.#visit(mark, value);
  }

  #object(open: number, nodes: Nodes<Mark>, depth: number): number {
    const bytes = this.#bytes;
    let at = skipSpace(bytes, open + 1);
    while (bytes[at] === quote) {
      const keyEnd = this.#skip(at);
      const next = skipSpace(bytes, keyEnd);
      if (bytes[next] !== colon) return bytes.length;
      const inner = step(nodes, decodeString(bytes, at, keyEnd));
      at = skipSpace(bytes, this.value(skipSpace(bytes, next + 1), inner, depth + 1));
      if (bytes[at] !== comma) break;
      at = skipSpace(bytes, at + 1);
    }
    return bytes[at] === closeBrace ? at + 1 : bytes.length;
  }

  #list(open: number, nodes: Nodes<Mark>, depth: number): number {
    const bytes = this.#bytes;
    const inner = step(nodes, undefined);
    let at = skipSpace(bytes, open + 1);
    while (at < bytes.length && bytes[at] !== closeBracket) {
      at = skipSpace(bytes, this.value(at, inner, depth + 1));
      if (bytes[at] !== comma) break;
      at = skipSpace(bytes, at + 1);
    }
    return bytes[at] === closeBracket ? at + 1 : bytes.length;
  }

  /** Offset after a value that nobody wants to see; moves on by at least one byte. */
  #skip(start: number): number {
    const bytes = this.#bytes;
    let open = 0;
    let at = start;
    while (at < bytes.length) {
      const byte = bytes[at] ?? 0;
      if (byte === quote) {
        at = this.#stringEnd(at);
        if (open === 0) return at;
        continue;
      }
      const isEnd = byte === comma || byte === closeBrace || byte === closeBracket || byte <= 0x20;
      if (open === 0 && isEnd && at > start) return at;
      if (byte === openBrace || byte === openBracket) open++;
      at++;
      if ((byte === closeBrace || byte === closeBracket) && --open <= 0) return at;
    }
    return bytes.length;
  }

  #stringEnd(start: number): number {
    const bytes = this.#bytes;
    for (let at = start + 1; ; at++) {
      at = bytes.indexOf(quote, at);
      if (at === -1) return bytes.length;
      let before = at - 1;
      while (bytes[before] === backslash) before--;
      if ((at - before) % 2 === 1) return at + 1;
    }
  }
}

const none: Nodes<never> = [];

/** The nodes one level down: below a member of this name, or below an item of a list. */
function step<Mark>(nodes: Nodes<Mark>, name: string | undefined): Nodes<Mark> {
  let found: ValueTree<Mark>[] | undefined;
  for (const node of nodes) {
    const member = name === undefined ? undefined : node.members.get(name);
    if (member !== undefined) (found ??= []).push(member);
    if (node.any !== undefined) (found ??= []).push(node.any);
  }
  return found ?? none;
}
