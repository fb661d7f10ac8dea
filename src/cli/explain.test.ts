// `explain` from its words to its lines, against a small admin API on a real socket.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestTerminal } from "../../test/support/test-terminal.ts";
import { main } from "./main.ts";

const bodyText = '{ "model": "m" }\n';

let folder = "";
let url = "";
let seen: { line: string; body: string }[] = [];
let answer: { status: number; body: object };

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    seen.push({ line: `${request.method} ${request.url}`, body: Buffer.concat(chunks).toString() });
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-explain-"));
  await writeFile(join(folder, "body.json"), bodyText);
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
  answer = { status: 200, body: {} };
});

/** `FOLDER` stands for the folder of the test. */
async function run(words: string): Promise<{ code: number; printed: string[]; noted: string[] }> {
  const token = "an-admin-token-of-32-characters!";
  const terminal = createTestTerminal({ MOONGATE_ADMIN_URL: url, MOONGATE_ADMIN_TOKEN: token });
  const line = ["explain", ...words.split(" ").map((word) => word.replace(/^FOLDER/, folder))];
  const code = await main(line, terminal);
  return { code, printed: terminal.printed, noted: terminal.noted };
}

const target = { service: "a", model: "m", url: "https://a.test/v1", standing: "ready", reason: "" };
const explanation = {
  route: "create-chat-completion",
  protocol: "openai",
  reason: "",
  policies: [{ name: "authentication", verdict: "refused", reason: "no API key" }],
  refusal: { status: 401, code: "invalid_credentials", message: "Missing." },
  decision: {
    mode: "by-metrics",
    reason: "lowest expected cost",
    candidates: [
      { service: "a", model: "m", reason: "", ttftMs: 120 },
      { service: "b", model: "", reason: "ejected after failures" },
    ],
  },
  order: [{ ...target, firstPacketTimeoutMs: 0 }],
  fallback: [
    { ...target, service: "b", url: "", standing: "foreign", reason: "does not speak it" },
    { ...target, service: "c", model: "", firstPacketTimeoutMs: 2000 },
  ],
  fallbackOn: ["timeout", "upstream-5xx"],
};

test("prints what would become of the request", async () => {
  answer = { status: 200, body: explanation };
  expect(await run("--api chat --path /v1/chat/completions")).toEqual({
    code: 0,
    noted: [],
    printed: [
      "route     create-chat-completion (openai)",
      "refused   401 invalid_credentials: Missing.",
      "policies  authentication: refused (no API key)",
      "decision  by-metrics: lowest expected cost",
      "          - a m, ttftMs 120",
      "          - b (ejected after failures)",
      "order     a as m: ready",
      "            https://a.test/v1",
      "fallback  b as m: foreign (does not speak it)",
      "          c, first packet within 2000 ms: ready",
      "            https://a.test/v1",
      "on        timeout, upstream-5xx",
    ],
  });
  expect(seen).toMatchObject([{ line: "POST /api/v1/model-apis/chat/explain" }]);
  expect(JSON.parse(seen[0]?.body ?? "")).toEqual({ path: "/v1/chat/completions", headers: {} });
});

test("prints what a model was chosen by", async () => {
  const prompt = {
    language: "en",
    complexity: 0.25,
    domains: [
      { name: "code", probability: 0.81 },
      { name: "data", probability: 0.1 },
    ],
    source: "engine",
    familiarity: 0,
  };
  const evidence = { profile: "cheap", defaultModel: "large", previous: "small", prompt, inToolLoop: true };
  const candidates = [
    { service: "a", model: "small", reason: "", quality: 0.6, utility: 0.5, costUsd: 0.0001 },
  ];
  const decision = {
    mode: "intelligent",
    reason: "best",
    candidates,
    routing: { router: "1.ab.0", evidence },
  };
  answer = { status: 200, body: { ...explanation, decision } };
  const { printed } = await run("--api chat --path /v1/chat/completions");
  expect(printed.slice(3, 7)).toEqual([
    "decision  intelligent: best",
    "          prompt: domains code 0.81 data 0.1, by engine, language en, complexity 0.25, familiarity 0",
    "          profile cheap, default large, before small, in a loop of tools, router 1.ab.0",
    "          - a small, quality 0.6, utility 0.5, costUsd 0.0001",
  ]);
});

test("says why there is no route", async () => {
  answer = { status: 200, body: { route: null, reason: "Nobody serves it." } };
  expect((await run("--api chat --path /x")).printed).toEqual([
    "route     none",
    "          Nobody serves it.",
  ]);
});

test("sends method, host, headers and the file as it is", async () => {
  const { code, printed } = await run(
    "--api a/b --path /x?y=1 --method GET --host h --header a:1 --header A:2 --header b: --body FOLDER/body.json --json",
  );
  expect({ code, printed }).toEqual({ code: 0, printed: ["{}"] });
  expect(seen[0]?.line).toBe("POST /api/v1/model-apis/a%2Fb/explain");
  expect(JSON.parse(seen[0]?.body ?? "")).toEqual({
    path: "/x?y=1",
    method: "GET",
    host: "h",
    headers: { a: "1, 2", b: "" },
    body: bodyText,
  });
});

test("a Model API that does not exist is told", async () => {
  answer = { status: 404, body: { error: { message: "There is no Model API x." } } };
  const { code, noted } = await run("--api x --path /");
  expect({ code, noted }).toEqual({
    code: 1,
    noted: [expect.stringMatching(/404\): There is no Model API x/)],
  });
});

test.each([
  ["a body that is not there", "--body FOLDER/missing", 1, /missing: cannot be read \(ENOENT\).*--body FILE/],
  ["a header without a colon", "--header secret", 2, /must look like "name: value"/],
  ["an option that is not known", "--port 1", 2, /Unknown option/],
])("%s is refused", async (_name, words, code, message) => {
  const told = await run(`--api chat --path / ${words}`);
  expect(told).toMatchObject({ code, printed: [] });
  expect(told.noted.join("\n")).toMatch(message);
  expect(told.noted.join("\n")).not.toContain("secret");
});
