// Reads model and stream from a JSON request and changes nothing but them. Must not know routes or services.
import { isUtf8 } from "node:buffer";
import { GatewayError } from "../core/errors.ts";
import { decodeString, prepareScan, scanObject } from "../lib/json-scan.ts";
import type { JsonMember, ScanFailure, ScannedObject } from "../lib/json-scan.ts";
import { memberFirst, splice } from "../lib/json-splice.ts";
import type { Edit } from "../lib/json-splice.ts";

const bodyPlan = prepareScan(["model", "stream", "stream_options"]);
const streamOptionsPlan = prepareScan(["include_usage"]);

/** What the gateway needs to know of a JSON body. */
export interface ParsedRequestBody {
  /** Decoded; may hold any character. Undefined when the request names none. */
  readonly model: string | undefined;
  readonly stream: boolean;
  /** Where model, stream and stream_options stand, in this order. */
  readonly scan: ScannedObject;
}

export interface RequestPatch {
  /** Model name to send; absent = leave the client's. */
  readonly model?: string | undefined;
  /** Whether an OpenAI stream shall be asked for its usage. */
  readonly askUsage: boolean;
}

export interface PatchedRequestBody {
  /** The very same Buffer when nothing had to change. */
  readonly body: Buffer;
  /** True when the gateway asked for usage: the extra usage event must be taken out of the answer. */
  readonly askedUsage: boolean;
}

/** Checks a JSON body and reads what routing needs. Throws GatewayError `invalid_request`. */
export function readRequestBody(body: Buffer): ParsedRequestBody {
  if (!isUtf8(body))
    throw new GatewayError("invalid_request", { message: "The request body is not valid UTF-8." });
  const scan = scanObject(body, bodyPlan);
  if (!scan.ok) throw new GatewayError("invalid_request", { message: failureMessage(body, scan) });
  const [model, stream] = scan.members;
  refuseRepeated("model", model);
  refuseRepeated("stream", stream);
  if (model !== undefined && model.kind !== "string") {
    throw new GatewayError("invalid_request", { message: "`model` must be a string.", param: "model" });
  }
  if (stream !== undefined && stream.kind !== "true" && stream.kind !== "false" && stream.kind !== "null") {
    throw new GatewayError("invalid_request", {
      message: "`stream` must be true or false.",
      param: "stream",
    });
  }
  return {
    model: model === undefined ? undefined : decodeString(body, model.start, model.end),
    stream: stream?.kind === "true",
    scan,
  };
}

/** Puts another model and the question for usage into a body. Every byte outside the values concerned stays. */
export function patchRequestBody(
  body: Buffer,
  parsed: ParsedRequestBody,
  patch: RequestPatch,
): PatchedRequestBody {
  const edits: Edit[] = [];
  const modelEdit = patch.model === undefined ? undefined : editModel(parsed, patch.model);
  if (modelEdit !== undefined) edits.push(modelEdit);
  const usageEdit = patch.askUsage && parsed.stream ? editUsage(body, parsed.scan) : undefined;
  if (usageEdit !== undefined) edits.push(usageEdit);
  // Both may be insertions at one place: the sort is stable, the model stays first.
  edits.sort((left, right) => left.start - right.start);
  return { body: splice(body, edits), askedUsage: usageEdit !== undefined };
}

function editModel(parsed: ParsedRequestBody, name: string): Edit | undefined {
  if (parsed.model === name) return undefined;
  const { scan } = parsed;
  const [model] = scan.members;
  const text = JSON.stringify(name);
  if (model === undefined) return memberFirst(scan.insideStart, scan.empty, "model", text);
  return { start: model.start, end: model.end, text };
}

/** Undefined when the client asked by itself, or wrote something that only the service can judge. */
function editUsage(body: Buffer, scan: ScannedObject): Edit | undefined {
  const options = scan.members[2];
  if (options === undefined)
    return memberFirst(scan.insideStart, scan.empty, "stream_options", '{"include_usage":true}');
  const { start, end } = options;
  if (options.repeated) return undefined;
  if (options.kind === "null") return { start, end, text: '{"include_usage":true}' };
  if (options.kind !== "object") return undefined;
  const inner = scanObject(body.subarray(start, end), streamOptionsPlan);
  if (!inner.ok) return undefined;
  const [flag] = inner.members;
  if (flag === undefined) return memberFirst(start + inner.insideStart, inner.empty, "include_usage", "true");
  if (flag.repeated || (flag.kind !== "false" && flag.kind !== "null")) return undefined;
  return { start: start + flag.start, end: start + flag.end, text: "true" };
}

function refuseRepeated(key: string, member: JsonMember | undefined): void {
  if (!member?.repeated) return;
  throw new GatewayError("invalid_request", {
    message: `\`${key}\` occurs twice in the request body.`,
    param: key,
  });
}

function failureMessage(body: Buffer, failure: ScanFailure): string {
  switch (failure.error) {
    case "too-deep":
      return `The request body is nested deeper than 128 levels at byte ${failure.offset}.`;
    case "invalid":
      return `The request body is not valid JSON: unexpected byte or end at byte ${failure.offset}.`;
    case "not-an-object":
      if (body.length === failure.offset) return "The request body is empty; it must be one JSON object.";
      if (body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf) {
        return "The request body starts with a byte order mark; send JSON without it.";
      }
      return "The request body must be one JSON object.";
  }
}
