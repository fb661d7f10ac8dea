// Which strings of requests and answers hold no content: names of models, ids, encoded bytes. As tables; everything that
// they do not name is content. Must not judge.
import { isUtf8 } from "node:buffer";
import type { JsonPath } from "../../lib/json-strings.ts";

/** Values that only programs read. */
const programMembers: ReadonlySet<string> = new Set([
  "model",
  "modelVersion",
  "id",
  "object",
  "type",
  "role",
  "call_id",
  "tool_call_id",
  "tool_use_id",
  "item_id",
  "file_id",
  "file_uri",
  "fileUri",
  "response_id",
  "responseId",
  "previous_response_id",
  "request_id",
  "task_id",
  "prompt_id",
  "client_id",
  "container_id",
  "system_fingerprint",
  "service_tier",
  "finish_reason",
  "finishReason",
  "stop_reason",
  "status",
  "obfuscation",
  "event_id",
  "expires_at",
  "created_at",
  "mime_type",
  "mimeType",
  "media_type",
]);

/** Values that are ciphers or sums: no reader but the service that made them. */
const sealedMembers: ReadonlySet<string> = new Set([
  "signature",
  "encrypted_content",
  "encrypted_index",
  "thoughtSignature",
  "thought_signature",
]);

/** Values that may be bytes in base64, or the address of some. */
const bytesMembers: ReadonlySet<string> = new Set([
  "data",
  "b64_json",
  "partial_image_b64",
  "file_data",
  "image",
  "image_url",
  "audio",
  "video",
  "url",
  "result",
  "embedding",
  "bytesBase64Encoded",
]);

/** Below these anybody may name members as he likes. */
const freeMembers: ReadonlySet<string> = new Set([
  "arguments",
  "args",
  "metadata",
  "properties",
  "patternProperties",
  "$defs",
  "definitions",
  "variables",
]);

/** What is said, part by part: a text may be cut over several of these, whatever stands between them. */
const speechMembers: ReadonlySet<string> = new Set([
  "text",
  "content",
  "input",
  "output",
  "prompt",
  "system",
  "instructions",
  "thinking",
  "reasoning",
  "reasoning_content",
  "summary",
  "refusal",
  "arguments",
  "query",
  "documents",
  "contents",
  "parts",
  "transcript",
  "user",
  "bot",
]);

export function isSpeech(path: JsonPath): boolean {
  return speechMembers.has(nameOf(path));
}

/** What only programs read is short and in one piece. */
const programWord = /^[\w./:@+#-]{0,256}$/;
const base64 = /^[A-Za-z0-9+/_-]{256,}={0,2}\s*$/;
const dataUrl = /^data:([\w.+/-]{0,128})(?:;[\w.=-]{1,64}){0,4};base64,[A-Za-z0-9+/_=-]{0,256}/i;
/** Digits at the beginning of encoded bytes by which text is told from other files. */
const telltaleDigits = 4_096;
const sealed = /^[A-Za-z0-9+/_=.-]+$/;

/** Whether a string at a place is content. @param isAnswer it stands in an answer */
export function isContent(path: JsonPath, text: string, isAnswer = false): boolean {
  const member = nameOf(path);
  if (text === "") return false;
  if (programMembers.has(member)) return !programWord.test(text) || isFree(path);
  if (sealedMembers.has(member)) return !sealed.test(text) || isFree(path);
  if (!bytesMembers.has(member)) return true;
  // Numbers that somebody asked for as bytes.
  if (isAnswer && member === "embedding" && base64.test(text)) return false;
  if (base64.test(text)) return encodesText(text, 0);
  const url = dataUrl.exec(text);
  if (url !== null && text.indexOf(" ") === -1) {
    const [, mediaType = ""] = url;
    return /^text\//i.test(mediaType) || encodesText(text, text.indexOf(",") + 1);
  }
  return !(isAnswer && member.endsWith("url") && /^https?:\/\/\S+$/.test(text)) || isFree(path);
}

/** Whether base64 digits are those of a file of text, by its beginning. */
function encodesText(digits: string, from: number): boolean {
  const beginning = Buffer.from(digits.slice(from, from + telltaleDigits), "base64");
  // A character may be cut in two at the end.
  const last = beginning.findLastIndex((byte) => (byte & 0xc0) !== 0x80);
  const isWhole = digits.length <= from + telltaleDigits;
  const whole = isWhole || last < beginning.length - 4 ? beginning : beginning.subarray(0, last);
  return isTextItself(whole);
}

/** Other controls than line ends, tabs, form feeds and escapes stand in no text. */
function isTextItself(bytes: Buffer): boolean {
  // oxlint-disable-next-line no-control-regex
  return isUtf8(bytes) && !/[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(bytes.toString("latin1", 0, telltaleDigits));
}

/** A name that a protocol gives to a member says nothing. */
const protocolKey = /^[a-z][A-Za-z0-9_]{0,63}$/;

/** Whether the name of a member is content: where anybody may choose names, and where it looks like no name. */
export function isContentKey(path: JsonPath): boolean {
  return isFree(path) || !protocolKey.test(nameOf(path));
}

/** Whether what stands there may be bytes in base64. */
export function mayBeBytes(path: JsonPath): boolean {
  return bytesMembers.has(nameOf(path));
}

/** The member that a value stands in, or the one whose list it is in. */
export function nameOf(path: JsonPath): string {
  for (let at = path.length - 1; at >= 0; at--) {
    const step = path[at];
    if (typeof step === "string") return step;
  }
  return "";
}

function isFree(path: JsonPath): boolean {
  for (let at = 0; at < path.length - 1; at++) {
    const step = path[at];
    if (typeof step !== "string") continue;
    if (freeMembers.has(step)) return true;
    // What a tool was called with: an object among the parts of a message.
    if (step === "input" && path.includes("content")) return true;
    if (step === "response" && path[at - 1] === "functionResponse") return true;
  }
  return false;
}
