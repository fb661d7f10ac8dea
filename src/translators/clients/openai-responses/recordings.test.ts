// Recorded traffic through the Responses client's side: its own requests and answers there and back, and the answers of
// every other protocol as it shows them to clients.
import { describe, expect, test } from "vitest";
import { bedrockRecordings } from "../../../../test/support/bedrock-recordings.ts";
import { checkResponsesOrder, responsesEvents } from "../../../../test/support/responses-order.ts";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import { GatewayError } from "../../../core/errors.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatAnswer } from "../../chat/chat-answer.ts";
import { answerChunks } from "../../chat/answer-chunks.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import { anthropicService } from "../../services/anthropic/anthropic-service.ts";
import { bedrockService } from "../../services/bedrock/bedrock-service.ts";
import { dashscopeService } from "../../services/dashscope/dashscope-service.ts";
import { geminiService } from "../../services/gemini/gemini-service.ts";
import { openaiService } from "../../services/openai/openai-service.ts";
import { responsesService } from "../../services/openai-responses/openai-responses-service.ts";
import type { ServiceSide } from "../../translation.ts";
import { chatRequest, contextOf, readStream, writeStream } from "../../translation-fixture.ts";
import { responsesClient } from "./openai-responses-client.ts";

const own = loadRecordings("openai-responses").filter(({ requestPath = "/responses" }) =>
  requestPath.endsWith("/responses"),
);
const requests = own.flatMap(({ name, requestBody }) =>
  requestBody === undefined ? [] : [[name, requestBody.toString()] as const],
);

/** The text of a content, however it is written. */
function textIn(content: unknown): string {
  if (typeof content === "string") return content;
  return listOf({ content }, "content")
    .map((part) => textOf(part, "text") ?? "")
    .join("");
}

/**
 * What a request says, read without the code under test. The texts of one turn of the assistant are one, as the chat form
 * has them, whatever calls stand between.
 */
function saidBy(body: unknown): unknown {
  const input = memberOf(body, "input");
  const items = typeof input === "string" ? [{ role: "user", content: input }] : listOf({ input }, "input");
  const said: [string, ...unknown[]][] = [];
  for (const item of items) {
    const type = memberOf(item, "type") ?? "message";
    if (type === "message") {
      const role = String(memberOf(item, "role"));
      const text = textIn(memberOf(item, "content"));
      const turn = said.slice(said.findLastIndex(([kind]) => kind === "user" || kind === "output") + 1);
      const last = turn.find(([kind]) => kind === "assistant");
      if (last !== undefined && role === "assistant") last[1] = String(last[1]) + text;
      else said.push([role, text]);
    } else if (type === "function_call") {
      said.push(["call", memberOf(item, "call_id"), memberOf(item, "name"), memberOf(item, "arguments")]);
    } else if (type === "function_call_output") {
      said.push(["output", memberOf(item, "call_id"), textIn(memberOf(item, "output"))]);
    } else if (type === "reasoning") {
      const encrypted = memberOf(item, "encrypted_content");
      if (typeof encrypted === "string") said.push(["thinking", encrypted, memberOf(item, "id")]);
    }
  }
  const images = JSON.stringify(input).split('"image_url"').length - 1;
  const tools = listOf(body, "tools").filter((tool) => memberOf(tool, "type") === "function");
  return {
    said,
    images,
    instructions: memberOf(body, "instructions") ?? "",
    tools: tools.map((tool) => [memberOf(tool, "name"), memberOf(tool, "parameters")]),
    choice: tools.length === 0 ? undefined : memberOf(body, "tool_choice"),
  };
}

describe(`${requests.length} requests of Responses clients -> chat -> Responses`, () => {
  test.each(requests)("%s", (_name, text) => {
    const body = parseExactJson(text);
    const context = contextOf();
    const request = { body, model: "model-x", stream: false };
    if (memberOf(body, "background") === true) {
      expect(() => responsesClient.request(request, context)).toThrow(GatewayError);
      return;
    }
    const chat = responsesClient.request(request, context);
    const sent = responsesService.request(chat, context).body;
    const there = saidBy(body);
    const back = saidBy(sent);
    expect(back).toEqual({
      ...(isJsonObject(there) ? there : {}),
      instructions: memberOf(there, "instructions"),
    });
    expect(sent["store"]).toBe(false);
  });
});

