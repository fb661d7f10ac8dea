import { describe, expect, test } from "vitest";
import { bodyOf, boundary, field, file, halves, outcome, scan, single } from "./multipart-fixture.ts";
import { boundaryOf } from "./multipart-header.ts";
import { isStreamAsked } from "./multipart.ts";

/** The same outcome, wherever the body is cut. */
function expectEverywhere(body: Buffer, expected: unknown): void {
  expect(outcome([body])).toEqual(expected);
  expect(outcome(single(body))).toEqual(expected);
  for (let at = 0; at <= body.length; at++)
    expect(outcome(halves(body, at)), `cut at ${at}`).toEqual(expected);
}

function found(body: Buffer, model: string | undefined, stream?: string): unknown {
  const at = (value: string | undefined, name: string): unknown => {
    if (value === undefined) return undefined;
    const start = body.indexOf("\r\n\r\n", body.indexOf(`name="${name}"`)) + 4;
    return { value, start, end: start + Buffer.byteLength(value) };
  };
  return { model: at(model, "model"), stream: at(stream, "stream") };
}

describe("a form", () => {
  test.each([
    ["with the model first", bodyOf([field("model", "gpt-image-1"), file("x")]), "gpt-image-1", undefined],
    [
      "with the model after a file",
      bodyOf([file("\r\n--\r\n--bOund\r\n"), field("model", "m")]),
      "m",
      undefined,
    ],
    ["with a stream", bodyOf([field("model", "mé"), field("stream", "true"), file("")]), "mé", "true"],
    [
      "without either",
      bodyOf([field("prompt", "model"), file('name="model"\r\n\r\nx')]),
      undefined,
      undefined,
    ],
    ["with an empty model", bodyOf([field("model", ""), file("x")]), "", undefined],
    ["with an empty file before", bodyOf([file(""), field("model", "m")]), "m", undefined],
    ["with words before it", bodyOf([field("model", "m")], { preamble: "words\r\n" }), "m", undefined],
    ["with an empty line before it", bodyOf([field("model", "m")], { preamble: "\r\n" }), "m", undefined],
    ["with words after it", bodyOf([field("model", "m")], { end: " \t\r\n--x\r\nwords" }), "m", undefined],
    ["that ends with its boundary", bodyOf([field("model", "m")], { end: "" }), "m", undefined],
    [
      "with a content type of the model",
      bodyOf([field("model", "m", "\r\nContent-Type: text/plain; charset=utf-8")]),
      "m",
      undefined,
    ],
    ["with a line end in the model", bodyOf([field("model", "a\r\n-b\r")]), "a\r\n-b\r", undefined],
    [
      "with a content that ends like a boundary",
      bodyOf([field("model", "m"), file("\r\n--bOundary'\r\n-")]),
      "m",
      undefined,
    ],
  ])("%s is read wherever it is cut", (_, body, model, stream) => {
    expectEverywhere(body, found(body, model, stream));
  });

  test("is read with names without quotes, headers in any case, and white space after boundaries", () => {
    const text = `--${boundary} \t\r\ncontent-disposition:FORM-DATA;name=model\r\nX: y\r\n\r\nm\r\n--${boundary}--`;
    expectEverywhere(Buffer.from(text), {
      model: expect.objectContaining({ value: "m" }),
      stream: undefined,
    });
  });

  test.each([
    ["true", true],
    ["True", true],
    ["1", true],
    ["false", false],
    ["", false],
    ["yes", false],
  ])("asks for a stream by %s: %s", (value, expected) => {
    expect(isStreamAsked({ value, start: 0, end: 0 })).toBe(expected);
    expect(isStreamAsked(undefined)).toBe(false);
  });
});

