// What is taken out of recorded text and what stays, row by row, and that no text takes long.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KnownSecrets } from "./known-secrets.ts";
import { Redactor } from "./redactor.ts";

const secrets = new Redactor({ secrets: true, personalData: false, patterns: [] });
const personal = new Redactor({ secrets: false, personalData: true, patterns: [] });
const all = new Redactor({ secrets: true, personalData: true, patterns: [] });

/** Put together here, so that nothing in this file looks like a real key. */
const random = "aB3dE5fG7hJ9kL1mN3pQ5rS7tU9vW1xY3zA5";
const digits = "123456789012";

const shapes: readonly [name: string, text: string, redacted: string][] = [
  ["a key of OpenAI", `my key is sk-proj-${random} ok`, "my key is <api-key> ok"],
  ["a key of Anthropic", `sk-ant-api03-${random}-${random}`, "<api-key>"],
  [
    "a key behind an escaped line end",
    `{"content":"key:\\nsk-${random}\\n"}`,
    '{"content":"key:\\n<api-key>\\n"}',
  ],
  ["a key behind an escaped character", `\\u003csk-${random}>`, "\\u003c<api-key>>"],
  ["a key of Moongate", `it is mga_${(random + random).slice(0, 49)}.`, "it is <api-key>."],
  ["an access key of AWS", `AKIA${digits}ABCD is it`, "<access-key> is it"],
  ["a key of Google", `key=AIza${random.slice(0, 35)}`, "key=<api-key>"],
  ["a token of GitHub", `ghp_${random}`, "<token>"],
  ["a fine-grained token of GitHub", `github_pat_${random}_${random}`, "<token>"],
  ["a token of Slack", `xoxb-${digits}-${digits}-${random}`, "<token>"],
  ["an app token of Slack", `xapp-1-${random}`, "<token>"],
  ["an access key of Alibaba Cloud", `LTAI${random.slice(0, 20)}`, "<access-key>"],
  ["a JSON Web Token", `token eyJ${random}.eyJ${random}.${random}!`, "token <jwt>!"],
  [
    "a private key",
    `-----BEGIN RSA PRIVATE KEY-----\n${random}\n${random}\n-----END RSA PRIVATE KEY-----.`,
    "<private-key>.",
  ],
  [
    "a private key in JSON",
    `"-----BEGIN PRIVATE KEY-----\\n${random}\\n-----END PRIVATE KEY-----\\n"`,
    '"<private-key>\\n"',
  ],
  ["a private key that was cut off", `-----BEGIN PRIVATE KEY-----\n${random}`, "<private-key>"],
  ["a bearer token", `Authorization: Bearer ${random}`, "Authorization: Bearer <token>"],
  ["basic credentials", "Basic dXNlcjpwYXNzd29yZA==", "Basic <token>"],
  ["a password in an address", "redis://user:hunter2@host/0", "redis://user:<password>@host/0"],
  ["a password without a user in an address", "redis://:hunter2@host/0", "redis://:<password>@host/0"],
  [
    "a password in JSON",
    '{"user":"a","password":"hun\\"ter2","n":1}',
    '{"user":"a","password":"<secret>","n":1}',
  ],
  ["a number as password", '{"passcode": 4711}', '{"passcode": <secret>}'],
  ["a longer name in JSON", '{"db_password" : "hunter2"}', '{"db_password" : "<secret>"}'],
  [
    "a name in camel case",
    '{"apiKey":"hunter2","clientSecret":"x1y"}',
    '{"apiKey":"<secret>","clientSecret":"<secret>"}',
  ],
  [
    "JSON within JSON",
    '{"arguments":"{\\"password\\": \\"hunter2\\"}"}',
    '{"arguments":"{\\"password\\": \\"<secret>\\"}"}',
  ],
  ["a form", "user=a&password=hunter2&x=1", "user=a&password=<secret>&x=1"],
  ["an environment variable", 'export OPENAI_API_KEY="hunter2"', 'export OPENAI_API_KEY="<secret>"'],
  ["a header", "x-api-key: hunter2", "x-api-key: <secret>"],
  ["a line of a letter", "The password: hunter2.", "The password: <secret>"],
];

