// Reads a whole multipart/form-data body as one object, as JSON would say the same: texts as strings, files as data URLs,
// what occurs several times or is called `name[]` as a list. Only for bodies that the scanner has found sound.
import type { JsonObject } from "../lib/json-value.ts";
import { malformedForm } from "./form-faults.ts";
import { readPartHeader } from "./multipart-header.ts";

const lineEnd = "\r\n";
const blankLine = "\r\n\r\n";
const typeLine = /^content-type:[ \t]*([\w.+-]+\/[\w.+-]+)/im;

/** @throws GatewayError invalid_request */
export function formObject(body: Buffer, boundary: string): JsonObject {
  const fields: Record<string, unknown> = { __proto__: null };
  const delimiter = Buffer.from(`${lineEnd}--${boundary}`);
  let at = body.indexOf(`--${boundary}`);
  while (at !== -1) {
    const headersAt = body.indexOf(lineEnd, at);
    const end = body.indexOf(delimiter, headersAt + 1);
    if (headersAt === -1 || end === -1) return fields;
    const blank = body.indexOf(blankLine, headersAt);
    if (blank === -1 || blank > end) throw malformedForm("a part has no headers");
    const headers = body.toString("latin1", headersAt + lineEnd.length, blank);
    add(fields, headers, body.subarray(blank + blankLine.length, end));
    at = end + lineEnd.length;
  }
  return fields;
}

function add(fields: Record<string, unknown>, headers: string, bytes: Buffer): void {
  const { name, isText } = readPartHeader(headers);
  const [, type = "application/octet-stream"] = typeLine.exec(headers) ?? [];
  const value = isText ? bytes.toString() : `data:${type.toLowerCase()};base64,${bytes.toString("base64")}`;
  const isList = name.endsWith("[]");
  const key = isList ? name.slice(0, -"[]".length) : name;
  const before = fields[key];
  if (Array.isArray(before)) before.push(value);
  else if (before !== undefined) fields[key] = [before, value];
  else fields[key] = isList ? [value] : value;
}
