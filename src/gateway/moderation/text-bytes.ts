// Which bytes are text, whatever they are called, and what they say. Must not judge, and knows no protocol.
import { isUtf8 } from "node:buffer";
import { parseJson } from "../../lib/json-value.ts";

/** What bytes say. */
export interface ReadText {
  readonly text: string;
  /** Character by character it stands in the bytes as UTF-8: places in it are places in them. */
  readonly exact: boolean;
}

/** So much of the beginning is looked at. */
const sampleBytes = 4_096;
/** Of text at most one byte in so many is a control character: of bytes that are compressed it is one in nine. */
const fewestPerControl = 16;

/** Whether bytes are text, whatever they are called. */
export function looksLikeText(bytes: Buffer, mediaType: string): boolean {
  if (/^text\/|\bjson|\bxml\b|\byaml\b/i.test(mediaType)) return true;
  const sample = bytes.subarray(0, sampleBytes);
  if (utf16Of(sample) !== undefined) return true;
  if (sample.toString("latin1", 0, 5) === "%PDF-" && !isUtf8(bytes)) return false;
  let controls = 0;
  for (const byte of sample) if (isControl(byte)) controls += 1;
  return controls * fewestPerControl <= sample.length;
}

/** Other controls than line ends, tabs, form feeds and escapes stand in no text. */
function isControl(byte: number): boolean {
  return byte < 0x20 && !(byte >= 0x09 && byte <= 0x0d) && byte !== 0x1b;
}

/** What is in no coding that can be told is read both ways in which a service may read it. */
export function textsIn(bytes: Buffer): readonly ReadText[] {
  const wide = utf16Of(bytes.subarray(0, sampleBytes));
  if (wide !== undefined) return [{ text: new TextDecoder(wide).decode(bytes), exact: false }];
  if (isUtf8(bytes)) return [{ text: bytes.toString(), exact: true }];
  return [
    { text: bytes.toString(), exact: false },
    { text: bytes.toString("latin1"), exact: false },
  ];
}

/** UTF-16 by its mark, or by the zeros that every other of its bytes is in most languages with an alphabet. */
function utf16Of(sample: Buffer): "utf-16le" | "utf-16be" | undefined {
  const mark = sample.toString("latin1", 0, 2);
  if (mark === "\u00ff\u00fe") return "utf-16le";
  if (mark === "\u00fe\u00ff") return "utf-16be";
  const pairs = sample.length >> 1;
  if (pairs < 4) return undefined;
  let first = 0;
  let second = 0;
  for (let at = 0; at < pairs; at += 1) {
    if (sample[2 * at] === 0) first += 1;
    if (sample[2 * at + 1] === 0) second += 1;
  }
  if (second * 3 > pairs * 2 && first * 16 < pairs) return "utf-16le";
  return first * 3 > pairs * 2 && second * 16 < pairs ? "utf-16be" : undefined;
}

const dataUrl = /^\s*data:[^,]{0,512};base64,/i;

/** The bytes that a string is in base64, if they are text. */
export function encodedText(text: string): Buffer | undefined {
  const prefix = dataUrl.exec(text)?.[0].length ?? 0;
  const sample = Buffer.from(text.slice(prefix, prefix + sampleBytes), "base64");
  if (sample.length < 8 || !looksLikeText(sample, "")) return undefined;
  return Buffer.from(text.slice(prefix), "base64");
}

/** In what characters bytes are JSON, where they are: such as programs tell by themselves (RFC 4627, 3). */
export function jsonCodingOf(bytes: Buffer): "utf-8" | "other" | undefined {
  if (
    !/^(?:\u00ef\u00bb\u00bf|\u00ff\u00fe|\u00fe\u00ff)?\0{0,3}\s{0,64}\0{0,3}[{[]/.test(
      bytes.toString("latin1", 0, 80),
    )
  )
    return undefined;
  const codings = ["utf-8", "utf-16le", "utf-16be"] as const;
  const coding = codings.find((each) => parseJson(new TextDecoder(each).decode(bytes)) !== undefined);
  return coding === undefined ? undefined : coding === "utf-8" ? "utf-8" : "other";
}
