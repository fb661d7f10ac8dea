import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { loadRecordings } from "../../test/support/recordings.ts";
import { splice } from "../lib/json-splice.ts";
import { bodyOf, boundary, cutAt, field, file, outcome, scan, single } from "./multipart-fixture.ts";
import type { Part } from "./multipart-fixture.ts";
import { boundaryOf } from "./multipart-header.ts";
import { spliceChunk } from "./splice-chunk.ts";

describe("random forms", () => {
  const scrap = fc.constantFrom(
    "\r\n",
    "\r",
    "\n",
    "-",
    "--",
    `\r\n--${boundary.slice(0, -1)}`,
    'name="model"',
    "x",
  );
  const content = fc
    .array(fc.oneof(scrap, fc.string({ maxLength: 6 })), { maxLength: 8 })
    .map((scraps) => scraps.join(""))
    .filter((text) => !`\r\n${text}\r\n`.includes(`\r\n--${boundary}`));
  const part = fc.oneof(
    fc
      .tuple(fc.constantFrom("prompt", "models", "Model", "x"), content)
      .map(([name, text]) => field(name, text)),
    content.map((text) => file(text)),
  );
  const form = fc
    .tuple(
      fc.array(part, { maxLength: 4 }),
      fc.option(content),
      fc.option(fc.constantFrom("true", "false")),
      fc.nat(),
    )
    .map(([others, model, stream, seed]) => {
      const parts = [...others];
      if (model !== null) parts.splice(seed % (parts.length + 1), 0, field("model", model));
      if (stream !== null) parts.splice(seed % (parts.length + 1), 0, field("stream", stream));
      return {
        parts: parts.length === 0 ? [file("")] : parts,
        model: model ?? undefined,
        stream: stream ?? undefined,
      };
    });

  test("are read as they were made, however they are cut, and by another parser the same", async () => {
    await fc.assert(
      fc.asyncProperty(
        form,
        fc.array(fc.nat(2_000), { maxLength: 12 }),
        async ({ parts, model, stream }, places) => {
          const body = bodyOf(parts);
          const scanner = scan(cutAt(body, places));
          expect(scanner.model?.value).toBe(model);
          expect(scanner.stream?.value).toBe(stream);
          if (scanner.model !== undefined) {
            expect(body.toString("utf8", scanner.model.start, scanner.model.end)).toBe(model);
          }
          const other = await formData(body);
          expect(other.get("model") ?? undefined).toBe(model);
          expect(other.get("stream") ?? undefined).toBe(stream);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("with bytes changed are read or refused the same however they are cut", () => {
    const change = fc.tuple(
      fc.nat(),
      fc.nat(3),
      fc.constantFrom("", "\r", "\n", "-", " ", '"', ";", ":", "\0", boundary),
    );
    fc.assert(
      fc.property(
        form,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.array(fc.nat(2_000)),
        ({ parts }, changes, places) => {
          let text = bodyOf(parts).toString("latin1");
          for (const [place, removed, inserted] of changes) {
            const at = place % (text.length + 1);
            text = text.slice(0, at) + inserted + text.slice(at + removed);
          }
          const body = Buffer.from(text, "latin1");
          expect(outcome(cutAt(body, places))).toEqual(outcome([body]));
          expect(outcome(single(body))).toEqual(outcome([body]));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test("get another model and keep every other byte", async () => {
    const name = fc.string({ minLength: 1, maxLength: 8 }).filter((text) => !/[\r\n]/.test(text));
    await fc.assert(
      fc.asyncProperty(
        form,
        name,
        fc.array(fc.nat(2_000), { maxLength: 12 }),
        async ({ parts, model }, wanted, places) => {
          const body = bodyOf(parts);
          const edit = scan([body]).rewriteModel(wanted);
          expect(edit === undefined).toBe(model === wanted);
          if (edit === undefined) return;
          const whole = splice(body, [edit]);
          let offset = 0;
          const pieces = cutAt(body, places).flatMap((chunk) => {
            offset += chunk.length;
            return spliceChunk(chunk, offset - chunk.length, edit);
          });
          expect(Buffer.concat(pieces)).toEqual(whole);
          expect(scan([whole]).model?.value).toBe(wanted);
          const others = ({ headers }: Part): boolean => !headers.includes('"model"');
          const expected = [field("model", wanted), ...parts.filter(others)];
          const inPlace = parts.map((each) => (others(each) ? each : field("model", wanted)));
          expect(whole).toEqual(bodyOf(model === undefined ? expected : inPlace));
          expect((await formData(whole)).getAll("model")).toEqual([wanted]);
        },
      ),
      { numRuns: 500 },
    );
  });
});

async function formData(body: Buffer): Promise<FormData> {
  const type = `multipart/form-data; boundary="${boundary}"`;
  return await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
}

test("a new model is put after what stands before the first part", () => {
  const body = bodyOf([file("x")], { preamble: "words\r\n" });
  const edit = scan(single(body)).rewriteModel("m");
  expect(edit).toMatchObject({ start: 7, end: 7 });
  expect(splice(body, edit === undefined ? [] : [edit])).toEqual(
    bodyOf([field("model", "m"), file("x")], { preamble: "words\r\n" }),
  );
});

test("a model that could end its part is not put into a form", () => {
  expect(() => scan([bodyOf([file("x")])]).rewriteModel("a\r\nb")).toThrow(RangeError);
});

test("a form of the platform's own encoder is read", async () => {
  const form = new FormData();
  form.set("image", new Blob(["\r\n--x\r\n".repeat(100)]), 'a "quoted" name.png');
  form.set("model", "gpt-image-1");
  form.set("stream", "true");
  const encoded = new Response(form);
  const by = boundaryOf(encoded.headers.get("content-type") ?? "");
  const body = Buffer.from(await encoded.arrayBuffer());
  expect(scan([body], by)).toMatchObject({ model: { value: "gpt-image-1" }, stream: { value: "true" } });
  expect(outcome(single(body), by)).toEqual(outcome([body], by));
});

describe("recorded uploads", () => {
  const uploads = loadRecordings("files").flatMap(({ name, requestBody }) =>
    requestBody?.[0] === 0x2d ? [[name, requestBody] as const] : [],
  );

  test("are there", () => {
    expect(uploads.length).toBe(2);
  });

  test.each(uploads)("%s is read wherever it is cut, and takes a model", (_, body) => {
    const [line = ""] = body.toString("latin1").split("\r\n", 1);
    const by = line.slice(2);
    const expected = { model: undefined, stream: undefined };
    expect(outcome([body], by)).toEqual(expected);
    expect(outcome(single(body), by)).toEqual(expected);
    const edit = scan([body], by).rewriteModel("m");
    const whole = splice(body, edit === undefined ? [] : [edit]);
    expect(scan([whole], by).model?.value).toBe("m");
  });
});
