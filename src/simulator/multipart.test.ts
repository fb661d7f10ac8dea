// The reader of multipart forms: the same form however it is cut, and a refusal for what is none.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FormReader } from "./multipart.ts";
import type { Form } from "./multipart.ts";
import { RefusedRequest } from "./refused-request.ts";

/** Reads a body in pieces that end at the given places. */
function read(body: Buffer, contentType: string, cuts: readonly number[]): Form {
  const reader = new FormReader(contentType, 4);
  let start = 0;
  for (const cut of [...cuts, body.length]) {
    reader.push(body.subarray(start, cut));
    start = cut;
  }
  return reader.finish();
}

const contentType = "multipart/form-data; boundary=b";
const body = Buffer.from(
  [
    "ignored",
    "--b",
    'Content-Disposition: form-data; name="model"',
    "",
    "m\r\n--",
    "--b",
    'Content-Disposition: form-data; name="file"; filename="a \\"b\\" %22c%22.txt"',
    "Content-Type: text/csv",
    "",
    "\r\n--not the end",
    "--b",
    'Content-Disposition: form-data; name="model"',
    "",
    "",
    "--b--",
    "ignored too",
  ].join("\r\n"),
);

const expected = {
  fields: new Map([["model", ["m\r\n--", ""]]]),
  files: [
    expect.objectContaining({ field: "file", filename: 'a "b" "c".txt', contentType: "text/csv", size: 15 }),
  ],
};

test("a form is the same wherever it is cut", () => {
  for (let cut = 0; cut <= body.length; cut += 1) expect(read(body, contentType, [cut])).toEqual(expected);
  const everywhere = Array.from({ length: body.length - 1 }, (_, index) => index + 1);
  expect(read(body, contentType, everywhere)).toEqual(expected);
});

test("what a client writes is what is read, for any bytes and cuts", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 5 }),
      fc.array(fc.nat(2_000), { maxLength: 5 }),
      async (contents, places) => {
        const form = new FormData();
        for (const content of contents) form.append("file", new Blob([new Uint8Array(content)]), "f");
        form.append("text", "é");
        const written = new Response(form);
        const bytes = Buffer.from(await written.arrayBuffer());
        const cuts = places.filter((place) => place < bytes.length).toSorted((one, other) => one - other);
        const { fields, files } = read(bytes, written.headers.get("content-type") ?? "", cuts);
        expect(fields.get("text")).toEqual(["é"]);
        expect(files.map(({ size }) => size)).toEqual(contents.map(({ length }) => length));
        expect(files.map(({ kept }) => [...kept])).toEqual(
          contents.map((content) => [...content.subarray(0, 4)]),
        );
      },
    ),
    { numRuns: 50 },
  );
});

const head = 'Content-Disposition: form-data; name="x"\r\n\r\n';
describe("a body that is no form is refused", () => {
  test.each([
    { name: "without a boundary", type: "multipart/form-data", text: "" },
    { name: "without its end", type: contentType, text: `--b\r\n${head}x` },
    { name: "with a part without a name", type: contentType, text: "--b\r\n\r\n\r\n\r\n--b--" },
    { name: "with something behind a delimiter", type: contentType, text: "--bx\r\n" },
    { name: "with endless headers", type: contentType, text: `--b\r\n${"a".repeat(20_000)}` },
    { name: "with too many parts", type: contentType, text: `--b\r\n${head}`.repeat(1_100) },
    {
      name: "with a field that is too large",
      type: contentType,
      text: `--b\r\n${head}${"a".repeat(2_000_000)}`,
    },
  ])("$name", ({ type, text }) => {
    expect(() => read(Buffer.from(text), type, [])).toThrow(RefusedRequest);
  });
});
