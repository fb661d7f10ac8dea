// What is held of answers while it is judged: what follows from encodings, pauses, probabilities of tokens, slow clients and
// ends in the middle of a phrase, over sockets.
import { brotliCompressSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { createKeeper } from "./support/keeper.ts";
import {
  ask,
  asked,
  chunk,
  done,
  framed,
  moderationScene,
  said,
  streamed,
  streamHead,
  whole,
} from "./support/moderation-scene.ts";
import { buildRequest, RawClient } from "./support/raw-client.ts";
import type { UpstreamRequest } from "./support/raw-upstream.ts";

const keep = createKeeper();

const words = { name: "words", type: "keywords", keywords: ["verboten"] };
const mail = { name: "mail", type: "personal-data", kinds: ["email"], action: "mask" };
const both = { enabled: true, request: false, checks: [words, mail] };
const stream = { body: ask("Hi", { stream: true }) };
const scene = (respond: (request: UpstreamRequest) => void) => moderationScene(keep, respond, both);

const event = (choice: object): string =>
  `data: ${JSON.stringify({ id: "c1", object: "chat.completion.chunk", created: 1, model: "m", choices: [choice] })}\n\n`;
const bytesOf = (text: string): number[] => [...Buffer.from(text)];
const likely = (token: string): object => ({
  token,
  logprob: -0.1,
  bytes: bytesOf(token),
  top_logprobs: [{ token, logprob: -0.1, bytes: bytesOf(token) }],
});

describe("probabilities of tokens", () => {
  const address = ["anna", "@mail", ".exam", "ple"];

  test("of a stream go with what is masked, bytes and all, and others stay", async () => {
    const events = ["Write to ", ...address, " now, please."].map((token) =>
      event({
        index: 0,
        delta: { content: token },
        logprobs: { content: [likely(token)] },
        finish_reason: null,
      }),
    );
    const { gateway } = await scene(streamed([...events, done]));
    const text = (await asked(gateway, stream)).text();
    for (const token of address) {
      expect(text).not.toContain(JSON.stringify(token));
      expect(text).not.toContain(JSON.stringify(bytesOf(token)));
    }
    expect(text).toContain("[email]");
    expect(text).toContain(events[0]);
    expect(text.match(/"logprobs":null/g)).toHaveLength(address.length);
  });

  test("of a whole answer go when something in it is masked", async () => {
    const choice = {
      index: 0,
      message: { role: "assistant", content: `Write to ${address.join("")} now` },
      logprobs: { content: address.map(likely) },
      finish_reason: "stop",
    };
    const { gateway } = await scene(whole(JSON.stringify({ id: "c1", choices: [choice] })));
    const { choices } = JSON.parse((await asked(gateway)).text()) as { choices: object[] };
    expect(choices).toEqual([
      { ...choice, message: { role: "assistant", content: "Write to [email] now" }, logprobs: null },
    ]);
  });

  test("stay byte for byte when nothing is masked", async () => {
    const body = JSON.stringify({
      choices: [{ index: 0, message: { content: "Hi" }, logprobs: { content: [likely("Hi")] } }],
    });
    const { gateway } = await scene(whole(body));
    expect((await asked(gateway)).text()).toBe(body);
  });
});

describe("a text that pauses in the middle of something", () => {
  const call = (index: number, text: string): string =>
    event({
      index: 0,
      delta: { tool_calls: [{ index, function: { arguments: text } }] },
      finish_reason: null,
    });

  test("is masked as a whole when it goes on soon", async () => {
    const events = [call(0, "to anna@ma"), call(1, "x"), call(0, "il.example now"), call(1, "y"), done];
    const { gateway } = await scene(streamed(events));
    const text = (await asked(gateway, stream)).text();
    expect(text).toContain("[email]");
    expect(text).not.toMatch(/anna|il\.example/);
  });

  test("is refused when its beginning has gone before it goes on", async () => {
    const between = Array.from({ length: 40 }, (_, at) => call(1, `word ${at} `));
    const { gateway } = await scene(
      streamed([call(0, "to anna@ma"), ...between, call(0, "il.example now"), done]),
    );
    const got = await asked(gateway, stream);
    expect(got.text()).not.toContain("il.example");
    expect(got.text()).toContain("content_filter");
    expect(await gateway.record(got.header("x-request-id"))).toMatchObject({ outcome: "blocked" });
  });

  test("holds nothing of other choices", async () => {
    const say = (index: number, content: string): string =>
      event({ index, delta: { content }, finish_reason: null });
    const events = [
      say(0, "to anna@ma"),
      say(1, "Hello, "),
      say(0, "il.example now"),
      say(1, "world."),
      done,
    ];
    const { gateway } = await scene(streamed(events));
    const text = (await asked(gateway, stream)).text();
    expect(text).toContain("[email]");
    expect(text).toContain(events[1]);
    expect(text).not.toMatch(/anna|il\.example/);
  });
});

describe("an answer that ends", () => {
  test("in the middle of a phrase passes to its end", async () => {
    const events = [chunk("It is ver"), chunk("bot"), chunk("", "stop"), done];
    const { gateway } = await scene(streamed(events));
    const got = await asked(gateway, stream);
    expect(got.text()).toBe(events.join(""));
    expect(await gateway.record(got.header("x-request-id"))).toMatchObject({ outcome: "ok", moderation: [] });
  });

  test("with a forbidden phrase and no other sign of an end is refused", async () => {
    const { gateway } = await scene(streamed([chunk("It is ver"), chunk("boten")]));
    const got = await asked(gateway, stream);
    expect([got.status, got.text().includes("boten")]).toEqual([400, false]);
  });
});

describe.each([
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
] as const)("an answer in %s, which nobody asked for,", (coding, compress) => {
  const answers = (type: string, body: Buffer) => {
    return ({ connection }: UpstreamRequest): void => {
      connection.socket.write(
        `HTTP/1.1 200 OK\r\ncontent-type: ${type}\r\ncontent-encoding: ${coding}\r\ncontent-length: ${body.length}\r\n\r\n`,
      );
      connection.socket.write(body);
    };
  };

  test("is refused as a whole", async () => {
    const { gateway, upstream } = await scene(
      answers("application/json", compress(Buffer.from(said("It is verboten.")))),
    );
    const got = await asked(gateway, { headers: [["accept-encoding", "gzip, br"]] });
    expect([got.status, got.header("content-encoding")]).toEqual([400, undefined]);
    expect(upstream.requests[0]?.header("accept-encoding") ?? "identity").toBe("identity");
  });

  test("is masked, and then sent as it is", async () => {
    const { gateway } = await scene(
      answers("application/json", compress(Buffer.from(said("To anna@mail.example.")))),
    );
    const got = await asked(gateway, { headers: [["accept-encoding", "gzip, br"]] });
    expect([got.header("content-encoding"), got.text()]).toEqual([undefined, said("To [email].")]);
  });

  test("is masked as a stream", async () => {
    const events = [chunk("To anna@ma"), chunk("il.example now."), chunk("", "stop"), done].join("");
    const { gateway } = await scene(answers("text/event-stream", compress(Buffer.from(events))));
    const got = await asked(gateway, { ...stream, headers: [["accept-encoding", "gzip, br"]] });
    expect(got.header("content-encoding")).toBeUndefined();
    expect(got.text()).toBe([chunk("To [email]"), chunk(" now."), chunk("", "stop"), done].join(""));
  });
});

test("of a stream that a client does not read only so much is taken from the service", async () => {
  const total = 64 * 1024 * 1024;
  const piece = framed(chunk("Once upon a time there was. ".repeat(600)));
  let written = 0;
  const { gateway, upstream } = await scene(({ connection: { socket } }) => {
    socket.write(streamHead);
    const more = (): void => {
      while (written < total) {
        written += piece.length;
        if (!socket.write(piece)) return void socket.once("drain", more);
      }
    };
    more();
  });
  const client = await RawClient.connect(gateway.port);
  client.send(buildRequest({ method: "POST", path: "/v1/chat/completions", ...stream }));
  await client.body((body) => body.length > 0);
  client.pause();
  // Nothing more is taken once what stands between is full.
  let before = -1;
  while (before !== written) {
    before = written;
    for (let turn = 0; turn < 2_000; turn += 1) await new Promise(setImmediate);
  }
  expect(written).toBeLessThan(total / 2);
  client.destroy();
  await (await upstream.connection(0)).leaving();
  expect((await gateway.recordWhere(() => true)).outcome).toBe("client_closed");
});

test("a client gets no bytes but the service's when nothing is judged", async () => {
  const events = [chunk("It is ver"), chunk("boten"), done];
  const { gateway } = await moderationScene(keep, streamed(events), { ...both, enabled: false });
  expect((await asked(gateway, stream)).text()).toBe(events.join(""));
});
