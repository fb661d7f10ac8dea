// Ways in which an answer may bring forbidden words to a client past the checks, each by its name.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { apiOf, serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { RawClient, type Answer } from "./support/raw-client.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();

const checks = [
  { name: "words", type: "keywords", keywords: ["forbidden fruit", "verboten"] },
  { name: "mail", type: "regex", pattern: "[a-z]{1,20}@[a-z]{1,20}[.]example" },
];

interface Row {
  readonly type: string;
  readonly body: string | Buffer;
  readonly status?: number;
  readonly coding?: string;
  readonly stream?: boolean;
}

async function served({ type, body, status = 200, coding }: Row): Promise<Gateway> {
  const bytes = Buffer.from(body);
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection: { socket } }) => {
        const lines = [
          `HTTP/1.1 ${status} OK`,
          ...(type === "" ? [] : [`content-type: ${type}`]),
          ...(coding === undefined ? [] : [`content-encoding: ${coding}`]),
          `content-length: ${bytes.length}`,
        ];
        socket.write(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), bytes]));
      },
    }),
  );
  return keep(
    await startGateway({
      services: [serviceAt(upstream.url, "openai")],
      modelApis: [apiOf("openai", { moderation: { enabled: true, checks }, retries: { max: 0 } })],
    }),
  );
}

async function asked(gateway: Gateway, stream: boolean): Promise<Answer> {
  const client = await RawClient.connect(gateway.port);
  const got = await client.request({
    method: "POST",
    path: "/v1/chat/completions",
    body: JSON.stringify({ model: "m", stream, messages: [{ role: "user", content: "Hi" }] }),
  });
  client.destroy();
  return got;
}

const events = "text/event-stream";
const delta = (content: string, index = 0): string =>
  JSON.stringify({
    id: "c1",
    object: "chat.completion.chunk",
    choices: [{ index, delta: { content }, finish_reason: null }],
  });
const chunk = (content: string, index = 0): string => `data: ${delta(content, index)}\n\n`;
const last = `data: ${JSON.stringify({ id: "c1", choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`;
const whole = (content: string): string =>
  JSON.stringify({
    id: "c1",
    choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }],
  });
const call = (index: number, text: string): string =>
  `data: ${JSON.stringify({ choices: [{ index: 0, delta: { tool_calls: [{ index, function: { arguments: text } }] } }] })}\n\n`;

