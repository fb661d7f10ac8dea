// Forbidden words hidden in forms, files, addresses and bodies under a false name. Must not know what becomes of them.
import { gzipSync } from "node:zlib";
import { contents, file, form, gemini, json, utf16 } from "./attack-bodies.ts";
import type { RequestParts } from "./raw-client.ts";

export const otherAttacks: readonly (readonly [name: string, parts: Partial<RequestParts>])[] = [
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
