// Ways to bring forbidden words past the checks of a request, each by its name: none of them reaches the service.
import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { serviceAt } from "./support/configuration.ts";
import { startGateway, type Gateway } from "./support/gateway.ts";
import { createKeeper } from "./support/keeper.ts";
import { RawClient, type Answer, type RequestParts } from "./support/raw-client.ts";
import { startRawUpstream } from "./support/raw-upstream.ts";

const keep = createKeeper();

const checks = [
  { name: "words", type: "keywords", keywords: ["forbidden fruit", "verboten"] },
  { name: "mail", type: "regex", pattern: "[a-z]{1,20}@[a-z]{1,20}[.]example" },
];
const policy = { enabled: true, checks };

interface Scene {
  readonly gateway: Gateway;
  /** How many requests the service got. */
  readonly count: () => number;
}

async function scene(moderation: Readonly<Record<string, unknown>> = policy): Promise<Scene> {
  let count = 0;
  const upstream = keep(
    await startRawUpstream({
      onRequest: ({ connection }) => {
        count += 1;
        connection.socket.write(
          "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}",
        );
      },
    }),
  );
  const modelService = { mode: "single", target: { service: "up" } };
  const gateway = keep(
    await startGateway({
      services: [
        serviceAt(upstream.url, "openai", {
          protocols: [
            { protocol: "openai", baseUrl: upstream.url },
            { protocol: "anthropic", baseUrl: upstream.url },
            { protocol: "gemini", baseUrl: upstream.url },
            { protocol: "openai-responses", baseUrl: upstream.url },
          ],
        }),
      ],
      modelApis: [
        {
          name: "chat",
          useCase: "text-generation",
          protocols: ["openai", "anthropic", "gemini"],
          routes: {
            enabled: ["responses", "create-completion", "anthropic-files", "gemini-models"],
            custom: [{ name: "own", path: "/own", match: "prefix", methods: ["GET", "POST"] }],
          },
          modelService,
          moderation,
          retries: { max: 0 },
        },
        {
          name: "vectors",
          useCase: "embedding",
          protocols: ["openai"],
          basePath: "/vectors",
          stripBasePath: true,
          modelService,
          moderation,
          retries: { max: 0 },
        },
      ],
    }),
  );
  return { gateway, count: () => count };
}

async function asked({ gateway }: Scene, parts: Partial<RequestParts>): Promise<Answer> {
  const client = await RawClient.connect(gateway.port);
  const got = await client.request({ method: "POST", path: "/v1/chat/completions", ...parts });
  client.destroy();
  return got;
}

const chat = (more: object): string =>
  JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }], ...more });
const said = (content: unknown): string => chat({ messages: [{ role: "user", content }] });
const messages = (more: object): string => JSON.stringify({ model: "m", max_tokens: 9, ...more });
const gemini = "/v1beta/models/m:generateContent";
const contents = (parts: unknown): string => JSON.stringify({ contents: [{ role: "user", parts }] });
const json = [["content-type", "application/json"]] as const;
const base64 = (text: string, filler = 400): string =>
  Buffer.from(text.padEnd(filler, " .")).toString("base64");

function form(parts: readonly (readonly [head: string, content: string | Buffer])[]): Partial<RequestParts> {
  const pieces = parts.flatMap(([head, content]) => [
    Buffer.from(`--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n`),
    Buffer.from(content),
    Buffer.from("\r\n"),
  ]);
  return {
    path: "/v1/files",
    headers: [["content-type", "multipart/form-data; boundary=b"]],
    body: Buffer.concat([...pieces, Buffer.from("--b--\r\n")]),
  };
}

const file = (head: string, content: string | Buffer): Partial<RequestParts> =>
  form([
    ['name="purpose"', "user_data"],
    [`name="file"; ${head}`, content],
  ]);

const utf16 = (text: string, mark = true): Buffer => Buffer.from((mark ? "\ufeff" : "") + text, "utf16le");

