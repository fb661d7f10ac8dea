import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../../test/support/recordings.ts";
import { wires } from "../../protocols/wires.ts";
import { SseRelay } from "./sse-relay.ts";

const heldAtMost = 256 * 1024;

interface Run {
  readonly relay: SseRelay;
  readonly output: string;
}

/** Relays a stream in the given pieces. Nothing may come out before semantic data was seen. */
function relay(
  pieces: readonly Buffer[],
  cutsUsage: boolean,
  protocol: "openai" | "anthropic" = "openai",
): Run {
  const sut = new SseRelay(wires[protocol].reader(), cutsUsage);
  const sent: Buffer[] = [];
  const take = (bytes: Buffer): void => {
    if (bytes.length > 0 && !sut.semantic) throw new Error("bytes were sent before anything semantic");
    sent.push(bytes);
  };
  for (const piece of pieces) take(sut.push(piece));
  take(sut.finish());
  return { relay: sut, output: Buffer.concat(sent).toString("latin1") };
}

const bytewise = (bytes: Buffer): Buffer[] => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1));
const splitAt = (bytes: Buffer, ...offsets: number[]): Buffer[] =>
  [0, ...offsets].map((from, index) => bytes.subarray(from, offsets[index] ?? bytes.length));

const offsetsOf = (bytes: Buffer): number[] => Array.from({ length: bytes.length + 1 }, (_, at) => at);
/** Where a stream starts to flow, and where it ends. */
const offsetsAtEnds = (bytes: Buffer): number[] => [
  ...offsetsOf(bytes).slice(0, 500),
  ...offsetsOf(bytes).slice(-500),
];

function expectInEveryCut(
  bytes: Buffer,
  cutsUsage: boolean,
  expected: string,
  offsets = offsetsOf(bytes),
): void {
  const wrong: string[] = [];
  const check = (name: string, pieces: readonly Buffer[]): void => {
    if (relay(pieces, cutsUsage).output !== expected) wrong.push(name);
  };
  check("in one piece", [bytes]);
  check("byte by byte", bytewise(bytes));
  for (const at of offsets) check(`cut at ${at}`, splitAt(bytes, at));
  // Two cuts leave a short piece in the middle, which holds neither start nor end of an event.
  for (const at of offsets.slice(-200))
    check(`cut at ${at - 7} and ${at}`, splitAt(bytes, Math.max(0, at - 7), at));
  expect(wrong).toEqual([]);
}

/** The stream without the extra usage event, by a plain reading of its text; undefined when there is none. */
function withoutExtraUsage(text: string): string | undefined {
  const blocks = text.split(/(?<=\r\n\r\n|\n\n|\r\r)/);
  let finished = false;
  const extra = blocks.findIndex((block) => {
    const data = /^data: ?(\{.*\})\s*$/m.exec(block)?.[1] ?? "null";
    const chunk: unknown = JSON.parse(data);
    if (finished && /"choices": ?\[\]/.test(block) && /"usage": ?\{/.test(block)) return true;
    finished ||= JSON.stringify(chunk).includes('"finish_reason":"');
    return false;
  });
  return extra === -1 ? undefined : blocks.toSpliced(extra, 1).join("");
}

const recordings = ["openai-chat", "openai-completions"]
  .flatMap(loadRecordings)
  .filter(({ stream, status }) => stream && status === 200)
  .map(({ name, body, features }) => ({ name, body, features, text: body.toString("latin1") }));

const framings: readonly (readonly [string, string])[] = [
  ["LF", "\n"],
  ["CRLF", "\r\n"],
  ["CR", "\r"],
];

describe("recorded streams", () => {
  const failing = recordings.filter(({ body }) => relay([body], false).relay.failed);
  const flowing = recordings.filter((recording) => !failing.includes(recording));
  const withExtra = flowing.filter(({ text }) => withoutExtraUsage(text) !== undefined);

  test("only recordings of errors fail, and show nothing", () => {
    expect(flowing.length).toBeGreaterThan(20);
    for (const { body, features } of failing) {
      expect(features).toContain("error-in-200");
      expect(relay([body], true).output).toBe("");
      expect(relay(bytewise(body), true).output).toBe("");
    }
  });

  test("several hold the extra usage event", () => {
    expect(withExtra.length).toBeGreaterThanOrEqual(5);
  });

  test.each(flowing)("$name passes unchanged", ({ body, text }) => {
    expectInEveryCut(body, false, text, offsetsAtEnds(body));
  });

  test.each(flowing)("$name loses the extra usage event alone, if it has one", ({ body, text }) => {
    const expected = withoutExtraUsage(text);
    if (expected === undefined) expectInEveryCut(body, true, text, offsetsAtEnds(body));
    else expectInEveryCut(body, true, expected);
  });

  test.each(
    withExtra.flatMap((recording) =>
      framings.map(([framing, lineEnd]) => ({ ...recording, framing, lineEnd })),
    ),
  )("$name in $framing framing", ({ text, lineEnd }) => {
    const framed = text.replaceAll("\n", lineEnd);
    const expected = withoutExtraUsage(framed);
    expect(expected).toBeDefined();
    expectInEveryCut(Buffer.from(framed, "latin1"), true, expected ?? "");
  });

  test.each(withExtra)("$name is read whole: usage and end are known", ({ body }) => {
    const { reader } = relay(bytewise(body), true).relay;
    expect(reader.finished).toBe(true);
    expect(reader.usage?.inputTokens).toBeGreaterThan(0);
  });
});

const content = 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n';
const role =
  'data: {"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n';
const finish = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
const usage = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1}}\n\n';
const early = 'data: {"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":0}}\n\n';
const done = "data: [DONE]\n\n";
const failure = 'data: {"error":{"message":"m","code":429}}\n\n';

