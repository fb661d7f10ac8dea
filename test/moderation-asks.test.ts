// Checks that ask somebody, on the way of requests and answers: what follows when they fail, when they are slow, and when
// the client leaves meanwhile. Images go to them in every form.
import type { ServerResponse } from "node:http";
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
import { startTested, type Respond, type Seen } from "./support/tested-service.ts";

const keep = createKeeper();
const stream = { body: ask("Hi", { stream: true }) };

const verdict = (findings: readonly object[]): string => JSON.stringify({ findings });
const found = { dimension: "content-compliance", risk: "high", label: "bad" };
const answers =
  (body: string, status = 200): Respond =>
  (_seen, response) =>
    void response.writeHead(status, { "content-type": "application/json" }).end(body);

const webhook = (url: string, more: object = {}): object => ({
  name: "hook",
  type: "webhook",
  url,
  timeoutMs: 20_000,
  ...more,
});

const faults: readonly [name: string, label: string, respond: Respond, more?: object][] = [
  ["fails", "status-500", answers("{}", 500)],
  ["redirects", "status-302", answers("{}", 302)],
  ["hangs up", "broken", (_seen, response) => void response.destroy()],
  [
    "hangs up in the middle",
    "broken",
    (_seen, response) => {
      response.writeHead(200, { "content-length": "100" }).write("{");
      setImmediate(() => response.destroy());
    },
  ],
  ["says nothing", "timeout", () => undefined, { timeoutMs: 100 }],
  ["says what is no JSON", "not-json", answers("<html>")],
  ["says something else", "not-understood", answers('{"ok":true}')],
  ["says too much", "too-large", answers(verdict([]) + " ".repeat(4 * 1024 * 1024))],
];

describe.each(faults)("one that %s", (_name, label, respond, more = {}) => {
  const error = { check: "hook", action: "error", label };

  test.each([
    ["block", 400, "blocked"],
    ["pass", 200, "ok"],
  ] as const)("has a request follow onError: %s", async (onError, status, outcome) => {
    const { url } = await startTested(keep, respond);
    const checks = [webhook(url, more)];
    const { gateway, bodies } = await moderationScene(keep, whole(said("Hello")), {
      enabled: true,
      response: false,
      onError,
      checks,
    });
    const got = await asked(gateway);
    expect([got.status, bodies.length]).toEqual([status, onError === "pass" ? 1 : 0]);
    const record = await gateway.record(got.header("x-request-id"));
    expect(record.outcome).toBe(outcome);
    expect(record.moderation).toMatchObject([{ ...error, direction: "request" }]);
  });

  test.each([
    ["block", 400, "blocked"],
    ["pass", 200, "ok"],
  ] as const)("has a stream follow onError: %s", async (onError, status, outcome) => {
    const { url } = await startTested(keep, respond);
    const events = [chunk("Hello "), chunk("there"), chunk("", "stop"), done];
    const { gateway } = await moderationScene(keep, streamed(events), {
      enabled: true,
      request: false,
      onError,
      checks: [webhook(url, more)],
    });
    const got = await asked(gateway, stream);
    expect(got.status).toBe(status);
    if (onError === "pass") expect(got.text()).toBe(events.join(""));
    else expect(got.text()).not.toContain("Hello");
    const record = await gateway.record(got.header("x-request-id"));
    expect(record.outcome).toBe(outcome);
    expect(record.moderation[0]).toMatchObject({ ...error, direction: "response" });
  });
});