describe("a form is refused", () => {
  const headers = (text: string): Buffer => bodyOf([{ headers: text, content: Buffer.from("x") }]);
  test.each([
    ["empty", Buffer.alloc(0), "it holds no part"],
    ["without a boundary", Buffer.from("model=m"), "it holds no part"],
    ["cut off in a part", bodyOf([field("model", "m")]).subarray(0, -8), "it ends before its last boundary"],
    [
      "cut off in the last boundary",
      bodyOf([field("model", "m")], { end: "" }).subarray(0, -1),
      "it ends before its last boundary",
    ],
    [
      "cut off in the last line end",
      bodyOf([field("model", "m")], { end: "\r" }),
      "it ends before its last boundary",
    ],
    [
      "with line feeds alone",
      Buffer.from(`--${boundary}\nContent-Disposition: form-data; name="model"\n\nm\n--${boundary}--\n`),
      "a boundary is followed by other text on its line",
    ],
    [
      "with a longer boundary",
      Buffer.from(`--${boundary}8\r\n\r\n`),
      "a boundary is followed by other text on its line",
    ],
    [
      "with one hyphen after a boundary",
      Buffer.from(`--${boundary}-\r\n`),
      "a boundary is followed by other text on its line",
    ],
    [
      "with text after the last boundary",
      bodyOf([field("model", "m")], { end: "x" }),
      "a boundary is followed by other text on its line",
    ],
    [
      "with a part without headers",
      Buffer.from(`--${boundary}\r\n\r\nx\r\n--${boundary}--`),
      "a part has no headers",
    ],
    [
      "with a boundary where a blank line is due",
      Buffer.from(
        `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n--${boundary}\r\nContent-Disposition: form-data; name="model"\r\n\r\nm\r\n--${boundary}--`,
      ),
      "the headers of a part do not end with a blank line",
    ],
    ["without a disposition", headers("Content-Type: text/plain"), "a part has no Content-Disposition"],
    [
      "with another disposition",
      headers('Content-Disposition: attachment; name="model"'),
      "the Content-Disposition of a part is not form-data",
    ],
    [
      "with two dispositions",
      headers('Content-Disposition: form-data; name="a"\r\nContent-disposition: form-data; name="model"'),
      "a part has two Content-Disposition headers",
    ],
    ["without a name", headers("Content-Disposition: form-data"), "a part has no name"],
    [
      "with two names",
      headers('Content-Disposition: form-data; name="a"; name="model"'),
      "a header has two parameters `name`",
    ],
    [
      "with an encoded name",
      headers("Content-Disposition: form-data; name=\"a\"; name*=utf-8''model"),
      "the name of a part is encoded",
    ],
    [
      "with a backslash in a name",
      headers(String.raw`Content-Disposition: form-data; name="mo\del"`),
      "the name of a part is encoded",
    ],
    [
      "with an open quote",
      headers('Content-Disposition: form-data; name="model'),
      "a parameter of a header cannot be read",
    ],
    [
      "with text after a quote",
      headers('Content-Disposition: form-data; name="model"x'),
      "a parameter of a header cannot be read",
    ],
    [
      "with a folded header",
      headers('Content-Disposition: form-data;\r\n name="model"'),
      "a header line of a part cannot be read",
    ],
    [
      "with a bare line feed in a header",
      headers('Content-Disposition: form-data; name="a"\nX: y'),
      "a header line of a part cannot be read",
    ],
    [
      "with a NUL in a header",
      headers('Content-Disposition: form-data; name="a\0"'),
      "a header line of a part cannot be read",
    ],
    [
      "with a line without a colon",
      headers('Content-Disposition: form-data; name="a"\r\nX'),
      "a header line of a part cannot be read",
    ],
    [
      "with a space before a colon",
      headers('Content-Disposition : form-data; name="model"'),
      "a header line of a part cannot be read",
    ],
  ])("%s", (_, body, what) => {
    expectEverywhere(body, `The multipart body is malformed: ${what}.`);
  });

  test.each([
    ["two models", bodyOf([field("model", "a"), field("model", "a")]), "`model` occurs twice in the form."],
    [
      "a model in a file",
      bodyOf([field("model", "a", '; filename="a"')]),
      "`model` must be a text part of the form.",
    ],
    [
      "a model in base64",
      bodyOf([field("model", "YQ==", "\r\nContent-Transfer-Encoding: base64")]),
      "`model` must be a text part of the form.",
    ],
    ["a model that is no text", bodyOf([field("model", Buffer.from([0xff]))]), "`model` is not valid UTF-8."],
    [
      "two streams",
      bodyOf([field("stream", "1"), field("stream", "0")]),
      "`stream` occurs twice in the form.",
    ],
  ])("with %s", (_, body, message) => {
    expectEverywhere(body, message);
  });

  test.each([
    [
      "a model of 4,097 bytes",
      bodyOf([field("model", "m".repeat(4_097))]),
      "`model` is longer than 4096 bytes.",
    ],
    [
      "a model that does not end",
      bodyOf([field("model", "m".repeat(100_000))]),
      "`model` is longer than 4096 bytes.",
    ],
    [
      "headers of more than 16 KiB",
      bodyOf([field("a", "", `\r\nX: ${"y".repeat(16_400)}`)]),
      "The multipart body is malformed: the headers of a part are longer than 16384 bytes.",
    ],
    [
      "headers that do not end",
      Buffer.from(`--${boundary}\r\nX: ${"y".repeat(40_000)}`),
      "The multipart body is malformed: the headers of a part are longer than 16384 bytes.",
    ],
    [
      "much white space after a boundary",
      Buffer.from(`--${boundary}${" ".repeat(65)}\r\n`),
      "The multipart body is malformed: a boundary is followed by other text on its line.",
    ],
    [
      "1,001 parts",
      bodyOf(Array.from({ length: 1_001 }, () => field("a", "b"))),
      "The multipart body is malformed: it has more than 1000 parts.",
    ],
  ])("with %s", (_, body, message) => {
    expect(outcome([body])).toBe(message);
    expect(outcome(single(body))).toBe(message);
  });

  test.each([
    ["a model of 4,096 bytes", bodyOf([field("model", "m".repeat(4_096))])],
    ["headers of almost 16 KiB", bodyOf([field("a", "", `\r\nX: ${"y".repeat(16_300)}`)])],
    ["1,000 parts", bodyOf(Array.from({ length: 1_000 }, () => field("a", "b")))],
  ])("but not with %s", (_, body) => {
    expect(outcome([body])).toBeTypeOf("object");
    expect(outcome(single(body))).toEqual(outcome([body]));
  });
});