const rows: readonly (readonly [name: string, row: Row])[] = [
  [
    "several lines of data",
    { type: events, body: `data: ${delta("verboten").replace(",", ",\ndata: ")}\n\n${last}` },
  ],
  [
    "data without a space",
    { type: events, body: `data:${delta("ver")}\n\ndata:${delta("boten")}\n\n${last}` },
  ],
  [
    "carriage returns alone",
    { type: events, body: `${chunk("ver")}${chunk("boten")}${last}`.replaceAll("\n", "\r") },
  ],
  [
    "both line ends",
    { type: events, body: `${chunk("ver")}${chunk("boten")}${last}`.replaceAll("\n", "\r\n") },
  ],
  ["a comment", { type: events, body: `: verboten\n\n${chunk("Hi")}${last}` }],
  ["a comment inside of an event", { type: events, body: `: verboten\n${chunk("Hi")}${last}` }],
  ["the name of an event", { type: events, body: `event: forbidden fruit\n${chunk("Hi")}${last}` }],
  ["the id of an event", { type: events, body: `id: forbidden fruit\n${chunk("Hi")}${last}` }],
  ["a field that nobody knows", { type: events, body: `dat: verboten\n${chunk("Hi")}${last}` }],
  ["a line without a field", { type: events, body: `verboten\n${chunk("Hi")}${last}` }],
  [
    "choices that take turns",
    { type: events, body: `${chunk("ver")}${chunk("Hi", 1)}${chunk("boten")}${chunk("Ho", 1)}${last}` },
  ],
  [
    "calls of tools that take turns",
    { type: events, body: `${call(0, '{"a":"ver')}${call(1, '{"a":"x')}${call(0, 'boten"}')}${last}` },
  ],
  [
    "words between thoughts",
    {
      type: events,
      body: `${chunk("ver")}${chunk("x").replace('"content"', '"reasoning_content"')}${chunk("boten")}${last}`,
    },
  ],
  [
    "thoughts",
    {
      type: events,
      body: `${chunk("ver")}${chunk("boten")}${last}`.replaceAll('"content"', '"reasoning_content"'),
    },
  ],
  ["an end inside of an event", { type: events, body: chunk("verboten").trimEnd() }],
  ["an end without [DONE]", { type: events, body: `${chunk("ver")}${chunk("boten")}` }],
  [
    "escapes",
    {
      type: events,
      body: `${chunk("X").replace("X", "\\u0076er")}${chunk("X").replace("X", "b\\u006ften")}${last}`,
    },
  ],
  ["an error in a stream", { type: events, body: `data: {"error":{"message":"verboten","type":"x"}}\n\n` }],
  ["JSON that is called a stream", { type: events, body: whole("verboten") }],
  [
    "JSON over lines that is called a stream",
    { type: events, body: JSON.stringify(JSON.parse(whole("verboten")), null, 1).replaceAll("\n", "\n\n") },
  ],
  [
    "a stream that is called JSON",
    { type: "application/json", body: `${chunk("ver")}${chunk("boten")}${last}` },
  ],
  ["a stream that is called text", { type: "text/plain", body: `${chunk("ver")}${chunk("boten")}${last}` }],
  ["a stream that is called nothing", { type: "", body: `${chunk("ver")}${chunk("boten")}${last}` }],
  ["JSON that is called bytes", { type: "application/octet-stream", body: whole("verboten"), stream: false }],
  ["JSON that is called sound", { type: "audio/mpeg", body: whole("verboten"), stream: false }],
  ["JSON that is called a picture", { type: "image/png", body: whole("verboten"), stream: false }],
  [
    "JSON that is called text",
    { type: "text/plain", body: whole("X").replace("X", "anna\\u0040mail.example"), stream: false },
  ],
  ["JSON that is called nothing", { type: "", body: whole("verboten"), stream: false }],
  [
    "compressed JSON",
    { type: "application/json", body: gzipSync(whole("verboten")), coding: "gzip", stream: false },
  ],
  [
    "a compressed stream",
    { type: events, body: gzipSync(`${chunk("ver")}${chunk("boten")}${last}`), coding: "gzip" },
  ],
  [
    "a coding that is not known",
    { type: "application/json", body: whole("verboten"), coding: "rot13", stream: false },
  ],
  [
    "a stream in a coding that is not known",
    { type: events, body: `${chunk("verboten")}${last}`, coding: "rot13" },
  ],
  [
    "an error of the service",
    { type: "application/json", status: 400, body: '{"error":{"message":"verboten"}}', stream: false },
  ],
  [
    "an error of the service as text",
    { type: "text/html", status: 400, body: "<h1>verboten</h1>", stream: false },
  ],
  ["an error called a stream", { type: events, status: 400, body: '{"error":{"message":"verboten"}}' }],
  [
    "a text file in base64",
    {
      type: "application/json",
      stream: false,
      body: JSON.stringify({
        id: "c1",
        choices: [
          {
            index: 0,
            message: {
              role: "assistant",
              content: "",
              audio: { data: Buffer.from("It is verboten.".repeat(30)).toString("base64") },
            },
            finish_reason: "stop",
          },
        ],
      }),
    },
  ],
];

describe("forbidden words of an answer do not reach the client by", () => {
  test.each(rows)("%s", async (_, row) => {
    const gateway = await served(row);
    const got = await asked(gateway, row.stream ?? true);
    const plain = Buffer.from(got.body).toString();
    expect(plain).not.toMatch(/boten|forbidden fruit|anna/);
    expect(plain).not.toContain(Buffer.from("It is verboten.").toString("base64").slice(0, 12));
    const record = await gateway.record(got.header("x-request-id"));
    expect(["blocked", "upstream_error"]).toContain(record.outcome);
  });
});