const noSecrets: readonly [name: string, text: string][] = [
  ["counts of tokens", '{"max_tokens":100,"usage":{"total_tokens":12}}'],
  ["tokens of probabilities", '{"logprobs":[{"token":"hello","bytes":[1]}]}'],
  ["words with sk-", "a risk-averse-approach-to-the-task-management"],
  ["a talk of bearers", "the bearer authentication scheme, basic understanding"],
  ["a secretary", '{"secretary":"Ann"}'],
  ["addresses", "see https://example.com:8080/path?x=1 and http://a/b"],
  ["a question about passwords", "How do I choose a password? I forgot my password."],
  ["ids", '{"id":"chatcmpl-9aBcDeFgHiJkLmNoPqRsTuVwXyZ","object":"chat.completion"}'],
  ["a key that is a name", '{"key":"value","keys":["a"]}'],
];

const people: readonly [name: string, text: string, redacted: string][] = [
  ["an address", "mail ann.o'neil+x@mail.example.co.uk now", "mail ann.o'<email> now"],
  ["an address in JSON", '{"email":"a@b.org"}', '{"email":"<email>"}'],
  ["a mobile number of China", "电话13812345678。", "电话<phone>。"],
  ["one with separators", "call 138-1234-5678", "call <phone>"],
  ["one with the country", "+86 13812345678", "<phone>"],
  ["an international number", "call +49 (30) 1234567 today", "call <phone> today"],
  ["a resident id", "身份证11010519491231002X", "身份证<id-number>"],
  ["a card", "4111 1111 1111 1111", "<bank-card>"],
  ["a card of 19 digits", "6222021234567890128", "<bank-card>"],
];

const noPeople: readonly [name: string, text: string][] = [
  ["a resident id with a wrong check digit", "110105194912310021"],
  ["a card with a wrong check digit", "4111 1111 1111 1112"],
  ["a time in milliseconds", '{"created":1763800000123}'],
  ["a longer number", "913812345678901234567890"],
  ["a number of a fraction", "0.13812345678"],
  ["a handle", "@someone said so"],
  ["an id", "call_13812345678abc"],
];