describe("a client that leaves while one is asked", () => {
  /** Never answers; tells when it was asked, and when whoever asked has left. */
  function silent() {
    const came = Promise.withResolvers<ServerResponse>();
    const left = Promise.withResolvers<void>();
    const respond: Respond = (_seen, response) => {
      response.on("close", () => left.resolve());
      came.resolve(response);
    };
    return { respond, came: came.promise, left: left.promise };
  }

  test("of a request ends the question, and no service is asked", async () => {
    const { respond, came, left } = silent();
    const { url } = await startTested(keep, respond);
    const { gateway, bodies } = await moderationScene(keep, whole(said("Hello")), {
      enabled: true,
      checks: [webhook(url, { timeoutMs: 600_000 })],
    });
    const client = await RawClient.connect(gateway.port);
    client.send(buildRequest({ method: "POST", path: "/v1/chat/completions", body: ask("Hi") }));
    await came;
    client.reset();
    await left;
    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({ outcome: "client_closed", attempts: [] });
    // Nobody judged anything, and that is nobody's fault.
    expect([record.moderation, bodies]).toEqual([[], []]);
  });

  test("of a stream ends the question and the stream", async () => {
    const { respond, came, left } = silent();
    const { url } = await startTested(keep, respond);
    const { gateway, upstream } = await moderationScene(
      keep,
      ({ connection }) => void connection.socket.write(streamHead + framed(chunk("Hello ".repeat(40)))),
      {
        enabled: true,
        request: false,
        checks: [webhook(url, { timeoutMs: 600_000 })],
        streamWindowCharacters: 32,
      },
    );
    const client = await RawClient.connect(gateway.port);
    client.send(buildRequest({ method: "POST", path: "/v1/chat/completions", ...stream }));
    await came;
    client.reset();
    await left;
    await (await upstream.connection(0)).leaving();
    const record = await gateway.recordWhere(() => true);
    expect(record).toMatchObject({
      outcome: "client_closed",
      attempts: [{ outcome: "client_closed" }],
      moderation: [],
    });
  });
});

describe("while one is asked about a stream", () => {
  /** Answers the first question, and the second when it is told to. */
  async function slow() {
    const second = Promise.withResolvers<ServerResponse>();
    let questions = 0;
    const { url } = await startTested(keep, (_seen, response) => {
      questions += 1;
      if (questions === 1) response.end(verdict([]));
      else second.resolve(response);
    });
    return { url, second: second.promise };
  }

  test("its client is told now and then that it goes on", async () => {
    const { url, second } = await slow();
    const clock = { nowMs: 0, monotonicMs: () => clock.nowMs, wallMs: () => 1_700_000_000_000 + clock.nowMs };
    const first = chunk("Once upon a time there was a word. ");
    const { gateway } = await moderationScene(
      keep,
      ({ connection }) => {
        connection.socket.write(streamHead + framed(first));
        void second.then(() => (clock.nowMs += 16_000));
        connection.socket.write(framed(chunk("And nobody was allowed to say it. ")));
      },
      {
        enabled: true,
        request: false,
        checks: [webhook(url, { timeoutMs: 600_000 })],
        streamWindowCharacters: 32,
      },
      { clock },
    );
    const client = await RawClient.connect(gateway.port);
    client.send(buildRequest({ method: "POST", path: "/v1/chat/completions", ...stream }));
    const body = await client.body((bytes) => bytes.includes(": checking"));
    expect(body.toString()).toBe(`${first}: checking\n\n`);
    client.destroy();
  });

  test("only so much of it is taken", async () => {
    const { url, second } = await slow();
    const total = 64 * 1024 * 1024;
    const piece = framed(chunk("Once upon a time there was. ".repeat(600)));
    let written = 0;
    const { gateway } = await moderationScene(
      keep,
      ({ connection: { socket } }) => {
        socket.write(streamHead);
        const more = (): void => {
          while (written < total) {
            written += piece.length;
            if (!socket.write(piece)) return void socket.once("drain", more);
          }
        };
        more();
      },
      {
        enabled: true,
        request: false,
        checks: [webhook(url, { timeoutMs: 600_000 })],
        streamWindowCharacters: 32,
      },
    );
    const client = await RawClient.connect(gateway.port);
    client.send(buildRequest({ method: "POST", path: "/v1/chat/completions", ...stream }));
    await second;
    let before = -1;
    while (before !== written) {
      before = written;
      for (let turn = 0; turn < 2_000; turn += 1) await new Promise(setImmediate);
    }
    expect(written).toBeLessThan(total / 2);
    client.destroy();
  });
});

