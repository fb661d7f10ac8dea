// Every official library in front of every service of another protocol, which answers with recordings: whole, and streamed a
// byte at a time, the library must find the words, calls and tokens that the service said.
import Anthropic from "@anthropic-ai/sdk";
import { GoogleGenAI, type GenerateContentResponse } from "@google/genai";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseExactJson } from "../src/lib/exact-json.ts";
import type { ChatAnswer } from "../src/translators/chat/chat-answer.ts";
import { GatheredAnswer } from "../src/translators/chat/gather-chunks.ts";
import { chatRequest, contextOf, readStream } from "../src/translators/translation-fixture.ts";
import { serviceSides } from "../src/translators/translations.ts";
import { bedrockRecordings } from "./support/bedrock-recordings.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { loadRecordings, type Recording } from "./support/recordings.ts";
import { startReplayUpstream, type ReplayUpstream } from "./support/replay-upstream.ts";
import { translatedServices, type TranslatedService } from "./support/translation-scene.ts";

let upstream: ReplayUpstream;
let gateway: Gateway;

beforeAll(async () => {
  upstream = await startReplayUpstream();
  gateway = await startGateway({
    services: translatedServices.map((protocol) => ({
      name: protocol,
      provider: "openai-compatible",
      protocols: [{ protocol, baseUrl: upstream.url }],
    })),
    modelApis: translatedServices.map((protocol) => ({
      name: protocol,
      useCase: "text-generation",
      protocols: ["openai", "anthropic", "gemini"],
      basePath: `/${protocol}`,
      stripBasePath: true,
      routes: { enabled: ["responses", "gemini-models"] },
      modelService: { mode: "single", target: { service: protocol } },
    })),
  });
});

afterAll(async () => {
  await gateway.close();
  await upstream.close();
});

/** What an answer says, whatever the protocol: words, calls, tokens of input and of output. */
interface Said {
  readonly text: string;
  readonly calls: readonly (readonly [name: string, made: unknown])[];
  readonly tokens: readonly number[];
}

/** One library, asking in its own way. */
interface Library {
  readonly speaks: string;
  ask(base: string, stream: boolean): Promise<Said>;
}

const parsed = (text: string): unknown => JSON.parse(text === "" ? "{}" : text);

function saidInChat({ choices, usage }: OpenAI.ChatCompletion): Said {
  const message = choices[0]?.message;
  return {
    text: message?.content ?? "",
    calls: (message?.tool_calls ?? []).flatMap((call) =>
      call.type === "function" ? [[call.function.name, parsed(call.function.arguments)] as const] : [],
    ),
    tokens: [usage?.prompt_tokens ?? 0, usage?.completion_tokens ?? 0],
  };
}

function saidInResponse({ output, usage }: OpenAI.Responses.Response): Said {
  const parts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  return {
    text: parts.map((part) => (part.type === "output_text" ? part.text : "")).join(""),
    calls: output.flatMap((item) =>
      item.type === "function_call" ? [[item.name, parsed(item.arguments)] as const] : [],
    ),
    tokens: [usage?.input_tokens ?? 0, usage?.output_tokens ?? 0],
  };
}

function saidInMessage({ content, usage }: Anthropic.Message): Said {
  const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
  return {
    text: content.map((block) => (block.type === "text" ? block.text : "")).join(""),
    calls: content.flatMap((block) =>
      block.type === "tool_use" ? [[block.name, block.input] as const] : [],
    ),
    tokens: [usage.input_tokens + cached, usage.output_tokens],
  };
}

function saidInContents(pieces: readonly GenerateContentResponse[]): Said {
  const parts = pieces.flatMap((piece) => piece.candidates?.[0]?.content?.parts ?? []);
  const usage = pieces.findLast((piece) => piece.usageMetadata !== undefined)?.usageMetadata;
  return {
    text: parts.map(({ text, thought }) => (thought === true ? "" : (text ?? ""))).join(""),
    calls: parts.flatMap(({ functionCall: call }) =>
      call === undefined ? [] : [[call.name ?? "", call.args] as const],
    ),
    tokens: [
      usage?.promptTokenCount ?? 0,
      (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0),
    ],
  };
}

const openai = (base: string): OpenAI =>
  new OpenAI({ apiKey: "unused", baseURL: `${base}/v1`, maxRetries: 0 });
const chat: OpenAI.ChatCompletionCreateParamsNonStreaming = {
  model: "m",
  messages: [{ role: "user", content: "Hi" }],
};
const message: Anthropic.MessageCreateParamsNonStreaming = {
  model: "m",
  max_tokens: 100,
  messages: [{ role: "user", content: "Hi" }],
};

