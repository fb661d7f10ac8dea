// Cheap looks into a JSON body: may it name an id at all, and does it ask for storage? Must not know what ids mean.
import { prepareScan, scanObject } from "../../lib/json-scan.ts";
import type { RouteIds } from "./route-ids.ts";

/**
 * Whether one of the words stands in the body, or what may be one in escapes.
 * @param model of the request, decoded; undefined: not known, so that all of the body is searched
 */
export function mayNameIds({ needles, modelNeedles }: RouteIds, body: Buffer, model?: string): boolean {
  if (needles?.some((needle) => body.includes(needle)) !== false) return true;
  if (modelNeedles.some((needle) => (model ?? body).includes(needle))) return true;
  return hasHiddenLetters(body);
}

const escape = Buffer.from(String.raw`\u00`);

/** The characters of ids and names, by their code. */
const isNameCode = Uint8Array.from({ length: 256 }, (_, code) =>
  /[A-Za-z0-9_:-]/u.test(String.fromCodePoint(code)) ? 1 : 0,
);

/** Letters, digits, `-`, `:` or `_` as escapes: nobody needs them, but they are the same text. */
function hasHiddenLetters(body: Buffer): boolean {
  for (let at = body.indexOf(escape); at !== -1; at = body.indexOf(escape, at + 4)) {
    if (isNameCode[hexDigit(body[at + 4]) * 16 + hexDigit(body[at + 5])] === 1) return true;
  }
  return false;
}

/** The body was found valid: what stands here is a hexadecimal digit, or the backslash before it was itself escaped. */
function hexDigit(byte = 0): number {
  return byte > 0x40 ? (byte & 0x0f) + 9 : byte & 0x0f;
}

const storeWord = Buffer.from('"store"');
const storePlan = prepareScan(["store"]);

/** Whether the request asks for its answer to be stored, where that is no matter of course. */
export function asksForStorage({ isKeptOnly }: RouteIds, body: Buffer | undefined): boolean {
  if (!isKeptOnly || body === undefined) return false;
  if (!body.includes(storeWord) && !hasHiddenLetters(body)) return false;
  const scan = scanObject(body, storePlan);
  return scan.ok && scan.members[0]?.kind === "true";
}
