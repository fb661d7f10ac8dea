import { link, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { contentHash } from "./content-hash.ts";
import { hasReference, resolveReferences } from "./references.ts";

let folder: string;
let dataDir: string;
const env = {
  KEY: "sk-value",
  EMPTY: "",
  NESTED: "${env:KEY}",
  MOONGATE_MASTER_KEY: "never",
  moongate_x: "never",
};

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "moongate-references-"));
  dataDir = join(folder, "data");
  await mkdir(join(dataDir, "deep"), { recursive: true });
  await writeFile(join(dataDir, "master.key"), "never");
  await writeFile(join(dataDir, "deep", "other"), "never");
  await writeFile(join(folder, "key.txt"), "file value\n");
});
afterEach(() => rm(folder, { recursive: true }));

const resolve = (value: unknown, baseDir: string | null = folder) =>
  resolveReferences(value, { env, baseDir, dataDir });

describe("a text with a reference", () => {
  test.each([
    { text: "${env:KEY}", has: true },
    { text: "Bearer ${file:key.txt}!", has: true },
    { text: "${env:KEY", has: true },
    { text: "plain", has: false },
    { text: "${other:KEY} $env:KEY ${}", has: false },
    { text: "", has: false },
  ])("$text: $has", ({ text, has }) => {
    expect(hasReference(text)).toBe(has);
  });
});

describe("resolving", () => {
  test.each([
    { name: "a variable", text: "${env:KEY}", value: "sk-value" },
    { name: "an empty variable", text: "${env:EMPTY}", value: "" },
    { name: "a file without its last line end", text: "${file:key.txt}", value: "file value" },
    {
      name: "several inside a text",
      text: "a ${env:KEY} b ${file:./key.txt} c",
      value: "a sk-value b file value c",
    },
    { name: "once only", text: "${env:NESTED}", value: "${env:KEY}" },
    { name: "no other braces", text: "${name} {id} $KEY", value: "${name} {id} $KEY" },
  ])("$name", async ({ text, value }) => {
    const resolved = await resolve({ list: [{ text }] });
    expect(resolved.issues).toEqual([]);
    expect(resolved.value).toEqual({ list: [{ text: value }] });
  });

  test("tells where references stood, with their text, and leaves the rest as it was", async () => {
    const document = {
      services: [
        { name: "a" },
        { apiKeys: [{ value: "${env:KEY}" }], headers: { "x y": "t ${file:key.txt}" } },
      ],
      plain: [1, true, null, { deep: ["${x}"] }],
    };
    const before = structuredClone(document);
    const resolved = await resolve(document);
    expect(resolved.references).toEqual([
      { path: "services[1].apiKeys[0].value", text: "${env:KEY}" },
      { path: 'services[1].headers["x y"]', text: "t ${file:key.txt}" },
    ]);
    expect(resolved.value).toHaveProperty("plain", document.plain);
    expect(document).toEqual(before);
  });

  test("names the files to watch with what they held", async () => {
    const resolved = await resolve(["${file:key.txt}", "${file:gone.txt}"]);
    expect(resolved.files).toEqual(
      new Map([
        [join(folder, "key.txt"), contentHash(Buffer.from("file value\n"))],
        [join(folder, "gone.txt"), contentHash(undefined)],
      ]),
    );
  });

  test("a key named __proto__ stays a key", async () => {
    const resolved = await resolve(JSON.parse('{"__proto__": {"polluted": "${env:KEY}"}}'));
    expect(JSON.stringify(resolved.value)).toBe('{"__proto__":{"polluted":"sk-value"}}');
    expect(Reflect.get({}, "polluted")).toBeUndefined();
  });

  test("ten thousand files", async () => {
    const names = Array.from({ length: 10_000 }, (_, index) => `f${index % 500}`);
    await Promise.all(names.slice(0, 500).map((name) => writeFile(join(folder, name), name)));
    const resolved = await resolve(names.map((name) => `\${file:${name}}`));
    expect(resolved.value).toEqual(names);
  });
});

