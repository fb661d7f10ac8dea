// The official library of OpenAI against the gateway, where the protocols on its two sides differ and one is Responses: it
// gathers what the service said, streamed and not, however the service's bytes are cut.
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseExactJson } from "../src/lib/exact-json.ts";
import type { ChatAnswer } from "../src/translators/chat/chat-answer.ts";
import { GatheredAnswer } from "../src/translators/chat/gather-chunks.ts";
import { chatRequest, contextOf, readStream } from "../src/translators/translation-fixture.ts";
import { serviceSides } from "../src/translators/translations.ts";
import { bedrockRecordings } from "./support/bedrock-recordings.ts";
import { loadRecordings, type Recording } from "./support/recordings.ts";
import { checkResponsesOrder, responsesEvents } from "./support/responses-order.ts";
import {
  startTranslationScene,
  type TranslatedService,
  type TranslationScene,
} from "./support/translation-scene.ts";

let scene: TranslationScene;

beforeAll(async () => {
  scene = await startTranslationScene();
});

afterAll(async () => {
  await scene.close();
});

function client(service: TranslatedService): OpenAI {
  return new OpenAI({ apiKey: "none", baseURL: `${scene.gateway.url}/${service}/v1`, maxRetries: 0 });
}

/** What an answer says, whatever the protocol. */
interface Said {
  readonly text: string;
  readonly calls: readonly (readonly [id: string, name: string, made: unknown])[];
  readonly usage: readonly (number | undefined)[];
}

function saidInChat({ choices, usage }: Pick<ChatAnswer, "usage"> & { choices: readonly Spoken[] }): Said {
  const message = choices[0]?.message;
  return {
    text: message?.content ?? "",
    calls: (message?.tool_calls ?? []).map(({ id, function: made }) => [
      id,
      made.name,
      JSON.parse(made.arguments || "{}"),
    ]),
    usage: [usage?.prompt_tokens, usage?.completion_tokens, usage?.total_tokens],
  };
}

interface Spoken {
  readonly message: {
    readonly content: string | null;
    readonly tool_calls?: readonly {
      readonly id: string;
      readonly function: { readonly name: string; readonly arguments: string };
    }[];
  };
}

function saidInResponse({ output, usage }: Pick<OpenAI.Responses.Response, "output" | "usage">): Said {
  const texts = output.flatMap((item) => (item.type === "message" ? item.content : []));
  return {
    text: texts.map((part) => (part.type === "output_text" ? part.text : "")).join(""),
    calls: output.flatMap((item) =>
      item.type === "function_call" ? [[item.call_id, item.name, JSON.parse(item.arguments)] as const] : [],
    ),
    usage: [usage?.input_tokens, usage?.output_tokens, usage?.total_tokens],
  };
}

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

/** Generated ids differ from run to run. */
function withoutMadeIds({ text, calls, usage }: Said): unknown {
  return {
    text,
    usage,
    calls: calls.map(([id, name, made]) => [/^call_0{10}/.test(id) ? "made" : id, name, made]),
  };
}

const tools: OpenAI.Responses.FunctionTool[] = [
  { type: "function", name: "get_weather", parameters: { type: "object", properties: {} }, strict: false },
];
const question = { model: "m-1", input: "Hi", tools };

const behind: readonly (readonly [TranslatedService, readonly Recording[]])[] = [
  ["anthropic", loadRecordings("anthropic")],
  ["gemini", loadRecordings("gemini")],
  ["dashscope", loadRecordings("dashscope")],
  ["bedrock", bedrockRecordings()],
];

/** A few of each, of which some call tools; a byte at a time takes its time. */
function selected(service: TranslatedService, recordings: readonly Recording[], stream: boolean) {
  return recordings
    .filter((each) => each.status === 200 && each.stream === stream && each.body.length < 12_000)
    .filter(({ body }) => stream || body[0] === "{".charCodeAt(0))
    .flatMap((recording) => {
      const answer = spoken(service, recording);
      const said = answer === undefined ? undefined : saidInChat(answer);
      // Made ids are told apart above; nothing said is a failure, which has tests of its own.
      return said === undefined || (said.text === "" && said.calls.length === 0)
        ? []
        : [[recording.name, recording, said] as const];
    })
    .slice(0, 8);
}

