// Every recorded answer of the Responses protocol says the same in chat form; streams also however they are cut.
import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import type { ChatAnswer } from "../../chat/chat-answer.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { responsesService } from "./openai-responses-service.ts";

const recordings = loadRecordings("openai-responses").filter(
  ({ protocol, status, requestPath = "/responses" }) =>
    protocol === "openai-responses" && status === 200 && requestPath.endsWith("/responses"),
);
const whole = recordings.filter(({ stream }) => !stream);
const streamed = recordings.filter(({ stream }) => stream);
const broken = streamed.filter(({ body }) => body.includes('"type":"response.failed"'));
const sound = streamed.filter((recording) => !broken.includes(recording));

// What the recordings hold is known; these shapes are only for reading them, without a line of the code under test.
interface Item {
  type: string;
  id: string;
  content?: { type: string; text?: string; annotations?: unknown[] }[];
  summary?: { text: string }[];
  encrypted_content?: string | null;
  call_id: string;
  name: string;
  arguments: string;
}
interface Response {
  id: string;
  model: string;
  status: string;
  output: Item[];
  usage: {
    input_tokens: number;
    output_tokens: number;
    input_tokens_details?: { cached_tokens?: number };
    output_tokens_details?: { reasoning_tokens?: number };
  };
}

/** What an answer says, however it was framed. */
function saidBy(response: Response): object {
  const of = (type: string): Item[] => response.output.filter((item) => item.type === type);
  const thoughts = of("reasoning").map((item) => {
    const parts = item.content !== undefined && item.content.length > 0 ? item.content : item.summary;
    return (parts ?? []).map(({ text }) => text).join("\n\n");
  });
  const calls = of("function_call");
  return {
    id: response.id,
    model: response.model,
    text: of("message")
      .flatMap(({ content = [] }) => content.map(({ text = "" }) => text))
      .join(""),
    thoughts: thoughts.filter((text) => text !== ""),
    encrypted: of("reasoning").flatMap((item) => item.encrypted_content ?? []),
    calls: calls.map(({ call_id: id, name, arguments: made }) => ({ id, name, made })),
    citations: of("message").flatMap(({ content = [] }) =>
      content.flatMap(({ annotations = [] }) => annotations),
    ).length,
    others: response.output.filter(({ type }) => !["message", "reasoning", "function_call"].includes(type))
      .length,
    finish: calls.length > 0 ? "tool_calls" : "stop",
    prompt: response.usage.input_tokens,
    completion: response.usage.output_tokens,
    cached: response.usage.input_tokens_details?.cached_tokens ?? 0,
    reasoning: response.usage.output_tokens_details?.reasoning_tokens ?? 0,
  };
}

function saidInChat(answer: ChatAnswer): object {
  const [choice] = answer.choices;
  if (choice === undefined) throw new Error("no choice");
  const { message } = choice;
  const details = message.reasoning_details ?? [];
  return {
    id: answer.id,
    model: answer.model,
    text: message.content ?? "",
    thoughts: details.flatMap(({ text }) => text ?? []),
    encrypted: details.flatMap(({ data }) => data ?? []),
    calls: (message.tool_calls ?? []).map((call) => ({
      id: call.id,
      name: call.function.name,
      made: call.function.arguments,
    })),
    citations: (message.annotations ?? []).length,
    others: (message.server_blocks ?? []).length,
    finish: choice.finish_reason,
    prompt: answer.usage?.prompt_tokens,
    completion: answer.usage?.completion_tokens,
    cached: answer.usage?.prompt_tokens_details?.cached_tokens,
    reasoning: answer.usage?.completion_tokens_details?.reasoning_tokens,
  };
}

/** The last event with its output as it was told item by item: encrypted thinking is encrypted anew at the end. */
function responseIn({ body }: Recording): Response {
  const events = body
    .toString()
    .split("\n")
    .filter((line) => line.startsWith("data:"))
    // As above: what the recordings hold is known.
    .map((line) => JSON.parse(line.slice(5)) as { type: string; response: Response; item: Item });
  const last = events.findLast(({ type }) => type === "response.completed");
  if (last === undefined) throw new Error("no response.completed");
  const output = events.filter(({ type }) => type === "response.output_item.done").map(({ item }) => item);
  expect(last.response.output.length).toBe(output.length);
  return { ...last.response, output };
}

function gathered(recording: Recording, cut = 0): ChatAnswer {
  const { chunks, error } = readStream(responsesService, recording.body, { cut });
  if (error !== undefined) throw new Error(error.message);
  const answer = new GatheredAnswer();
  for (const chunk of chunks) answer.add(chunk);
  if (answer.answer === undefined) throw new Error("no chunks");
  return answer.answer;
}

describe(`${whole.length} whole answers of Responses services -> chat`, () => {
  test.each(whole.map((recording) => [recording.name, recording] as const))("%s", (_name, { body }) => {
    const response = JSON.parse(body.toString()) as Response;
    const answer = responsesService.answer(response, chatRequest({}), contextOf());
    if ("status" in answer) throw new Error(answer.message);
    expect(saidInChat(answer)).toEqual(saidBy(response));
    expect(answer.usage?.total_tokens).toBe(response.usage.input_tokens + response.usage.output_tokens);
  });
});

describe(`${sound.length} streams of Responses services -> chat`, () => {
  test.each(sound.map((recording) => [recording.name, recording] as const))("%s", (_name, recording) => {
    expect(saidInChat(gathered(recording))).toEqual(saidBy(responseIn(recording)));
  });

  test.each(sound.map((recording) => [recording.name, recording] as const))(
    "%s: the same chunks byte by byte",
    (_name, recording) => {
      const { chunks } = readStream(responsesService, recording.body);
      expect(readStream(responsesService, recording.body, { cut: 1 }).chunks).toEqual(chunks);
    },
  );
});

test("defect 1: the same chunks wherever a stream is cut in two", () => {
  const selected = sound.filter(({ body, name }) => body.length < 10_000 || name.includes("llm."));
  expect(selected.length).toBeGreaterThan(2);
  for (const { body } of selected) {
    const { chunks } = readStream(responsesService, body);
    const expected = JSON.stringify(chunks);
    // The second piece holds all that is left, so only the first cut counts.
    for (let cut = Math.ceil(body.length / 2); cut < body.length; cut++)
      expect(JSON.stringify(readStream(responsesService, body, { cut }).chunks) === expected).toBe(true);
  }
});

test(`defect 10: ${broken.length} recorded stream that fails is an error, not an answer`, () => {
  expect(broken.length).toBeGreaterThan(0);
  for (const { body } of broken) {
    const { error } = readStream(responsesService, body);
    expect(error?.status).toBeGreaterThanOrEqual(400);
    expect(error?.message).not.toBe("");
  }
});
