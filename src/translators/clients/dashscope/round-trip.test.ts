// Recordings of DashScope go there and back: what its own clients asked for, and what they were answered, survives the chat
// form in between.
import { describe, expect, test } from "vitest";
import { loadRecordings, type Recording } from "../../../../test/support/recordings.ts";
import { parseExactJson } from "../../../lib/exact-json.ts";
import { isJsonObject, memberOf, type JsonObject } from "../../../lib/json-value.ts";
import type { ChatChunk } from "../../chat/chat-answer.ts";
import { answerChunks } from "../../chat/answer-chunks.ts";
import { dashscopeService } from "../../services/dashscope/dashscope-service.ts";
import { chatRequest, contextOf, readStream, writeStream } from "../../translation-fixture.ts";
import { dashscopeClient } from "./dashscope-client.ts";

const isStream = ({ body }: Recording): boolean => body.toString("latin1", 0, 3) === "id:";
const recordings = loadRecordings("dashscope").filter(
  (recording) =>
    recording.status === 200 &&
    !recording.features.includes("error-in-200") &&
    (isStream(recording) || recording.body.includes('"choices"')),
);

function objectOf(bytes: Buffer | undefined): JsonObject {
  const value = parseExactJson(bytes?.toString() ?? "{}");
  return isJsonObject(value) ? value : {};
}

/** Said in other words, or only to the old clients: token ids as ends, how to parse a file, pictures of a video. */
const notComparable = /stop|doc_url|"video":\[|min_pixels|"prompt"/;

/** What changes without a change of meaning. */
function plain({ input, parameters }: JsonObject): unknown {
  const { result_format: _, incremental_output: __, ...rest } = isJsonObject(parameters) ? parameters : {};
  return { messages: memberOf(input, "messages"), ...rest };
}

const requests = recordings.filter(
  ({ requestBody }) => requestBody !== undefined && !notComparable.test(requestBody.toString()),
);

describe(`${requests.length} recorded requests are sent on as they were asked`, () => {
  test.each(requests.map((recording) => [recording.name, recording] as const))("%s", (_, recording) => {
    const body = objectOf(recording.requestBody);
    const context = contextOf({ model: String(body["model"]) });
    const chat = dashscopeClient.request({ body, model: String(body["model"]), stream: false }, context);
    const sent = dashscopeService.request(chat, context);
    expect(context.notes.warnings.map(({ field }) => field)).toEqual(
      JSON.stringify(body).includes('"xhigh"') ? ["parameters.reasoning_effort"] : [],
    );
    const { reasoning_effort: effort, ...asked } = plain(body) as JsonObject;
    const expected = effort === undefined ? asked : { ...asked, thinking_budget: 32_768 };
    expect(plain(sent.body)).toEqual(expected);
    expect(sent.body["model"]).toBe(body["model"]);
    if (recording.requestPath !== undefined) expect(`/api/v1${sent.path}`).toBe(recording.requestPath);
  });
});

interface Gathered {
  text: string;
  reasoning: string;
  calls: string[];
  finish: string;
  usage: unknown;
  id: string;
}

function gather(chunks: readonly ChatChunk[]): Gathered {
  const said: Gathered = { text: "", reasoning: "", calls: [], finish: "", usage: undefined, id: "" };
  for (const { id, choices, usage } of chunks) {
    said.id = id;
    said.usage = usage ?? said.usage;
    for (const { delta, finish_reason: finish } of choices) {
      said.text += delta.content ?? "";
      said.reasoning += delta.reasoning_content ?? "";
      said.finish = finish ?? said.finish;
      for (const { index, id: called, function: named } of delta.tool_calls ?? [])
        said.calls[index] = [said.calls[index], called, named?.name, named?.arguments]
          .filter(Boolean)
          .join("|");
    }
  }
  // Pieces of arguments may be cut elsewhere.
  said.calls = said.calls.map((call) => call.replaceAll(/(?<=\{.*)\|/g, ""));
  return said;
}

const forms: readonly (readonly [name: string, body: JsonObject])[] = [
  ["pieces of messages", { parameters: { result_format: "message", incremental_output: true } }],
  ["whole messages", { parameters: { result_format: "message" } }],
  [
    "pieces of lists",
    {
      input: { messages: [{ role: "user", content: [{ text: "" }] }] },
      parameters: { incremental_output: true },
    },
  ],
];

describe(`${recordings.length} recorded answers say the same when written again`, () => {
  const rows = recordings.flatMap((recording) =>
    forms.map(([form, body]) => [recording.name, form, recording, body] as const),
  );

  test.each(rows)("%s, as %s", (_, __, recording, body) => {
    const chunks = chunksOf(recording);
    const request = { body, model: undefined, stream: true };
    const bytes = Buffer.from(writeStream(dashscopeClient, chunks, request));
    const again = readStream(dashscopeService, bytes);
    expect(again.error).toBeUndefined();
    expect(gather(again.chunks)).toEqual(gather(chunks));
  });

  test.each(
    recordings
      .filter((recording) => !isStream(recording))
      .map((recording) => [recording.name, recording] as const),
  )("%s, whole", (_, { body }) => {
    const answer = wholeOf(body);
    const request = { body: forms[0]?.[1], model: undefined, stream: false };
    const written = dashscopeClient.answer(answer, request, contextOf());
    const again = dashscopeService.answer(written, chatRequest({}), contextOf());
    expect(again).toEqual({ ...answer, model: "model-x" });
  });
});

function chunksOf(recording: Recording): readonly ChatChunk[] {
  return isStream(recording)
    ? readStream(dashscopeService, recording.body).chunks
    : answerChunks(wholeOf(recording.body));
}

function wholeOf(body: Buffer): Parameters<typeof answerChunks>[0] {
  const answer = dashscopeService.answer(objectOf(body), chatRequest({}), contextOf());
  if ("status" in answer) throw new Error(answer.message);
  return answer;
}
