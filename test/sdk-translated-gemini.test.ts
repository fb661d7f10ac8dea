// Google's official library in front of a service that speaks OpenAI, and OpenAI's in front of one that speaks Gemini: each
// gets recorded answers translated, however they are cut, and must make of them what they say.
import { FunctionCallingConfigMode, GoogleGenAI, type GenerateContentResponse } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isJsonObject, listOf, memberOf, textOf } from "../src/lib/json-value.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { cuttings, startReplayUpstream, type ReplayUpstream } from "./support/replay-upstream.ts";
import { loadRecordings, type Recording } from "./support/recordings.ts";

let upstream: ReplayUpstream;
let gateway: Gateway;
let google: GoogleGenAI;
let openai: OpenAI;

/** A Model API for clients of one protocol, before a service that speaks the other. */
const pairs = [
  { client: "gemini", service: "openai" },
  { client: "openai", service: "gemini" },
] as const;

beforeAll(async () => {
  upstream = await startReplayUpstream();
  gateway = await startGateway({
    services: pairs.map(({ service }) => ({
      name: service,
      provider: "openai-compatible",
      protocols: [{ protocol: service, baseUrl: upstream.url }],
      apiKeys: [{ name: "main", value: "sk-0123456789" }],
    })),
    modelApis: pairs.map(({ client, service }) => ({
      name: client,
      useCase: "text-generation",
      protocols: [client],
      basePath: `/${client}`,
      stripBasePath: true,
      ...(client === "gemini" && { routes: { enabled: ["gemini-models"] } }),
      modelService: { mode: "single", target: { service } },
    })),
  });
  google = new GoogleGenAI({
    apiKey: "unused",
    httpOptions: { apiVersion: "v1beta", baseUrl: `${gateway.url}/gemini` },
  });
  openai = new OpenAI({ apiKey: "unused", baseURL: `${gateway.url}/openai/v1`, maxRetries: 0 });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

interface Said {
  readonly text: string;
  readonly thoughts: string;
  readonly calls: readonly { readonly name: string; readonly args: unknown }[];
  readonly finish: string;
  /** What was read, what was said and thought together, what of both came from a cache, what was thought. */
  readonly counts: readonly number[];
}

/** What is sent over the wire, without its framing. */
function eventsOf({ body }: Recording): unknown[] {
  const text = body.toString();
  if (!/^\s*(?:data|event|:)/.test(text)) return [JSON.parse(text)].flat() as unknown[]; // JSON.
  const lines = text.split(/\r?\n/).filter((line) => line.startsWith("data:"));
  return lines
    .map((line) => line.slice("data:".length).trim())
    .flatMap((data) => (data === "[DONE]" ? [] : JSON.parse(data)));
}

const number = (value: unknown): number => (typeof value === "number" ? value : 0);

const textsOf = (parts: readonly unknown[]): string =>
  parts.map((part) => textOf(part, "text") ?? "").join("");

/** In all the spellings that were recorded. */
function thoughtsOf(delta: unknown): string {
  const inContent = listOf(delta, "content").flatMap((part) => listOf(part, "thinking"));
  return (
    textOf(delta, "reasoning_content") ??
    textOf(delta, "reasoning") ??
    textsOf([...listOf(delta, "reasoning_details"), ...inContent])
  );
}

/** An answer of OpenAI's, or the chunks of one, by a plain reading. */
function saidByOpenai(recording: Recording): Said {
  const calls = new Map<number, { name: string; text: string }>();
  const events = eventsOf(recording);
  const said = { text: "", thoughts: "", finish: "" };
  for (const event of events) {
    for (const choice of listOf(event, "choices")) {
      const delta = memberOf(choice, "delta") ?? memberOf(choice, "message");
      said.text +=
        (textOf(delta, "content") ?? textsOf(listOf(delta, "content"))) + (textOf(delta, "refusal") ?? "");
      said.thoughts += thoughtsOf(delta);
      said.finish = textOf(choice, "finish_reason") ?? said.finish;
      const legacy = memberOf(delta, "function_call");
      const pieces =
        legacy === undefined || legacy === null ? listOf(delta, "tool_calls") : [{ function: legacy }];
      pieces.forEach((piece, at) => {
        const index = memberOf(piece, "index") ?? at;
        const call = calls.get(number(index)) ?? { name: "", text: "" };
        const called = memberOf(piece, "function");
        calls.set(number(index), {
          // Some services repeat it with every piece.
          name: call.name || (textOf(called, "name") ?? ""),
          text: call.text + (textOf(called, "arguments") ?? ""),
        });
      });
    }
  }
  const usage = memberOf(
    events.findLast((event) => isJsonObject(memberOf(event, "usage"))),
    "usage",
  );
  return {
    ...said,
    // One recording has a call of nothing.
    calls: [...calls.values()]
      .filter(({ name }) => name !== "")
      .map(({ name, text }) => ({ name, args: JSON.parse(text || "{}") as unknown })),
    finish: { length: "MAX_TOKENS", content_filter: "SAFETY" }[said.finish] ?? "STOP",
    counts: [
      number(memberOf(usage, "prompt_tokens")),
      number(memberOf(usage, "completion_tokens")),
      number(memberOf(memberOf(usage, "prompt_tokens_details"), "cached_tokens")),
      number(memberOf(memberOf(usage, "completion_tokens_details"), "reasoning_tokens")),
    ],
  };
}

/** The same of Gemini's answers as the library of Google gives them: all pieces of one. */
function seenByGoogle(pieces: readonly GenerateContentResponse[]): Said {
  const parts = pieces.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  const join = (thought: boolean): string =>
    parts.map((part) => ((part.thought ?? false) === thought ? (part.text ?? "") : "")).join("");
  const usage = pieces.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata;
  return {
    text: join(false),
    thoughts: join(true),
    calls: parts.flatMap(({ functionCall: call }) =>
      call === undefined ? [] : [{ name: call.name ?? "", args: call.args ?? {} }],
    ),
    finish:
      pieces.findLast(({ candidates }) => candidates?.[0]?.finishReason)?.candidates?.[0]?.finishReason ?? "",
    counts: [
      usage?.promptTokenCount ?? 0,
      (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
      usage?.cachedContentTokenCount ?? 0,
      usage?.thoughtsTokenCount ?? 0,
    ],
  };
}

const asked = {
  model: "gemini-x",
  contents: "Hi",
  config: {
    systemInstruction: "Be brief.",
    thinkingConfig: { includeThoughts: true },
    tools: [
      {
        functionDeclarations: [
          { name: "f", parametersJsonSchema: { type: "object", properties: { a: {} } } },
        ],
      },
    ],
    toolConfig: { functionCallingConfig: { mode: FunctionCallingConfigMode.ANY } },
  },
};

/** Answers with one choice that ended well. */
const fromOpenai = loadRecordings("openai-chat").filter((recording) => {
  if (recording.protocol !== "openai-chat" || recording.status !== 200) return false;
  const events = eventsOf(recording);
  if (events.some((event) => memberOf(event, "error") !== undefined)) return false;
  return saidByOpenai(recording).counts.some((count) => count > 0);
});

describe(`${fromOpenai.length} recordings of OpenAI's through Google's library`, () => {
  test.each(fromOpenai)("$name", async (recording) => {
    const said = saidByOpenai(recording);
    for (const cutting of cuttings) {
      upstream.play(recording, cutting);
      const pieces: GenerateContentResponse[] = [];
      if (recording.stream)
        for await (const piece of await google.models.generateContentStream(asked)) pieces.push(piece);
      else pieces.push(await google.models.generateContent(asked));
      expect(seenByGoogle(pieces), `cut: ${cutting}`).toEqual(said);
    }
    const sent: unknown = JSON.parse(String(upstream.requests.at(-1)?.body));
    expect(sent).toMatchObject({
      model: "gemini-x",
      tool_choice: "required",
      tools: [{ function: { name: "f" } }],
    });
    expect(listOf(sent, "messages")).toEqual([
      { role: "system", content: "Be brief." },
      { role: "user", content: "Hi" },
    ]);
  });
});

/** An answer of Gemini's, or the pieces of one, by a plain reading. */
function saidByGemini(recording: Recording): Said {
  const events = eventsOf(recording);
  const candidates = events.flatMap((event) => listOf(event, "candidates"));
  const parts = candidates.flatMap((candidate) => listOf(memberOf(candidate, "content"), "parts"));
  const join = (thought: boolean): string =>
    parts
      .map((part) => ((memberOf(part, "thought") ?? false) === thought ? (textOf(part, "text") ?? "") : ""))
      .join("");
  const calls = parts.flatMap((part) => {
    const call = memberOf(part, "functionCall");
    const name = textOf(call, "name");
    return name === undefined ? [] : [{ name, args: memberOf(call, "args") ?? {} }];
  });
  const reason = candidates.findLast((candidate) => textOf(candidate, "finishReason") !== undefined);
  const usage = memberOf(
    events.findLast((event) => memberOf(memberOf(event, "usageMetadata"), "totalTokenCount")),
    "usageMetadata",
  );
  const count = (name: string): number => number(memberOf(usage, name));
  const ends: Readonly<Record<string, string>> = { MAX_TOKENS: "length", MODEL_ARMOR: "content_filter" };
  return {
    text: join(false),
    thoughts: join(true),
    calls,
    finish: ends[textOf(reason, "finishReason") ?? ""] ?? (calls.length > 0 ? "tool_calls" : "stop"),
    counts: [
      count("promptTokenCount") + count("toolUsePromptTokenCount"),
      count("candidatesTokenCount") + count("thoughtsTokenCount"),
      count("cachedContentTokenCount"),
      count("thoughtsTokenCount"),
    ],
  };
}

function seenByOpenai({ choices, usage }: OpenAI.ChatCompletion): Said {
  const [choice] = choices;
  const message: (OpenAI.ChatCompletionMessage & { readonly reasoning_content?: string }) | undefined =
    choice?.message;
  return {
    text: message?.content ?? "",
    thoughts: message?.reasoning_content ?? "",
    calls: (message?.tool_calls ?? []).flatMap((call) =>
      call.type === "function"
        ? [{ name: call.function.name, args: JSON.parse(call.function.arguments) as unknown }]
        : [],
    ),
    finish: choice?.finish_reason ?? "",
    counts: [
      usage?.prompt_tokens ?? 0,
      usage?.completion_tokens ?? 0,
      usage?.prompt_tokens_details?.cached_tokens ?? 0,
      usage?.completion_tokens_details?.reasoning_tokens ?? 0,
    ],
  };
}

/** Arguments in pieces have a test of their own; what was cut short before a word is passed on only when it is not. */
const fromGemini = loadRecordings("gemini").filter(
  ({ protocol, status, body }) => protocol === "gemini" && status === 200 && !body.includes("willContinue"),
);

describe(`${fromGemini.length} recordings of Gemini's through OpenAI's library`, () => {
  test.each(fromGemini)("$name", async (recording) => {
    const said = saidByGemini(recording);
    const isStream = recording.stream || recording.body.toString().startsWith("[");
    const body = { model: "m", messages: [{ role: "user" as const, content: "Hi" }] };
    for (const cutting of cuttings) {
      upstream.play(recording, cutting);
      const answer = isStream
        ? await openai.chat.completions
            .stream({ ...body, stream_options: { include_usage: true } })
            .finalChatCompletion()
        : await openai.chat.completions.create(body);
      expect(seenByOpenai(answer), `cut: ${cutting}`).toEqual(said);
    }
    expect(upstream.requests.at(-1)?.path).toBe(
      isStream ? "/v1beta/models/m:streamGenerateContent?alt=sse" : "/v1beta/models/m:generateContent",
    );
  });
});

test("a loop of tool calls through OpenAI's library brings every signature back to its call", async () => {
  const [first, second] = loadRecordings("gemini").filter(({ name }) =>
    name.includes("tools-with-gemini-3-thought"),
  );
  if (first === undefined || second === undefined) throw new Error("no recording");
  upstream.play(first, "1 byte");
  const tools = [{ type: "function" as const, function: { name: "multiply" } }];
  const asking = { model: "m", tools, messages: [{ role: "user" as const, content: "5 x 3?" }] };
  const message = (await openai.chat.completions.create(asking)).choices[0]?.message;
  if (message === undefined) throw new Error("no choice");
  const id = message.tool_calls?.[0]?.id ?? "";
  upstream.play(second, "random");
  // The library keeps the whole message, state included.
  await openai.chat.completions.create({
    ...asking,
    messages: [...asking.messages, message, { role: "tool", tool_call_id: id, content: "15" }],
  });
  const signature = /"thoughtSignature":\s*"([^"]+)"/.exec(first.body.toString())?.[1];
  const sent: unknown = JSON.parse(String(upstream.requests.at(-1)?.body));
  expect(listOf(sent, "contents").slice(1)).toEqual([
    {
      role: "model",
      parts: [{ functionCall: { id, name: "multiply", args: { y: 3, x: 5 } }, thoughtSignature: signature }],
    },
    { role: "user", parts: [{ functionResponse: { id, name: "multiply", response: { result: "15" } } }] },
  ]);
});

test("an error of a service reaches each library as its own", async () => {
  const limited = loadRecordings("gemini").find(({ status }) => status === 429);
  if (limited === undefined) throw new Error("no recording");
  upstream.play(limited, "1 byte");
  const failed: unknown = await openai.chat.completions
    .create({ model: "m", messages: [{ role: "user", content: "Hi" }] })
    .catch((error: unknown) => error);
  expect(failed).toMatchObject({
    status: 429,
    message: expect.stringContaining("exceeded your current quota") as string,
  });
  const body = Buffer.from(
    '{"error":{"message":"no such model","code":"model_not_found","type":"invalid_request_error"}}',
  );
  upstream.play({ status: 404, contentType: "application/json", body }, "whole");
  const missing: unknown = await google.models.generateContent(asked).catch((error: unknown) => error);
  expect(missing).toMatchObject({ status: 404, message: expect.stringContaining("no such model") as string });
});