describe("an image", () => {
  const png = Buffer.from("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489", "hex");
  const data = png.toString("base64");
  const isImage = ({ body }: Seen): boolean => body.includes('"image"');
  const bad: Respond = (seen, response) => void response.end(verdict(isImage(seen) ? [found] : []));
  const part = (url: string): string => ask([{ type: "image_url", image_url: { url } }]);

  test.each([
    ["by its address", part("https://example.com/a.png"), { url: "https://example.com/a.png" }],
    ["in a data address", part(`data:image/png;base64,${data}`), { base64: data, mediaType: "image/png" }],
    [
      "as bytes in base64",
      ask([{ type: "image", source: { type: "base64", media_type: "image/png", data } }]),
      { base64: data, mediaType: "image/png" },
    ],
  ] as const)("%s is asked about, and refused", async (_name, body, image) => {
    const { url, seen } = await startTested(keep, bad);
    const { gateway, bodies } = await moderationScene(keep, whole(said("Hello")), {
      enabled: true,
      images: true,
      checks: [webhook(url)],
    });
    const got = await asked(gateway, { body });
    expect([got.status, bodies]).toEqual([400, []]);
    const questions = seen.filter(isImage).map((each) => JSON.parse(each.body) as { image: object });
    expect(questions).toMatchObject([{ direction: "request", image }]);
    const record = await gateway.record(got.header("x-request-id"));
    expect(record.moderation).toMatchObject([{ check: "hook", action: "block", label: "bad" }]);
  });

  test("that a service answers with is asked about", async () => {
    const { url } = await startTested(keep, bad);
    const images = [{ type: "image_url", image_url: { url: `data:image/png;base64,${data}` } }];
    const body = JSON.stringify({ id: "c1", choices: [{ index: 0, message: { content: "Here", images } }] });
    const { gateway } = await moderationScene(keep, whole(body), {
      enabled: true,
      request: false,
      images: true,
      checks: [webhook(url)],
    });
    expect((await asked(gateway)).status).toBe(400);
  });

  test("is nobody's matter where images are not judged", async () => {
    const { url, seen } = await startTested(keep, bad);
    const { gateway } = await moderationScene(keep, whole(said("Hello")), {
      enabled: true,
      request: true,
      response: false,
      checks: [webhook(url)],
    });
    expect((await asked(gateway, { body: part(`data:image/png;base64,${data}`) })).status).toBe(200);
    expect(seen.filter(isImage)).toEqual([]);
  });
});

describe("a large request", () => {
  const words = { name: "words", type: "keywords", keywords: ["verboten"] };
  const local = { enabled: true, response: false, checks: [words] };

  test("of more text than is looked at cannot be looked into", async () => {
    const { gateway, bodies } = await moderationScene(keep, whole(said("Hello")), local);
    const got = await asked(gateway, { body: ask("Once upon a time. ".repeat(260_000)) });
    expect([got.status, bodies]).toEqual([400, []]);
    const record = await gateway.record(got.header("x-request-id"));
    expect(record.moderation).toMatchObject([{ check: "", action: "error", label: "too-much-text" }]);
  });

  test("lets others have their turn while it is judged", async () => {
    const { gateway } = await moderationScene(keep, whole(said("Hello")), local);
    const order: string[] = [];
    const large = asked(gateway, { body: ask("Once upon a time. ".repeat(200_000)) }).then(() =>
      order.push("large"),
    );
    const small = asked(gateway, { body: ask("Hi") }).then(() => order.push("small"));
    await Promise.all([large, small]);
    expect(order).toEqual(["small", "large"]);
  });
});
