// Every recorded answer of Gemini's goes through its side, and is compared with a plain reading of the recording.
import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import type { ChatAnswer, ChatUsage } from "../../chat/chat-answer.ts";
import { GatheredAnswer } from "../../chat/gather-chunks.ts";
import { chatRequest, contextOf, readStream } from "../../translation-fixture.ts";
import { geminiService } from "./gemini-service.ts";

const recordings = loadRecordings("gemini").filter(({ protocol, status, requestPath }) => {
  return protocol === "gemini" && status === 200 && (requestPath === undefined || isGeneration(requestPath));
});

function isGeneration(path: string): boolean {
  return path.includes(":generateContent") || path.includes(":streamGenerateContent");
}

/** Without events a stream is one list. */
const isStream = (recording: Recording): boolean =>
  recording.stream || recording.body.toString().startsWith("[");
const streams = recordings.filter(isStream);
const wholes = recordings.filter((recording) => !isStream(recording));

interface Part {
  readonly text?: string;
  readonly thought?: boolean;
  readonly thoughtSignature?: string;
  readonly functionCall?: { readonly name?: string; readonly id?: string; readonly args?: object };
}

interface Event {
  readonly candidates?: readonly {
    readonly content?: { readonly parts?: readonly Part[] };
    readonly finishReason?: string;
  }[];
  readonly usageMetadata?: Readonly<Record<string, number>>;
  readonly modelVersion?: string;
}

/** The events of a recording by a plain reading of its text. */
function plainEvents({ body }: Recording): Event[] {
  const text = body.toString();
  // Our own recordings: the members of Event have these types where they occur.
  if (!text.startsWith("data:")) return [JSON.parse(text) as Event | Event[]].flat();
  return text
    .split(/\r?\n\r?\n/)
    .filter((event) => event.startsWith("data:"))
    .map((event) => JSON.parse(event.slice("data:".length)) as Event);
}

function plainReading(recording: Recording): object {
  const events = plainEvents(recording);
  const parts = events.flatMap(({ candidates = [] }) => candidates[0]?.content?.parts ?? []);
  const reasons = events.flatMap(({ candidates = [] }) => candidates[0]?.finishReason ?? []);
  const named = parts.filter(({ functionCall: call }) => call?.name !== undefined);
  const figures = events.findLast(({ usageMetadata: usage }) => usage?.["totalTokenCount"] !== undefined);
  const count = (name: string): number => figures?.usageMetadata?.[name] ?? 0;
  const ends: Readonly<Record<string, string>> = { MAX_TOKENS: "length", MODEL_ARMOR: "content_filter" };
  return {
    model: events[0]?.modelVersion,
    text: joined(parts.filter(({ thought }) => thought !== true)),
    thoughts: joined(parts.filter(({ thought }) => thought === true)),
    names: named.map(({ functionCall: call }) => call?.name),
    ids: named.map(({ functionCall: call }) => call?.id ?? "made"),
    whole: named.map(({ functionCall: call }) => call?.args ?? "in pieces"),
    signatures: parts.flatMap(({ thoughtSignature: signature }) => signature ?? []).toSorted(),
    finish: ends[reasons.at(-1) ?? ""] ?? (named.length > 0 ? "tool_calls" : "stop"),
    usage: [
      count("promptTokenCount") + count("toolUsePromptTokenCount"),
      count("candidatesTokenCount") + count("thoughtsTokenCount"),
      count("cachedContentTokenCount"),
      count("thoughtsTokenCount"),
    ],
  };
}

const joined = (parts: readonly Part[]): string => parts.map(({ text = "" }) => text).join("");

function heard(answer: ChatAnswer, recording: Recording): object {
  const [choice] = answer.choices;
  if (choice === undefined) throw new Error("no choice");
  const { message } = choice;
  const calls = message.tool_calls ?? [];
  const given = plainEvents(recording)
    .flatMap(({ candidates = [] }) => candidates[0]?.content?.parts ?? [])
    .filter(({ functionCall: call }) => call?.name !== undefined);
  return {
    model: answer.model,
    text: message.content ?? "",
    thoughts: message.reasoning_content ?? "",
    names: calls.map(({ function: called }) => called.name),
    ids: calls.map(({ id }) => (/^call_\d{24}$/.test(id) ? "made" : id)),
    whole: calls.map(({ function: called }, at): unknown =>
      given[at]?.functionCall?.args === undefined ? "in pieces" : JSON.parse(called.arguments),
    ),
    signatures: signaturesOf(answer).toSorted(),
    finish: choice.finish_reason,
    usage: figuresOf(answer.usage),
  };
}

function signaturesOf({ choices }: ChatAnswer): string[] {
  const message = choices[0]?.message;
  return [
    ...(message?.reasoning_details ?? []).flatMap(({ signature }) => signature ?? []),
    ...(message?.tool_calls ?? []).flatMap(
      ({ extra_content: extra }) => extra?.google?.thought_signature ?? [],
    ),
    ...(message?.server_blocks ?? []).map(({ block }) => String(block["thoughtSignature"])),
  ];
}

function figuresOf(usage: ChatUsage | undefined): (number | undefined)[] {
  return [
    usage?.prompt_tokens,
    usage?.completion_tokens,
    usage?.prompt_tokens_details?.cached_tokens,
    usage?.completion_tokens_details?.reasoning_tokens,
  ];
}

function readWhole(recording: Recording): ChatAnswer {
  const answer = geminiService.answer(JSON.parse(recording.body.toString()), chatRequest({}), contextOf());
  if ("status" in answer) throw new Error(answer.message);
  return answer;
}

function readStreamed(body: Buffer, cut = 0): ChatAnswer {
  const { chunks, error } = readStream(geminiService, body, { cut });
  if (error !== undefined) throw new Error(error.message);
  const gathered = new GatheredAnswer();
  for (const chunk of chunks) gathered.add(chunk);
  const { answer } = gathered;
  if (answer === undefined) throw new Error("no chunk");
  return answer;
}

describe(`${wholes.length} whole answers and ${streams.length} streams as chat`, () => {
  test.each(wholes)("$name says the same", (recording) => {
    expect(heard(readWhole(recording), recording)).toEqual(plainReading(recording));
  });

  test.each(streams)("$name says the same", (recording) => {
    expect(heard(readStreamed(recording.body), recording)).toEqual(plainReading(recording));
  });

  test.each(streams)("$name says the same, byte by byte", ({ body }) => {
    expect(readStreamed(body, 1)).toEqual(readStreamed(body));
  });

  test.each(streams.filter(({ body }) => body.toString().startsWith("[")))(
    "$name says the same as a whole",
    (recording) => {
      const { choices, usage } = readStreamed(recording.body);
      const whole = readWhole(recording);
      expect(heard(whole, recording)).toEqual(
        heard({ ...whole, choices, ...(usage && { usage }) }, recording),
      );
    },
  );
});

test("defect 1: a stream says the same wherever it is cut once", () => {
  for (const { name, body } of streams) {
    if (body.length > 8_000) continue;
    const expected = JSON.stringify(readStreamed(body));
    for (let at = 1; at < body.length; at += 1) {
      const { chunks } = readStream(geminiService, body, { cut: at });
      const gathered = new GatheredAnswer();
      for (const chunk of chunks) gathered.add(chunk);
      if (JSON.stringify(gathered.answer) !== expected) expect.fail(`${name} differs when cut at ${at}`);
    }
  }
});
