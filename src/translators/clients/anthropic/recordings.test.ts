import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../../test/support/recordings.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { anthropicService } from "../../services/anthropic/anthropic-service.ts";
import { openaiService } from "../../services/openai/openai-service.ts";
import { chatRequest, contextOf, readStream, writeStream } from "../../translation-fixture.ts";
import { anthropicClient } from "./anthropic-client.ts";
import { eventsOf, readMessage, type ReadBlock } from "./message-fixture.ts";

const recordings = loadRecordings("anthropic").filter(({ protocol }) => protocol === "anthropic");
const asked = recordings.filter(({ requestBody }) => requestBody !== undefined);
const answered = recordings.filter(({ status }) => status === 200);
const whole = answered.filter(({ stream }) => !stream);
/** A message that begins twice is no way to end up: what it says the second time is another answer. */
const streams = answered.filter(({ stream, name }) => stream && !name.includes("duplicate-message-start"));

/** Shapes of the recordings, which are known; only for reading them. */
interface Block {
  type: string;
  text?: string;
  thinking?: string;
  data?: string;
  signature?: string;
  id?: string;
  name?: string;
  input?: object;
  tool_use_id?: string;
  content?: string | Block[];
}
interface Request {
  model: string;
  max_tokens: number;
  system?: string | Block[];
  messages: { role: string; content: string | Block[] }[];
  tools?: { name: string; input_schema?: object }[];
}
interface Sent {
  model: string;
  max_tokens: number;
  messages: {
    role: string;
    content: string | Block[] | null;
    tool_call_id?: string;
    tool_calls?: { id: string; function: { name: string; arguments: string } }[];
  }[];
  tools?: { function: { name: string; parameters: object } }[];
}

const blocksOf = (content: string | Block[] | null | undefined): Block[] =>
  typeof content === "string" ? [{ type: "text", text: content }] : (content ?? []);

/** Everything that is said, called and answered, in order of the messages. */
function saidIn({ system, messages }: Request): string[] {
  const inMessages = messages.flatMap(({ role, content }) => {
    const blocks = blocksOf(content);
    const results = blocks.filter(({ type }) => type === "tool_result");
    const rest = blocks.filter(({ type }) => type !== "tool_result");
    const said = rest.flatMap(({ type, text }) => (type === "text" ? [`${role}: ${text}`] : []));
    const calls = rest
      .filter(({ type }) => type === "tool_use")
      .map(({ id, name, input }) => `call ${id} ${name} ${JSON.stringify(input)}`);
    const answers = results.map(({ tool_use_id: id, content: inner }) => {
      const texts = blocksOf(inner).flatMap(({ type, text }) => (type === "text" ? [text] : []));
      return `result ${id} ${texts.join("\n\n")}`;
    });
    return [...answers, ...joined(said, role), ...calls];
  });
  const prompt = blocksOf(system).map(({ text }) => text);
  return [...(prompt.length === 0 ? [] : [`system: ${prompt.join("\n\n")}`]), ...inMessages];
}

/** Texts of one message are said as one. */
function joined(said: string[], role: string): string[] {
  if (said.length === 0) return [];
  const texts = said.map((line) => line.slice(role.length + 2));
  return [`${role}: ${texts.join(role === "assistant" ? "" : "\n\n")}`];
}

const filler = "The result follows in the next message.";

function saidTo({ messages }: Sent): string[] {
  return messages.flatMap(({ role, content, tool_call_id: id, tool_calls: calls = [] }) => {
    const texts = blocksOf(content).flatMap(({ type, text }) => (type === "text" ? [text] : []));
    const text = texts.join("\n\n");
    if (role === "tool") return [`result ${id} ${text === filler ? "" : text}`];
    const said = content === null || text.startsWith("Belongs to the result") ? [] : [`${role}: ${text}`];
    return [
      ...said,
      ...calls.map(({ id: call, function: { name, arguments: json } }) => `call ${call} ${name} ${json}`),
    ];
  });
}

function sentFor(bytes: Buffer): Sent {
  const body = parseExactJson(bytes.toString());
  const context = contextOf();
  const chat = anthropicClient.request({ body, model: "asked", stream: false }, context);
  // What is sent is written by hand above.
  return openaiService.request(chat, context).body as unknown as Sent;
}

