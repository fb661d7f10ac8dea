import { describe, expect, test } from "vitest";
import {
  loopMessage,
  loopStream,
  loopTools,
  loopTurns,
} from "../../../../test/support/anthropic-tool-loop.ts";
import { isJsonObject, listOf, memberOf, textOf, type JsonObject } from "../../../lib/json-value.ts";
import { openaiClient } from "../../clients/openai/openai-client.ts";
import { conversation } from "../../conversation.ts";
import type { CallState, Translation } from "../../translated-call.ts";
import { contextOf } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";

type Fields = Record<string, unknown>;

/** What a client's library makes of a stream of OpenAI's. */
function accumulated(stream: string): Fields {
  const details = new Map<unknown, Fields>();
  const calls: { id: unknown; type: string; function: { name: unknown; arguments: string } }[] = [];
  let content = "";
  for (const event of stream.split("\n\n")) {
    if (!event.startsWith("data: {")) continue;
    const delta = memberOf(listOf(JSON.parse(event.slice(6)), "choices")[0], "delta");
    content += textOf(delta, "content") ?? "";
    for (const piece of listOf(delta, "reasoning_details").filter(isJsonObject)) {
      const known = details.get(piece["index"]);
      const text = (textOf(known, "text") ?? "") + (textOf(piece, "text") ?? "");
      details.set(piece["index"], { ...known, ...piece, text });
    }
    for (const piece of listOf(delta, "tool_calls")) {
      const at = Number(memberOf(piece, "index"));
      const made = memberOf(piece, "function");
      calls[at] ??= {
        id: memberOf(piece, "id"),
        type: "function",
        function: { name: memberOf(made, "name"), arguments: "" },
      };
      calls[at].function.arguments += textOf(made, "arguments") ?? "";
    }
  }
  return {
    role: "assistant",
    content: content === "" ? null : content,
    reasoning_details: [...details.values()],
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

function streamed(translation: Translation, bytes: Buffer): Fields {
  const stream = translation.stream(false);
  let written = "";
  const listener = (name: string, data: Buffer): void => void (written += stream.event(name, data));
  for (let at = 0; at < bytes.length; at += 1) stream.decoder.push(bytes.subarray(at, at + 1), listener);
  stream.decoder.finish(listener);
  return accumulated(written + stream.end());
}

function whole(translation: Translation, bytes: Buffer): Fields {
  const answer = translation.answer([bytes.toString()]);
  if ("status" in answer) throw new Error(answer.message);
  const message = memberOf(listOf(JSON.parse(answer.body), "choices")[0], "message");
  if (!isJsonObject(message)) throw new Error("no message");
  return message;
}

/** What a client sends back of the state that it got. */
type Keep = (details: unknown) => Fields;
const all: Keep = (details) => ({ reasoning_details: details });
const nothing: Keep = () => ({});
/** As OpenAI's own library does with a streamed field that it does not know. */
const lastPiece: Keep = (details) => {
  const last: unknown = Array.isArray(details) ? details.at(-1) : undefined;
  if (!isJsonObject(last) || last["type"] !== "thinking") return {};
  const { text: _, ...rest } = last;
  return { reasoning_details: [rest], reasoning_content: "🙂" };
};

/** Holds the whole conversation. @returns the turns of the assistant as they were last sent to the service */
function talk(stream: boolean, keep: Keep): readonly unknown[] {
  const translate = conversation(openaiClient, anthropicService);
  const kept = new Map<string, CallState>();
  const messages: Fields[] = [{ role: "user", content: "Go" }];
  let sent: JsonObject = {};
  for (const turn of loopTurns.keys()) {
    const body = { model: "m", messages, tools: loopTools, stream, reasoning_effort: "low" };
    const translation = translate({ body, model: "m", stream }, contextOf());
    const states = new Map(translation.missing.flatMap((id) => [...kept].filter(([known]) => known === id)));
    sent = translation.calls(states)[0]?.body ?? {};
    expect(sent["thinking"]).toEqual({ type: "enabled", budget_tokens: 2048 });
    const message = stream ? streamed(translation, loopStream(turn)) : whole(translation, loopMessage(turn));
    for (const [id, state] of translation.states()) kept.set(id, state);
    const { reasoning_details: details, reasoning_content: _, ...plain } = message;
    messages.push({ ...plain, ...keep(details) });
    for (const call of listOf(message, "tool_calls"))
      messages.push({ role: "tool", tool_call_id: memberOf(call, "id"), content: "done" });
  }
  const turns: unknown = JSON.parse(JSON.stringify(sent["messages"]));
  return Array.isArray(turns) ? turns : [];
}

describe("defect 9: a loop of five turns keeps thinking, signatures and their order", () => {
  test.each([
    { name: "whole", stream: false, keep: all },
    { name: "streamed byte by byte", stream: true, keep: all },
    { name: "whole, for a client that drops what it does not know", stream: false, keep: nothing },
    { name: "streamed, for a client that drops what it does not know", stream: true, keep: nothing },
    { name: "streamed, for a client that keeps the last piece", stream: true, keep: lastPiece },
  ])("$name", ({ stream, keep }) => {
    const turns = talk(stream, keep);
    const assistant = turns.filter((turn) => memberOf(turn, "role") === "assistant");
    expect(assistant.map((turn) => memberOf(turn, "content"))).toEqual(loopTurns.slice(0, -1));
    const results = turns.map((turn) =>
      listOf(turn, "content").map((block) => memberOf(block, "tool_use_id")),
    );
    expect(results.filter(([id]) => id !== undefined)).toEqual([
      ["toolu_0_look"],
      ["toolu_1_look", "toolu_1_count"],
      ["toolu_2_count"],
      ["toolu_3_look"],
    ]);
  });
});