const libraries: readonly Library[] = [
  {
    speaks: "openai",
    ask: async (base, stream) => {
      const { completions } = openai(base).chat;
      if (!stream) return saidInChat(await completions.create(chat));
      const streamed = completions.stream({ ...chat, stream: true, stream_options: { include_usage: true } });
      return saidInChat(await streamed.finalChatCompletion());
    },
  },
  {
    speaks: "openai-responses",
    ask: async (base, stream) => {
      const { responses } = openai(base);
      const asked = { model: "m", input: "Hi" };
      return saidInResponse(
        stream ? await responses.stream(asked).finalResponse() : await responses.create(asked),
      );
    },
  },
  {
    speaks: "anthropic",
    ask: async (base, stream) => {
      const { messages } = new Anthropic({ apiKey: "unused", baseURL: base, maxRetries: 0 });
      return saidInMessage(
        stream ? await messages.stream(message).finalMessage() : await messages.create(message),
      );
    },
  },
  {
    speaks: "gemini",
    ask: async (base, stream) => {
      const { models } = new GoogleGenAI({
        apiKey: "unused",
        httpOptions: { apiVersion: "v1beta", baseUrl: base },
      });
      const asked = { model: "m", contents: "Hi" };
      if (!stream) return saidInContents([await models.generateContent(asked)]);
      const pieces: GenerateContentResponse[] = [];
      for await (const piece of await models.generateContentStream(asked)) pieces.push(piece);
      return saidInContents(pieces);
    },
  },
];

/** What the service's side reads in a recording: its own tests compare that with an independent reading. */
function spoken(service: TranslatedService, recording: Recording): ChatAnswer | undefined {
  const side = serviceSides[service];
  if (side === undefined) throw new Error(`${service} has no side`);
  if (!recording.stream) {
    const answer = side.answer(parseExactJson(recording.body.toString()), chatRequest({}), contextOf());
    return "status" in answer ? undefined : answer;
  }
  const { chunks, error } = readStream(side, recording.body);
  const gathered = new GatheredAnswer();
  for (const chunk of chunks) gathered.add(chunk);
  return error === undefined ? gathered.answer : undefined;
}

function saidInAnswer({ choices, usage }: ChatAnswer): Said | undefined {
  const [choice, ...more] = choices;
  // Ends that each protocol tells in its own way have tests of their own, and so have tokens that no service told.
  const isPlain = choice?.finish_reason === "stop" || choice?.finish_reason === "tool_calls";
  if (!isPlain || more.length > 0 || usage === undefined || choice.message.refusal) return undefined;
  const { content, tool_calls: calls = [] } = choice.message;
  if (!content && calls.length === 0) return undefined;
  return {
    text: content ?? "",
    calls: calls.map(({ function: made }) => [made.name, parsed(made.arguments)]),
    tokens: [usage.prompt_tokens, usage.completion_tokens],
  };
}

const recordings: Readonly<Record<TranslatedService, readonly Recording[]>> = {
  openai: loadRecordings("openai-chat").filter(({ protocol }) => protocol === "openai-chat"),
  anthropic: loadRecordings("anthropic").filter(({ protocol }) => protocol === "anthropic"),
  gemini: loadRecordings("gemini").filter(({ protocol }) => protocol === "gemini"),
  bedrock: bedrockRecordings(),
  dashscope: loadRecordings("dashscope"),
  "openai-responses": loadRecordings("openai-responses").filter(({ requestPath = "/responses" }) =>
    requestPath.endsWith("/responses"),
  ),
};

const perKind = 3;

/** A few small ones, with and without calls. */
function selected(service: TranslatedService, stream: boolean): (readonly [string, Recording, Said])[] {
  const rows = recordings[service]
    .filter((each) => each.status === 200 && each.stream === stream && each.body.length < 12_000)
    .filter(({ body }) => stream || body[0] === "{".charCodeAt(0))
    .flatMap((recording) => {
      const answer = spoken(service, recording);
      const said = answer === undefined ? undefined : saidInAnswer(answer);
      return said === undefined ? [] : [[recording.name, recording, said] as const];
    });
  const called = rows.filter(([, , { calls }]) => calls.length > 0).slice(0, perKind);
  const plain = rows.filter(([, , { calls }]) => calls.length === 0).slice(0, perKind);
  return [...called, ...plain];
}

describe.each(translatedServices)("before %s", (service) => {
  const whole = selected(service, false);
  const streamed = selected(service, true);

  test("there are recordings, whole and streamed", () => {
    expect(whole.length).toBeGreaterThan(0);
    expect(streamed.length).toBeGreaterThan(0);
  });

  describe.each(libraries.filter(({ speaks }) => speaks !== service))("a library of $speaks", ({ ask }) => {
    test.each(whole)("%s", async (_name, recording, said) => {
      upstream.play(recording, "random");
      expect(await ask(`${gateway.url}/${service}`, false)).toEqual(said);
    });

    test.each(streamed)("%s, a byte at a time", async (_name, recording, said) => {
      upstream.play(recording, "1 byte");
      expect(await ask(`${gateway.url}/${service}`, true)).toEqual(said);
    });
  });
});
