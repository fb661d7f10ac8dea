// Recorded answers of real services, read as a stream cut at many places and as a plain answer: the model's words,
// tool calls and tokens must come out the same.
import { describe, expect, it } from "vitest";
import { loadRecordings, type Recording } from "../../../../../test/support/recordings.ts";
import { addPieces, emptyAnswer, type Answer } from "../answer.ts";
import { parseJson } from "../json.ts";
import { createSseDecoder } from "../sse-decoder.ts";
import type { Adapter } from "./adapter.ts";
import { anthropicMessages } from "./anthropic.ts";
import { dashscopeText } from "./dashscope.ts";
import { gemini } from "./gemini.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiResponses } from "./openai-responses.ts";

function readStream(adapter: Adapter, pieces: readonly Uint8Array[]): Answer {
  const text = new TextDecoder();
  const events = createSseDecoder();
  let answer = emptyAnswer;
  const take = (list: ReturnType<typeof events.push>): void => {
    for (const { event, data } of list) {
      if (data !== undefined && data !== "[DONE]") {
        answer = addPieces(answer, adapter.frame(event, parseJson(data)));
      }
    }
  };
  for (const piece of pieces) take(events.push(text.decode(piece, { stream: true })));
  take(events.push(text.decode()));
  take(events.end());
  return answer;
}

/** Cuts at every byte of short bodies, at every 97th of long ones. */
function cuts({ length }: Uint8Array): number[] {
  const step = length > 4_000 ? 97 : 1;
  return Array.from({ length: Math.floor(length / step) }, (_, index) => index * step);
}

const suites: readonly (readonly [folder: string, adapter: Adapter])[] = [
  ["openai-chat", openaiChat],
  ["anthropic", anthropicMessages],
  ["openai-responses", openaiResponses],
  ["gemini", gemini],
  ["dashscope", dashscopeText],
];

function isAnswer({ status, protocol }: Recording, folder: string): boolean {
  return status < 400 && (protocol === folder || folder === "gemini" || folder === "dashscope");
}

describe.each(suites)("recordings of %s", (folder, adapter) => {
  const recordings = loadRecordings(folder).filter((recording) => isAnswer(recording, folder));
  const streams = recordings.filter(({ stream }) => stream);
  const said = ({ text, reasoning, tools, images, refusal, error, finish }: Answer): boolean =>
    text + reasoning + refusal + finish !== "" || tools.length > 0 || images.length > 0 || error !== null;

  it.each(streams.map((recording) => [recording.name, recording] as const))(
    "%s says the same wherever it is cut",
    (_name, { body }) => {
      const whole = readStream(adapter, [body]);
      expect(said(whole)).toBe(true);
      for (const cut of cuts(body).slice(0, 400)) {
        expect(readStream(adapter, [body.subarray(0, cut), body.subarray(cut)])).toEqual(whole);
      }
    },
  );

  it("holds streams that were read", () => {
    expect(streams.length).toBeGreaterThan(0);
  });
});

describe("what recorded answers hold", () => {
  const named = (folder: string, name: string): Buffer => {
    const found = loadRecordings(folder).find((recording) => recording.name.includes(name));
    if (found === undefined) throw new Error(`no recording ${name}`);
    return found.body;
  };

  it("Anthropic: thinking apart from text", () => {
    const answer = readStream(anthropicMessages, [
      named("anthropic", "pai.anthropic-model-thinking-part-stream"),
    ]);
    expect(answer.reasoning.length).toBeGreaterThan(20);
    expect(answer.text.length).toBeGreaterThan(20);
    expect(answer.usage.output).toBeGreaterThan(0);
  });

  it("Anthropic: arguments of a tool call put together", () => {
    const { tools } = readStream(anthropicMessages, [named("anthropic", "asdk.tool-use-stream")]);
    expect(tools).toHaveLength(1);
    expect(parseJson(tools[0]?.input ?? "")).toBeTypeOf("object");
  });

  it("OpenAI: reasoning of DeepSeek", () => {
    const answer = readStream(openaiChat, [named("openai-chat", "vai.deepseek-reasoning.stream")]);
    expect(answer.reasoning).not.toBe("");
    expect(answer.finish).toBe("stop");
  });

  it("OpenAI: parallel tool calls stay apart", () => {
    const { tools } = readStream(openaiChat, [
      named("openai-chat", "otl.open-ai-function-calls-tools-streaming-parallel"),
    ]);
    expect(tools.length).toBeGreaterThan(1);
    for (const { input, name } of tools) {
      expect(name).not.toBe("");
      expect(parseJson(input)).toBeTypeOf("object");
    }
  });

  it("OpenAI: an error in the middle of a stream", () => {
    const { error } = readStream(openaiChat, [named("openai-chat", "pai.openrouter-stream-error")]);
    expect(error?.message).not.toBe("");
  });

  it("OpenAI: a refusal of a plain answer", () => {
    const body = named("openai-chat", "otl.async-parsed-refused-completion").toString();
    const answer = addPieces(emptyAnswer, openaiChat.answer(parseJson(body)));
    expect(answer.refusal).not.toBe("");
  });
});

describe("a prompt", () => {
  const prompt = {
    model: "m",
    stream: true,
    system: "be short",
    messages: [{ role: "user", text: "hi" }],
    maxTokens: 5,
    topP: undefined,
    temperature: 0,
  } as const;

  it("leaves out what is not sent, and keeps a 0 that is", () => {
    expect(openaiChat.body(prompt)).toEqual({
      model: "m",
      messages: [
        { role: "system", content: "be short" },
        { role: "user", content: "hi" },
      ],
      stream: true,
      max_tokens: 5,
      temperature: 0,
    });
  });

  it("has its system text where Anthropic looks for it", () => {
    expect(anthropicMessages.body(prompt)).toMatchObject({ system: "be short", max_tokens: 5 });
  });

  it("names the model in Gemini's path", () => {
    expect(gemini.path?.({ model: "a/b", stream: true })).toBe(
      "/v1beta/models/a%2Fb:streamGenerateContent?alt=sse",
    );
  });
});
