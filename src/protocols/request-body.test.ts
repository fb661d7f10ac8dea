import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { GatewayError } from "../core/errors.ts";
import { patchRequestBody, readRequestBody } from "./request-body.ts";

function refusal(body: Buffer): GatewayError {
  try {
    readRequestBody(body);
  } catch (error) {
    if (error instanceof GatewayError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

describe("readRequestBody", () => {
  test.each([
    ["both", '{"model":"gpt","stream":true}', "gpt", true],
    ["neither", "{}", undefined, false],
    ["stream false", '{"stream":false}', undefined, false],
    ["stream null", '{"stream":null}', undefined, false],
    ["an escaped model", String.raw`{"model":"a\/b\u00e9\n"}`, "a/bé\n", false],
    ["an escaped key", String.raw`{"mod\u0065l":"m","str\u0065am":true}`, "m", true],
    ["an empty model", '{"model":""}', "", false],
  ])("reads %s", (_, text, model, stream) => {
    expect(readRequestBody(Buffer.from(text))).toMatchObject({ stream, model });
  });

  test.each([
    ["an empty body", Buffer.alloc(0), /empty/, undefined],
    ["white space", Buffer.from(" \n"), /empty/, undefined],
    ["an array", Buffer.from("[]"), /one JSON object/, undefined],
    ["a byte order mark", Buffer.from("\ufeff{}"), /byte order mark/, undefined],
    ["UTF-16", Buffer.from("{}", "utf16le"), /not valid JSON/, undefined],
    ["invalid UTF-8", Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]), /UTF-8/, undefined],
    [
      "a surrogate in UTF-8 bytes",
      Buffer.from([0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d]),
      /UTF-8/,
      undefined,
    ],
    ["trailing bytes", Buffer.from("{} x"), /byte 3/, undefined],
    ["too deep", Buffer.from(`{"a":${"[".repeat(200)}`), /128 levels/, undefined],
    ["two models", Buffer.from('{"model":"a","model":"a"}'), /twice/, "model"],
    ["two models, one escaped", Buffer.from(String.raw`{"model":"a","mod\u0065l":"b"}`), /twice/, "model"],
    ["two streams", Buffer.from('{"stream":true,"stream":true}'), /twice/, "stream"],
    ["model null", Buffer.from('{"model":null}'), /string/, "model"],
    ["model number", Buffer.from('{"model":1}'), /string/, "model"],
    ["model object", Buffer.from('{"model":{}}'), /string/, "model"],
    ["stream string", Buffer.from('{"stream":"true"}'), /true or false/, "stream"],
    ["stream number", Buffer.from('{"stream":1}'), /true or false/, "stream"],
  ])("refuses %s", (_, body, message, param) => {
    expect(refusal(body)).toMatchObject({ code: "invalid_request", status: 400, param });
    expect(refusal(body).message).toMatch(message);
  });
});

function patch(text: string, change: { model?: string; askUsage?: boolean }) {
  const body = Buffer.from(text);
  const result = patchRequestBody(body, readRequestBody(body), { askUsage: false, ...change });
  return { text: result.body.toString(), same: result.body === body, asked: result.askedUsage };
}

describe("patchRequestBody: model", () => {
  test.each([
    ["replaces the value only", ' { "model" :  "a" , "x":1.0 } ', "b", ' { "model" :  "b" , "x":1.0 } '],
    ["escapes the new name", '{"model":"a"}', 'b"\\é', String.raw`{"model":"b\"\\é"}`],
    ["inserts a missing one", '{"x":1}', "b", '{"model":"b","x":1}'],
    ["inserts without comma into an empty object", " { } ", "b", ' {"model":"b" } '],
    ["finds an escaped key", String.raw`{"mod\u0065l":"a"}`, "b", String.raw`{"mod\u0065l":"b"}`],
  ])("%s", (_, text, model, expected) => {
    expect(patch(text, { model })).toEqual({ text: expected, same: false, asked: false });
  });

  test.each([
    ["no target model", '{"model":"a"}', {}],
    ["the same model", '{"model":"a"}', { model: "a" }],
    ["the same model written with escapes", String.raw`{"model":"\u0061"}`, { model: "a" }],
    ["usage asked of a plain request", '{"model":"a"}', { askUsage: true }],
  ])("hands back the same buffer: %s", (_, text, change) => {
    expect(patch(text, change)).toMatchObject({ text, same: true, asked: false });
  });
});

describe("patchRequestBody: usage", () => {
  test.each([
    ["absent", '{"stream":true}', '{"stream_options":{"include_usage":true},"stream":true}'],
    [
      "null",
      '{"stream":true,"stream_options": null }',
      '{"stream":true,"stream_options": {"include_usage":true} }',
    ],
    [
      "empty",
      '{"stream":true,"stream_options":{ }}',
      '{"stream":true,"stream_options":{"include_usage":true }}',
    ],
    [
      "without the flag",
      '{"stream":true,"stream_options":{"include_obfuscation":false}}',
      '{"stream":true,"stream_options":{"include_usage":true,"include_obfuscation":false}}',
    ],
    [
      "with the flag false",
      '{"stream_options":{"include_usage": false},"stream":true}',
      '{"stream_options":{"include_usage": true},"stream":true}',
    ],
    [
      "with the flag null",
      '{"stream_options":{"include_usage":null},"stream":true}',
      '{"stream_options":{"include_usage":true},"stream":true}',
    ],
  ])("asks when stream_options is %s", (_, text, expected) => {
    expect(patch(text, { askUsage: true })).toEqual({ text: expected, same: false, asked: true });
  });

  test.each([
    ["the client asked", '{"stream":true,"stream_options":{"include_usage":true}}'],
    ["stream_options stands twice", '{"stream":true,"stream_options":{},"stream_options":{}}'],
    ["stream_options is a string", '{"stream":true,"stream_options":"x"}'],
    ["stream_options is an array", '{"stream":true,"stream_options":[]}'],
    [
      "the flag stands twice",
      '{"stream":true,"stream_options":{"include_usage":false,"include_usage":false}}',
    ],
    ["the flag is a string", '{"stream":true,"stream_options":{"include_usage":"no"}}'],
    ["stream is false", '{"stream":false,"stream_options":{}}'],
    ["stream is null", '{"stream":null}'],
  ])("leaves the body alone when %s", (_, text) => {
    expect(patch(text, { askUsage: true })).toEqual({ text, same: true, asked: false });
  });

  test.each([
    [
      "both missing",
      '{"stream":true}',
      '{"model":"b","stream_options":{"include_usage":true},"stream":true}',
    ],
    [
      "both present, options first",
      '{"stream_options":{},"stream":true,"model":"a"}',
      '{"stream_options":{"include_usage":true},"stream":true,"model":"b"}',
    ],
    [
      "options missing",
      '{"model":"a","stream":true}',
      '{"stream_options":{"include_usage":true},"model":"b","stream":true}',
    ],
  ])("changes model and usage at once: %s", (_, text, expected) => {
    expect(patch(text, { askUsage: true, model: "b" }).text).toBe(expected);
  });
});

test("patched bodies mean what was asked and nothing else changes", () => {
  const rest = fc.dictionary(fc.string(), fc.jsonValue());
  const options = fc.constantFrom(
    undefined,
    null,
    {},
    { include_usage: false },
    { a: 1 },
    { include_usage: true },
  );
  fc.assert(
    fc.property(
      rest,
      options,
      fc.option(fc.string(), { nil: undefined }),
      fc.string(),
      (other, streamOptions, model, target) => {
        const request = { ...other, model, stream: true, stream_options: streamOptions };
        const body = Buffer.from(JSON.stringify(request));
        const result = patchRequestBody(body, readRequestBody(body), { model: target, askUsage: true });
        const expected: unknown = JSON.parse(
          JSON.stringify({
            ...request,
            model: target,
            stream_options: { ...streamOptions, include_usage: true },
          }),
        );
        expect(JSON.parse(result.body.toString())).toEqual(expected);
        expect(result.askedUsage).toBe(streamOptions?.include_usage !== true);
      },
    ),
    { numRuns: 1_000 },
  );
});
