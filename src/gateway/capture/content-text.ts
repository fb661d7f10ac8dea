// From the bytes that were kept of a body to the text that is recorded: decoded, without base64, redacted, cut at a
// character's boundary. Knows no exchange.
import { brotliDecompressSync, constants, gunzipSync, inflateSync, zstdDecompressSync } from "node:zlib";
import { withCommas, type ContentSink } from "./content-sink.ts";

/** Kept beyond what is recorded, in bytes: a secret that the end cuts in two is known by its whole. */
export const slackBytes = 512;

/** What is not text in JSON's sense, and would grow sixfold in a record. */
// eslint-disable-next-line no-control-regex
const controlCharacters = /[\0-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;
const dataAddress =
  /(data:[A-Za-z0-9.+-]{1,64}\/[A-Za-z0-9.+-]{1,64}(?:;[A-Za-z0-9=.+-]{1,64}){0,4};base64,)([A-Za-z0-9+/_-]{16,256}={0,2})/g;
const dataMember =
  /("(?:b64_json|data|audio|image|video|file_data|bytes|embedding)"[ \t]{0,8}:[ \t]{0,8}")([A-Za-z0-9+/_-]{64,256}={0,2})(?=")/g;

/** What is decoded of a compressed answer at most, by how much was kept of it. */
const maxGrowth = 32;
const leastDecodedBytes = 64 * 1024;
const partial = { finishFlush: constants.Z_SYNC_FLUSH };

/** Decoders that take what was cut off. */
const decoders: Readonly<Record<string, (bytes: Buffer, maxOutputLength: number) => Buffer>> = {
  __proto__: null as never,
  gzip: (bytes, maxOutputLength) => gunzipSync(bytes, { ...partial, maxOutputLength }),
  "x-gzip": (bytes, maxOutputLength) => gunzipSync(bytes, { ...partial, maxOutputLength }),
  deflate: (bytes, maxOutputLength) => inflateSync(bytes, { ...partial, maxOutputLength }),
  br: (bytes, maxOutputLength) =>
    brotliDecompressSync(bytes, { finishFlush: constants.BROTLI_OPERATION_FLUSH, maxOutputLength }),
  zstd: (bytes, maxOutputLength) => zstdDecompressSync(bytes, { maxOutputLength }),
};

/** What a compressed body holds, as far as it was kept; undefined for one that cannot be read. */
export function decoded(bytes: Buffer, coding: string): Buffer | undefined {
  try {
    return decoders[coding.trim().toLowerCase()]?.(
      bytes,
      Math.max(leastDecodedBytes, bytes.length * maxGrowth),
    );
  } catch {
    return undefined;
  }
}

export interface TextOptions {
  readonly maxBytes: number;
  /** @param isCut there was more of it */
  readonly redact: (text: string, isCut: boolean) => string;
}

/** What is recorded of a body. */
export function contentText(sink: ContentSink, { maxBytes, redact }: TextOptions): string {
  // What is cut off in the middle of a character is left out.
  const { kept } = sink;
  const whole = new TextDecoder("utf-8", { ignoreBOM: true }).decode(kept, { stream: sink.missing > 0 });
  const redacted = redact(withoutBase64(whole.replaceAll(controlCharacters, "\u{fffd}")), sink.missing > 0);
  const sureBytes = sink.missing > 0 ? Math.max(0, Buffer.byteLength(redacted) - slackBytes) : maxBytes;
  const text = startOf(redacted, Math.min(maxBytes, sureBytes));
  const cutOff = sink.missing > 0 ? Math.max(0, kept.length - Buffer.byteLength(whole)) : 0;
  const missing = sink.missing + cutOff + Buffer.byteLength(redacted) - Buffer.byteLength(text);
  if (missing === 0) return text;
  const reason = sink.starved ? ": too much content is held at once" : "";
  const gap = text === "" ? "" : "\n";
  return `${text}${gap}<${withCommas(missing)} more bytes were not recorded${reason}>`;
}

/** What is short enough to be kept, and yet only data. */
function withoutBase64(text: string): string {
  const label = (_all: string, before: string, data: string): string =>
    `${before}<base64, ${withCommas(Math.floor((data.replace(/=+$/, "").length * 3) / 4))} bytes>`;
  return text.replaceAll(dataAddress, label).replaceAll(dataMember, label);
}

/** The first bytes of a text, in whole characters. */
function startOf(text: string, maxBytes: number): string {
  if (text.length * 3 <= maxBytes || Buffer.byteLength(text) <= maxBytes) return text;
  const start = Buffer.from(text).subarray(0, maxBytes);
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(start, { stream: true });
}
