// Reads `stream_format` of a speech request. Must not know routes.
import { decodeString, prepareScan, scanObject } from "../lib/json-scan.ts";

const plan = prepareScan(["stream_format"]);

/** Whether a JSON body that was found valid asks for its sound as events. */
export function asksForEvents(body: Buffer): boolean {
  const scan = scanObject(body, plan);
  const [format] = scan.ok ? scan.members : [];
  return format?.kind === "string" && decodeString(body, format.start, format.end) === "sse";
}
