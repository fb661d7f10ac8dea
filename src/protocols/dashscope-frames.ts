// Reads the text frames that clients send over DashScope's inference WebSocket and puts another model into them. Must not know
// sockets or services.
import { isUtf8 } from "node:buffer";
import { GatewayError } from "../core/errors.ts";
import { decodeString, prepareScan, scanObject } from "../lib/json-scan.ts";
import type { JsonMember, ScannedObject, ScanPlan } from "../lib/json-scan.ts";
import { memberFirst, splice } from "../lib/json-splice.ts";
import { countCharacters } from "./request-units.ts";

const framePlan = prepareScan(["header", "payload"]);
const headerPlan = prepareScan(["action", "task_id"]);
const payloadPlan = prepareScan(["model", "input"]);
const inputPlan = prepareScan(["text"]);

/** What a client may ask for. */
const actions = ["run-task", "continue-task", "finish-task"] as const;
type Action = (typeof actions)[number];

/** A text frame of a client. */
export interface ClientFrame {
  readonly action: Action;
  /** Chosen by the client; "" without one. */
  readonly taskId: string;
  /** Undefined when the frame names none. */
  readonly model: string | undefined;
  /** Code points of the text to be spoken; 0 without one. */
  readonly characters: number;
  /** Where the value of `payload.model` stands in the frame, or where it would; in bytes. */
  readonly modelPlace: ModelPlace;
}

type ModelPlace = {
  readonly kind: "value" | "payload" | "frame";
  readonly start: number;
  readonly end: number;
  readonly empty: boolean;
};

/** Reads a text frame of a client. Throws GatewayError `invalid_request`. */
export function readClientFrame(frame: Buffer): ClientFrame {
  const top = scan(frame, framePlan, "The frame");
  const [headerMember, payloadMember] = top.members;
  if (headerMember === undefined) throw refuse("The frame has no `header`.");
  const [actionMember, taskMember] = within(frame, headerMember, headerPlan, "header").members;
  const action = actions.find((each) => each === textAt(frame, actionMember, "header.action"));
  if (action === undefined) throw refuse(`\`header.action\` must be one of ${actions.join(", ")}.`);
  const taskId = textAt(frame, taskMember, "header.task_id") ?? "";
  const payload = payloadMember && within(frame, payloadMember, payloadPlan, "payload");
  const [modelMember, inputMember] = payload?.members ?? [];
  const model = textAt(frame, modelMember, "payload.model");
  const place = { payload, payloadMember, modelMember };
  return {
    action,
    taskId,
    model,
    characters: charactersOf(frame, inputMember),
    modelPlace: placeOf(top, place),
  };
}

/**
 * The frame with another model: in run-task put there where it has none, in continue-task only replaced. The very same
 * Buffer when nothing has to change.
 */
export function rewriteFrameModel(frame: Buffer, read: ClientFrame, model: string): Buffer {
  if (read.model === model || (read.model === undefined && read.action !== "run-task")) return frame;
  const { kind, start, end, empty } = read.modelPlace;
  const text = JSON.stringify(model);
  if (kind === "value") return splice(frame, [{ start, end, text }]);
  if (kind === "payload") return splice(frame, [memberFirst(start, empty, "model", text)]);
  return splice(frame, [memberFirst(start, empty, "payload", `{"model":${text}}`)]);
}

interface FoundPayload {
  readonly payload: ScannedObject | undefined;
  readonly payloadMember: JsonMember | undefined;
  readonly modelMember: JsonMember | undefined;
}

function placeOf(top: ScannedObject, { payload, payloadMember, modelMember }: FoundPayload): ModelPlace {
  if (modelMember !== undefined)
    return { kind: "value", start: modelMember.start, end: modelMember.end, empty: false };
  if (payload === undefined || payloadMember === undefined)
    return { kind: "frame", start: top.insideStart, end: top.insideStart, empty: top.empty };
  const start = payload.insideStart;
  return { kind: "payload", start, end: start, empty: payload.empty };
}

function charactersOf(frame: Buffer, input: JsonMember | undefined): number {
  if (input?.kind !== "object") return 0;
  const [text] = within(frame, input, inputPlan, "payload.input").members;
  return text?.kind === "string" ? countCharacters(decodeString(frame, text.start, text.end)) : 0;
}

function scan(bytes: Buffer, plan: ScanPlan, what: string): ScannedObject {
  if (!isUtf8(bytes)) throw refuse(`${what} is not valid UTF-8.`);
  const found = scanObject(bytes, plan);
  if (!found.ok) throw refuse(`${what} must be one JSON object.`);
  return found;
}

/** Members of an object inside the frame, with offsets of the frame. */
function within(frame: Buffer, member: JsonMember, plan: ScanPlan, path: string): ScannedObject {
  refuseRepeated(member, path);
  const found = scan(frame.subarray(member.start, member.end), plan, `\`${path}\``);
  const members = found.members.map(
    (each) => each && { ...each, start: each.start + member.start, end: each.end + member.start },
  );
  return { ...found, insideStart: found.insideStart + member.start, members };
}

function textAt(frame: Buffer, member: JsonMember | undefined, path: string): string | undefined {
  if (member === undefined) return undefined;
  refuseRepeated(member, path);
  if (member.kind !== "string") throw refuse(`\`${path}\` must be a string.`);
  return decodeString(frame, member.start, member.end);
}

function refuseRepeated(member: JsonMember, path: string): void {
  if (member.repeated) throw refuse(`\`${path}\` occurs twice in the frame.`);
}

function refuse(message: string): GatewayError {
  return new GatewayError("invalid_request", { message });
}
