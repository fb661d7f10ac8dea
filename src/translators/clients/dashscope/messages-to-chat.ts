// Brings the messages of DashScope's native protocol into the shape of OpenAI's, whose reader checks them. Must not know
// parameters.
import type { JsonObject } from "../../../lib/json-value.ts";
import type { TranslationNotes } from "../../translation-notes.ts";
import { fault, isObject, listAt, objectAt, optionalText, own, textAt } from "../openai/field-faults.ts";

/** Members that mean the same in both. */
const sameMembers = ["role", "name", "tool_call_id", "reasoning_content"] as const;
const knownMembers: ReadonlySet<string> = new Set([...sameMembers, "content", "tool_calls"]);

/** What a part says beside what it holds, and what nobody else has a word for. */
const partMembers: ReadonlySet<string> = new Set([
  "type",
  "text",
  "image",
  "audio",
  "video",
  "file",
  "doc_url",
  "image_url",
  "cache_control",
]);

/** @throws GatewayError for input without a prompt and without messages */
export function messagesOfInput(input: JsonObject, notes: TranslationNotes): JsonObject[] {
  const given = own(input, "messages");
  const messages = given === undefined ? [] : listAt(given, "input.messages");
  const prompt = optionalText(input, "prompt", "input.");
  const earlier = historyOf(input);
  if (messages.length > 0) {
    if (prompt !== undefined && prompt !== "") notes.dropped("input.prompt");
    if (earlier.length > 0) notes.dropped("input.history");
    const calls = new OpenCalls();
    return messages.map((message, index) => {
      const at = `input.messages.${index}`;
      return readMessage(objectAt(message, at), at, { notes, calls });
    });
  }
  if (prompt === undefined) throw fault("input", "must have messages or a prompt");
  return [...earlier, { role: "user", content: prompt }];
}

/** The form before messages: pairs of what was asked and answered. */
function historyOf(input: JsonObject): JsonObject[] {
  const history = own(input, "history");
  if (history === undefined) return [];
  return listAt(history, "input.history").flatMap((turn, index) => {
    const at = `input.history.${index}`;
    const pair = objectAt(turn, at);
    return [
      { role: "user", content: textAt(own(pair, "user"), `${at}.user`) },
      { role: "assistant", content: textAt(own(pair, "bot"), `${at}.bot`) },
    ];
  });
}

interface Reading {
  readonly notes: TranslationNotes;
  readonly calls: OpenCalls;
}

/** Older clients send results without the id of their call: they come in the order of the calls. */
class OpenCalls {
  #ids: string[] = [];
  #made = 0;

  made(id: unknown): string {
    const known = typeof id === "string" && id !== "" ? id : `call_${(this.#made += 1)}`;
    this.#ids.push(known);
    return known;
  }

  answered(id: unknown): string | undefined {
    if (typeof id !== "string" || id === "") return this.#ids.shift();
    this.#ids = this.#ids.filter((open) => open !== id);
    return id;
  }
}

function readMessage(message: JsonObject, at: string, { notes, calls }: Reading): JsonObject {
  const read: Record<string, unknown> = {};
  for (const name of sameMembers) {
    const value = own(message, name);
    if (value !== undefined) read[name] = value;
  }
  for (const name of Object.keys(message))
    if (!knownMembers.has(name) && saysSomething(message[name])) notes.dropped(`${at}.${name}`);
  read["content"] = readContent(own(message, "content"), `${at}.content`, notes);
  const called = own(message, "tool_calls");
  if (called !== undefined) read["tool_calls"] = readCalls(called, `${at}.tool_calls`, calls);
  if (read["role"] === "tool") {
    const id = calls.answered(read["tool_call_id"]);
    if (id === undefined) throw fault(`${at}.tool_call_id`, "must name the call that the message answers");
    read["tool_call_id"] = id;
  }
  return read;
}

function saysSomething(value: unknown): boolean {
  return value !== undefined && value !== null && value !== false;
}

function readCalls(called: unknown, at: string, calls: OpenCalls): JsonObject[] {
  return listAt(called, at).map((call, index) => {
    const { id, ...rest } = objectAt(call, `${at}.${index}`);
    return { ...rest, id: calls.made(id) };
  });
}

function readContent(content: unknown, at: string, notes: TranslationNotes): unknown {
  if (content === undefined) return "";
  if (typeof content === "string") return content;
  const parts = listAt(content, at).flatMap((part, index) => readPart(part, `${at}.${index}`, notes));
  return parts.length === 0 ? "" : parts;
}

function readPart(part: unknown, at: string, notes: TranslationNotes): JsonObject[] {
  if (typeof part === "string") return [{ type: "text", text: part }];
  const object = objectAt(part, at);
  for (const name of Object.keys(object))
    if (!partMembers.has(name) && saysSomething(object[name])) notes.dropped(`${at}.${name}`);
  const cache = own(object, "cache_control");
  const mark = isObject(cache) ? { cache_control: cache } : {};
  return [...mediaOf(object, at, notes), ...textsOf(object)].map((read) => ({ ...read, ...mark }));
}

function textsOf(part: JsonObject): JsonObject[] {
  const text = own(part, "text");
  return text === undefined ? [] : [{ type: "text", text }];
}

/** One part may hold several things. */
function mediaOf(part: JsonObject, at: string, notes: TranslationNotes): JsonObject[] {
  const image = optionalText(part, "image", `${at}.`);
  const audio = optionalText(part, "audio", `${at}.`);
  const file = optionalText(part, "file", `${at}.`);
  const documents = own(part, "doc_url");
  const named = own(part, "image_url");
  return [
    ...(image === undefined ? [] : [imagePart(image)]),
    ...(named === undefined ? [] : [{ type: "image_url", image_url: named }]),
    ...(audio === undefined ? [] : [{ type: "input_audio", input_audio: audioOf(audio) }]),
    ...videosOf(own(part, "video"), `${at}.video`, notes),
    ...(file === undefined ? [] : [{ type: "file", file: { file_url: file } }]),
    ...(documents === undefined ? [] : [documents].flat()).map((url) => ({
      type: "file",
      file: { file_url: textAt(url, `${at}.doc_url`) },
    })),
  ];
}

function imagePart(url: string): JsonObject {
  return { type: "image_url", image_url: { url } };
}

/** A video is named by URL, or is a list of its pictures. */
function videosOf(video: unknown, at: string, notes: TranslationNotes): JsonObject[] {
  if (video === undefined) return [];
  if (typeof video === "string") return [{ type: "video_url", video_url: { url: video } }];
  notes.rewritten(at);
  return listAt(video, at).map((url, index) => imagePart(textAt(url, `${at}.${index}`)));
}

/** OpenAI wants bytes and their format; services that take a URL take it in the place of the bytes. */
function audioOf(url: string): JsonObject {
  const data = /^data:(?:audio\/([\w.+-]*))?[^,]*;base64,/i.exec(url);
  if (data !== null) return { data: url.slice(data[0].length), format: formatOf(data[1] ?? "") };
  return { data: url, format: formatOf(/\.(\w{1,8})(?:[?#]|$)/.exec(url)?.[1] ?? "") };
}

function formatOf(name: string): string {
  const lower = name.toLowerCase().replace(/^x-/, "");
  return lower === "" || lower === "mpeg" ? "mp3" : lower;
}
