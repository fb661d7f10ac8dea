// The words in requests and answers of every protocol, whole or cut anywhere, for estimates of their tokens. Must not
// judge: what is no JSON gives what looks like it.

/** Members of answers that hold what a model said, in any protocol. */
const saidMembers: ReadonlySet<string> = new Set([
  "content",
  "text",
  "thinking",
  "reasoning",
  "reasoning_content",
  "refusal",
  "arguments",
  "partial_json",
]);
/** Events of Responses say everything again when a part of them has ended. */
const responsesMembers: ReadonlySet<string> = new Set(["delta"]);
const responsesEvent = /"type"\s*:\s*"response\./;
/** The type of an event stands near its beginning. */
const typeWithin = 256;

/** What a model said, of a body, of the events of a stream, or of the beginning of either. */
export function saidText(answer: string): string {
  let said = "";
  for (const line of answer.split("\n")) {
    const members = responsesEvent.test(line.slice(0, typeWithin)) ? responsesMembers : saidMembers;
    eachText(line, (member, text) => {
      if (members.has(member)) said += text;
    });
  }
  return said;
}

/** Members of requests that hold no words for a model. */
const silentMembers: ReadonlySet<string> = new Set([
  "model",
  "role",
  "type",
  "id",
  "call_id",
  "tool_call_id",
  "tool_use_id",
  "tool_choice",
  "url",
  "image_url",
  "file_url",
  "fileUri",
  "file_id",
  "data",
  "file_data",
  "b64_json",
  "media_type",
  "mime_type",
  "mimeType",
  "format",
  "detail",
  "signature",
  "encrypted_content",
  "encoding_format",
  "user",
  "service_tier",
  "truncation",
  "effort",
  "verbosity",
  "return_format",
  "result_format",
]);
/** What a protocol says around each message, in words that count as about as many tokens. */
const messageFrame = " : : ";

/** What a model reads of a request: every text of it that is not only for the service. */
export function readText(request: string): string {
  const texts: string[] = [];
  eachText(request, (member, text) => {
    if (member === "role") texts.push(messageFrame);
    if (!silentMembers.has(member) && !text.startsWith("data:")) texts.push(text);
  });
  return texts.join("\n");
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

/** Calls `take` with each string that is a value, and the name of the member that it stands in; the last may be cut. */
function eachText(json: string, take: (member: string, text: string) => void): void {
  let member = "";
  for (let at = json.indexOf('"'); at !== -1;) {
    const end = closingQuote(json, at + 1);
    const isCut = end === -1;
    const raw = isCut ? json.slice(at + 1) : json.slice(at + 1, end);
    if (isCut) {
      take(member, decoded(raw));
      return;
    }
    if (json.charCodeAt(skipSpace(json, end + 1)) === colon) member = raw;
    else take(member, decoded(raw));
    at = json.indexOf('"', end + 1);
  }
}

function closingQuote(json: string, from: number): number {
  for (let at = from; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) return at;
    if (code === backslash) at += 1;
  }
  return -1;
}

function skipSpace(json: string, from: number): number {
  let at = from;
  while (json.charCodeAt(at) === 0x20 || json.charCodeAt(at) === 0x0a) at += 1;
  return at;
}

function decoded(raw: string): string {
  if (!raw.includes("\\")) return raw;
  // An escape may be cut at the end.
  const whole = raw.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, "");
  try {
    return JSON.parse(`"${whole}"`) as string;
  } catch {
    return whole;
  }
}