describe("the boundary", () => {
  test.each([
    ["a plain one", "multipart/form-data; boundary=abc", "abc"],
    ["a quoted one", 'multipart/form-data; boundary="a b:c"', "a b:c"],
    ["other parameters", "Multipart/Form-Data; charset=utf-8 ; BOUNDARY=abc;", "abc"],
    ["70 characters", `multipart/form-data; boundary=${"b".repeat(70)}`, "b".repeat(70)],
  ])("is read: %s", (_, contentType, expected) => {
    expect(boundaryOf(contentType)).toBe(expected);
  });

  test.each([
    ["another type", "multipart/mixed; boundary=a", "its content type is not multipart/form-data"],
    ["none", "multipart/form-data", "its content type names no boundary"],
    ["two", "multipart/form-data; boundary=a; boundary=b", "a header has two parameters `boundary`"],
    [
      "71 characters",
      `multipart/form-data; boundary=${"b".repeat(71)}`,
      "its boundary is not one of 1 to 70 allowed characters",
    ],
    [
      "an empty one",
      'multipart/form-data; boundary=""',
      "its boundary is not one of 1 to 70 allowed characters",
    ],
    [
      "a space at its end",
      'multipart/form-data; boundary="a "',
      "its boundary is not one of 1 to 70 allowed characters",
    ],
    ["text that is no parameter", "multipart/form-data; boundary", "a parameter of a header cannot be read"],
  ])("is refused: %s", (_, contentType, what) => {
    expect(() => boundaryOf(contentType)).toThrow(what);
  });
});

describe("parts", () => {
  const upload = bodyOf([
    field("image", "PNG", '; filename="a b.png"\r\nContent-Type: image/png'),
    field("subfolder", "in/out"),
    field("overwrite", "true"),
    field("type", "x".repeat(5_000)),
    field("other", "kept to itself"),
  ]);

  test.each([
    ["whole", [upload]],
    ["byte by byte", single(upload)],
  ])("are named with their files, and short ones of meaning with their values, %s", (_, pieces) => {
    expect(scan(pieces).parts).toEqual([
      { name: "image", filename: "a b.png", value: undefined },
      { name: "subfolder", filename: undefined, value: "in/out" },
      { name: "overwrite", filename: undefined, value: "true" },
      { name: "type", filename: undefined, value: undefined },
      { name: "other", filename: undefined, value: undefined },
    ]);
  });
});
