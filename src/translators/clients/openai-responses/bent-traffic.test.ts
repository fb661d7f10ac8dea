// Whatever a client or a service of the Responses protocol sends: nothing but refusals by name, and no answer that breaks.
import { expect, test } from "vitest";
import { seededRandom } from "../../../lib/seeded-random.ts";
import { checkResponsesOrder, responsesEvents } from "../../../../test/support/responses-order.ts";
import { loadRecordings } from "../../../../test/support/recordings.ts";
import { GatewayError } from "../../../core/errors.ts";
import { isJsonObject } from "../../../lib/json-value.ts";
import { responsesService } from "../../services/openai-responses/openai-responses-service.ts";
import { chatRequest, contextOf, readStream, writeStream } from "../../translation-fixture.ts";
import { responsesClient } from "./openai-responses-client.ts";

const recordings = loadRecordings("openai-responses");
const random = seededRandom(8);
const odd = [
  null,
  true,
  0,
  -1,
  1e300,
  "",
  "x",
  [],
  {},
  [[]],
  { __proto__: null, type: "x" },
  "function_call",
  "message",
];

function oddValue(): unknown {
  return odd[Math.floor(random() * odd.length)];
}

/** The value with some of its members replaced, left out, or named after a prototype's. */
function bent(value: unknown): unknown {
  if (random() < 0.04) return oddValue();
  if (Array.isArray(value)) return value.map(bent);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).flatMap(([key, member]): [string, unknown][] => {
    if (random() < 0.03) return [];
    return [[random() < 0.01 ? "__proto__" : key, bent(member)]];
  });
  return Object.fromEntries(members);
}

test("requests bent in a thousand ways are translated or refused by name", () => {
  const bodies = recordings.flatMap(({ requestBody }) =>
    requestBody === undefined ? [] : [JSON.parse(requestBody.toString()) as unknown],
  );
  let refused = 0;
  let translated = 0;
  for (let round = 0; round < 40; round++) {
    for (const whole of bodies) {
      const body = bent(whole);
      const context = contextOf();
      const request = { body, model: "m", stream: true };
      try {
        const chat = responsesClient.request(request, context);
        JSON.stringify(responsesService.request(chat, context));
        translated += 1;
      } catch (error) {
        expect(error).toBeInstanceOf(GatewayError);
        refused += 1;
      }
      // An answer is written whatever the request was.
      const events = responsesEvents(writeStream(responsesClient, [], request, context));
      checkResponsesOrder(events);
    }
  }
  expect(Math.min(refused, translated)).toBeGreaterThan(100);
});

test("streams bent in a thousand ways end as an answer or as an error, and are shown in order", () => {
  const streams = recordings.filter(({ stream }) => stream).map(({ body }) => body.toString().split("\n"));
  let ended = 0;
  for (let round = 0; round < 40; round++) {
    for (const lines of streams) {
      const bentLines = lines.map((line) =>
        line.startsWith("data: {") ? `data: ${JSON.stringify(bent(JSON.parse(line.slice(6))))}` : line,
      );
      const { chunks, error } = readStream(responsesService, Buffer.from(bentLines.join("\n")));
      if (error !== undefined) continue;
      ended += 1;
      const request = { body: {}, model: "m", stream: true };
      checkResponsesOrder(responsesEvents(writeStream(responsesClient, chunks, request)));
    }
  }
  expect(ended).toBeGreaterThan(20);
});

test("whole answers bent in a thousand ways are answers or errors", () => {
  const answers = recordings
    .filter(({ stream, status }) => !stream && status === 200)
    .map(({ body }) => JSON.parse(body.toString()) as unknown);
  for (let round = 0; round < 40; round++) {
    for (const whole of answers) {
      const context = contextOf();
      const answer = responsesService.answer(bent(whole), chatRequest({}), context);
      if ("status" in answer) expect(answer.message).not.toBe("");
      else JSON.stringify(responsesClient.answer(answer, { body: {}, model: "m", stream: false }, context));
    }
  }
});
