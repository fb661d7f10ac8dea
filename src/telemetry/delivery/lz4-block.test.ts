// LZ4 blocks through a decoder of our own that is strict about the format, and one block that the public tool made.
import fc from "fast-check";
import { expect, test } from "vitest";
import { unpackLz4Block } from "../../../test/support/lz4.ts";
import { lz4Block } from "./lz4-block.ts";

const encoder = new TextEncoder();
const record = '{"requestId":"01HZX","api":"chat","status":200,"usage":{"inputTokens":12}}\n';

test.each<[string, Uint8Array]>([
  ["nothing", new Uint8Array(0)],
  ["one byte", encoder.encode("a")],
  ["less than a match may begin in", encoder.encode("abcabcabcabc")],
  ["one byte more", encoder.encode("aaaaaaaaaaaaa")],
  ["a long run", new Uint8Array(100_000)],
  ["lines that repeat", encoder.encode(record.repeat(2_000))],
  ["matches farther back than an offset reaches", encoder.encode(record + "x".repeat(70_000) + record)],
  [
    "noise",
    Uint8Array.from({ length: 70_000 }, (_, index) => (Math.imul(index, 2_654_435_761) >>> 13) & 255),
  ],
])("%s comes back", (_name, input) => {
  expect(Buffer.compare(unpackLz4Block(lz4Block(input), input.length), input)).toBe(0);
});

test("any bytes come back", () => {
  const pieces = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(encoder.encode(record))), {
    maxLength: 60,
  });
  fc.assert(
    fc.property(pieces, (parts) => {
      const input = Buffer.concat(parts);
      expect(unpackLz4Block(lz4Block(input), input.length).equals(input)).toBe(true);
    }),
  );
});

test("what repeats becomes small", () => {
  expect(lz4Block(encoder.encode(record.repeat(2_000))).length).toBeLessThan(2_000);
});

test("the decoder takes a block of another compressor", () => {
  // `printf 'moongate moongate moongate moongate!' | lz4`, without the frame.
  const block = Buffer.from("9f6d6f6f6e6761746520090003506761746521", "hex");
  expect(unpackLz4Block(block, 36).toString()).toBe("moongate moongate moongate moongate!");
});