describe("an issue with its path", () => {
  test.each([
    { name: "a variable that is not set", text: "${env:GONE}", message: /GONE is not set/u },
    { name: "an own variable", text: "${env:MOONGATE_MASTER_KEY}", message: /may not be referred to/u },
    {
      name: "an own variable in small letters",
      text: "${env:moongate_x}",
      message: /may not be referred to/u,
    },
    { name: "no variable name", text: "${env:}", message: /\$\{env:NAME\}/u },
    { name: "an inherited property", text: "${env:a-b}", message: /\$\{env:NAME\}/u },
    { name: "no file name", text: "${file:}", message: /\$\{file:path\}/u },
    { name: "a missing file", text: "${file:gone.txt}", message: /does not exist/u },
    { name: "a folder", text: "${file:data/..}", message: /is not an ordinary file|cannot be read/u },
    { name: "a reference that is not closed", text: "a ${env:KEY} ${env:KEY", message: /not closed/u },
    { name: "the master key", text: "${file:data/master.key}", message: /data folder/u },
    { name: "something deep in the data folder", text: "${file:data/deep/other}", message: /data folder/u },
    { name: "a way around", text: "${file:./data/deep/../master.key}", message: /data folder/u },
    { name: "a missing file in the data folder", text: "${file:data/gone}", message: /data folder/u },
    { name: "a good one beside a bad one", text: "${env:KEY} ${env:GONE}", message: /GONE is not set/u },
  ])("$name", async ({ text, message }) => {
    const resolved = await resolve({ services: [{ value: text }] });
    expect(resolved.issues).toEqual([{ path: "services[0].value", message: expect.stringMatching(message) }]);
    expect(resolved.value).toEqual({ services: [{ value: text }] });
    expect(JSON.stringify(resolved)).not.toContain("never");
  });

  test("for an unset variable named like an inherited property", async () => {
    expect((await resolve("${env:toString}")).issues).toEqual([
      { path: "", message: expect.stringContaining("not set") },
    ]);
  });

  test.each([
    {
      name: "a link to the master key",
      make: () => symlink(join(dataDir, "master.key"), join(folder, "alias")),
      text: "${file:alias}",
    },
    {
      name: "a link to the data folder",
      make: () => symlink(dataDir, join(folder, "alias")),
      text: "${file:alias/master.key}",
    },
    {
      name: "a link inside the data folder that leads out",
      make: () => symlink(join(folder, "key.txt"), join(dataDir, "out")),
      text: "${file:data/out}",
    },
  ])("for $name", async ({ make, text }) => {
    await make();
    expect((await resolve(text)).issues).toEqual([
      { path: "", message: expect.stringContaining("data folder") },
    ]);
  });

  test.skipIf(process.platform !== "linux").each(["/proc/self/environ", "/dev/zero", "/dev/stdin"])(
    "for the system file %s",
    async (file) => {
      const resolved = await resolve(`\${file:${file}}`);
      expect(resolved.issues).toHaveLength(1);
      expect(resolved.value).toBe(`\${file:${file}}`);
    },
  );

  test("for a large or binary file", async () => {
    await writeFile(join(folder, "large"), Buffer.alloc(1024 * 1024 + 1, "a"));
    await writeFile(join(folder, "binary"), Buffer.from([0xff, 0xfe]));
    const messages = (await resolve(["${file:large}", "${file:binary}"])).issues.map(
      ({ message }) => message,
    );
    expect(messages).toEqual([expect.stringContaining("1 MiB"), expect.stringContaining("UTF-8")]);
  });

  test("for a relative path where only absolute ones count", async () => {
    expect((await resolve("${file:key.txt}", null)).issues).toEqual([
      { path: "", message: expect.stringContaining("absolute") },
    ]);
    expect((await resolve(`\${file:${join(folder, "key.txt")}}`, null)).value).toBe("file value");
  });

  test("not for an ordinary second name of a file elsewhere", async () => {
    await link(join(folder, "key.txt"), join(folder, "second"));
    expect((await resolve("${file:second}")).value).toBe("file value");
  });
});
