// What a form says, field by field; of files their names and sizes. Reads what is there, whole or not. Knows no route.
import { boundaryOf, readPartHeader } from "../../protocols/multipart-header.ts";
import { withCommas, type ContentSink } from "./content-sink.ts";

const lineEnd = Buffer.from("\r\n");
const lineFeed = Buffer.from("\n");
const hyphen = 0x2d;
const headerEnd = Buffer.from("\r\n\r\n");
const maxHeaderBytes = 16 * 1024;

/** Whether a body of this type is a form of parts. */
export function isForm(contentType: string): boolean {
  return /^\s*multipart\/form-data\b/i.test(contentType);
}

/**
 * Writes a form as lines: `model: gpt-image-1`, `image: <file cat.png, 12,345 bytes>`.
 * @param bytes from its beginning
 * @param total bytes of the whole body
 */
export function writeForm(sink: ContentSink, form: { bytes: Buffer; total: number; type: string }): void {
  const { bytes, total, type } = form;
  const delimiter = delimiterOf(type);
  const first = delimiter === undefined ? -1 : bytes.indexOf(delimiter.subarray(lineEnd.length));
  if (delimiter === undefined || first === -1) {
    return sink.push(Buffer.from(`<multipart/form-data, ${withCommas(total)} bytes>`));
  }
  const isWhole = bytes.length === total;
  let at = first + delimiter.length - lineEnd.length;
  while (at < bytes.length && bytes[at] !== hyphen) {
    const next = bytes.indexOf(delimiter, at);
    writePart(sink, bytes.subarray(at, next === -1 ? bytes.length : next), next !== -1 || isWhole);
    at = next === -1 ? bytes.length : next + delimiter.length;
  }
  if (!isWhole)
    sink.push(Buffer.from(`<${withCommas(total - bytes.length)} more bytes were not looked at>\n`));
}

function delimiterOf(contentType: string): Buffer | undefined {
  try {
    return Buffer.from(`\r\n--${boundaryOf(contentType)}`);
  } catch {
    return undefined;
  }
}

/** @param part from behind the boundary: a line end, headers, an empty line, a value */
function writePart(sink: ContentSink, part: Buffer, isWhole: boolean): void {
  const headers = part.subarray(0, maxHeaderBytes).indexOf(headerEnd);
  const value = headers === -1 ? part : part.subarray(headers + headerEnd.length);
  const head = headers === -1 ? undefined : headOf(part.subarray(0, headers).toString("latin1"));
  const size = `${isWhole ? "" : "more than "}${withCommas(value.length)} bytes`;
  if (head === undefined) return sink.push(Buffer.from(`<a part of ${size}>\n`));
  const name = Buffer.from(head.name, "latin1").toString();
  if (!head.isText) {
    const file = Buffer.from(head.filename ?? "without a name", "latin1").toString();
    return sink.push(Buffer.from(`${name}: <file ${file}, ${size}>\n`));
  }
  sink.push(Buffer.from(`${name}: `));
  sink.push(value);
  sink.push(lineFeed);
}

function headOf(block: string): ReturnType<typeof readPartHeader> | undefined {
  try {
    return readPartHeader(block.replace(/^[ \t]*\r\n/, ""));
  } catch {
    return undefined;
  }
}
