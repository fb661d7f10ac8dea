// Finds a member near the end of a JSON text of which only the end is there. Must not know what the member means.
import { skipSpace } from "../lib/json-scan.ts";
import { parseJson } from "../lib/json-value.ts";

const colon = 0x3a;
const quote = 0x22;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * The parsed value of the last member with this key that is an object of numbers and plain names, as usage is, or a
 * string without escapes. Undefined when there is none. Quotes inside strings are escaped, so keys are keys.
 * @param key with its quotes
 */
export function lastMember(bytes: Buffer, key: Buffer): unknown {
  for (let at = bytes.lastIndexOf(key); at !== -1; at = at === 0 ? -1 : bytes.lastIndexOf(key, at - 1)) {
    const separator = skipSpace(bytes, at + key.length);
    if (bytes[separator] !== colon) continue;
    const start = skipSpace(bytes, separator + 1);
    if (bytes[start] === openBrace) return parseRange(bytes, start, closingBrace(bytes, start));
    if (bytes[start] === quote) return parseRange(bytes, start, bytes.indexOf(quote, start + 1));
  }
  return undefined;
}

function parseRange(bytes: Buffer, start: number, last: number): unknown {
  return last === -1 ? undefined : parseJson(bytes.toString("utf8", start, last + 1));
}

/** Such objects hold no braces in their strings, so braces can be counted without reading strings. */
function closingBrace(bytes: Buffer, open: number): number {
  let depth = 0;
  for (let index = open; index < bytes.length; index += 1) {
    if (bytes[index] === openBrace) depth += 1;
    else if (bytes[index] === closeBrace) {
      depth -= 1;
      if (depth === 0) return index;
    }
  }
  return -1;
}
