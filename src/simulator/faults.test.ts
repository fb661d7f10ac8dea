// Every fault of the simulator over real sockets, for every protocol, plain and streamed.
import { request as httpRequest } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { maxSimulatorDelayMs, simulatorFaults } from "../core/simulator-faults.ts";
import type { SimulatorFault } from "../core/simulator-faults.ts";
import { knobsHeader } from "./knobs.ts";
import type { Knobs } from "./knobs.ts";
import { startSimulator } from "./simulator.ts";
import type { Simulator } from "./simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

interface ProtocolRow {
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Where a stream is asked for by more than the body. */
  readonly streamPath?: string;
  readonly streamHeaders?: Readonly<Record<string, string>>;
  readonly body: object;
  /** A word that only a finished stream holds. */
  readonly terminator: string;
  /** What every plain answer and every error inside a stream holds. */
  readonly answerMark: string;
  readonly errorMark: string;
  /** What an error inside a stream begins with, where it is another one. */
  readonly streamErrorMark?: string;
}

const prompt = [{ role: "user", content: "How is the moon today?" }];
const protocols: readonly ProtocolRow[] = [
  {
    name: "openai chat",
    path: "/v1/chat/completions",
    headers: {},
    body: { model: "m", messages: prompt },
    terminator: "[DONE]",
    answerMark: '"object":"chat.completion"',
    errorMark: '{"error":{"message":',
  },
  {
    name: "openai legacy completions",
    path: "/v1/completions",
    headers: {},
    body: { model: "m", prompt: "How is the moon today?" },
    terminator: "[DONE]",
    answerMark: '"object":"text_completion"',
    errorMark: '{"error":{"message":',
  },
  {
    name: "anthropic messages",
    path: "/v1/messages",
    headers: { "anthropic-version": "2023-06-01" },
    body: { model: "m", max_tokens: 100, messages: prompt },
    terminator: "message_stop",
    answerMark: '"type":"message"',
    errorMark: '{"type":"error","error":{"type":',
  },
  {
    name: "openai responses",
    path: "/v1/responses",
    headers: {},
    body: { model: "m", input: "How is the moon today?" },
    terminator: "response.completed",
    answerMark: '"object":"response"',
    errorMark: '{"error":{"message":',
    streamErrorMark: '{"type":"error","sequence_number":0,"error":{',
  },
  {
    name: "dashscope text generation",
    path: "/api/v1/services/aigc/text-generation/generation",
    headers: {},
    streamHeaders: { "x-dashscope-sse": "enable" },
    body: { model: "m", input: { messages: prompt }, parameters: { incremental_output: true } },
    terminator: '"finish_reason":"stop"',
    answerMark: '"finish_reason":"stop"',
    errorMark: '{"code":"',
  },
  {
    name: "gemini",
    path: "/v1beta/models/m:generateContent",
    streamPath: "/v1beta/models/m:streamGenerateContent?alt=sse",
    headers: {},
    body: { contents: [{ role: "user", parts: [{ text: "How is the moon today?" }] }] },
    terminator: '"finishReason":"STOP"',
    answerMark: '"usageMetadata"',
    errorMark: '{"error":{"code":',
  },
];

/** What one request came to. */
interface Seen {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
  /** `end` = all of it, `cut` = closed on the way, `open` = nothing more came, `none` = no answer at all. */
  readonly ending: "end" | "cut" | "open" | "none";
}

function start(row: ProtocolRow, stream: boolean, knobs: Knobs): ClientRequest {
  const request = httpRequest(`${simulator.url}${stream ? (row.streamPath ?? row.path) : row.path}`, {
    method: "POST",
    agent: false,
    headers: {
      "content-type": "application/json",
      ...row.headers,
      ...(stream ? row.streamHeaders : {}),
      [knobsHeader]: JSON.stringify(knobs),
    },
  });
  return request.end(JSON.stringify({ ...row.body, stream }));
}

/** Sends a request and waits for its end; for a stalled one until a whole other exchange has passed, then leaves. */
function exchange(row: ProtocolRow, stream: boolean, knobs: Knobs): Promise<Seen> {
  const isStall = knobs.fault?.startsWith("stall") === true;
  const request = start(row, stream, knobs);
  return new Promise((resolve) => {
    let status = 0;
    let headers: IncomingMessage["headers"] = {};
    let text = "";
    const finish = (ending: Seen["ending"]): void => resolve({ status, headers, text, ending });
    const leaveLater = async (): Promise<void> => {
      await exchange(row, stream, {});
      finish(status === 0 ? "none" : "open");
      request.destroy();
    };
    request.on("error", () => finish(status === 0 ? "none" : "cut"));
    request.on("response", (response) => {
      status = response.statusCode ?? 0;
      headers = response.headers;
      response.setEncoding("utf8");
      response.on("data", (part: string) => {
        if (isStall && text === "") void leaveLater();
        text += part;
      });
      response.on("end", () => finish("end"));
      response.on("error", () => finish("cut"));
      if (isStall && knobs.fault === "stall-first-packet") void leaveLater();
    });
    if (isStall && !stream) request.on("finish", () => void leaveLater());
  });
}

