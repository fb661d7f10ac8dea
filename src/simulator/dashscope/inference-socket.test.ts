// DashScope's WebSocket, with the frames of a recorded exchange as the client's side, and its faults.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { knobsHeader } from "../knobs.ts";
import type { Knobs } from "../knobs.ts";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../simulator.ts";
import { wholeSound } from "../sound.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

interface Frame {
  readonly header: Readonly<Record<string, unknown>> & { readonly event: string };
  readonly payload: object;
}

/** A client that takes what comes in order. */
class Client {
  readonly #socket: WebSocket;
  readonly #received: (Frame | Buffer)[] = [];
  #tell: () => void = () => {};
  closeCode: number | null = null;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on("message", (data: Buffer, isBinary) => {
      this.#received.push(isBinary ? data : (JSON.parse(data.toString()) as Frame)); // As the simulator writes it.
      this.#tell();
    });
    socket.on("close", (code) => {
      this.closeCode = code;
      this.#tell();
    });
  }

  static async connect(knobs: Knobs = {}): Promise<Client> {
    const headers = { authorization: "bearer k", [knobsHeader]: JSON.stringify(knobs) };
    const socket = new WebSocket(`${simulator.url}/api-ws/v1/inference/`, { headers });
    const client = new Client(socket);
    await once(socket, "open");
    return client;
  }

  send(action: string, payload: object, task_id = "439e0616"): void {
    this.#socket.send(JSON.stringify({ header: { action, task_id, streaming: "duplex" }, payload }));
  }

  /** Everything up to the event, or up to the end of the connection. */
  async until(event: string): Promise<(Frame | Buffer)[]> {
    for (;;) {
      const at = this.#received.findIndex((frame) => !Buffer.isBuffer(frame) && frame.header.event === event);
      if (at >= 0) return this.#received.splice(0, at + 1);
      if (this.closeCode !== null) return this.#received.splice(0);
      await new Promise<void>((resolve) => (this.#tell = resolve));
    }
  }

  close(): void {
    this.#socket.terminate();
  }
}

const run = {
  model: "cosyvoice-v1",
  task_group: "audio",
  task: "tts",
  function: "SpeechSynthesizer",
  input: {},
  parameters: { voice: "longxiaochun", format: "pcm" },
};
const words = "代码改变世界";

const eventsOf = (frames: readonly (Frame | Buffer)[]): string[] =>
  frames.flatMap((frame) => (Buffer.isBuffer(frame) ? [] : [frame.header.event]));
const audioOf = (frames: readonly (Frame | Buffer)[]): Buffer =>
  Buffer.concat(frames.filter((frame) => Buffer.isBuffer(frame)));

/** One recorded exchange: what the client sent and what the service answered, in order. */
interface Recorded {
  readonly frames: readonly {
    readonly dir: "c2s" | "s2c";
    readonly type: "text" | "binary";
    readonly json?: {
      readonly header: { readonly action: string; readonly task_id: string; event: string };
      readonly payload: object;
    };
  }[];
}

/** Names of the fields of an object, deep ones too, without what they hold. */
function shapeOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return typeof value;
  const entries = Object.entries(value).map(([name, inner]) => [name, shapeOf(inner)]);
  return Object.fromEntries(entries);
}

test("the recorded exchange gets the recorded events, field by field", async () => {
  const folder = join(import.meta.dirname, "..", "..", "..", "test", "fixtures", "dashscope-ws");
  // The file is our own data: its shape is fixed by the README beside it.
  const recorded = JSON.parse(
    readFileSync(join(folder, "cnb.speech-synthesizer.success.json"), "utf8"),
  ) as Recorded;
  const texts = recorded.frames.flatMap(({ dir, json }) => (json === undefined ? [] : [{ dir, json }]));
  const client = await Client.connect();
  for (const { dir, json } of texts) {
    if (dir === "c2s") client.send(json.header.action, json.payload, json.header.task_id);
  }
  const frames = await client.until("task-finished");
  for (const { json } of texts.filter(({ dir }) => dir === "s2c")) {
    const same = frames.find((frame) => !Buffer.isBuffer(frame) && frame.header.event === json.header.event);
    expect(shapeOf(same), json.header.event).toEqual(shapeOf(json));
  }
  expect(frames.at(-1)).toMatchObject({ payload: texts.at(-1)?.json.payload });
  client.close();
});