describe(`anthropic -> openai: ${asked.length} recorded requests`, () => {
  test("there are requests to read", () => expect(asked.length).toBeGreaterThan(25));

  test.each(asked)("$name asks the same", ({ requestBody = Buffer.alloc(0) }) => {
    // The recordings of this folder are messages.
    const request = JSON.parse(requestBody.toString()) as Request;
    const sent = sentFor(requestBody);
    expect(saidTo(sent).map(withoutMadeIds)).toEqual(saidIn(request).map(withoutLongIds));
    expect(sent.max_tokens).toBe(request.max_tokens);
    const tools = (request.tools ?? []).filter(({ input_schema: schema }) => schema !== undefined);
    expect((sent.tools ?? []).map((tool) => [tool.function.name, tool.function.parameters])).toEqual(
      tools.map(({ name, input_schema: schema }) => [name, schema]),
    );
  });
});

/** Ids of more than forty characters are shortened for OpenAI: for a call as for its result. */
const withoutLongIds = (line: string): string => line.replace(/^(call|result) \S{41,}/, "$1 LONG");
const withoutMadeIds = (line: string): string =>
  line.replace(/^(call|result) call_[0-9a-f]{24}\b/, "$1 LONG");

const client = { body: {}, model: "asked", stream: true };

/** The members of a block that say something; a service of another kind does not know the rest. */
function heart({ type, text, thinking, signature, data, id, name, input }: Block): object {
  if (type === "text") return { type, text };
  if (type === "thinking") return { type, thinking, signature };
  if (type === "redacted_thinking") return { type, data };
  if (type === "tool_use") return { type, id, name, input };
  return { type };
}

function blockOf({ type, text, thinking, signature, json, start }: ReadBlock): Block {
  const input: unknown = JSON.parse(json === "" ? "{}" : json);
  return {
    ...start,
    type,
    text,
    thinking,
    signature,
    ...(type === "tool_use" ? { input: Object(input) } : {}),
  };
}

/**
 * Texts that follow one another are one text: where a service cut them is lost in the chat form. Where tools of the service
 * stand between them, all texts are one.
 */
function levelled(blocks: Block[]): object {
  const hasServerBlocks = blocks.some(({ type }) => !own.has(type));
  const all: Block[] = [];
  for (const block of blocks) {
    const last = hasServerBlocks ? all.find(({ type }) => type === "text") : all.at(-1);
    if (block.type === "text" && block.text === "") continue;
    if (block.type === "text" && last?.type === "text") last.text = `${last.text}${block.text}`;
    else all.push({ ...block });
  }
  return all.map(heart);
}

interface Answer {
  content: Block[];
  stop_reason: string;
  stop_details?: { explanation?: string | null } | null;
}

/** Why an answer was refused is said in words. */
function explained({ stop_details: details }: Answer): Block[] {
  const text = details?.explanation ?? "";
  return text === "" ? [] : [{ type: "text", text }];
}

const own = new Set(["text", "thinking", "redacted_thinking", "tool_use"]);

/** Naive: the events of the recording, whatever their order. */
function recordedBlocks(text: string): Block[] {
  return readMessage(
    eventsOf(`${text.replaceAll("\r\n", "\n").replaceAll(/\n*$/g, "")}\n\n`)
      .filter(({ name }) => name !== "ping")
      .map(({ name, event }) => `event: ${name}\ndata: ${JSON.stringify(event)}\n\n`)
      .join(""),
  ).blocks.map(blockOf);
}

describe(`chat -> anthropic: ${whole.length} whole and ${streams.length} streamed recordings come back as they were`, () => {
  test.each(whole)("$name", ({ body }) => {
    // The recordings of this folder are messages.
    const message = JSON.parse(body.toString()) as Answer;
    const answer = anthropicService.answer(message, chatRequest({}), contextOf());
    if ("status" in answer) throw new Error(answer.message);
    const back = anthropicClient.answer(answer, client, contextOf());
    // What is answered is written by hand above.
    const { content, stop_reason: reason, usage } = back as typeof message & { usage: object };
    expect(levelled(content)).toEqual(levelled([...message.content, ...explained(message)]));
    expect(reason).toBe(message.stop_reason);
    expect(message).toMatchObject({ usage: { output_tokens: Object.entries(usage)[3]?.[1] } });
  });

  test.each(streams)("$name", ({ body }) => {
    const { chunks, error } = readStream(anthropicService, body);
    expect(error).toBeUndefined();
    const { blocks, complete } = readMessage(writeStream(anthropicClient, chunks, client));
    expect(complete).toBe(true);
    expect(levelled(blocks.map(blockOf))).toEqual(levelled(recordedBlocks(body.toString())));
  });
});
