// The requests and answers of the benchmark as prebuilt bytes, with what a right answer looks like.
// It must not know sockets, candidates or timing.

/** Which answer the mock upstream gives; the request's model name says it. */
export type Answer = "plain" | "brisk" | "slow";

/** Data events of one stream: role, content, finish, usage; `[DONE]` comes after them. */
export const STREAM_EVENTS = 200;
/** Frames of one stream as a client counts them. */
export const STREAM_FRAMES = STREAM_EVENTS + 1;

/** Milliseconds between two events of a stream. */
export const EVENT_INTERVAL_MS: Readonly<Record<Exclude<Answer, "plain">, number>> = { brisk: 10, slow: 500 };

const MODEL_PREFIX = "bench-";
const ANSWER_BODY_BYTES = 992;
const CREATED = 1_700_000_000;
const WORDS = "the moon gate opens over a quiet river while every lantern waits for evening rain".split(" ");

/** Plain words, the same on every call: prose that JSON parsers and scanners meet in practice. */
export function prose(bytes: number): string {
  let text = "";
  for (let index = 0; text.length < bytes; index++) {
    // A fixed stride visits all words in an order that does not repeat at once.
    text += `${WORDS[(index * 7 + (index >> 3)) % WORDS.length] ?? ""} `;
  }
  return text.slice(0, bytes);
}

/** A chat completion request of exactly `bytes` bytes of JSON. */
export function requestBody(answer: Answer, bytes: number): string {
  const stream = answer === "plain" ? {} : { stream: true, stream_options: { include_usage: true } };
  const build = (content: string): string =>
    JSON.stringify({
      model: MODEL_PREFIX + answer,
      messages: [
        { role: "system", content: "You are a careful assistant." },
        { role: "user", content },
      ],
      temperature: 0.7,
      max_tokens: 256,
      ...stream,
    });
  return build(prose(bytes - build("").length));
}

/** One whole HTTP request as it goes on the wire. */
export function requestBytes(
  target: { path: string; headers: Readonly<Record<string, string>> },
  body: string,
): Buffer {
  const headers = Object.entries(target.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(
    `POST ${target.path} HTTP/1.1\r\nhost: bench.local\r\nuser-agent: moongate-bench\r\naccept: */*\r\n` +
      `content-type: application/json\r\n${headers.join("")}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

const ASKED = Buffer.from(`"${MODEL_PREFIX}`);
const ANSWER_BY_FIRST_BYTE: ReadonlyMap<number, Answer> = new Map([
  [0x70, "plain"],
  [0x62, "brisk"],
  [0x73, "slow"],
]);

/** What the request body asks for, or undefined while the model name has not been seen. */
export function askedFor(body: Buffer): Answer | undefined {
  const at = body.indexOf(ASKED);
  if (at < 0) return undefined;
  return ANSWER_BY_FIRST_BYTE.get(body[at + ASKED.length] ?? 0);
}

/** The JSON of the plain answer. */
export const plainAnswerBody: string = (() => {
  const build = (content: string): string =>
    JSON.stringify({
      id: "chatcmpl-bench",
      object: "chat.completion",
      created: CREATED,
      model: `${MODEL_PREFIX}plain`,
      choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
      usage: { prompt_tokens: 211, completion_tokens: 143, total_tokens: 354 },
      system_fingerprint: "fp_bench_end",
    });
  return build(prose(ANSWER_BODY_BYTES - build("").length));
})();

const COMMON_HEAD = "x-request-id: req_bench\r\nopenai-processing-ms: 12\r\nopenai-version: 2020-10-01\r\n";

export const plainAnswer: Buffer = Buffer.from(
  `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n${COMMON_HEAD}content-length: ${plainAnswerBody.length}\r\n\r\n${plainAnswerBody}`,
);

export const unknownModelAnswer: Buffer = Buffer.from(
  "HTTP/1.1 400 Bad Request\r\ncontent-length: 13\r\n\r\nunknown model",
);

const END_MARK = Buffer.from("fp_bench_end");

/** Whether the last bytes of a plain answer are the mock's: cheap enough for every request. */
export function endsRight(tail: Buffer): boolean {
  return tail.includes(END_MARK);
}

/** The text of all events of a stream, `[DONE]` included, one frame per element. */
export const streamFrames: readonly string[] = Array.from({ length: STREAM_FRAMES }, (_, index) => {
  if (index === STREAM_EVENTS) return "data: [DONE]\n\n";
  const usage = index === STREAM_EVENTS - 1;
  const finish = index === STREAM_EVENTS - 2 ? "stop" : null;
  const delta =
    index === 0
      ? { role: "assistant", content: "" }
      : finish === null
        ? { content: `${WORDS[index % WORDS.length] ?? ""} ` }
        : {};
  const event = {
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: CREATED,
    model: `${MODEL_PREFIX}stream`,
    choices: usage ? [] : [{ index: 0, delta, finish_reason: finish }],
    ...(usage ? { usage: { prompt_tokens: 211, completion_tokens: 197, total_tokens: 408 } } : {}),
  };
  return `data: ${JSON.stringify(event)}\n\n`;
});

const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;

/**
 * What the mock writes for a stream, one element per tick: the head leaves with the first event,
 * `[DONE]` and the closing chunk with the last.
 */
export const streamWrites: readonly Buffer[] = streamFrames.slice(0, STREAM_EVENTS).map((frame, index) => {
  const head = `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n${COMMON_HEAD}transfer-encoding: chunked\r\n\r\n`;
  const last = index === STREAM_EVENTS - 1 ? `${chunk(streamFrames[STREAM_EVENTS] ?? "")}0\r\n\r\n` : "";
  return Buffer.from(`${index === 0 ? head : ""}${chunk(frame)}${last}`);
});
