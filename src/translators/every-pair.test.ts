// Every recorded answer through every pair of a client's and a service's protocol: what a client is told, read back by the
// side that reads its protocol from services, is what the service said. Every recorded request likewise. Prints how many
// recordings each direction had.
import { afterAll, describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../test/support/recordings.ts";
import { GatewayError } from "../core/errors.ts";
import type { RouteProtocol, ServiceProtocol } from "../core/protocol.ts";
import { translatedPairs } from "../core/translated-pairs.ts";
import { argumentsObject } from "./chat/tool-arguments.ts";
import { GatheredAnswer } from "./chat/gather-chunks.ts";
import type { ChatAnswer, ChatUsage } from "./chat/chat-answer.ts";
import type { ChatMessage, ChatRequest } from "./chat/chat-request.ts";
import { readBody } from "./conversation.ts";
import { chatRequest, contextOf, readStream } from "./translation-fixture.ts";
import type { ClientRequest, ServiceSide } from "./translation.ts";
import { clientSides, serviceSides, translationOf } from "./translations.ts";

const folders: Readonly<Partial<Record<ServiceProtocol, string>>> = {
  openai: "openai-chat",
  "openai-responses": "openai-responses",
  anthropic: "anthropic",
  gemini: "gemini",
  bedrock: "bedrock-converse",
  dashscope: "dashscope",
};

/** Files may hold exchanges with other services and other endpoints: the path of the request tells. */
const paths: Readonly<Partial<Record<ServiceProtocol, RegExp>>> = {
  openai: /\/chat\/completions/,
  "openai-responses": /\/responses(?:\?|$)/,
  anthropic: /\/messages(?:\?|$)/,
  gemini: /:(?:streamG|g)enerateContent/,
  bedrock: /\/converse/,
  dashscope: /generation\/generation/,
};

/** Of Bedrock's streams some were recorded without their frames: those are for its own tests. */
const framed = /amazon\.eventstream/;

function recordingsOf(protocol: ServiceProtocol): Recording[] {
  const folder = folders[protocol];
  if (folder === undefined) return [];
  return loadRecordings(folder)
    .filter(({ requestPath }) => requestPath === undefined || paths[protocol]?.test(requestPath) === true)
    .map((recording) => ({ ...recording, stream: isStream(recording) }))
    .filter(({ stream, contentType }) => protocol !== "bedrock" || !stream || framed.test(contentType));
}

/** Some services call theirs JSON. */
function isStream({ stream, contentType, body }: Recording): boolean {
  return stream || framed.test(contentType) || /^(?:id|event|data):/.test(body.subarray(0, 8).toString());
}

interface Pair {
  readonly client: RouteProtocol;
  readonly service: ServiceProtocol;
}

const pairs: Pair[] = Object.entries(translatedPairs).flatMap(([client, tasks]) =>
  (tasks.chat ?? [])
    .filter((service) => service !== client)
    // The table's keys are protocols of routes.
    .map((service) => ({ client: client as RouteProtocol, service })),
);

/** The least that a request of each protocol needs. */
function asking(client: RouteProtocol, stream: boolean): ClientRequest {
  const messages = [{ role: "user", content: "Hi" }];
  const body: object =
    client === "gemini"
      ? { contents: [{ role: "user", parts: [{ text: "Hi" }] }] }
      : client === "openai-responses"
        ? { model: "m", input: "Hi", stream }
        : client === "dashscope"
          ? {
              model: "m",
              input: { messages },
              parameters: { result_format: "message", incremental_output: true },
            }
          : { model: "m", max_tokens: 1_000, messages, stream };
  const query = client === "gemini" && stream ? "?alt=sse" : "";
  return { body, model: "m", stream, query };
}

/** What nobody may lose. */
function essence(answer: ChatAnswer): object {
  const [choice] = answer.choices;
  if (choice === undefined) return { empty: true };
  const { message, finish_reason: finish } = choice;
  return {
    text: (message.content ?? "") + (message.refusal ?? ""),
    calls: (message.tool_calls ?? []).map(({ id, function: called }) => ({
      id: sameEverywhere(id),
      name: called.name,
      arguments: argumentsObject(called.arguments),
    })),
    finish,
    usage: counts(answer.usage),
  };
}

/** Ids that a side made, and those that not every protocol takes, are other ones. */
function sameEverywhere(id: string): string {
  return /^[a-zA-Z0-9_-]+$/.test(id) && !/0{10}|^toolu_as_/.test(id) ? id : "another";
}

/** A protocol without figures says zero. */
function counts(usage: ChatUsage | undefined): object {
  return {
    input: usage?.prompt_tokens ?? 0,
    output: usage?.completion_tokens ?? 0,
    cached: usage?.prompt_tokens_details?.cached_tokens ?? 0,
  };
}

/** Undefined: an error, or nothing that a side could read. */
function readAnswer(side: ServiceSide, bytes: Buffer, stream: boolean): ChatAnswer | undefined {
  if (!stream) {
    const answer = side.answer(readBody(bytes), chatRequest({}), contextOf());
    return "status" in answer ? undefined : answer;
  }
  const { chunks, error } = readStream(side, bytes);
  if (error !== undefined) return undefined;
  const gathered = new GatheredAnswer();
  for (const chunk of chunks) gathered.add(chunk);
  return gathered.answer;
}

function told(pair: Pair, { body, stream }: Recording): string {
  const translation = translationOf(
    pair.client,
    "chat",
    pair.service,
  )?.(asking(pair.client, stream), contextOf());
  if (translation === undefined) throw new Error("not translated");
  translation.calls(new Map());
  if (!stream) {
    const answer = translation.answer([body.toString()]);
    if ("status" in answer) throw new Error(answer.message);
    return answer.body;
  }
  const writing = translation.stream(false);
  let text = "";
  const listener = (name: string, data: Buffer): void => void (text += writing.event(name, data));
  writing.decoder.push(body, listener);
  writing.decoder.finish(listener);
  text += writing.end();
  if (writing.error !== undefined) throw new Error(writing.error.message);
  return text;
}

const counted: string[] = [];
afterAll(() => void process.stdout.write(`${counted.join("\n")}\n`));

describe.each(pairs)("$client clients before $service services", (pair) => {
  const reader = serviceSides[pair.service];
  // What services of the client's own protocol say is read by this side.
  const back = serviceSides[pair.client as ServiceProtocol];

  test("are told what every recorded answer says", () => {
    if (reader === undefined || back === undefined) throw new Error("a side is missing");
    let passed = 0;
    for (const recording of recordingsOf(pair.service)) {
      if (recording.status !== 200) continue;
      const said = readAnswer(reader, recording.body, recording.stream);
      if (said === undefined || said.choices.length === 0) continue;
      const heard = readAnswer(back, Buffer.from(told(pair, recording)), recording.stream);
      expect({ name: recording.name, ...(heard && essence(heard)) }).toEqual({
        name: recording.name,
        ...essence(said),
      });
      passed += 1;
    }
    expect(passed).toBeGreaterThan(5);
    counted.push(`${pair.client} <- ${pair.service}: ${passed} answers`);
  });

  test("ask what every recorded request asks", () => {
    const side = clientSides[`${pair.client} chat`];
    const reading = clientSides[`${pair.service as RouteProtocol} chat`];
    if (side === undefined) throw new Error("a side is missing");
    const refused: string[] = [];
    let passed = 0;
    for (const { name, requestBody, stream } of recordingsOf(pair.client)) {
      if (requestBody === undefined) continue;
      const request = { body: readBody(requestBody), model: "m", stream, query: "" };
      const translation = translationOf(pair.client, "chat", pair.service);
      try {
        const [call] = translation?.(request, contextOf()).calls(new Map()) ?? [];
        const body = call?.body ?? {};
        // Nobody speaks Bedrock to the gateway: what is sent there is held by its own tables.
        if (reading !== undefined) {
          const sent = reading.request({ ...request, body }, contextOf());
          expect({ name, ...gist(sent) }).toEqual({ name, ...gist(side.request(request, contextOf())) });
        }
        passed += 1;
      } catch (error) {
        if (!(error instanceof GatewayError)) throw error;
        refused.push(`${name} ${error.param}: ${error.message}`);
      }
    }
    counted.push(`${pair.client} -> ${pair.service}: ${passed} requests, ${refused.length} refused`);
    expect(passed).toBeGreaterThan(refused.length);
  });
});

/** Who said what, and which tools there are; protocols join neighbours, and where results hold no pictures these follow. */
function gist({ messages, tools = [] }: ChatRequest): object {
  return {
    system: wordsOf(messages, "system", "developer"),
    calls: messages.flatMap((message) =>
      message.role === "assistant"
        ? (message.tool_calls ?? []).map(({ function: called }) => [
            called.name,
            argumentsObject(called.arguments),
          ])
        : [],
    ),
    results: messages.filter(({ role }) => role === "tool").length,
    user: wordsOf(messages, "user"),
    tools: tools.map((tool) => tool.function.name),
  };
}

function wordsOf(messages: readonly ChatMessage[], ...roles: readonly string[]): string {
  const said = messages.filter(({ role }) => roles.includes(role)).map(words);
  return said.join(" ").replaceAll(addedWords, "").replaceAll(/\s+/g, " ").trim();
}

/** What is said of parts that stand elsewhere now, and of files that stay with their service. */
const addedWords = /(?:Belongs to|Part of) the result of tool call \S+:|fileid:\/\/\S+/g;

function words({ content }: ChatMessage): string {
  if (typeof content === "string") return content.trim();
  return (content ?? [])
    .flatMap((part) => ("text" in part && part.text !== "" ? [part.text.trim()] : []))
    .join(" ");
}
