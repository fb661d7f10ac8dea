// DashScope's native HTTP API: tasks from creation to result, generation plain and streamed, ranking.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { knobsHeader } from "../knobs.ts";
import { startSimulator } from "../simulator.ts";
import type { Simulator } from "../simulator.ts";

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ port: 0 });
});
afterAll(() => simulator.close());

interface Asked {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function ask(path: string, { method = "GET", body, headers = {} }: Asked = {}): Promise<Response> {
  const payload = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${simulator.url}/api/v1${path}`, { method, headers, ...payload });
}

/** The answer's JSON, in a shape that the test then looks at. */
async function jsonOf<Shape>(answer: Promise<Response>): Promise<Shape> {
  // Nothing is trusted: what is not in the shape fails the test.
  return (await (await answer).json()) as Shape;
}

const bearer = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

async function create(path: string, key: string, body: object): Promise<string> {
  const headers = { ...bearer(key), "x-dashscope-async": "enable" };
  const answer = ask(`/services/aigc/${path}`, { method: "POST", body, headers });
  const made = await jsonOf<{ output: { task_id: string; task_status: string } }>(answer);
  expect(made.output.task_status).toBe("PENDING");
  return made.output.task_id;
}

interface Polled {
  readonly output: Readonly<Record<string, unknown>>;
  readonly usage?: unknown;
}

async function poll(id: string, key: string): Promise<Polled> {
  return jsonOf<Polled>(ask(`/tasks/${id}`, { headers: bearer(key) }));
}

describe("tasks", () => {
  test.each([
    {
      path: "text2image/image-synthesis",
      result: { results: [{ url: expect.any(String) }, { url: expect.any(String) }] },
      usage: { image_count: 2 },
    },
    {
      path: "image2image/out-painting",
      result: { output_image_url: expect.any(String) },
      usage: { image_count: 2 },
    },
    {
      path: "background-generation/generation/",
      result: { text_results: { params: [] } },
      usage: { image_count: 2 },
    },
    {
      path: "video-generation/video-synthesis",
      result: { video_url: expect.stringMatching(/\.mp4$/) },
      usage: { video_duration: 5, video_ratio: "standard", video_count: 1 },
    },
  ])("of $path wait, run and succeed with usage", async ({ path, result, usage }) => {
    const id = await create(path, "k", { model: "m", input: { prompt: "p" }, parameters: { n: 2 } });
    const states = [];
    for (let look = 0; look < 2; look += 1) states.push((await poll(id, "k")).output["task_status"]);
    expect(states).toEqual(["PENDING", "RUNNING"]);
    const done = await poll(id, "k");
    expect(done).toMatchObject({ output: { task_id: id, task_status: "SUCCEEDED", ...result }, usage });
    expect(await poll(id, "k")).toMatchObject({ output: { task_status: "SUCCEEDED" } });
  });

  test("are refused as synchronous calls", async () => {
    const answer = await ask("/services/aigc/text2image/image-synthesis", {
      method: "POST",
      body: { model: "m" },
    });
    expect(answer.status).toBe(403);
    expect(await answer.json()).toMatchObject({ code: "AccessDenied", request_id: expect.any(String) });
  });

  test("fail with a 200 for a model that is made to", async () => {
    const id = await create("text2image/image-synthesis", "k", { model: "wanx-failing", input: {} });
    for (let look = 0; look < 2; look += 1) await poll(id, "k");
    const failed = await poll(id, "k");
    expect(failed).toMatchObject({ output: { task_status: "FAILED", code: "InternalError" } });
    expect(failed.usage).toBeUndefined();
  });

  test("are cancelled only while they wait", async () => {
    const id = await create("text2image/image-synthesis", "c", { model: "m", input: {} });
    const cancel = (): Promise<Response> =>
      ask(`/tasks/${id}/cancel`, { method: "POST", headers: bearer("c") });
    expect((await cancel()).status).toBe(200);
    expect(await poll(id, "c")).toMatchObject({ output: { task_status: "CANCELED" } });
    const again = await cancel();
    expect([again.status, await again.json()]).toMatchObject([400, { code: "UnsupportedOperation" }]);
  });

  test("are unknown, with a 200, to another key and another simulator", async () => {
    const id = await create("text2image/image-synthesis", "k", { model: "m", input: {} });
    expect(await poll(id, "other")).toMatchObject({ output: { task_id: id, task_status: "UNKNOWN" } });
    const other = await startSimulator({ port: 0 });
    const answer = await fetch(`${other.url}/api/v1/tasks/${id}`, { headers: bearer("k") });
    expect(await answer.json()).toMatchObject({ output: { task_status: "UNKNOWN" } });
    await other.close();
  });

  test("are listed by page, model and state", async () => {
    const ids = [];
    for (const model of ["a", "b", "a"]) {
      ids.push(await create("text2image/image-synthesis", "list", { model, input: {} }));
    }
    const list = async (query: string): Promise<unknown> =>
      (await ask(`/tasks?${query}`, { headers: bearer("list") })).json();
    expect(await list("page_size=2")).toMatchObject({
      total: 3,
      total_page: 2,
      data: [{ task_id: ids[2] }, { task_id: ids[1] }],
    });
    expect(await list("page_size=2&page_no=2")).toMatchObject({ data: [{ task_id: ids[0] }] });
    expect(await list("model_name=b&status=PENDING")).toMatchObject({
      total: 1,
      data: [{ model_name: "b" }],
    });
  });
});

const text = "/services/aigc/text-generation/generation";
const sse = { "x-dashscope-sse": "enable" };

/** Events of a stream: id, name, status comment and data. */
async function eventsOf(answer: Response): Promise<{ head: string[]; data: Record<string, unknown> }[]> {
  const blocks = (await answer.text()).split("\n\n").filter((block) => block !== "");
  return blocks.map((block) => {
    const [id = "", name = "", status = "", data = ""] = block.split("\n");
    return { head: [id, name, status], data: JSON.parse(data.replace("data:", "")) };
  });
}

interface Generated {
  readonly output: { readonly text: string; readonly finish_reason: string };
  readonly usage: object;
}

describe("generation", () => {
  const body = { model: "m", input: { prompt: "Hello" } };

  test("answers flat, as a message and in parts", async () => {
    const flat = await jsonOf<Generated>(ask(text, { method: "POST", body }));
    expect(flat.output).toMatchObject({ finish_reason: "stop", text: expect.stringContaining('"Hello"') });
    const message = await ask(text, {
      method: "POST",
      body: { ...body, parameters: { result_format: "message" } },
    });
    expect(await message.json()).toMatchObject({
      output: { choices: [{ message: { role: "assistant", content: flat.output.text } }] },
      usage: flat.usage,
    });
    const parts = await ask("/services/aigc/multimodal-generation/generation", {
      method: "POST",
      body: { model: "m", input: { messages: [{ role: "user", content: [{ text: "Hello" }] }] } },
    });
    expect(await parts.json()).toMatchObject({
      output: { choices: [{ message: { content: [{ text: flat.output.text }] } }] },
    });
  });

  test.each([
    { name: "only what is new", incremental_output: true },
    { name: "all that was said", incremental_output: false },
  ])("streams events with $name", async ({ incremental_output }) => {
    const flat = await jsonOf<Generated>(ask(text, { method: "POST", body }));
    const request = { ...body, parameters: { incremental_output } };
    const answer = await ask(text, { method: "POST", body: request, headers: sse });
    const events = await eventsOf(answer);
    expect(events[0]?.head).toEqual(["id:1", "event:result", ":HTTP_STATUS/200"]);
    const outputs = events.map(({ data }) => data["output"] as Generated["output"]); // As the simulator writes it.
    const told = incremental_output ? outputs.map((output) => output.text).join("") : outputs.at(-1)?.text;
    expect(told).toBe(flat.output.text);
    expect([...new Set(outputs.map(({ finish_reason }) => finish_reason))]).toEqual(["null", "stop"]);
    expect(events.at(-1)?.data["usage"]).toEqual(flat.usage);
  });

  test("calls a tool, streamed with an empty id after the first event", async () => {
    const tool = {
      type: "function",
      function: { name: "get_weather", parameters: { type: "object", properties: { city: {} } } },
    };
    const request = {
      model: "m",
      input: { messages: [{ role: "user", content: "the weather?" }] },
      parameters: { result_format: "message", tools: [tool], incremental_output: true },
    };
    const events = await eventsOf(await ask(text, { method: "POST", body: request, headers: sse }));
    const messages = events.map(({ data }) => JSON.stringify(data));
    expect(messages[0]).toContain('"name":"get_weather"');
    expect(messages[1]).toContain('"id":""');
    expect(messages.at(-1)).toContain('"finish_reason":"tool_calls"');
  });

  test("says what is wrong with 400, or in an event after a 200", async () => {
    const plain = await ask(text, { method: "POST", body: { model: "m", input: {} } });
    expect([plain.status, await plain.json()]).toMatchObject([400, { code: "InvalidParameter" }]);
    const streamed = await ask(text, { method: "POST", body: { model: "m", input: {} }, headers: sse });
    expect(streamed.status).toBe(200);
    expect(await eventsOf(streamed)).toMatchObject([
      { head: ["id:1", "event:error", ":HTTP_STATUS/400"], data: { code: "InvalidParameter" } },
    ]);
  });

  test.each([
    { fault: "status-429", status: 429, shape: { code: "Throttling.RateQuota" } },
    { fault: "status-500", status: 500, shape: { code: "InternalError" } },
    { fault: "error-in-200", status: 200, shape: { code: "InternalError" } },
  ])("plays $fault", async ({ fault, status, shape }) => {
    const headers = { [knobsHeader]: JSON.stringify({ fault }) };
    const answer = await ask(text, { method: "POST", body, headers });
    expect([answer.status, await answer.json()]).toMatchObject([status, shape]);
  });
});

test("text-rerank puts the fitting document first", async () => {
  const documents = ["Nevada has a capital.", "Washington is the capital of the United States."];
  const body = {
    model: "m",
    input: { query: "What is the capital of the United States?", documents },
    parameters: { top_n: 1, return_documents: true },
  };
  const answer = await ask("/services/rerank/text-rerank/text-rerank", { method: "POST", body });
  expect(await answer.json()).toMatchObject({
    output: {
      results: [{ index: 1, document: { text: documents[1] }, relevance_score: expect.any(Number) }],
    },
    usage: { total_tokens: expect.any(Number) },
    request_id: expect.any(String),
  });
});

test.each([
  {
    name: "vLLM",
    extra: {},
    shape: { results: [{ index: 1, document: { text: "a b" } }, { index: 0 }], usage: {} },
  },
  { name: "Cohere", extra: { model: "rerank-v3.5" }, shape: { meta: { billed_units: { search_units: 1 } } } },
  { name: "Voyage", extra: { model: "rerank-2", top_k: 1 }, shape: { object: "list", data: [{ index: 1 }] } },
])("/v1/rerank has the shape of $name", async ({ extra, shape }) => {
  const body = JSON.stringify({ query: "a b", documents: ["c", "a b"], ...extra });
  const answer = await fetch(`${simulator.url}/v1/rerank`, { method: "POST", body });
  expect(await answer.json()).toMatchObject(shape);
});
