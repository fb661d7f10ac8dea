import { expect, test } from "vitest";
import { encodedBytes } from "./encoded-bytes.ts";

const base64 = Buffer.from(Array.from({ length: 300_000 }, (_, at) => (at * 7_919) % 251)).toString("base64");

test.each<[string, string, number]>([
  ["a data URL", JSON.stringify({ url: `data:image/png;base64,${base64}` }), base64.length],
  ["base64 with escaped slashes", `{"a":"${base64.replaceAll("/", "\\/")}"}`, base64.length],
  ["the alphabet of addresses", `{"a":"${base64.replaceAll("+", "-").replaceAll("/", "_")}"}`, base64.length],
  [
    "two beside words",
    JSON.stringify([base64, "some words of a text. ".repeat(20_000), base64]),
    2 * base64.length,
  ],
  ["words", "some words of a text. ".repeat(20_000), 0],
  ["Chinese without spaces", "今天天气很好".repeat(20_000), 0],
  ["lists of numbers", JSON.stringify(Array.from({ length: 90_000 }, (_, at) => at)), 0],
  ["code without spaces", "for(let i=0;i<n;i++){a[i]=b[i];}".repeat(9_000), 0],
  ["nothing", "", 0],
])("%s", (_, text, expected) => {
  expect(Math.abs(encodedBytes(Buffer.from(text)) - expected)).toBeLessThan(expected === 0 ? 1 : 20_000);
});
