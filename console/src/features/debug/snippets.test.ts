// Commands are given to a real shell: what arrives must be what was meant, whatever the text holds.
import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { gatewayPlace } from "./gateway-place.ts";
import { curlCommand, pythonSnippet, pythonValue, shellQuote } from "./snippets.ts";

const texts = [
  "plain",
  "it's",
  `"double"`,
  "$HOME `id` $(id)",
  "a\nb",
  "back\\slash",
  "!bang",
  "退款 🌕",
  "'; rm -rf /; '",
];

/** Arguments as the shell hands them to a program. */
function argumentsOf(command: string): string[] {
  const script = command.replace(/^curl/u, `printf '%s\\0'`);
  const out = execFileSync("sh", ["-c", script], { env: { MOONGATE_KEY: "mg-key" }, encoding: "utf8" });
  return out.split("\0").slice(0, -1);
}

const request = (content: string) => ({
  method: "POST",
  path: "/v1/chat/completions",
  headers: { "content-type": "application/json" },
  body: { model: "m", messages: [{ role: "user", content }], stream: true },
});
const place = {
  gateway: "http://127.0.0.1:8080",
  host: "api.harbor.cn",
  hasAuth: true,
  keyHeader: "authorization",
} as const;

describe("a shell command", () => {
  it.each(texts)("hands on %j as one argument", (text) => {
    expect(argumentsOf(`curl ${shellQuote(text)}`)).toEqual([text]);
  });

  it.each(
    texts.flatMap(
      (text) =>
        [
          [text, false],
          [text, true],
        ] as const,
    ),
  )("carries %j in its body, one line: %s", (text, oneLine) => {
    const given = argumentsOf(curlCommand(request(text), place, oneLine));
    expect(given.slice(0, 2)).toEqual(["-N", "http://127.0.0.1:8080/v1/chat/completions"]);
    expect(given).toContain("host: api.harbor.cn");
    expect(given).toContain("authorization: Bearer mg-key");
    expect(JSON.parse(given.at(-1) ?? "")).toEqual(request(text).body);
  });

  it("in one line is one line", () => {
    expect(curlCommand(request("a\nb"), place, true)).not.toContain("\n");
  });
});

describe("Python", () => {
  it("writes JSON values in its own words", () => {
    expect(pythonValue({ a: [true, null, 1.5, "x"] })).toBe(`{"a": [True, None, 1.5, "x"]}`);
  });
  it("names what the library does not know in extra_body", () => {
    const custom = { ...request("hi"), body: { ...request("hi").body, top_k: 4 } };
    expect(pythonSnippet(custom, place, "/demo")).toContain(`extra_body={"top_k": 4}`);
    expect(pythonSnippet(custom, place, "/demo")).toContain(`base_url="http://127.0.0.1:8080/demo/v1"`);
  });
});

describe("the address of the gateway", () => {
  const options = {
    browserHost: "moon.lan",
    byHost: true,
    hasAuth: false,
    keyHeader: "authorization",
  } as const;
  it.each([
    ["127.0.0.1", "*", "http://127.0.0.1:8080", ""],
    ["0.0.0.0", "*", "http://moon.lan:8080", ""],
    ["127.0.0.1", "api.harbor.cn", "http://127.0.0.1:8080", "api.harbor.cn"],
    ["127.0.0.1", "*.harbor.cn", "http://127.0.0.1:8080", "debug.harbor.cn"],
  ])("bound to %s for domain %s is %s with host %j", (host, domain, gateway, named) => {
    const bound = { url: "http://127.0.0.1:8080", host, port: 8080 };
    expect(gatewayPlace(bound, domain, options)).toMatchObject({ gateway, host: named });
  });
});