describe("redaction", () => {
  test.each(shapes)("masks %s", (_name, text, redacted) => {
    expect(secrets.redact(text, [])).toBe(redacted);
    expect(personal.redact(text, [])).not.toContain("<secret>");
  });

  test.each(noSecrets)("leaves %s", (_name, text) => {
    expect(secrets.redact(text, [])).toBe(text);
  });

  test.each(people)("masks %s as personal data", (_name, text, redacted) => {
    expect(personal.redact(text, [])).toBe(redacted);
    expect(secrets.redact(text, [])).toBe(text);
  });

  test.each(noPeople)("leaves %s as no personal data", (_name, text) => {
    expect(personal.redact(text, [])).toBe(text);
  });

  test("masks what an administrator's patterns find", () => {
    const redactor = new Redactor({
      secrets: false,
      personalData: false,
      patterns: ["ORD-[0-9]+", "(?i)project x"],
    });
    expect(redactor.redact("ORD-17 of Project X", [])).toBe("<redacted> of <redacted>");
  });

  test("masks the same again no further", () => {
    for (const [, text] of [...shapes, ...people]) {
      const once = all.redact(text, []);
      expect(all.redact(once, [])).toBe(once);
    }
  });

  test("takes out every secret that is known by value, however it is spelt, whatever is switched off", () => {
    const off = new Redactor({ secrets: false, personalData: false, patterns: [] });
    const unit = fc.constantFrom(...Array.from(`abXY01-_/+"\\ é数`));
    const secret = fc.string({ unit, minLength: 8, maxLength: 40 });
    fc.assert(
      fc.property(
        fc.array(secret, { minLength: 1, maxLength: 20 }),
        fc.string({ unit }),
        (values, around) => {
          const known = [new KnownSecrets(values)];
          for (const value of values) {
            const text = `${around}~${value}~${around}`;
            for (const spelt of [text, JSON.stringify(text), JSON.stringify(JSON.stringify(text))]) {
              expect(off.redact(spelt, known)).not.toContain(value);
            }
            expect(off.redact(`a=~${encodeURIComponent(value)}~`, known)).toBe("a=~<secret>~");
          }
        },
      ),
    );
  });

  describe("of text that comes in pieces", () => {
    const key = `sk-proj-${random}`;
    const frames: readonly [name: string, frame: (text: string) => string][] = [
      [
        "chat chunks",
        (text) => `data: {"choices":[{"index":0,"delta":{"content":${JSON.stringify(text)}}}]}\n\n`,
      ],
      [
        "blocks",
        (text) =>
          `data: {"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":${JSON.stringify(text)}}}\n\n`,
      ],
      [
        "responses",
        (text) => `event: a\ndata: {"output_index":0,"delta":${JSON.stringify(text)},"item":"x"}\n\n`,
      ],
      [
        "arguments of tools",
        (text) => `data: {"tool_calls":[{"index":0,"function":{"arguments":${JSON.stringify(text)}}}]}\n\n`,
      ],
      [
        "messages of a socket",
        (text) => `7 < {"type":"response.text.delta", "delta" : ${JSON.stringify(text)}}\n`,
      ],
    ];
    /** What the pieces say together. */
    const spoken = (text: string): string =>
      Array.from(
        text.matchAll(/"(?:content|text|delta|arguments)" ?: ?"((?:[^"\\]|\\.)*)"/g),
        ([, said = ""]) => String(JSON.parse(`"${said}"`)),
      ).join("");

    test.each(frames)("%s: a secret is masked wherever it is cut", (_name, frame) => {
      const known = [new KnownSecrets(["known-secret-value"])];
      const said = `It is ${key}, or "known-secret-value"\nor password=hunter2 they say.`;
      fc.assert(
        fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 60, maxLength: 60 }), (lengths) => {
          const pieces: string[] = [];
          let at = 0;
          for (const length of lengths) {
            if (at < said.length) pieces.push(said.slice(at, at + length));
            at += length;
          }
          const redacted = all.redact(pieces.map(frame).join(""), known);
          const left = spoken(redacted);
          expect(left).not.toContain("proj");
          expect(left).not.toContain("secret-value");
          expect(left).not.toContain("hunter2");
          expect(left.startsWith("It is <")).toBe(true);
          expect(redacted.split("\n").length).toBe(pieces.map(frame).join("").split("\n").length);
        }),
      );
    });

    test("two answers at once are told apart, and what is no secret stays as it is", () => {
      const chunk = (index: number, content: string): string =>
        `data: {"choices":[{"index":${index},"delta":{"content":${JSON.stringify(content)}}}]}\n\n`;
      const mixed = [
        chunk(0, "sk-proj-aB3d"),
        chunk(1, "hello "),
        chunk(0, "E5fG7hJ9kL1mN3"),
        chunk(1, "world"),
      ];
      const redacted = secrets.redact(mixed.join(""), []);
      expect(redacted).toBe(
        [chunk(0, "<redacted>"), chunk(1, "hello "), chunk(0, ""), chunk(1, "world")].join(""),
      );
    });

    test("half a secret at the place where it was cut off does not stay", () => {
      const known = [new KnownSecrets(["known-secret-value"])];
      const chunk = (content: string): string => `data: {"delta":{"content":"${content}"}}\n\n`;
      const text = ["a ", "known-", "secret-v"].map(chunk).join("");
      expect(secrets.redact(text, known, true)).toBe(["a ", "<redacted>", ""].map(chunk).join(""));
      expect(secrets.redact(text, known, false)).toBe(text);
    });
  });

  test("of two secrets that begin alike the longer one goes", () => {
    const known = [new KnownSecrets(["secret-value", "secret-value-2"])];
    expect(secrets.redact("x secret-value-2 y secret-value z", known)).toBe("x <secret> y <secret> z");
  });

  test("goes through a mebibyte of text that was made to be slow", () => {
    const size = 1024 * 1024;
    const units = [
      "a",
      "1",
      "-",
      "eyJ-",
      "a@",
      "sk-",
      "password\\",
      "://a",
      "xoxb-1",
      "1 ",
      '"secret":"',
      "-----BEGIN PRIVATE KEY-----",
      '"content":"',
      '"text":"password=ab"\n',
    ];
    for (const unit of units) {
      const text = unit.repeat(size / unit.length);
      expect(all.redact(text, []).length).toBeGreaterThan(0);
    }
  });
});