describe("speech synthesis", () => {
  test("starts, gives events and audio for every text, and finishes with the characters", async () => {
    const client = await Client.connect();
    client.send("run-task", run);
    expect(await client.until("task-started")).toEqual([
      { header: { task_id: "439e0616", event: "task-started", attributes: {} }, payload: {} },
    ]);
    client.send("continue-task", { input: { text: words } });
    client.send("continue-task", { input: { text: "ab" } });
    client.send("finish-task", { input: {} });
    const frames = await client.until("task-finished");
    expect(eventsOf(frames)).toEqual(["result-generated", "result-generated", "task-finished"]);
    expect(audioOf(frames).equals(wholeSound(`${words}ab`, "pcm"))).toBe(true);
    expect(frames.at(-1)).toMatchObject({ payload: { usage: { characters: 14 } } });
    client.close();
  });

  test("runs several tasks on one connection, one after another", async () => {
    const client = await Client.connect();
    for (const id of ["a", "b"]) {
      client.send("run-task", run, id);
      client.send("finish-task", { input: {} }, id);
      const frames = await client.until("task-finished");
      expect(frames).toMatchObject([{ header: { task_id: id } }, { header: { task_id: id } }]);
    }
    client.send("run-task", run, "c");
    client.send("run-task", run, "d");
    const frames = await client.until("task-failed");
    expect(frames.at(-1)).toMatchObject({ header: { task_id: "d", error_code: "InvalidParameter" } });
    await client.until("the end");
    expect(client.closeCode).toBe(1000);
  });

  test("takes the text with the task", async () => {
    const client = await Client.connect();
    client.send("run-task", { ...run, input: { text: "ab" } });
    expect(eventsOf(await client.until("task-finished"))).toEqual([
      "task-started",
      "result-generated",
      "task-finished",
    ]);
    client.close();
  });
});

test("speech recognition tells what it has got", async () => {
  const client = await Client.connect();
  client.send("run-task", { ...run, task: "asr" });
  await client.until("task-started");
  client.send("finish-task", { input: {} });
  expect(await client.until("task-finished")).toMatchObject([
    { payload: { output: { sentence: { text: expect.stringContaining("0 bytes") } } } },
    { header: { event: "task-finished" } },
  ]);
  client.close();
});

describe("faults", () => {
  test("a task fails instead of starting", async () => {
    const client = await Client.connect({ fault: "error-in-200" });
    client.send("run-task", run);
    expect(await client.until("the end")).toMatchObject([
      { header: { event: "task-failed", error_code: "InternalError" } },
    ]);
  });

  test("audio ends in the middle, without a close frame", async () => {
    const client = await Client.connect({ fault: "truncate" });
    client.send("run-task", run);
    client.send("continue-task", { input: { text: words.repeat(10) } });
    const frames = await client.until("the end");
    const whole = wholeSound(words.repeat(10), "pcm").length;
    expect(audioOf(frames).length).toBeGreaterThan(0);
    expect(audioOf(frames).length).toBeLessThan(whole);
    expect(client.closeCode).toBe(1006);
  });

  test("a task finishes without audio", async () => {
    const client = await Client.connect({ fault: "empty" });
    client.send("run-task", { ...run, input: { text: "ab" } });
    expect(audioOf(await client.until("task-finished"))).toHaveLength(0);
    client.close();
  });

  test.each([
    { fault: "status-429" as const, status: 429 },
    { fault: "status-500" as const, status: 500 },
  ])("the handshake is refused with $status", async ({ fault, status }) => {
    const headers = { [knobsHeader]: JSON.stringify({ fault }) };
    const socket = new WebSocket(`${simulator.url}/api-ws/v1/inference`, { headers });
    const [, answer] = await once(
      socket.on("error", () => {}),
      "unexpected-response",
    );
    expect(answer).toMatchObject({ statusCode: status, headers: { "content-type": "application/json" } });
  });
});

test("a path without a WebSocket is refused with 404, unknown knobs with 400", async () => {
  for (const [path, headers, status] of [
    ["/v1/chat/completions", {}, 404],
    ["/ws", { [knobsHeader]: '{"speed":1}' }, 400],
  ] as const) {
    const socket = new WebSocket(`${simulator.url}${path}`, { headers });
    const [, answer] = await once(
      socket.on("error", () => {}),
      "unexpected-response",
    );
    expect(answer).toMatchObject({ statusCode: status });
  }
});

test("a simulator that closes ends its sockets", async () => {
  const other = await startSimulator({ port: 0 });
  const socket = new WebSocket(`${other.url}/api-ws/v1/inference`);
  await once(socket, "open");
  const closed = once(socket, "close");
  await other.close();
  expect(await closed).toMatchObject([1006, {}]);
});
