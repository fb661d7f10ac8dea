// Growing Markdown must end in the same blocks as Markdown that came at once; a stranger's addresses lead nowhere unsafe.
import { Lexer } from "marked";
import { describe, expect, it } from "vitest";
import { lexFurther, nothingLexed } from "./incremental-lexer.ts";
import { isOwnImage, linkAddress, plainText } from "./safe-address.ts";

const texts = [
  "# Head\n\nA paragraph\nof two lines.\n\n- one\n- two\n\n  more of two\n- three\n\nEnd",
  "Setext\n===\n\n> quote\ngoes on\n\n| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n\ntext",
  "```js\nconst a = 1;\n\nconst b = 2;\n```\nafter\n\n<script>alert(1)</script>\n\n1. x\n2. y\n",
  "a\r\n\r\nb\r\n- c\r\n\r\n***\r\n",
  "1. one\n\n   ```sh\n   ls\n   ```\n\n2. two\n\n   - inner\n\nend",
];

describe("growing Markdown", () => {
  it.each(texts)("%j ends as if it had come at once", (text) => {
    const whole = new Lexer({ gfm: true }).lex(text).map(({ raw, type }) => [type, raw]);
    let lexed = nothingLexed;
    for (let end = 1; end <= text.length; end += 1) lexed = lexFurther(lexed, text.slice(0, end));
    expect(lexed.blocks.map(({ raw, type }) => [type, raw])).toEqual(whole);
  });

  it("leaves finished blocks alone", () => {
    const before = lexFurther(nothingLexed, "one\n\ntwo\n\nthree\n\nfour");
    const after = lexFurther(before, "one\n\ntwo\n\nthree\n\nfour and more");
    expect(after.blocks[0]).toBe(before.blocks[0]);
    expect(after.blocks[2]).toBe(before.blocks[2]);
  });
});

describe("an address in an answer", () => {
  it.each([
    ["https://example.com/a", true],
    ["http://example.com", true],
    ["mailto:a@example.com", true],
    ["javascript:alert(1)", false],
    ["JaVaScRiPt:alert(1)", false],
    ["java\nscript:alert(1)", false],
    ["data:text/html,<script>", false],
    ["vbscript:x", false],
    ["/relative", false],
    ["//host/path", false],
    ["file:///etc/passwd", false],
  ])("%j as a link: %s", (address, allowed) => {
    expect(linkAddress(address) !== undefined).toBe(allowed);
  });
  it.each([
    ["data:image/png;base64,AAAA", true],
    ["https://example.com/a.png", false],
    ["data:image/svg+xml;base64,AAAA", false],
    ["data:text/html;base64,AAAA", false],
    ["blob:https://example.com/1", false],
  ])("%j as a picture: %s", (address, shown) => {
    expect(isOwnImage(address)).toBe(shown);
  });
  it("has its character references read", () => {
    expect(plainText("a &amp; b &lt;i&gt; &#26376; &#x6708; &nope; &#0;")).toBe(
      "a & b <i> 月 月 &nope; &#0;",
    );
  });
});