/** The data of every event; those that are no JSON come as "broken". */
function eventsOf(text: string): unknown[] {
  const lines = text.split("\n").filter((line) => line.startsWith("data:") && line !== "data: [DONE]");
  return lines.map((line): unknown => {
    try {
      return JSON.parse(line.slice(5));
    } catch {
      return "broken";
    }
  });
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

type Check = (seen: Seen, row: ProtocolRow) => void;

const expectStatus =
  (status: number): Check =>
  (seen, row) => {
    expect(seen).toMatchObject({ status, ending: "end" });
    expect(seen.text).toContain(row.errorMark);
    expect(seen.headers["content-type"]).toBe("application/json");
  };

const expectNoAnswer: Check = (seen) => expect(seen).toMatchObject({ status: 0, ending: "none" });

const expectHalf =
  (ending: Seen["ending"]): Check =>
  (seen, row) => {
    expect(seen).toMatchObject({ status: 200, ending });
    expect(seen.text).not.toBe("");
    expect(seen.text).not.toContain(row.terminator);
  };

const plainChecks: Readonly<Record<SimulatorFault, Check>> = {
  none: (seen, row) => {
    expect(seen).toMatchObject({ status: 200, ending: "end" });
    expect(seen.text).toContain(row.answerMark);
    expect(seen.text).toContain("simulated");
    expect(seen.headers["x-moongate-simulated"]).toBe("true");
  },
  "status-429": (seen, row) => {
    expectStatus(429)(seen, row);
    expect(seen.headers["retry-after"]).toBe("1");
  },
  "status-500": expectStatus(500),
  reset: expectNoAnswer,
  "stall-first-packet": expectNoAnswer,
  "stall-mid-stream": (seen) => {
    expect(seen).toMatchObject({ status: 200, ending: "open" });
    expect(isJson(seen.text)).toBe(false);
  },
  truncate: (seen) => {
    expect(seen).toMatchObject({ status: 200, ending: "cut" });
    expect(isJson(seen.text)).toBe(false);
  },
  "malformed-sse": (seen) => {
    expect(seen).toMatchObject({ status: 200, ending: "end" });
    expect(isJson(seen.text)).toBe(false);
  },
  "error-in-200": (seen, row) => {
    expect(seen).toMatchObject({ status: 200, ending: "end" });
    expect(seen.text).toContain(row.errorMark);
  },
  empty: (seen) => expect(seen).toMatchObject({ status: 200, ending: "end", text: "" }),
};

const streamChecks: Readonly<Record<SimulatorFault, Check>> = {
  ...plainChecks,
  none: (seen, row) => {
    expect(seen).toMatchObject({ status: 200, ending: "end" });
    expect(seen.headers["content-type"]).toContain("text/event-stream");
    expect(seen.text).toContain(row.terminator);
    expect(eventsOf(seen.text)).not.toContain("broken");
  },
  "stall-first-packet": (seen) => expect(seen).toMatchObject({ status: 200, text: "", ending: "open" }),
  "stall-mid-stream": expectHalf("open"),
  truncate: expectHalf("cut"),
  "malformed-sse": (seen, row) => {
    expect(seen).toMatchObject({ status: 200, ending: "end" });
    expect(eventsOf(seen.text).filter((event) => event === "broken")).toHaveLength(1);
    expect(seen.text).toContain(row.terminator);
  },
  "error-in-200": (seen, row) => {
    expect(seen).toMatchObject({ status: 200, ending: "end" });
    expect(seen.headers["content-type"]).toContain("text/event-stream");
    expect(seen.text.replace("data: ", "data:")).toContain(`data:${row.streamErrorMark ?? row.errorMark}`);
    expect(eventsOf(seen.text)).toHaveLength(1);
    expect(seen.text).not.toContain(row.terminator);
  },
};

const cells = protocols.flatMap((row) =>
  [false, true].flatMap((stream) => simulatorFaults.map((fault) => ({ row, stream, fault }))),
);

test.each(cells)("$row.name, stream $stream, does $fault on the wire", async ({ row, stream, fault }) => {
  // Half of the answer is then sure to fill more than one event.
  const seen = await exchange(row, stream, { fault, outputTokens: 20 });
  (stream ? streamChecks : plainChecks)[fault](seen, row);
});

test.each([
  { name: "a failure rate alone gives status 500", knobs: { failureRate: 0.5 }, statuses: [500, 200, 500] },
  {
    name: "a failure rate with a fault gives that fault",
    knobs: { failureRate: 0.5, fault: "status-429" as const },
    statuses: [429, 200, 429],
  },
  {
    name: "a fault without a failure rate hits every request",
    knobs: { failureRate: 0, fault: "status-429" as const },
    statuses: [429, 429, 429],
  },
])("$name", async ({ knobs, statuses }) => {
  let chance = 0;
  const drawn = await startSimulator({ port: 0, random: () => chance, defaults: knobs });
  const seen: number[] = [];
  for (chance of [0.2, 0.8, 0.2]) {
    const answer = await fetch(`${drawn.url}/v1/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "m", prompt: "p" }),
    });
    await answer.text();
    seen.push(answer.status);
  }
  await drawn.close();
  expect(seen).toEqual(statuses);
});

/** Longer than anything but the simulator's own timers in the tests below. */
const longMs = 900_000;

/** How many long timers were set and how many of those were cleared since. */
function watchLongTimers(): { readonly set: () => number; readonly cleared: () => number } {
  const setting = vi.spyOn(globalThis, "setTimeout");
  const clearing = vi.spyOn(globalThis, "clearTimeout");
  const timers = (): unknown[] =>
    setting.mock.results
      .filter((_, call) => Number(setting.mock.calls[call]?.[1]) > longMs)
      .map(({ value }) => value);
  const isCleared = (timer: unknown): boolean => clearing.mock.calls.some(([cleared]) => cleared === timer);
  return { set: () => timers().length, cleared: () => timers().filter(isCleared).length };
}

afterEach(() => {
  vi.restoreAllMocks();
});

const slowRows: readonly { name: string; knobs: Knobs; until: "sent" | "head" | "data" }[] = [
  { name: "a late head", knobs: { latencyMs: maxSimulatorDelayMs }, until: "sent" },
  { name: "a late first token", knobs: { ttftMs: maxSimulatorDelayMs }, until: "head" },
  { name: "a slow stream", knobs: { tokensPerSecond: 0.001 }, until: "data" },
];

test.each(slowRows)("a client that leaves during $name leaves no timer behind", async ({ knobs, until }) => {
  const [row] = protocols;
  if (row === undefined) throw new Error("no protocol");
  const timers = watchLongTimers();
  const request = start(row, true, knobs);
  request.on("error", () => undefined);
  if (until !== "sent") {
    const response = await new Promise<IncomingMessage>((resolve) => request.once("response", resolve));
    response.on("error", () => undefined);
    if (until === "data") await new Promise((resolve) => response.once("data", resolve));
  }
  await expect.poll(timers.set).toBe(1);
  expect(timers.cleared()).toBe(0);
  request.destroy();
  await expect.poll(timers.cleared).toBe(1);
});

test("closing ends a stalled answer", async () => {
  const short = await startSimulator({ port: 0, defaults: { fault: "stall-first-packet" } });
  const answer = await fetch(`${short.url}/v1/completions`, {
    method: "POST",
    body: JSON.stringify({ model: "m", prompt: "p", stream: true }),
  });
  const read = answer.text();
  await Promise.all([short.close(), expect(read).rejects.toThrow()]);
});

describe("answers of bytes", () => {
  const speak = (knobs: Knobs): Promise<Response> =>
    fetch(`${simulator.url}/v1/audio/speech`, {
      method: "POST",
      headers: { [knobsHeader]: JSON.stringify(knobs) },
      body: JSON.stringify({ model: "m", input: "Hello there", voice: "alloy", response_format: "pcm" }),
    });

  test("are cut in the middle", async () => {
    const answer = await speak({ fault: "truncate" });
    expect(answer.status).toBe(200);
    await expect(answer.arrayBuffer()).rejects.toThrow("terminated");
  });

  test("are nothing, or an error in JSON under a 200", async () => {
    expect(await (await speak({ fault: "empty" })).text()).toBe("");
    const failed = await speak({ fault: "error-in-200" });
    expect(failed.headers.get("content-type")).toBe("application/json");
    expect(await failed.json()).toMatchObject({ error: { message: "Simulated failure." } });
  });
});

test("a request that fails as a whole is not carried out", async () => {
  const headers = { authorization: "Bearer not-carried-out" };
  const body = JSON.stringify({ prompt: "a cat" });
  const create = (knobs: Knobs): Promise<Response> =>
    fetch(`${simulator.url}/v1/videos`, {
      method: "POST",
      headers: { ...headers, [knobsHeader]: JSON.stringify(knobs) },
      body,
    });
  expect((await create({ fault: "status-500" })).status).toBe(500);
  const list = await fetch(`${simulator.url}/v1/videos`, { headers });
  expect(await list.json()).toMatchObject({ data: [] });
});
