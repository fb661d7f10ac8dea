import { describe, expect, it } from "vitest";
import { bedrockRecordings } from "../../../../test/support/bedrock-recordings.ts";
import { saidByStream, saidByWhole, type Said } from "../../../../test/support/bedrock-said.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { isJsonObject, listOf, textOf } from "../../../lib/json-value.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import type { ChatAnswer } from "../../chat/chat-answer.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { bedrockService } from "./bedrock-service.ts";

const recordings = bedrockRecordings();
const whole = recordings.filter(({ stream, status }) => !stream && status === 200);
const streams = recordings.filter(({ stream }) => stream);
const refused = recordings.filter(({ status }) => status !== 200);

const finishReasons: Readonly<Record<string, string>> = {
  end_turn: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  guardrail_intervened: "content_filter",
};

function expectSaid(answer: ChatAnswer, said: Said): void {
  const [choice] = answer.choices;
  const {
    content,
    tool_calls: calls = [],
    reasoning_content: reasoning = "",
    reasoning_details: details = [],
  } = choice?.message ?? {};
  expect(content ?? "").toBe(said.text);
  expect(reasoning).toBe(said.reasoning);
  expect(details.flatMap(({ signature }) => signature ?? [])).toEqual(said.signatures);
  expect(details.filter(({ type }) => type === "redacted_thinking")).toHaveLength(said.redacted);
  expect(
    calls.map(({ id, function: called }) => ({
      id,
      name: called.name,
      input: parseExactJson(called.arguments),
    })),
  ).toEqual(said.calls);
  expect(choice?.finish_reason).toBe(finishReasons[said.stopReason]);
  expect(answer.usage?.prompt_tokens).toBe(said.input);
  expect(answer.usage?.completion_tokens).toBe(said.output);
  expect(answer.usage?.total_tokens).toBe(said.total);
}

describe("recorded answers of Bedrock in chat form", () => {
  it(`${whole.length} whole answers say what the recordings say`, () => {
    expect(whole.length).toBeGreaterThan(15);
    for (const { body } of whole) {
      const parsed = parseExactJson(body.toString());
      const answer = bedrockService.answer(parsed, chatRequest({}), contextOf());
      if ("status" in answer) throw new Error(answer.message);
      expectSaid(answer, saidByWhole(parsed));
    }
  });

  it(`${streams.length} streams say what the recordings say, and the same chunks cut at every byte`, () => {
    expect(streams.length).toBe(7);
    for (const { name, body } of streams) {
      const { chunks, error } = readStream(bedrockService, body);
      expect(error, name).toBeUndefined();
      const gathered = new GatheredAnswer();
      for (const chunk of chunks) gathered.add(chunk);
      if (gathered.answer === undefined) throw new Error(`${name} says nothing`);
      expectSaid(gathered.answer, saidByStream(body));
      for (const cut of [1, 2, 7, 100]) {
        expect(readStream(bedrockService, body, { cut }).chunks, `${name} cut by ${cut}`).toEqual(chunks);
      }
    }
  });

  it(`every stream tells its calls by one number each, one end and one usage, in this order (${streams.length})`, () => {
    for (const { name, body } of streams) {
      const { chunks } = readStream(bedrockService, body);
      const kinds = chunks.map(({ choices: [choice], usage }) =>
        usage !== undefined ? "usage" : choice?.finish_reason === null ? "delta" : "end",
      );
      expect(kinds.join(" "), name).toMatch(/^(?:delta )+end usage$/u);
      const ids = chunks.flatMap(({ choices: [choice] }) =>
        (choice?.delta.tool_calls ?? []).flatMap(({ index, id }) =>
          id === undefined ? [] : [`${index} ${id}`],
        ),
      );
      expect(new Set(ids).size, name).toBe(ids.length);
    }
  });

  it(`${refused.length} errors say the service's own words`, () => {
    expect(refused.length).toBe(2);
    for (const { status, body } of refused) {
      const { message } = bedrockService.error(status, body.toString());
      expect(message).toBe(textOf(JSON.parse(body.toString()), "message"));
    }
  });

  it("histories go back as they were recorded: thinking with its signature, redacted bytes, calls and results", () => {
    let compared = 0;
    for (const first of whole) {
      const next = whole.find(({ name }) => name === first.name.replace(/#0$/u, "#1"));
      if (!first.name.endsWith("#0") || next?.requestBody === undefined) continue;
      const recorded = listOf(parseExactJson(next.requestBody.toString()), "messages").find(
        (message) => textOf(message, "role") === "assistant",
      );
      const answer = bedrockService.answer(
        parseExactJson(first.body.toString()),
        chatRequest({}),
        contextOf(),
      );
      if (recorded === undefined || "status" in answer) continue;
      const message = answer.choices[0]?.message;
      if (message === undefined) throw new Error("no message");
      const chat = chatRequest({
        messages: [{ role: "user", content: "Hi" }, message, { role: "user", content: "Go on" }],
      });
      const sent = listOf(bedrockService.request(chat, contextOf()).body, "messages")[1];
      expect(sent, first.name).toEqual(recorded);
      expect(isJsonObject(sent)).toBe(true);
      compared += 1;
    }
    expect(compared).toBeGreaterThan(2);
  });
});