for (const [service, recordings] of behind) {
  const whole = selected(service, recordings, false);
  const streamed = selected(service, recordings, true);

  describe(`responses.create before ${service}: ${whole.length} whole answers, ${streamed.length} streams`, () => {
    test.each(whole)("%s", async (_name, { body }, said) => {
      scene.play({ body });
      const answer = await client(service).responses.create(question);
      expect(withoutIds(saidInResponse(answer), said)).toEqual(withoutMadeIds(said));
      expect(answer.output_text).toBe(said.text);
    });

    test.each(streamed)("%s, a byte at a time", async (_name, { body, contentType }, said) => {
      scene.play({ body, type: contentType }, "1 byte");
      const final = await client(service).responses.stream(question).finalResponse();
      expect(withoutIds(saidInResponse(final), said)).toEqual(withoutMadeIds(said));
      scene.play({ body, type: contentType }, "random");
      const raw = await scene.ask(service, {
        path: "/v1/responses",
        body: JSON.stringify({ ...question, stream: true }),
      });
      const events = responsesEvents(raw.text());
      checkResponsesOrder(events);
    });
  });
}

/** The same with the ids left out that were made on the way. */
function withoutIds(found: Said, expected: Said): unknown {
  const calls = found.calls.map(([id, name, made], index) => [
    /^call_0{10}/.test(expected.calls[index]?.[0] ?? "") ? "made" : id,
    name,
    made,
  ]);
  return { text: found.text, usage: found.usage, calls };
}

describe("chat.completions.create before Responses", () => {
  const own = loadRecordings("openai-responses").filter(
    ({ status, requestPath = "/responses" }) => status === 200 && requestPath.endsWith("/responses"),
  );
  const messages = [{ role: "user" as const, content: "Hi" }];

  const whole = own.filter(({ stream }) => !stream);
  test.each(whole.map(({ name, body }) => [name, body] as const))("%s", async (_name, body) => {
    scene.play({ body });
    const answer = await client("openai-responses").chat.completions.create({ model: "m-1", messages });
    // The library adds `output_text` itself; here the recording is read as it is.
    const recorded = JSON.parse(body.toString()) as OpenAI.Responses.Response;
    const said = saidInResponse(recorded);
    expect(saidInChat(answer as Parameters<typeof saidInChat>[0])).toEqual(said);
    expect(answer.choices[0]?.finish_reason).toBe(said.calls.length > 0 ? "tool_calls" : "stop");
  });

  const streamed = own.filter(
    ({ stream, body }) => stream && body.includes("response.completed") && body.length < 30_000,
  );
  test.each(streamed.map((recording) => [recording.name, recording] as const))(
    "%s, a byte at a time",
    async (_name, recording) => {
      scene.play({ body: recording.body, type: recording.contentType }, "1 byte");
      const stream = client("openai-responses").chat.completions.stream({
        model: "m-1",
        messages,
        stream_options: { include_usage: true },
      });
      const answer = await stream.finalChatCompletion();
      const lines = recording.body.toString().split("\n");
      const last = lines.findLast((line) => /^data: ?\{.*"response\.completed"/.test(line));
      const { response } = JSON.parse(last?.slice(5) ?? "") as { response: OpenAI.Responses.Response };
      expect(saidInChat(answer as Parameters<typeof saidInChat>[0])).toEqual(saidInResponse(response));
    },
  );
});

test("what breaks after its beginning ends as response.failed, which the library shows as a failed response", async () => {
  const [, recording] = selected("anthropic", loadRecordings("anthropic"), true)[0] ?? [];
  if (recording === undefined) throw new Error("no recording");
  const half = recording.body.subarray(0, recording.body.indexOf("message_delta"));
  scene.play({ body: half, type: recording.contentType });
  const raw = await scene.ask("anthropic", {
    path: "/v1/responses",
    body: JSON.stringify({ ...question, stream: true }),
  });
  const events = responsesEvents(raw.text());
  checkResponsesOrder(events);
  expect(events.at(-1)?.type).toBe("response.failed");
  scene.play({ body: half, type: recording.contentType });
  const final = await client("anthropic").responses.stream(question).finalResponse();
  expect(final.status).toBe("failed");
});

test.each([
  [{ previous_response_id: "resp_1" }, "previous_response_id"],
  [{ background: true }, "background"],
  [{ conversation: "conv_1" }, "conversation"],
])("%j is refused by name", async (fields, param) => {
  const asked = client("anthropic").responses.create({ ...question, ...fields });
  await expect(asked).rejects.toMatchObject({ status: 400, param, code: "invalid_request" });
});