describe("the extra usage event in streams of our own", () => {
  test.each([
    ["in its usual place", role + content + finish, usage, done],
    ["at the very end", content + finish, usage, ""],
    ["at the very end without a blank line", content + finish, usage.slice(0, -1), ""],
    ["at the very end without any line end", content + finish, usage.slice(0, -2), ""],
    ["with nothing but a finish_reason before it", finish, usage, done],
    ["with its name", content + finish, `event: message\n${usage}`, done],
    ["with an id", content + finish, `id: 7\n${usage}`, done],
    [
      "over several data lines",
      content + finish,
      'data: {"choices":[],\ndata: "usage":{"prompt_tokens":1}}\n\n',
      done,
    ],
    ["with a comment of its own", content + finish, `: note\n${usage}`, done],
    [
      "with text of several bytes",
      content + finish,
      'data: {"model":"\u00fc\u2713","choices":[],"usage":{"prompt_tokens":1}}\n\n',
      done,
    ],
    ["without a space behind data", content + finish, usage.replace("data: ", "data:"), done],
    ["with spaces in the JSON", content + finish, 'data: { "choices": [ ], "usage": { } }\n\n', done],
    ["behind a comment", `${content}${finish}: ping\n\n`, usage, done],
    ["before a comment", content + finish, usage, `: ping\n\n${done}`],
    ["behind more content", content + finish + content, usage, done],
  ])("is taken out %s", (_, before, extra, after) => {
    for (const [, lineEnd] of framings) {
      const frame = (text: string): string => Buffer.from(text.replaceAll("\n", lineEnd)).toString("latin1");
      const bytes = Buffer.from(frame(before + extra + after), "latin1");
      expectInEveryCut(bytes, true, frame(before + after));
      expectInEveryCut(bytes, false, frame(before + extra + after));
    }
  });

  test.each([
    ["usage before any finish_reason", content + early + content + finish + done],
    [
      "usage in a chunk with a choice",
      content + finish.replace("}]}", '}],"usage":{"prompt_tokens":1}}') + done,
    ],
    ["usage null", content + finish + usage.replace(/\{"prompt.*\}\}/, "null}") + done],
    ["choices without usage", `${content}${finish}data: {"choices":[]}\n\n${done}`],
    ["usage without choices", `${content}${finish}data: {"usage":{"prompt_tokens":1}}\n\n${done}`],
    ["usage in a comment", `${content}${finish}: ${usage.trim()}\n\n${done}`],
    ["usage in another field", `${content}${finish}${usage.replace("data", "note")}${done}`],
    ["usage that is no JSON", `${content}${finish}data: {"choices":[],"usage":{\n\n${done}`],
    ["an end without a blank line", content + finish + done.slice(0, -1)],
    ["an end in the middle of an event", `${content}${finish}data: {"choices":[],"us`],
    ["an end in the middle of content", `${content}data: {"choices":[{"delta":{"content":"b`],
    ["blank lines", `\n\n${content}\n\n\n${finish}\n${done}\n\n`],
    ["a byte order mark", `\u00ef\u00bb\u00bf${content}${finish}${done}`],
    ["comments all the way", `: a\n\n${content}: b\n${finish}: c\n\n: d\n\n${done}: e\n`],
    ["no stream at all behind the content", `${content}<html>\n</html>`],
  ])("nothing is taken out: %s", (_, text) => {
    for (const [, lineEnd] of framings) {
      const framed = text.replaceAll("\n", lineEnd);
      expectInEveryCut(Buffer.from(framed, "latin1"), true, framed);
    }
  });
});

describe("before anything semantic", () => {
  test.each([
    ["role chunks", role.repeat(3)],
    ["comments", ": ping\n\n".repeat(50)],
    ["half of a content event", role + content.slice(0, -3)],
    ["early usage", early],
  ])("holds %s, then sends them with the first content", (_, noise) => {
    const sut = new SseRelay(wires.openai.reader(), true);
    for (const piece of bytewise(Buffer.from(noise))) expect(sut.push(piece)).toHaveLength(0);
    expect(sut.semantic).toBe(false);
    const rest = noise.endsWith("\n\n") ? content : content.slice(-3);
    expect(sut.push(Buffer.from(rest)).toString()).toBe(noise + rest);
    expect(sut.semantic).toBe(true);
  });

  test.each([
    ["nothing", ""],
    ["comments alone", ": ping\n\n"],
    ["role chunks alone", role + role],
    ["an end mark alone", done],
    ["half of an event without data", "event: x"],
  ])("an answer of %s shows nothing", (_, text) => {
    const { relay: sut, output } = relay([Buffer.from(text)], true);
    expect({ output, semantic: sut.semantic, failed: sut.failed }).toEqual({
      output: "",
      semantic: false,
      failed: false,
    });
  });

  test.each([
    ["first of all", failure],
    ["behind role chunks", role + failure],
    ["without a blank line", failure.trimEnd()],
    ["followed by content", failure + content + finish],
    ["followed by content in the same piece, behind noise", role + failure + content],
  ])("an error %s shows nothing and is known", (_, text) => {
    for (const pieces of [[Buffer.from(text)], bytewise(Buffer.from(text))]) {
      const { relay: sut, output } = relay(pieces, true);
      expect(output).toBe("");
      expect(sut).toMatchObject({ failed: true, semantic: false });
      expect(sut.reader.error).toMatchObject({ status: 429, message: "m" });
    }
  });

  test("an error behind content passes", () => {
    const { relay: sut, output } = relay([Buffer.from(content + failure)], true);
    expect(output).toBe(content + failure);
    expect(sut).toMatchObject({ failed: false, semantic: true });
  });

  test("a first event without a blank line at the end of the stream counts", () => {
    for (const text of [content.slice(0, -1), content.slice(0, -2)]) {
      expect(relay([Buffer.from(text)], true).output).toBe(text);
      expect(relay(bytewise(Buffer.from(text)), false).output).toBe(text);
    }
  });

  test("Anthropic's events flow from the first content block", () => {
    const start =
      'event: message_start\ndata: {"type":"message_start","message":{"usage":{"input_tokens":1}}}\n\n';
    const ping = 'event: ping\ndata: {"type":"ping"}\n\n';
    const block =
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\n';
    const sut = new SseRelay(wires.anthropic.reader(), false);
    expect(sut.push(Buffer.from(start + ping))).toHaveLength(0);
    expect(sut.push(Buffer.from(block)).toString()).toBe(start + ping + block);
  });
});

describe("what is held", () => {
  test("noise of more than 256 KiB is sent, not hoarded", () => {
    const sut = new SseRelay(wires.openai.reader(), true);
    const comment = Buffer.from(`: ${"x".repeat(1_021)}\n`);
    let pushed = 0;
    let sent = 0;
    for (let index = 0; index < 400; index += 1) {
      pushed += comment.length;
      sent += sut.push(comment).length;
      expect(pushed - sent).toBeLessThanOrEqual(heldAtMost);
    }
    expect(sut.semantic).toBe(true);
    expect(sent).toBe(pushed);
  });

  test.each([
    ["one that never ends", false],
    ["one that turns out to be the usage", true],
  ])("of an event after the finish at most 256 KiB: %s", (_, ends) => {
    for (const pieceBytes of [1_000, 100_000, heldAtMost, 600_000]) {
      const sut = new SseRelay(wires.openai.reader(), true);
      const before = Buffer.from(content + finish);
      const long = Buffer.from(
        `data: {"x":"${"y".repeat(600_000)}","choices":[],"usage":{"prompt_tokens":1}}${ends ? "\n\n" : ""}`,
      );
      const sent = [sut.push(before)];
      let pushed = before.length;
      for (let at = 0; at < long.length; at += pieceBytes) {
        const piece = long.subarray(at, at + pieceBytes);
        pushed += piece.length;
        sent.push(sut.push(piece));
        expect(pushed - sent.reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThanOrEqual(heldAtMost);
      }
      sent.push(sut.push(Buffer.from(ends ? done : "")), sut.finish());
      // What was begun is not left half: the event comes whole, or it is gone whole where it came in one piece.
      const whole = Buffer.concat(sent).toString();
      const kept = content + finish + long.toString() + (ends ? done : "");
      expect([kept, content + finish + done]).toContain(whole);
      if (pieceBytes < heldAtMost) expect(whole === kept).toBe(true);
    }
  });

  test("the usage event is still taken out behind a long event that had to be sent", () => {
    const long = `data: {"x":"${"y".repeat(300_000)}"}\n\n`;
    const bytes = Buffer.from(content + finish + long + usage + done);
    for (const pieceBytes of [10_000, 270_000, 290_000]) {
      const pieces = Array.from({ length: Math.ceil(bytes.length / pieceBytes) }, (_, index) =>
        bytes.subarray(index * pieceBytes, (index + 1) * pieceBytes),
      );
      expect(relay(pieces, true).output === content + finish + long + done).toBe(true);
    }
  });

  test("an event too large to be looked at passes, and what follows it is read again", () => {
    const large = `${content + finish}data: ${"z".repeat(1_200_000)}\n\n`;
    const text = large + usage + done;
    expect(relay([Buffer.from(text)], true).output === large + done).toBe(true);
    const bytes = Buffer.from(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 50_000) }, (_, index) =>
      bytes.subarray(index * 50_000, (index + 1) * 50_000),
    );
    expect(relay(pieces, true).output === large + done).toBe(true);
  });
});

describe("cutOpenEvent", () => {
  test.each([
    ["between events", content, true, false],
    ["in an event that has been sent in part", content + content.slice(0, 20), true, true],
    [
      "in an event that has been sent in part, where nothing is taken out",
      content + finish + usage.slice(0, 20),
      false,
      true,
    ],
    ["in an event that is held back", content + finish + usage.slice(0, 20), true, false],
    ["after a comment line", `${content}: ping\n`, true, true],
    [
      "in a long event that was held back and then sent",
      `${content}${finish}data: ${"x".repeat(300_000)}`,
      true,
      true,
    ],
  ])("%s", (_, ...row) => {
    const [text, cutsUsage, expected] = row;
    const whole = new SseRelay(wires.openai.reader(), cutsUsage);
    whole.push(Buffer.from(text));
    expect(whole.cutOpenEvent).toBe(expected);
    const pieces = new SseRelay(wires.openai.reader(), cutsUsage);
    for (let at = 0; at < text.length; at += 1_000) pieces.push(Buffer.from(text.slice(at, at + 1_000)));
    expect(pieces.cutOpenEvent).toBe(expected);
  });
});
