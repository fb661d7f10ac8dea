import { describe, expect, test } from "vitest";
import type { ChatTool } from "../../chat/chat-request.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { openaiService } from "./openai-service.ts";
import { begin, call, delta, ended, go, heard, read, streamOf, type Line } from "./stream-lines-fixture.ts";

describe("calls of tools in a stream", () => {
  const rows: readonly (readonly [name: string, lines: readonly Line[], calls: readonly string[]])[] = [
    ["as OpenAI writes them", [begin(0, "a", "f"), go(0, '{"x"'), go(0, ":1}")], ['0 a f {"x":1}']],
    [
      "interleaved",
      [begin(0, "a", "f"), begin(1, "b", "g"), go(0, '{"x"'), go(1, '{"y"'), go(0, ":1}"), go(1, ":2}")],
      ['0 a f {"x":1}', '1 b g {"y":2}'],
    ],
    ["counted from 1", [begin(1, "a", "f"), go(1, "{}")], ["0 a f {}"]],
    ["with gaps in the count", [begin(3, "a", "f"), begin(7, "b", "g")], ["0 a f ", "1 b g "]],
    [
      "defect 11: an empty id behind the first leaves the id as it is",
      [begin(0, "a", "f"), call({ index: 0, id: "", function: { name: "", arguments: "{}" } })],
      ["0 a f {}"],
    ],
    [
      "defect 11: without index, pieces belong to the last call",
      [
        call({ id: "a", function: { name: "f", arguments: '{"x"' } }),
        call({ function: { arguments: ":1}" } }),
        call({ id: "b", function: { name: "g", arguments: "{}" } }),
      ],
      ['0 a f {"x":1}', "1 b g {}"],
    ],
    [
      "defect 11: whole calls that are all counted 0 stay apart",
      [
        call({ index: 0, id: "a", function: { name: "f", arguments: '{"x":1}' } }),
        call({ index: 0, id: "b", function: { name: "f", arguments: '{"x":2}' } }),
      ],
      ['0 a f {"x":1}', '1 b f {"x":2}'],
    ],
    [
      "whole calls that are all counted 0 and have no ids stay apart",
      [
        call({ index: 0, function: { name: "f", arguments: '{"x":1}' } }),
        call({ index: 0, function: { name: "g", arguments: '{"x":2}' } }),
      ],
      ['0 call_000000000000000000000001 f {"x":1}', '1 call_000000000000000000000002 g {"x":2}'],
    ],
    [
      "a new id in every piece is one call",
      [
        call({ index: 0, id: "a1", function: { name: "f", arguments: '{"x"' } }),
        call({ index: 0, id: "a2", function: { arguments: ":1" } }),
        call({ index: 0, id: "a3", function: { name: "f", arguments: "}" } }),
      ],
      ['0 a1 f {"x":1}'],
    ],
    [
      "the name once more in every piece is one call",
      [
        call({ index: 0, id: "a", function: { name: "f", arguments: '{"x"' } }),
        call({ index: 0, id: "a", function: { name: "f", arguments: ":1}" } }),
        call({ index: 0, id: "a", function: { name: "f", arguments: "" } }),
      ],
      ['0 a f {"x":1}'],
    ],
    [
      "the same id twice is made anew",
      [
        call({ index: 0, id: "0", function: { name: "f", arguments: "{}" } }),
        call({ index: 1, id: "0", function: { name: "g", arguments: "{}" } }),
      ],
      ["0 0 f {}", "1 call_000000000000000000000001 g {}"],
    ],
    [
      "a name behind the arguments",
      [
        call({ index: 0, id: "a", function: { arguments: '{"x"' } }),
        call({ index: 0, function: { name: "f", arguments: ":1}" } }),
      ],
      ['0 a f {"x":1}'],
    ],
    [
      "arguments as an object, with their digits",
      [
        `{"choices":[{"index":0,"delta":{"tool_calls":[{"id":"a","function":{"name":"f","arguments":{"x":1.0,"n":12345678901234567890}}}]}}]}`,
      ],
      ['0 a f {"x":1.0,"n":12345678901234567890}'],
    ],
    [
      "two in one delta",
      [
        delta({
          tool_calls: [
            { index: 0, id: "a", function: { name: "f", arguments: "{}" } },
            { index: 1, id: "b", function: { name: "g", arguments: "{}" } },
          ],
        }),
      ],
      ["0 a f {}", "1 b g {}"],
    ],
    [
      "the older function_call",
      [delta({ function_call: { name: "f", arguments: "" } }), delta({ function_call: { arguments: "{}" } })],
      ["0 call_000000000000000000000001 f {}"],
    ],
    [
      "members that are there and empty are no call",
      [delta({ content: "x", tool_calls: [], function_call: { name: "", arguments: "" } })],
      [],
    ],
  ];

  test.each(rows)("%s", (_name, lines, calls) => {
    const { chunks, error } = read([...lines, ended("stop"), "DONE"]);
    expect(error).toBeUndefined();
    expect(heard(chunks).calls).toEqual(calls);
    expect(heard(chunks).finish).toEqual([calls.length > 0 ? "tool_calls" : "stop"]);
  });

  test("a tool whose name was shortened for the service gets its own name back", () => {
    const name = `mcp__${"a".repeat(80)}__tool`;
    const tools: ChatTool[] = [{ type: "function", function: { name } }];
    const chat = chatRequest({ tools, stream: true });
    const { body } = openaiService.request(chat, contextOf());
    // What is sent is known here.
    const [sent] = body["tools"] as { function: { name: string } }[];
    expect(sent?.function.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    const lines = [begin(0, "a", sent?.function.name ?? ""), go(0, "{}"), ended("tool_calls"), "DONE"];
    expect(heard(readStream(openaiService, streamOf(lines), { chat }).chunks).calls).toEqual([
      `0 a ${name} {}`,
    ]);
  });
});
