// Every text of the console in both languages: the same values and marks, nothing empty; and how texts are filled.
import { globSync } from "node:fs";
import { join } from "node:path";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, test } from "vitest";
import { createTranslate, defineMessages, type Messages } from "./messages.ts";

const source = join(import.meta.dirname, "..");
const files = globSync("**/*-messages.ts", { cwd: source }).toSorted();

/** Names in braces and marks, as a text must hold them in either language. Plural forms are English alone. */
function partsOf(text: string): string[] {
  const names = [...text.matchAll(/\{([^{}|]+)[^{}]*\}/gu)].map(([, name]) => `{${name}}`);
  const marks = [...text.matchAll(/<(b|code)>/gu)].map(([mark]) => mark);
  return [...new Set(names), ...marks].toSorted();
}

const isMessages = (value: unknown): value is Messages<Record<string, string>> =>
  typeof value === "object" && value !== null && "en" in value && "zh" in value;

test("there are texts to check", () => expect(files.length).toBeGreaterThan(2));

describe.each(files)("%s", (file) => {
  test("says the same in both languages", async () => {
    const tables = Object.values(await import(join(source, file))).filter(isMessages);
    expect(tables.length).toBeGreaterThan(0);
    for (const { en, zh } of tables) {
      expect(Object.keys(zh).toSorted()).toEqual(Object.keys(en).toSorted());
      for (const [key, text] of Object.entries(en)) {
        const other = zh[key] ?? "";
        expect({ key, parts: partsOf(other) }).toEqual({ key, parts: partsOf(text) });
        // Between sentences English has a space, Chinese nothing.
        if (text.trim() !== "") expect(other.trim(), key).not.toBe("");
      }
    }
  });
});

const texts = defineMessages(
  {
    plain: "None yet",
    count: "{n} {n|request|requests} to {api}",
    marked: "Goes to <b>{name}</b> by <code>{path}</code>",
  },
  { plain: "暂无", count: "{n} 个请求发往 {api}", marked: "经 <code>{path}</code> 到 <b>{name}</b>" },
);

test.each([
  ["en", 1, "1 request to a"],
  ["en", 0, "0 requests to a"],
  ["en", 48_214, "48,214 requests to a"],
  ["zh", 1, "1 个请求发往 a"],
] as const)("a count in %s: %i", (language, n, expected) => {
  expect(createTranslate(texts, language)("count", { n, api: "a" })).toBe(expected);
});

test("marks of the text become elements, those of a value stay text", () => {
  const t = createTranslate(texts, "en");
  const node = t.rich("marked", { name: "<b>{path}</b>", path: createElement("i", null, "/v1") });
  expect(renderToStaticMarkup(createElement("p", null, node))).toBe(
    '<p>Goes to <b class="strong">&lt;b&gt;{path}&lt;/b&gt;</b> by <code class="mono"><i>/v1</i></code></p>',
  );
});
