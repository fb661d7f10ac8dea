// What the end of a text may still grow into, so that a stream holds back no more than that. Knows no policy.
import { provinces } from "../../../core/redaction/personal-kinds.ts";

/** What may be part of an encoded run, or of a word. */
const inRun = new Uint8Array(0x80);
for (const character of "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_=%\\&#;{}-") {
  inRun[character.charCodeAt(0)] = 1;
}
/** What may be part of bytes or numbers that are written apart. */
const inNumbers = new Uint8Array(0x80);
for (const character of "0123456789abcdefABCDEFxX\\ \t\r\n:,;().+-") inNumbers[character.charCodeAt(0)] = 1;

/** Where the last run of some characters begins. What nobody sees may stand between them. */
function beginOf(text: string, members: Uint8Array): number {
  let begin = text.length;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const code = text.charCodeAt(at);
    if (code < 0x80 && members[code] !== 1) break;
    // Ideographs and their signs part runs; everything else beyond ASCII may be unseen, or wide.
    if (code >= 0x2e80 && code < 0xd800) break;
    begin = at;
  }
  return begin;
}

/** Where an encoded run that is not over begins; the length of the text for none. */
export function openRun(text: string): number {
  return Math.min(beginOf(text, inRun), beginOf(text, inNumbers));
}

const secretBegins =
  /(?:pass|pwd|secret|key|token|authorization|credential|bearer|basic|:\/\/)[^\n]{0,120}$/i;
const ibanBegins = /[A-Za-z]{2}[0-9]{2}[0-9A-Za-z ]{0,40}$/;
const plateBegins = new RegExp(`[${provinces}](?:[A-Z][·• ]?[A-Z0-9]{0,6})?$`);
const pemBegins = "-----BEGIN ";
const pemEnds = "-----END ";

/** The same for data of persons, in a plain reading. */
export function openData(text: string): number {
  let begin = beginOfWord(text);
  for (const [pattern, longest] of [
    [secretBegins, 140],
    [ibanBegins, 44],
    [plateBegins, 10],
  ] as const) {
    const from = Math.max(0, text.length - longest);
    const found = text.slice(from).search(pattern);
    if (found !== -1) begin = Math.min(begin, from + found);
  }
  const pem = text.lastIndexOf(pemBegins);
  if (pem !== -1 && !text.includes(pemEnds, pem)) begin = Math.min(begin, pem);
  return begin;
}

function beginOfWord(text: string): number {
  let begin = text.length;
  for (let at = text.length - 1; at >= 0; at -= 1) {
    const code = text.charCodeAt(at);
    if (code <= 0x20 || (code >= 0x2e80 && code < 0xd800)) break;
    begin = at;
  }
  return begin;
}
