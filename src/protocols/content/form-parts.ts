// The parts of a multipart/form-data body that is held whole, each with the place of its content. RFC 7578 and 2046.
// Must not know routes.
import { malformedForm } from "../form-faults.ts";
import { maxParts } from "../form-limits.ts";
import { readPartHeader } from "../multipart-header.ts";

export interface FormPart {
  readonly filename: string | undefined;
  /** "" for a part that does not say. */
  readonly mediaType: string;
  readonly start: number;
  readonly end: number;
}

const blankLine = Buffer.from("\r\n\r\n");

/** Throws GatewayError `invalid_request` for a body that is no form. */
export function formParts(bytes: Buffer, boundary: string): FormPart[] {
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const first = delimiter.subarray(2);
  const parts: FormPart[] = [];
  let at = bytes.subarray(0, first.length).equals(first) ? first.length : endOf(bytes, delimiter, 0);
  while (bytes[at] !== 0x2d) {
    const line = bytes.indexOf("\r\n", at);
    const head = line === -1 ? -1 : bytes.indexOf(blankLine, line);
    if (head === -1) throw malformedForm("a part has no headers");
    const block = bytes.toString("latin1", line + 2, head);
    const { filename } = readPartHeader(block);
    const mediaType = /^content-type:[ \t]*([^\r\n;]*)/im.exec(block)?.[1] ?? "";
    const start = head + blankLine.length;
    const next = endOf(bytes, delimiter, start - 2);
    parts.push({ filename, mediaType, start, end: Math.max(start, next - delimiter.length) });
    if (parts.length > maxParts) throw malformedForm(`it has more than ${maxParts} parts`);
    at = next;
  }
  return parts;
}

/** Offset after the next delimiter. */
function endOf(bytes: Buffer, delimiter: Buffer, from: number): number {
  const found = bytes.indexOf(delimiter, from);
  if (found === -1) throw malformedForm("it ends before its last boundary");
  return found + delimiter.length;
}
