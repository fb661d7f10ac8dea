// What a recorded answer shows of its worth without anybody judging it: whether it is the JSON that was asked for, and
// whether it was cut by its length. Reads bodies and streams of every protocol; knows no record.
import { isJsonObject, memberOf, parseJson } from "../../../lib/json-value.ts";

export type AnswerSign = "valid-json" | "invalid-json" | "cut";

/** Forms of `response_format` and its like. */
const jsonForms: ReadonlySet<unknown> = new Set(["json_object", "json_schema"]);
const cutWords: ReadonlySet<unknown> = new Set(["length", "max_tokens", "MAX_TOKENS", "max_output_tokens"]);

/** Undefined where the answer shows nothing, or cannot be read. */
export function answerSign(request: string, response: string): AnswerSign | undefined {
  const asked = parseJson(request);
  if (!isJsonObject(asked)) return undefined;
  const said = readAnswer(response);
  if (said === undefined) return undefined;
  // Whoever bounds an answer may have wanted it cut, but nobody wants half of a JSON object.
  if (asksForJson(asked)) return isJson(said.text) ? "valid-json" : "invalid-json";
  return said.isCut && !boundsAnswer(asked) ? "cut" : undefined;
}

function asksForJson(body: unknown): boolean {
  const generation = memberOf(body, "generationConfig");
  return (
    [
      memberOf(memberOf(body, "response_format"), "type"),
      memberOf(memberOf(memberOf(body, "text"), "format"), "type"),
      memberOf(memberOf(memberOf(body, "output_config"), "format"), "type"),
      memberOf(memberOf(memberOf(body, "parameters"), "response_format"), "type"),
    ].some((form) => jsonForms.has(form)) || memberOf(generation, "responseMimeType") === "application/json"
  );
}

function boundsAnswer(body: unknown): boolean {
  const bounds = ["max_tokens", "max_completion_tokens", "max_output_tokens"] as const;
  return (
    bounds.some((name) => memberOf(body, name) !== undefined) ||
    memberOf(memberOf(body, "generationConfig"), "maxOutputTokens") !== undefined ||
    memberOf(memberOf(body, "parameters"), "max_tokens") !== undefined
  );
}

function isJson(text: string): boolean {
  const value = parseJson(text);
  return typeof value === "object" && value !== null;
}

interface Said {
  readonly text: string;
  readonly isCut: boolean;
}

/** Undefined where no words are found: a call of a tool is an answer of another kind. */
function readAnswer(response: string): Said | undefined {
  const whole = parseJson(response);
  const events = whole === undefined ? eventsOf(response) : [whole];
  let text = "";
  let isCut = false;
  for (const event of events) {
    text += wordsOf(event);
    isCut ||= reasonsOf(event).some((reason) => cutWords.has(reason));
  }
  return text === "" ? undefined : { text, isCut };
}

function eventsOf(stream: string): unknown[] {
  return stream
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    .map((line) => parseJson(line.slice("data:".length)))
    .filter((event) => event !== undefined);
}

const first = (value: unknown): unknown => (Array.isArray(value) ? value[0] : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const textOf = (value: unknown): string => (typeof value === "string" ? value : "");

/** What one body, or one event of a stream, adds to the words of the first answer. */
function wordsOf(event: unknown): string {
  const type = memberOf(event, "type");
  if (type === "response.output_text.delta") return textOf(memberOf(event, "delta"));
  // The events of Responses say all of it again at the end.
  if (typeof type === "string" && type.startsWith("response.")) return "";
  if (type === "content_block_delta") return textOf(memberOf(memberOf(event, "delta"), "text"));
  const choice = first(memberOf(event, "choices") ?? memberOf(memberOf(event, "output"), "choices"));
  const message = memberOf(choice, "message") ?? memberOf(choice, "delta");
  const candidate = memberOf(first(memberOf(event, "candidates")), "content");
  return (
    contentOf(memberOf(message, "content")) +
    contentOf(memberOf(candidate, "parts")) +
    contentOf(memberOf(event, "content")) +
    list(memberOf(event, "output"))
      .map((item) => contentOf(memberOf(item, "content")))
      .join("") +
    textOf(memberOf(memberOf(event, "output"), "text"))
  );
}

function contentOf(content: unknown): string {
  if (typeof content === "string") return content;
  return list(content)
    .filter((part) => memberOf(part, "thought") !== true)
    .map((part) => textOf(memberOf(part, "text")))
    .join("");
}

function reasonsOf(event: unknown): readonly unknown[] {
  const choice = first(memberOf(event, "choices") ?? memberOf(memberOf(event, "output"), "choices"));
  const ended = memberOf(event, "response") ?? event;
  return [
    memberOf(choice, "finish_reason"),
    memberOf(event, "stop_reason"),
    memberOf(memberOf(event, "delta"), "stop_reason"),
    memberOf(first(memberOf(event, "candidates")), "finishReason"),
    memberOf(memberOf(ended, "incomplete_details"), "reason"),
  ];
}
