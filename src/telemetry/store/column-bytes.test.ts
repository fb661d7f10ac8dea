// Columns as bytes and back: nothing is read as anything else, however narrow it was made.
import fc from "fast-check";
import { expect, test } from "vitest";
import { packNumbers, packTexts, unpackNumbers, unpackTexts } from "./column-bytes.ts";
import { GrowingIds, unpackIds } from "./id-column.ts";

const none = Number.NaN;

test.each([
  ["small whole numbers", [0, 1, 254, none], "u8"],
  ["one more than fits a byte", [0, 255], "u16"],
  ["larger ones", [0, 65_535, none], "u32"],
  ["milliseconds with thousandths", [0.001, 4_294_967.294, none], "u32/1000"],
  ["very large ones", [4_294_967_295], "f64"],
  ["what is no multiple of a thousandth", [0.000_1], "f64"],
  ["negative ones", [-1], "f64"],
  ["nothing but gaps", [none, none], "u8"],
  ["nothing", [], "u8"],
])("%s are kept as narrow as they go", (_name, values, kind) => {
  expect(packNumbers(Float64Array.from(values)).kind).toBe(kind);
});

const number = fc.oneof(
  fc.constant(none),
  fc.nat(300),
  fc.nat(),
  fc.nat(5_000_000).map((thousandths) => thousandths / 1_000),
  fc.double({ noDefaultInfinity: true }),
);

test("numbers come back as they were", () => {
  fc.assert(
    fc.property(fc.array(number, { maxLength: 20 }), (values) => {
      const column = unpackNumbers(packNumbers(Float64Array.from(values)));
      const read = values.map((_, row) => {
        const raw = column.values[row] ?? column.none;
        return raw === column.none ? none : raw / column.scale;
      });
      // Nobody tells the two zeros apart.
      expect(read.map((value) => value + 0)).toEqual(values.map((value) => value + 0));
    }),
  );
});

test("texts come back as they were, with few and with many of them", () => {
  for (const count of [1, 256, 257]) {
    const values = Array.from({ length: count }, (_, index) => `text ${index} \u2028 ü`);
    const codes = Uint16Array.from({ length: 1_000 }, (_, row) => row % count);
    const column = unpackTexts(packTexts(values, codes));
    expect(Array.from(column.codes, (code) => column.values[code])).toEqual(
      Array.from(codes, (code) => values[code]),
    );
  }
});

const id = fc.oneof(
  fc.uuid(),
  fc.uuid().map((text) => text.toUpperCase()),
  fc.string({ maxLength: 40 }),
);

test("ids come back as they were, whatever they look like, and are found", () => {
  fc.assert(
    fc.property(fc.array(id, { minLength: 1, maxLength: 10 }), (ids) => {
      const growing = new GrowingIds("uuid", ids.length);
      for (const each of ids) growing.push(each);
      for (const column of [growing.column, unpackIds(growing.pack())]) {
        expect(ids.map((_, row) => column.at(row))).toEqual(ids);
        const [wanted = ""] = ids;
        const rows = ids.flatMap((each, row) => (each === wanted ? [row] : []));
        expect(column.rowsOf(new Set([wanted, "none"]), ids.length)).toEqual(rows);
      }
    }),
  );
});
