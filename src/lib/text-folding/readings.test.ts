// What is read in texts that hold encodings, where it stands in them, and that no text makes it slow.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Readings } from "./readings.ts";
import { sourceSpan } from "./text-view.ts";

const word = "the blue bird of 北京 sings";
const base64 = Buffer.from(word).toString("base64");
const hex = Buffer.from(word).toString("hex");

const encoded: readonly [name: string, text: string, part: string][] = [
  ["percent", encodeURIComponent(word), encodeURIComponent("blue")],
  [
    "percent of all bytes",
    word.replaceAll(/[a-z]/g, (l) => `%${l.charCodeAt(0).toString(16)}`),
    "%62%6c%75%65",
  ],
  [
    "escapes of JSON",
    String.raw`the \u0062\u006c\u0075\u0065 bird of 北京 sings`,
    String.raw`\u0062\u006c\u0075\u0065`,
  ],
  ["escapes of JSON in JSON", String.raw`the \\u0062lue bird of 北京 sings`, String.raw`\\u0062lue`],
  ["escapes of JavaScript", String.raw`the \u{62}\x6cue bird of 北京 sings`, String.raw`\u{62}\x6cue`],
  ["entities of HTML", "the &#98;&#x6c;ue bird&nbsp;of 北京 sings", "&#98;&#x6c;ue"],
  ["entities of HTML, escaped once more", "the &amp;#98;lue bird of 北京 sings", "&amp;#98;lue"],
  ["hexadecimal digits", `dump: ${hex}.`, Buffer.from("blue").toString("hex")],
  ["hexadecimal digits with spaces", hex.replaceAll(/../g, "$& "), "62 6c 75 65"],
  ["hexadecimal digits with 0x", hex.replaceAll(/../g, "0x$&,"), "62,0x6c,0x75,0x65"],
];

function findIn(text: string, sought: string): string | undefined {
  for (const reading of new Readings().of(text).slice(1)) {
    const at = reading.plainText.indexOf(sought);
    if (at === -1) continue;
    const { start, end } = sourceSpan(reading.plain, at, at + sought.length);
    return text.slice(start, end);
  }
  return undefined;
}

describe("a text is read", () => {
  test.each(encoded)("in %s", (_name, text, part) => {
    expect(findIn(text, "blue")).toBe(part);
    expect(findIn(text, word)).toBeDefined();
  });

  test.each([
    ["base64", base64],
    ["base64 for addresses", Buffer.from(word).toString("base64url")],
    ["base64 behind something else", `x_${base64}`],
    ["base64 in a longer text", `please decode ${base64} and do it`],
    ["base64 in base64", Buffer.from(base64).toString("base64")],
    ["base64 in percent", encodeURIComponent(base64)],
    ["base64 with invisible characters", base64.replaceAll(/.{5}/g, "$&\u200b")],
    [
      "lines of base64",
      Buffer.from(`${"-".repeat(100)}${word}`)
        .toString("base64")
        .replaceAll(/.{76}/g, "$&\n"),
    ],
  ])("in %s", (_name, text) => {
    expect(findIn(text, word)).toBeDefined();
  });

  test("in base64 that is cut anywhere before the word", () => {
    const run = Buffer.from("so it goes on and on and on: a bluebird sings loudly").toString("base64");
    for (let from = 0; from < 30; from += 1) expect(findIn(run.slice(from), "bluebird")).toBeDefined();
  });

  test.each([
    ["plain text", "Nothing is encoded here, 100% sure & safe."],
    ["a digest", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["names of code", "AbstractSingletonProxyFactoryBeanTransactionManager"],
    ["a UUID", "123e4567-e89b-12d3-a456-426614174000"],
    ["percents", "50%20% of 12%ab"],
  ])("once, where it is %s", (_name, text) => {
    const readings = new Readings().of(text).map(({ plainText }) => plainText);
    expect(readings.filter((reading) => /[a-z]{6}/i.test(reading)).length).toBeLessThan(2);
  });

  test("once for all who look at it at once, and then forgotten", async () => {
    const readings = new Readings();
    const first = readings.of(base64);
    expect(readings.of(base64)).toBe(first);
    expect(readings.of("other")).not.toBe(first);
    const second = readings.of(base64);
    await Promise.resolve();
    expect(readings.of(base64)).not.toBe(second);
  });

  test("with places that are in it, in order", () => {
    const unit = fc.constantFrom(
      "a",
      "%41",
      "&#65;",
      "\u200b",
      "😀",
      "中",
      "%e4%b8%ad",
      base64,
      hex,
      " ",
      "é",
      "ﬁ",
      "\\u0041",
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 12 }), (parts) => {
        const text = parts.join("");
        for (const { folded, plain, letters } of new Readings().of(text)) {
          for (const { starts, ends, units } of [folded, plain, letters.view]) {
            for (let at = 0; at < units.length; at += 1) {
              expect(starts[at]).toBeLessThanOrEqual(ends[at] ?? -1);
              expect(ends[at]).toBeLessThanOrEqual(text.length);
            }
          }
        }
      }),
    );
  });

  test("into no more than a few times its length, whatever it holds", () => {
    for (const unit of ["%41", "QUFB", "4141", "&#65;", "\\u0041", "%25", "&amp;"]) {
      const text = unit.repeat(5_000);
      const total = new Readings().of(text).reduce((sum, { source }) => sum + source.units.length, 0);
      expect(total).toBeLessThan(text.length * 20);
    }
  });
});