const rows: readonly (readonly [name: string, parts: Partial<RequestParts>])[] = [
  [
    "cut over parts",
    {
      body: said([
        { type: "text", text: "forbid" },
        { type: "text", text: "den fruit" },
      ]),
    },
  ],
  [
    "cut over messages",
    {
      body: chat({
        messages: [
          { role: "user", content: "forbidden" },
          { role: "assistant", content: "fruit" },
        ],
      }),
    },
  ],
  [
    "as the name of who speaks",
    { body: chat({ messages: [{ role: "user", name: "verboten", content: "" }] }) },
  ],
  ["as a role of two words", { body: chat({ messages: [{ role: "forbidden fruit", content: "" }] }) }],
  [
    "in tool arguments, escaped twice",
    {
      body: chat({
        messages: [
          {
            role: "assistant",
            tool_calls: [
              {
                id: "c",
                type: "function",
                function: {
                  name: "f",
                  arguments: JSON.stringify({ a: "forbidden fruit" }).replace("f", "\\u0066"),
                },
              },
            ],
          },
        ],
      }),
    },
  ],
  [
    "as an address in tool arguments, escaped twice",
    {
      body: chat({
        messages: [
          {
            role: "assistant",
            tool_calls: [
              {
                id: "c",
                type: "function",
                function: { name: "f", arguments: '{"a":"anna\\u0040mail.example"}' },
              },
            ],
          },
        ],
      }),
    },
  ],
  [
    "as a member of tool arguments",
    {
      path: "/v1/messages",
      body: messages({
        messages: [
          { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: { verboten: 1 } }] },
        ],
      }),
    },
  ],
  [
    "as an id in the input of a tool",
    {
      path: "/v1/messages",
      body: messages({
        messages: [
          {
            role: "assistant",
            content: [{ type: "tool_use", id: "t", name: "f", input: { id: "verboten" } }],
          },
        ],
      }),
    },
  ],
  [
    "in the description of a tool",
    {
      body: chat({ tools: [{ type: "function", function: { name: "f", description: "forbidden fruit" } }] }),
    },
  ],
  [
    "as a definition of a schema",
    {
      body: chat({
        tools: [
          {
            type: "function",
            function: { name: "f", parameters: { $defs: { verboten: { type: "string" } } } },
          },
        ],
      }),
    },
  ],
  [
    "as a value that a schema allows",
    {
      body: chat({
        response_format: { type: "json_schema", json_schema: { name: "f", schema: { enum: ["verboten"] } } },
      }),
    },
  ],
  ["in metadata", { body: chat({ metadata: { verboten: "1" } }) }],
  [
    "in the beginning of the answer",
    {
      body: chat({
        messages: [
          { role: "user", content: "Hi" },
          { role: "assistant", content: "It is verb", prefix: true },
          { role: "assistant", content: "oten" },
        ],
      }),
    },
  ],
  [
    "as system",
    { path: "/v1/messages", body: messages({ system: [{ type: "text", text: "verboten" }], messages: [] }) },
  ],
  [
    "in the second of two members of one name",
    { body: '{"model":"m","messages":[{"role":"user","content":"Hi","content":"verboten"}]}' },
  ],
  [
    "in the first of two members of one name",
    { body: '{"model":"m","messages":[{"role":"user","content":"verboten","content":"Hi"}]}' },
  ],
  ["with escapes", { body: said("X").replace("X", "\\u0076erb\\u006Ften") }],
  ["with NUL between", { body: said("ver\0boten") }],
  ["with half a surrogate between", { body: said("X").replace("X", "ver\\ud800boten") }],
  ["with unseen characters between", { body: said("ver\u200b\u00adbo\u2060ten") }],
  ["in full width", { body: said("\uff56\uff45\uff52\uff42\uff4f\uff54\uff45\uff4e") }],
  ["with letters that look alike", { body: said("v\u0435rb\u043eten") }],
  ["with characters of tags", { body: said(`ver${String.fromCodePoint(0xe0041)}boten`) }],
  [
    "in a data URL of a text",
    {
      body: said([
        {
          type: "file",
          file: { filename: "a.txt", file_data: `data:text/plain;base64,${base64("forbidden fruit")}` },
        },
      ]),
    },
  ],
  [
    "in base64 of a text",
    {
      path: gemini,
      headers: json,
      body: contents([{ inlineData: { mimeType: "text/plain", data: base64("It is verboten") } }]),
    },
  ],
  [
    "in base64 of a text of UTF-16",
    {
      path: gemini,
      headers: json,
      body: contents([
        {
          inlineData: {
            mimeType: "text/plain",
            data: utf16("It is verboten".padEnd(200, " .")).toString("base64"),
          },
        },
      ]),
    },
  ],
  [
    "in base64 of an Anthropic document",
    {
      path: "/v1/messages",
      body: messages({
        messages: [
          {
            role: "user",
            content: [
              {
                type: "document",
                source: { type: "base64", media_type: "text/plain", data: base64("It is verboten") },
              },
            ],
          },
        ],
      }),
    },
  ],
  [
    "as the caption of a picture",
    {
      body: said([
        { type: "image_url", image_url: { url: "https://a.example/verboten.png", detail: "auto" } },
      ]),
    },
  ],
  [
    "in a field of a form",
    form([
      ['name="note"', "verboten"],
      ['name="file"; filename="a.txt"', "Hi"],
    ]),
  ],
  ["as the name of a file", file('filename="verboten.txt"', "Hi")],
  ["in a text file", file('filename="a.txt"\r\nContent-Type: text/plain', "It is verboten.")],
  [
    "in a text file that is called a picture",
    file('filename="a.txt"\r\nContent-Type: image/png', "It is verboten."),
  ],
  [
    "in a text file with a byte that is no text",
    file(
      'filename="a.txt"\r\nContent-Type: application/octet-stream',
      Buffer.from("It is verboten \xff", "latin1"),
    ),
  ],
  [
    "in a text file with a control character",
    file('filename="a.txt"\r\nContent-Type: application/octet-stream', "\u0001It is verboten, all of it"),
  ],
  [
    "in a text file of UTF-16",
    file('filename="a.txt"\r\nContent-Type: text/plain', utf16("It is verboten.")),
  ],
  [
    "in a text file of UTF-16 that does not say so",
    file('filename="a.txt"', utf16("It is verboten.", false)),
  ],
  [
    "in a line of JSON with escapes",
    file('filename="b.jsonl"', '{"custom_id":"1"}\n{"body":{"input":"anna\\u0040mail.example"}}'),
  ],
  [
    "in a line of JSON with escapes, in a file by another name",
    file(
      'filename="b.txt"\r\nContent-Type: text/plain',
      '{"custom_id":"1"}\n{"body":{"input":"anna\\u0040mail.example"}}',
    ),
  ],
  [
    "as text/plain that is JSON",
    { path: "/own", headers: [["content-type", "text/plain"]], body: '{"a":"anna\\u0040mail.example"}' },
  ],
  ["as JSON without a content type", { path: "/own", body: '{"a":"anna\\u0040mail.example"}' }],
  [
    "as JSON called bytes",
    {
      path: "/own",
      headers: [["content-type", "application/octet-stream"]],
      body: '{"a":"anna\\u0040mail.example"}',
    },
  ],
  [
    "as JSON called a picture",
    { path: "/own", headers: [["content-type", "image/png"]], body: '{"a":"verboten"}' },
  ],
  [
    "as JSON of UTF-16",
    {
      path: gemini,
      headers: [["content-type", "application/json; charset=utf-16"]],
      body: utf16('{"a":"verboten"}'),
    },
  ],
  [
    "as JSON of UTF-16 that does not say so",
    { path: gemini, headers: json, body: utf16('{"a":"verboten"}', false) },
  ],
  [
    "as JSON of UTF-7",
    {
      path: gemini,
      headers: [["content-type", "application/json; charset=utf-7"]],
      body: '{"a":"+AHYAZQByAGIAbwB0AGUAbg-"}',
    },
  ],
  [
    "as JSON with a byte order mark",
    { path: gemini, headers: json, body: '\ufeff{"a":"anna\\u0040mail.example"}' },
  ],
  [
    "as JSON with bytes that are no UTF-8",
    { path: gemini, headers: json, body: Buffer.from('{"a":"verb\xffoten"}', "latin1") },
  ],
  [
    "as a form of an address",
    {
      path: "/own",
      headers: [["content-type", "application/x-www-form-urlencoded"]],
      body: "a=anna%40mail.example",
    },
  ],
  [
    "compressed",
    {
      path: gemini,
      headers: [...json, ["content-encoding", "gzip"]],
      body: gzipSync(contents([{ text: "verboten" }])),
    },
  ],
  [
    "in Gemini's spelling with underscores",
    {
      path: gemini,
      headers: json,
      body: JSON.stringify({ system_instruction: { parts: [{ text: "verboten" }] }, contents: [] }),
    },
  ],
  [
    "in the answer of a function",
    {
      path: gemini,
      headers: json,
      body: contents([{ functionResponse: { name: "f", response: { status: "verboten" } } }]),
    },
  ],
  ["in the path", { path: "/own/forbidden%20fruit", headers: json, body: "{}" }],
  ["in the query", { path: "/own?q=forbidden%20fruit", headers: json, body: "{}" }],
  ["in the name of a value of the query", { path: "/own?forbidden%20fruit", headers: json, body: "{}" }],
  ["with GET", { method: "GET", path: "/own?q=forbidden+fruit" }],
  [
    "as input of an embedding",
    { path: "/vectors/v1/embeddings", body: JSON.stringify({ model: "m", input: ["a", "verboten"] }) },
  ],
  [
    "as the suffix of a completion",
    { path: "/v1/completions", body: JSON.stringify({ model: "m", prompt: "a", suffix: "verboten" }) },
  ],
  [
    "as a variable of a prompt",
    {
      path: "/v1/responses",
      body: JSON.stringify({
        model: "m",
        previous_response_id: "resp_1",
        prompt: { id: "p", variables: { a: "verboten" } },
      }),
    },
  ],
  [
    "as the name of a variable of a prompt",
    {
      path: "/v1/responses",
      body: JSON.stringify({ model: "m", prompt: { id: "p", variables: { verboten: "a" } } }),
    },
  ],
  [
    "in a function's answer",
    {
      path: "/v1/responses",
      body: JSON.stringify({
        model: "m",
        input: [{ type: "function_call_output", call_id: "c", output: "verboten" }],
      }),
    },
  ],
];

