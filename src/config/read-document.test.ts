import { describe, expect, test } from "vitest";
import { documentFormat, locate, maxDocumentBytes, readDocumentText } from "./read-document.ts";

/** A document of many consumers, large enough for the thread. */
function manyConsumers(count: number): string {
  const consumers = Array.from(
    { length: count },
    (_, index) =>
      `  - name: app-${index}\n    enabled: true\n    credentials:\n      - { type: api-key, name: main, value: "\${env:KEY_${index}}" }\n`,
  );
  return `version: 1\nconsumers:\n${consumers.join("")}`;
}

/** Aliases of aliases: a few lines that stand for 10^12 values. */
const aliasBomb = Array.from({ length: 12 }, (_, level) =>
  level === 0
    ? "l0: &l0 [a, a, a, a, a, a, a, a, a, a]"
    : `l${level}: &l${level} [${`*l${level - 1}, `.repeat(10)}]`,
).join("\n");

describe("the format of a file", () => {
  test.each([
    { name: "gateway.yaml", format: "yaml" },
    { name: "gateway.yml", format: "yaml" },
    { name: "gateway", format: "yaml" },
    { name: "/etc/moongate/gateway.json", format: "json" },
    { name: "GATEWAY.JSON", format: "json" },
  ])("$name is $format", ({ name, format }) => {
    expect(documentFormat(name)).toBe(format);
  });
});

describe("reading a document", () => {
  test.each([
    { name: "YAML", format: "yaml" as const, text: "version: 1\nservices:\n  - name: a\n" },
    {
      name: "YAML with a byte order mark",
      format: "yaml" as const,
      text: "\uFEFFversion: 1\nservices: [{ name: a }]",
    },
    { name: "YAML with an alias", format: "yaml" as const, text: "version: 1\nservices: [{ name: &n a }]" },
    {
      name: "YAML with Windows line ends",
      format: "yaml" as const,
      text: "version: 1\r\nservices:\r\n- name: a\r\n",
    },
    { name: "JSON", format: "json" as const, text: '{"version":1,"services":[{"name":"a"}]}' },
    {
      name: "JSON with a byte order mark",
      format: "json" as const,
      text: '\uFEFF{"version":1,"services":[{"name":"a"}]}',
    },
    { name: "JSON as YAML", format: "yaml" as const, text: '{\n\t"version":1,"services":[{"name":"a"}]}' },
  ])("$name", async ({ format, text }) => {
    const value = { version: 1, services: [{ name: "a" }] };
    expect(await readDocumentText(text, format)).toEqual({ value });
    expect(await readDocumentText(Buffer.from(text), format)).toEqual({ value });
  });

  test.each([
    { name: "nothing", format: "yaml" as const, text: "" },
    { name: "spaces", format: "json" as const, text: " \n\t " },
    { name: "a comment", format: "yaml" as const, text: "# nothing yet\n" },
    { name: "a document mark", format: "yaml" as const, text: "---\n" },
  ])("is null for $name", async ({ format, text }) => {
    expect(await readDocumentText(text, format)).toEqual({ value: null });
  });

  test("keeps dates, version-like words and yes as text", async () => {
    expect(await readDocumentText("a: 2027-01-01T00:00:00Z\nb: 1.2.3\nc: yes\nd: 5m", "yaml")).toEqual({
      value: { a: "2027-01-01T00:00:00Z", b: "1.2.3", c: "yes", d: "5m" },
    });
  });

  test("a hundred thousand consumers come back from the thread", async () => {
    const result = await readDocumentText(manyConsumers(100_000), "yaml");
    expect(result).toMatchObject({ value: { version: 1, consumers: { length: 100_000 } } });
  });

  test.each([
    {
      name: "broken flow",
      format: "yaml" as const,
      text: "version: 1\nservices: [a,\nb: 2\n",
      line: 3,
      column: 1,
    },
    {
      name: "the same key twice",
      format: "yaml" as const,
      text: "version: 1\na: 1\na: 2\n",
      line: 3,
      column: 1,
    },
    { name: "a tab as indentation", format: "yaml" as const, text: "a:\n\tb: 1\n", line: 2, column: 1 },
    { name: "an unknown alias", format: "yaml" as const, text: "a: *nobody\n", line: 1, column: 5 },
    { name: "an unknown tag", format: "yaml" as const, text: "a: !!js/function x\n", line: 1, column: 4 },
    {
      name: "two documents",
      format: "yaml" as const,
      text: "--- { version: 1 }\n--- { version: 1 }\n",
      line: 1,
      column: 1,
    },
    {
      name: "JSON with a trailing comma",
      format: "json" as const,
      text: '{\n  "ä": 1,\n}\n',
      line: 3,
      column: 1,
    },
    { name: "JSON with a bare word", format: "json" as const, text: '{"ä": tru}', line: 1, column: 7 },
    { name: "JSON cut short", format: "json" as const, text: '{"a": [1', line: 1, column: 9 },
    { name: "YAML in a JSON file", format: "json" as const, text: "version: 1\n", line: 1, column: 1 },
    {
      name: "bytes that are not UTF-8",
      format: "yaml" as const,
      text: Buffer.from([0x61, 0x3a, 0x20, 0xff]),
      line: 1,
      column: 1,
    },
    { name: "an alias bomb", format: "yaml" as const, text: aliasBomb, line: 1, column: 1 },
    { name: "an alias of itself", format: "yaml" as const, text: "a: &a [*a]", line: 1, column: 1 },
    {
      name: "deep YAML",
      format: "yaml" as const,
      text: `a: ${"[".repeat(5000)}${"]".repeat(5000)}`,
      line: 1,
      column: 103,
    },
    {
      name: "deep JSON",
      format: "json" as const,
      text: `{"a":${"[".repeat(50_000)}${"]".repeat(50_000)}}`,
      line: 1,
      column: 1,
    },
    { name: "no number", format: "yaml" as const, text: "a: .inf", line: 1, column: 1 },
  ])("refuses $name, with its place", async ({ format, text, line, column }) => {
    expect(await readDocumentText(text, format)).toEqual({
      issues: [{ line, column, path: "", message: expect.stringMatching(/\w/u) }],
    });
  });

  test("refuses more than 64 MiB without parsing it", async () => {
    const result = await readDocumentText(Buffer.alloc(maxDocumentBytes + 1, "["), "yaml");
    expect(result).toMatchObject({ issues: [{ message: expect.stringContaining("64 MiB") }] });
  });

  test.each([
    { format: "yaml" as const, text: 'version: 1\napiKey: "sk-secret\nother: [' },
    { format: "json" as const, text: '{"apiKey": "sk-secret", oops}' },
  ])("does not quote what stands near a mistake in $format", async ({ format, text }) => {
    const result = await readDocumentText(text, format);
    expect(result).toHaveProperty("issues");
    expect(JSON.stringify(result)).not.toContain("secret");
  });
});

