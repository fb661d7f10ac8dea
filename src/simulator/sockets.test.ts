// What holds for every WebSocket of the simulator, and a conversation over OpenAI's realtime socket.
import { once } from "node:events";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { knobsHeader } from "./knobs.ts";
import { startSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

const oddTexts = [
  "",
  "{",
  "null",
  "[]",
  "{}",
  ...["__proto__", "constructor", "session.update", "conversation.item.create", "feature_flags"].map((type) =>
    JSON.stringify({ type, session: 1, item: [], data: null }),
  ),
  ...["run-task", "continue-task", "finish-task", "__proto__"].map((action) =>
    JSON.stringify({ header: { action, task_id: "t" }, payload: { model: 1, input: [], parameters: null } }),
  ),
];

test.each(["/ws?clientId=__proto__", "/v1/realtime", "/api-ws/v1/inference"])(
  "%s lives through whatever a client says",
  async (path) => {
    for (const text of oddTexts) {
      const socket = new WebSocket(`${simulator.url}${path}`);
      await once(socket, "open");
      socket.send(text);
      socket.send(Buffer.from([0, 255]));
      socket.ping();
      // A pong, or the end of a task that could not be: either says that all of it was read.
      await Promise.race([once(socket, "pong"), once(socket, "close")]);
      socket.terminate();
    }
    expect((await fetch(`${simulator.url}/v1/models`)).status).toBe(200);
  },
);

test("a realtime session answers what was said, token by token", async () => {
  const headers = { [knobsHeader]: '{"outputTokens":5}' };
  const socket = new WebSocket(`${simulator.url}/v1/realtime?model=m`, { headers });
  const told: { readonly type: string; readonly delta?: string }[] = [];
  const done = new Promise<void>((resolve) => {
    socket.on("message", (data: Buffer) => {
      told.push(JSON.parse(data.toString()));
      if (told.at(-1)?.type === "response.done") resolve();
    });
  });
  await once(socket, "open");
  const item = { type: "message", role: "user", content: [{ type: "input_text", text: "Hello" }] };
  for (const message of [
    { type: "session.update", session: { instructions: "be brief" } },
    { type: "conversation.item.create", item },
    { type: "response.create" },
  ]) {
    socket.send(JSON.stringify(message));
  }
  await done;
  expect([...new Set(told.map(({ type }) => type))]).toEqual([
    "session.created",
    "session.updated",
    "conversation.item.added",
    "conversation.item.done",
    "response.created",
    "response.output_item.added",
    "response.output_text.delta",
    "response.output_text.done",
    "response.output_item.done",
    "response.done",
  ]);
  expect(told.filter(({ type }) => type === "response.output_text.delta")).toHaveLength(5);
  expect(told.at(-1)).toMatchObject({ response: { usage: { output_tokens: 5 } } });
  socket.terminate();
});

test("a frame that is too large ends its connection with 1009", async () => {
  const socket = new WebSocket(`${simulator.url}/v1/realtime`);
  await once(socket, "open");
  socket.send(Buffer.alloc(16 * 1024 * 1024 + 1));
  expect(await once(socket, "close")).toMatchObject([1009, {}]);
});
