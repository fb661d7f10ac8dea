// Whatever a client or a service sends, sides of DashScope refuse it by name or report it: nothing else is ever thrown.
import fc from "fast-check";
import { expect, test } from "vitest";
import { GatewayError } from "../../../core/errors.ts";
import { dashscopeClient } from "../../clients/dashscope/dashscope-client.ts";
import { openaiClient } from "../../clients/openai/openai-client.ts";
import { chatRequest, contextOf, readStream, writeStream } from "../../translation-fixture.ts";
import { dashscopeService } from "./dashscope-service.ts";

const odd = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom<unknown>(null, "", "null", "a", 0, -1, 1.5, true, [], {}, [null]) },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
);

/** Without these nearly everything is refused at once. */
const required = new Set([
  "messages",
  "role",
  "content",
  "type",
  "id",
  "function",
  "name",
  "arguments",
  "url",
  "text",
  "data",
  "format",
  "input",
  "tool_call_id",
  "image_url",
  "input_audio",
  "video_url",
  "file",
]);

/** An object with some of these members, each of them mostly what it should be. */
function record(members: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<unknown> {
  const shaped = Object.entries(members).map(
    ([name, value]) =>
      [name, fc.oneof({ weight: 60, arbitrary: value }, { weight: 1, arbitrary: odd })] as const,
  );
  return fc.record(Object.fromEntries(shaped), {
    requiredKeys: Object.keys(members).filter((name) => required.has(name)),
  });
}

const text = fc.constantFrom(
  "a",
  "{",
  '{"x":1}',
  "__proto__",
  "constructor",
  "\ud800",
  "data:audio/wav;base64,AA",
);
const list = (item: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> => fc.array(item, { maxLength: 4 });
const called = record({ name: text, arguments: text });
const toolCalls = list(
  record({ index: fc.nat(3), id: text, type: fc.constant("function"), function: called }),
);
const cache = record({ type: fc.constant("ephemeral"), ttl: text });
const parts = list(
  record({
    type: fc.constantFrom("text", "image_url", "input_audio", "video_url", "file", "refusal", "doc_url"),
    text,
    image: text,
    audio: text,
    video: fc.oneof(text, list(text)),
    image_url: record({ url: text, detail: text }),
    input_audio: record({ data: text, format: text }),
    video_url: record({ url: text }),
    file: record({ file_id: text, file_url: text, text }),
    doc_url: list(text),
    cache_control: cache,
  }),
);
const role = fc.constantFrom("system", "user", "assistant", "tool");
const messages = list(
  record({
    role,
    content: fc.oneof(text, parts),
    name: text,
    tool_calls: toolCalls,
    tool_call_id: text,
    reasoning_content: text,
    reasoning_details: list(record({ type: fc.constant("thinking"), text, signature: text })),
  }),
);
const asked = {
  temperature: fc.double(),
  top_p: fc.double(),
  max_tokens: fc.integer(),
  stop: fc.oneof(text, list(text)),
  tools: list(record({ type: fc.constant("function"), function: record({ name: text, parameters: odd }) })),
  tool_choice: fc.oneof(text, record({ type: fc.constant("function"), function: called })),
  response_format: record({ type: fc.constantFrom("text", "json_schema"), json_schema: odd }),
  reasoning_effort: text,
  thinking: record({ type: fc.constantFrom("enabled", "disabled"), budget_tokens: fc.integer() }),
  enable_thinking: fc.boolean(),
  thinking_budget: fc.integer(),
};
/** Parts as OpenAI's clients name them, each by its type. */
const typedParts = fc.array(
  fc.oneof(
    ...Object.entries({
      text,
      image_url: record({ url: text, detail: text, file_id: text }),
      input_audio: record({ data: text, format: text }),
      video_url: record({ url: text }),
      file: record({ file_id: text, file_url: text, text }),
    }).map(([type, held]) => record({ type: fc.constant(type), [type]: held, cache_control: cache })),
  ),
  { maxLength: 3 },
);
const openaiMessages = fc.array(
  fc.oneof(
    record({ role: fc.constantFrom("system", "user"), content: text, name: text }),
    record({ role: fc.constant("user"), content: typedParts }),
    record({ role: fc.constant("assistant"), content: text, tool_calls: toolCalls, reasoning_content: text }),
    record({ role: fc.constant("tool"), content: typedParts, tool_call_id: text }),
  ),
  { minLength: 1, maxLength: 3 },
);
const bodies = {
  openai: fc.oneof(record({ messages: openaiMessages }), record({ messages: openaiMessages, ...asked })),
  dashscope: record({ input: record({ messages, prompt: text }), parameters: record(asked) }),
};
const clients = { openai: openaiClient, dashscope: dashscopeClient };

test.each(["openai", "dashscope"] as const)("a request of a client of %s is sent, or refused", (name) => {
  let sent = 0;
  fc.assert(
    fc.property(bodies[name], fc.boolean(), (body, strict) => {
      const context = contextOf({ strict });
      try {
        const chat = clients[name].request({ body, model: "m", stream: false }, context);
        expect(JSON.stringify(dashscopeService.request(chat, context).body)).toContain('"input"');
        sent += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
      }
    }),
    { numRuns: 3_000 },
  );
  expect(sent).toBeGreaterThan(100);
});

const output = record({
  text,
  finish_reason: fc.constantFrom("stop", "null", "length", "x"),
  model_name: text,
  choices: list(
    record({
      index: fc.nat(2),
      finish_reason: fc.constantFrom("stop", "null", "tool_calls"),
      message: record({
        role,
        content: fc.oneof(text, parts),
        reasoning_content: text,
        tool_calls: toolCalls,
      }),
      logprobs: odd,
    }),
  ),
  search_info: record({ search_results: list(record({ url: text, title: text })) }),
});
const answers = record({
  output,
  code: text,
  message: text,
  request_id: text,
  usage: record({ input_tokens: fc.nat(), output_tokens: fc.nat(), prompt_tokens_details: odd }),
});

test("a whole answer of DashScope is read, or reported", () => {
  fc.assert(
    fc.property(answers, (body) => {
      const answer = dashscopeService.answer(body, chatRequest({}), contextOf());
      expect("status" in answer ? answer.status >= 400 : answer.choices.length > 0).toBe(true);
      if (!("status" in answer))
        dashscopeClient.answer(answer, { body: {}, model: "m", stream: false }, contextOf());
    }),
    { numRuns: 2_000 },
  );
});

test("a stream of DashScope is read, or reported, and each choice ends once", () => {
  fc.assert(
    fc.property(fc.array(answers, { maxLength: 6 }), (events) => {
      const bytes = Buffer.from(events.map((event) => `data:${JSON.stringify(event)}\n\n`).join(""));
      const { chunks, error } = readStream(dashscopeService, bytes);
      const ends = chunks.flatMap(({ choices }) => choices.filter(({ finish_reason: end }) => end !== null));
      expect(new Set(ends.map(({ index }) => index)).size).toBe(ends.length);
      if (error === undefined) expect(ends.length).toBeGreaterThan(0);
      writeStream(dashscopeClient, chunks, { body: {}, model: "m", stream: true });
    }),
    { numRuns: 2_000 },
  );
});
