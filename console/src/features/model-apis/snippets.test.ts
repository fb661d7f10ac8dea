// The code that clients are given: addresses, where the key goes, and that nothing is offered that is switched off.
import { describe, expect, test } from "vitest";
import { protocolsOf } from "../../../../src/resources/default-routes.ts";
import { modelApiSchema } from "../../../../src/resources/model-api.ts";
import { useCases } from "../../../../src/resources/use-case.ts";
import { keyPlace, sampleModel, snippetsOf } from "./snippets.ts";

const parse = (fields: object) =>
  modelApiSchema.parse({
    name: "a",
    useCase: "text-generation",
    protocols: ["openai"],
    modelService: { mode: "single", target: { service: "s" } },
    ...fields,
  });
const baseUrl = "http://gate:8080/support";
const withKeys = { enabled: true };
const codes = (fields: object, protocol: "openai" | "anthropic" | "dashscope" = "openai") =>
  snippetsOf({ api: parse(fields), protocol, baseUrl, model: "m" });

describe("snippets", () => {
  test("point OpenAI's SDK at /v1 and Anthropic's at the base path", () => {
    expect(codes({}).map(({ label }) => label)).toEqual(["cURL", "Python", "Node.js"]);
    expect(codes({})[1]?.code).toContain('base_url="http://gate:8080/support/v1"');
    expect(codes({ protocols: ["anthropic"] }, "anthropic")[2]?.code).toContain(
      'baseURL: "http://gate:8080/support",',
    );
  });

  test("name the key's variable only where a key is asked for", () => {
    expect(codes({}).some(({ code }) => code.includes("MOONGATE_KEY"))).toBe(false);
    expect(codes({ auth: withKeys }).every(({ code }) => code.includes("MOONGATE_KEY"))).toBe(true);
  });

  test.each([
    ["the SDK's own place", undefined, "openai", 'authorization: Bearer $MOONGATE_KEY"'],
    ["the SDK's own place", undefined, "anthropic", 'x-api-key: $MOONGATE_KEY"'],
    ["a header", [{ in: "header", name: "x-team" }], "openai", 'x-team: $MOONGATE_KEY"'],
    ["a parameter", [{ in: "query", name: "k" }], "openai", "/v1/chat/completions?k=$MOONGATE_KEY"],
  ] as const)("put the key into %s", (_where, apiKeySources, protocol, expected) => {
    const auth = { ...withKeys, ...(apiKeySources === undefined ? {} : { apiKeySources }) };
    expect(codes({ auth, protocols: [protocol] }, protocol)[0]?.code).toContain(expected);
  });

  test("an SDK that cannot send the key in its own way is given the header", () => {
    const auth = { ...withKeys, apiKeySources: [{ in: "header", name: "x-team" }] };
    expect(codes({ auth })[1]?.code).toContain('default_headers={"x-team": os.environ["MOONGATE_KEY"]}');
    expect(keyPlace(parse({ auth }), "openai")).toEqual({ in: "header", name: "x-team" });
  });

  test("there are none for a route that is switched off", () => {
    expect(codes({ routes: { disabled: ["create-chat-completion"] } })).toEqual([]);
  });

  test("a quote in a body does not end the shell's text", () => {
    const code = snippetsOf({ api: parse({}), protocol: "openai", baseUrl, model: "it's" })[0]?.code;
    expect(code).toContain(String.raw`it'\''s`);
  });

  const beyond = new Set(["video-generation openai", "text-generation dashscope", "text-generation gemini"]);
  const cases = useCases.flatMap((useCase) =>
    protocolsOf(useCase)
      .filter((protocol) => !beyond.has(`${useCase} ${protocol}`))
      .map((protocol) => [useCase, protocol] as const),
  );
  test.each(cases)("%s over %s has a first call", (useCase, protocol) => {
    const api = parse({ useCase, protocols: [protocol] });
    const [curl] = snippetsOf({ api, protocol, baseUrl, model: "m" });
    expect(curl?.code).toMatch(/^(?:curl "http|npx wscat -c "ws):\/\/gate:8080\/support\//u);
  });
});

describe("the model in the snippets", () => {
  test.each([
    ["named by the target", { mode: "single", target: { service: "s", model: "qwen-max" } }, "qwen-max"],
    ["known to the service", { mode: "single", target: { service: "s" } }, "from-service"],
    [
      "a rule without wildcards",
      {
        mode: "by-model-name",
        rules: [
          { pattern: "qwen-*", target: { service: "s" } },
          { pattern: "gpt-5", target: { service: "s" } },
        ],
      },
      "gpt-5",
    ],
  ])("%s", (_case, modelService, expected) => {
    expect(sampleModel(parse({ modelService }), [{ name: "s", models: [{ name: "from-service" }] }])).toBe(
      expected,
    );
  });
});
