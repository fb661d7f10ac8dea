// `routing` from its words to its lines, against a small admin API on a real socket; decisions of a file without any.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestTerminal } from "../../test/support/test-terminal.ts";
import { choiceEvidence } from "../control/routing/learning-fixture.ts";
import { chooseModel } from "../routing/decision/choose-model.ts";
import { main } from "./main.ts";

let folder = "";
let url = "";
let seen: string[] = [];
/** By the last word of the address, one after the other. */
let answers: Readonly<Record<string, readonly object[]>> = {};

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    seen.push(`${request.method} ${request.url} ${Buffer.concat(chunks).toString()}`.trim());
    const word = request.url?.split("/").at(-1) ?? "";
    const [answer, ...rest] = answers[word] ?? [];
    if (rest.length > 0) answers = { ...answers, [word]: rest };
    response.writeHead(answer === undefined ? 404 : 200).end(JSON.stringify(answer ?? {}));
  });
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-routing-"));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  // The address of a listening TCP server is never a string.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await rm(folder, { recursive: true });
});
beforeEach(() => {
  seen = [];
  answers = {};
});

async function run(words: readonly string[], env?: Readonly<Record<string, string>>) {
  const token = "an-admin-token-of-32-characters!";
  const terminal = createTestTerminal(env ?? { MOONGATE_ADMIN_URL: url, MOONGATE_ADMIN_TOKEN: token });
  const code = await main(["routing", ...words], terminal);
  return { code, printed: terminal.printed, noted: terminal.noted };
}

const state = {
  learns: true,
  labels: { total: 2, items: [{ count: 2, source: "import", model: "small" }] },
  versions: [{ version: 1, at: "T", by: "ada", verdict: "better", reason: "It is better." }],
  published: { version: 1 },
  running: null,
  lastRun: {
    at: "T",
    result: "It is better.",
    curve: [{ prompts: 50, quality: { value: 0.7, low: 0.6, high: 0.8 } }],
  },
};

test("show tells labels, versions, what is in use and the learning curve", async () => {
  answers = { routing: [state] };
  const { code, printed } = await run(["show", "--api", "chat"]);
  expect(code).toBe(0);
  expect(printed).toEqual([
    "learns from labels",
    "labels: 2",
    "  2 import of small",
    "in use: version 1",
    "version 1, T by ada: better. It is better.",
    "last training, T: It is better.",
    "  50 prompts: quality 70.0 % (60.0 % to 80.0 %)",
  ]);
});

test("train waits until it has ended", async () => {
  answers = { train: [{}], routing: [{ ...state, running: { by: "cli" } }, state] };
  expect((await run(["train", "--api", "chat"])).printed).toContain("in use: version 1");
  expect(seen.map((line) => line.split(" ")[0])).toEqual(["POST", "GET", "GET"]);
});

test("publish, rollback, preview and test say what is asked", async () => {
  await writeFile(join(folder, "service.json"), '{"mode":"intelligent"}');
  answers = {
    publish: [{ version: 2 }],
    rollback: [{ version: 0 }],
    preview: [
      {
        summary: "62 % to small",
        models: [{ model: "small", now: 0.5, next: 0.62 }],
        requests: 9,
        looked: 10,
        unused: { undecided: 1, unanswered: 0 },
      },
    ],
    test: [{ explanation: { summary: "small was chosen.", prompt: "about code", models: ["small: 0.7"] } }],
  };
  const api = ["--api", "chat"];
  expect((await run(["publish", ...api, "--version", "2", "--force"])).printed).toEqual([
    "in use: version 2",
  ]);
  expect((await run(["rollback", ...api])).printed).toEqual(["in use: nothing that was learnt"]);
  const file = join(folder, "service.json");
  expect((await run(["preview", ...api, "--file", file, "--limit", "10"])).printed).toEqual([
    "62 % to small",
    "  small: 50.0 % now, 62.0 % then",
    "9 of 10 records; 1 were not decided by mode intelligent, 0 had no answer of a model",
  ]);
  expect((await run(["test", ...api, "--prompt", "Hi", "--profile", "cheap"])).printed).toEqual([
    "small was chosen.",
    "about code",
    "  small: 0.7",
  ]);
  const base = "POST /api/v1/model-apis/chat/routing";
  expect(seen).toEqual([
    `${base}/publish {"version":2,"force":true}`,
    `${base}/rollback {}`,
    `${base}/preview {"modelService":{"mode":"intelligent"},"limit":10}`,
    `${base}/test {"prompt":"Hi","profile":"cheap"}`,
  ]);
});

test("reproduce of a request fails where another choice comes out", async () => {
  const explanation = { summary: "s", prompt: "p", models: [] };
  answers = {
    reproduce: [
      { same: true, explanation },
      { same: false, explanation },
    ],
  };
  const words = ["reproduce", "--api", "chat", "--request", "r1"];
  expect((await run(words)).code).toBe(0);
  expect((await run(words)).code).toBe(1);
});

test("reproduce of a file needs no gateway, and names what does not come out again", async () => {
  const { scores: _scores, ...choice } = chooseModel(choiceEvidence);
  const line = (requestId: string, routing?: object) =>
    JSON.stringify({ requestId, decision: { mode: "m", ...(routing && { routing }) } });
  const good = { router: "3.0.0", evidence: choiceEvidence, choice };
  const file = join(folder, "records.jsonl");
  await writeFile(file, [line("a", good), line("b"), ""].join("\n"));
  expect(await run(["reproduce", "--records", file], {})).toMatchObject({
    code: 0,
    printed: ["1 decisions come out again, 0 do not, 1 were not decided by mode intelligent"],
  });
  const forged = { ...good, choice: { ...choice, model: "other" } };
  await writeFile(file, [line("a", forged), "no json"].join("\n"));
  expect(await run(["reproduce", "--records", file], {})).toMatchObject({
    code: 1,
    printed: [
      "line 2 is not one JSON object",
      "line 1, request a: model was other, is m",
      "0 decisions come out again, 1 do not",
    ],
  });
  expect(seen).toEqual([]);
});

test.each([
  ["no word", []],
  ["an unknown word", ["guess", "--api", "chat"]],
  ["no Model API", ["show"]],
  ["a version that is no number", ["publish", "--api", "chat", "--version", "two"]],
])("with %s it says how it is used", async (_name, words) => {
  expect((await run(words)).code).toBe(2);
});
