// From Anthropic's own protocol through the chat form and back: what recorded requests say must be the same afterwards.
import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import { isJsonObject, type JsonObject } from "../../../lib/json-value.ts";
import { anthropicClient } from "../../clients/anthropic/anthropic-client.ts";
import { contextOf } from "../../translation-fixture.ts";
import { anthropicService } from "./anthropic-service.ts";

/** Tools that run at Anthropic and messages of the system in mid conversation have no place in the chat form. */
const withoutPlace =
  /advisor-tool|web-search-tool|text-editor-code-execution|inline-system-prompt|live-tool-search-handoff/;

const recordings = loadRecordings("anthropic").filter(
  ({ name, protocol, requestBody }) =>
    protocol === "anthropic" && requestBody !== undefined && !withoutPlace.test(name),
);

/** The same in one spelling: texts as blocks, nothing that is as good as unsaid. */
function levelled(body: JsonObject): unknown {
  const { temperature, stream, tool_choice: choice, ...rest } = body;
  return {
    ...(blocksIn(rest) as object),
    // 1 is what it thinks with anyway, and auto what it does with tools.
    ...(temperature !== undefined && body["thinking"] === undefined && { temperature }),
    ...(stream === true && { stream }),
    ...(JSON.stringify(choice) !== '{"type":"auto"}' && { tool_choice: choice }),
  };
}

function blocksIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(blocksIn);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([name, each]) => !(name === "is_error" && each === false));
  return Object.fromEntries(
    entries.map(([name, each]) => {
      const isText = (name === "content" || name === "system") && typeof each === "string";
      return [name, isText ? [{ type: "text", text: each }] : blocksIn(each)];
    }),
  );
}

function backAndForth({ requestBody = Buffer.alloc(0) }: Recording) {
  // Bodies of the recordings are objects.
  const body = JSON.parse(requestBody.toString()) as JsonObject;
  const model = String(body["model"]);
  const context = contextOf({ model });
  const chat = anthropicClient.request({ body, model, stream: body["stream"] === true }, context);
  const made = JSON.parse(JSON.stringify(anthropicService.request(chat, context).body)) as JsonObject;
  return { body, made, warnings: context.notes.warnings };
}

describe(`anthropic -> chat -> anthropic: ${recordings.length} recorded requests`, () => {
  test.each(recordings)("$name", (recording) => {
    const { body, made, warnings } = backAndForth(recording);
    expect(levelled(made)).toEqual(levelled(body));
    expect(warnings).toEqual([]);
  });
});