const padding = "[".repeat(300) + "]".repeat(300);
const sneaky: readonly (readonly [name: string, body: string | Buffer, headers: RequestParts["headers"]])[] =
  [
    [
      "nested too deep to be looked into",
      `{"x":${padding},"contents":[{"parts":[{"text":"verboten"}]}]}`,
      json,
    ],
    [
      "behind more texts than are looked at",
      JSON.stringify({ x: Array(200_001).fill("a"), contents: [{ parts: [{ text: "verboten" }] }] }),
      json,
    ],
    ["compressed", gzipSync(contents([{ text: "verboten" }])), [...json, ["content-encoding", "gzip"]]],
  ];

describe("a request", () => {
  test.each(sneaky)("%s is refused although failures of checks pass", async (_, body, headers) => {
    const made = await scene({ ...policy, onError: "pass" });
    const got = await asked(made, { path: gemini, body, headers });
    expect(made.count()).toBe(0);
    expect(await made.gateway.record(got.header("x-request-id"))).toMatchObject({
      status: 400,
      outcome: "blocked",
    });
  });

  test("that is compressed is refused on a route whose model is read", async () => {
    const made = await scene();
    const headers = [...json, ["content-encoding", "gzip"]] as const;
    const got = await asked(made, { headers, body: gzipSync(said("verboten")) });
    expect([got.status, made.count()]).toEqual([415, 0]);
  });

  test.each([
    [
      "a picture in base64",
      {
        inlineData: {
          mimeType: "image/png",
          data: Buffer.from("89504e470d0a1a0a0000000d49484452".padEnd(2_000, "0d8f41a7c3"), "hex").toString(
            "base64",
          ),
        },
      },
    ],
    ["a name of a variable", { text: "Hi", partMetadata: { value: "a" } }],
  ])("with %s passes", async (_, part) => {
    const made = await scene();
    await asked(made, { path: gemini, headers: json, body: contents([part]) });
    expect(made.count()).toBe(1);
  });
});

describe("forbidden words do not reach the service", () => {
  test.each(rows)("%s", async (_, parts) => {
    const made = await scene();
    const got = await asked(made, parts);
    expect(made.count()).toBe(0);
    expect(got.status).toBeGreaterThanOrEqual(400);
    expect(got.text()).not.toMatch(/verboten|forbidden fruit/i);
    const record = await made.gateway.record(got.header("x-request-id"));
    expect(`${record.status} ${record.outcome} ${record.errorCode}`).toBe("400 blocked content_blocked");
  });
});