describe("locating a path", () => {
  const yaml = `# head
version: 1
services:
  - name: first
  - name: second
    headers: { "x y": a, x-team: b }
    apiKeys:
      - { name: main,
          value: abc }
      - &other
        name: other
  - *other
`;
  const json =
    '{\n  "version": 1,\n\t"services": [\n    {"name": "a"},\n    {"name": "b", "apiKeys": [{"value": 1}]}\n  ]\n}\n';

  test.each([
    { name: "the document", text: yaml, path: "", line: 2, column: 1 },
    { name: "a field", text: yaml, path: "version", line: 2, column: 1 },
    { name: "a list", text: yaml, path: "services", line: 3, column: 1 },
    { name: "an item", text: yaml, path: "services[1]", line: 5, column: 5 },
    { name: "a field of an item", text: yaml, path: "services[1].name", line: 5, column: 5 },
    { name: "a quoted key", text: yaml, path: 'services[1].headers["x y"]', line: 6, column: 17 },
    { name: "a key after it", text: yaml, path: "services[1].headers.x-team", line: 6, column: 26 },
    {
      name: "a value on the next line",
      text: yaml,
      path: "services[1].apiKeys[0].value",
      line: 9,
      column: 11,
    },
    {
      name: "a field behind an anchor",
      text: yaml,
      path: "services[1].apiKeys[1].name",
      line: 11,
      column: 9,
    },
    { name: "a missing field, at its parent", text: yaml, path: "services[0].provider", line: 4, column: 5 },
    { name: "a missing item, at its list", text: yaml, path: "services[9].name", line: 3, column: 1 },
    { name: "a path through a text, at the text", text: yaml, path: "version.minor[0]", line: 2, column: 1 },
    { name: "JSON", text: json, path: "services[1].apiKeys[0].value", line: 5, column: 33 },
    { name: "nothing in an empty text", text: "", path: "a", line: 1, column: 1 },
    { name: "nothing in a malformed text", text: "a: [", path: "a", line: 1, column: 1 },
  ])("finds $name", async ({ text, path, line, column }) => {
    expect(await locate(text, [path])).toEqual([{ line, column }]);
  });

  test("finds several in a large document", async () => {
    const text = manyConsumers(20_000);
    expect(await locate(text, ["consumers[19999].enabled", "version"])).toEqual([
      { line: 3 + 19_999 * 4 + 1, column: 5 },
      { line: 1, column: 1 },
    ]);
  });
});