/** What a client of the protocol reads in a response. */
function shownBy(response: unknown): object {
  const output = listOf(response, "output");
  const of = (type: string): unknown[] => output.filter((item) => memberOf(item, "type") === type);
  const usage = memberOf(response, "usage");
  return {
    status: memberOf(response, "status"),
    text: of("message")
      .map((item) => textIn(memberOf(item, "content")))
      .join(""),
    calls: of("function_call").map((item) => [
      memberOf(item, "call_id"),
      memberOf(item, "name"),
      memberOf(item, "arguments"),
    ]),
    encrypted: of("reasoning").flatMap((item) => memberOf(item, "encrypted_content") ?? []),
    usage: [
      memberOf(usage, "input_tokens"),
      memberOf(memberOf(usage, "input_tokens_details"), "cached_tokens") ?? 0,
      memberOf(usage, "output_tokens"),
      memberOf(memberOf(usage, "output_tokens_details"), "reasoning_tokens") ?? 0,
      memberOf(usage, "total_tokens"),
    ],
  };
}

const ownAnswers = own.filter(({ status, stream }) => status === 200 && !stream);

describe(`${ownAnswers.length} whole answers of Responses services -> chat -> Responses`, () => {
  test.each(ownAnswers.map(({ name, body }) => [name, body.toString()] as const))("%s", (_name, text) => {
    const body = parseExactJson(text);
    const context = contextOf();
    const answer = responsesService.answer(body, chatRequest({}), context);
    if ("status" in answer) throw new Error(answer.message);
    const request = { body: { model: "m", input: "Hi" }, model: "m", stream: false };
    expect(shownBy(responsesClient.answer(answer, request, context))).toEqual(shownBy(body));
  });
});

const services: readonly (readonly [string, ServiceSide, readonly Recording[]])[] = [
  ["openai", openaiService, loadRecordings("openai-chat")],
  ["anthropic", anthropicService, loadRecordings("anthropic")],
  ["gemini", geminiService, loadRecordings("gemini")],
  ["bedrock", bedrockService, bedrockRecordings()],
  ["dashscope", dashscopeService, loadRecordings("dashscope")],
  ["openai-responses", responsesService, own],
];

/** Not every recording says so itself. */
const isStream = ({ stream, body }: Recording): boolean => stream || body[0] !== "{".charCodeAt(0);

/** What a service's recording says in chat form; undefined for errors, which have tests of their own. */
function answerIn(side: ServiceSide, recording: Recording): ChatAnswer | undefined {
  const { body } = recording;
  if (!isStream(recording)) {
    const answer = side.answer(parseExactJson(body.toString()), chatRequest({}), contextOf());
    return "status" in answer ? undefined : answer;
  }
  const { chunks, error } = readStream(side, body);
  if (error !== undefined) return undefined;
  const gathered = new GatheredAnswer();
  for (const chunk of chunks) gathered.add(chunk);
  return gathered.answer;
}

/** The chat form's own words for what `shownBy` reads. */
function shownInChat(answer: ChatAnswer): object {
  const [choice] = answer.choices;
  const message = choice?.message;
  const { usage } = answer;
  const cut = choice?.finish_reason === "length" || choice?.finish_reason === "content_filter";
  return {
    status: cut ? "incomplete" : "completed",
    text: message?.content ?? "",
    calls: (message?.tool_calls ?? []).map(({ id, function: made }) => [
      id,
      made.name,
      made.arguments || "{}",
    ]),
    usage:
      usage === undefined
        ? [undefined, 0, undefined, 0, undefined]
        : [
            usage.prompt_tokens,
            usage.prompt_tokens_details?.cached_tokens ?? 0,
            usage.completion_tokens,
            usage.completion_tokens_details?.reasoning_tokens ?? 0,
            usage.total_tokens,
          ],
  };
}

for (const [protocol, side, recordings] of services) {
  const answers = recordings
    .filter(({ status }) => status === 200)
    .flatMap((recording) => {
      const answer = answerIn(side, recording);
      return answer === undefined ? [] : [[recording, answer] as const];
    });

  describe(`${answers.length} answers of ${protocol} services -> Responses`, () => {
    test.each(answers.map((pair) => [pair[0].name, ...pair] as const))("%s", (_name, recording, answer) => {
      const body: JsonObject = { model: "m", input: "Hi" };
      const whole = responsesClient.answer(answer, { body, model: "m", stream: false }, contextOf());
      const { encrypted: _whole, ...shown } = { encrypted: undefined, ...shownBy(whole) };
      expect(shown).toEqual(shownInChat(answer));
      const request = { body, model: "m", stream: true };
      const chunks = isStream(recording) ? readStream(side, recording.body).chunks : answerChunks(answer);
      const events = responsesEvents(writeStream(responsesClient, chunks, request));
      checkResponsesOrder(events);
      const { encrypted: _streamed, ...streamed } = {
        encrypted: undefined,
        ...shownBy(events.at(-1)?.["response"]),
      };
      expect(streamed).toEqual(shown);
    });
  });
}
