// Mode intelligent over real sockets: which model gets a request, and that its record tells why.
import { describe, expect, test } from "vitest";
import { chooseModel } from "../src/routing/decision/choose-model.ts";
import { reproduce } from "../src/routing/decision/reproduce.ts";
import { createKeeper } from "./support/keeper.ts";
import {
  large,
  middle,
  routingOf,
  small,
  startIntelligentScene,
  type IntelligentScene,
  type SceneParts,
} from "./support/intelligent-scene.ts";

const keep = createKeeper();
const scene = async (parts: SceneParts = {}): Promise<IntelligentScene> =>
  keep(await startIntelligentScene(parts));
const image = [
  {
    role: "user",
    content: [
      { type: "text", text: "What is this?" },
      { type: "image_url", image_url: { url: "data:image/png;base64,iVBORw0KGgo=" } },
    ],
  },
];

describe("what clients ask for", () => {
  test.each([
    ["auto", "middle"],
    ["auto/balanced", "middle"],
    ["auto/quality", "large"],
    ["auto/cheap", "small"],
    ["auto/fast", "middle"],
    ["small", "small"],
    ["large", "large"],
    ["gpt-nobody-has", "middle"],
  ])("%s is answered by %s", async (model, expected) => {
    // All that is measured of the three is the same, as one service answers them: price and quality alone decide.
    const { ask, up } = await scene({ mode: { maxQualityDrop: 40, weights: weightsFor(model) } });
    const { status, record } = await ask({ model });
    expect(status).toBe(200);
    expect(record).toMatchObject({ requestedModel: model, model: expected, outcome: "ok" });
    expect(up.asked).toEqual([expected]);
  });

  /** Numbers by which each profile has another winner; those of the profiles themselves are tried beside them. */
  function weightsFor(model: string): object | undefined {
    if (model === "auto/quality") return { cost: 0, latency: 0 };
    if (model === "auto/cheap") return { cost: 2, latency: 0 };
    return { cost: 0.28, latency: 0 };
  }

  test("profiles weigh as they say", async () => {
    const { ask } = await scene();
    const weights = async (model: string) => {
      const { costWeight, latencyWeight, profile } = routingOf((await ask({ model })).record).evidence;
      return [profile, costWeight, latencyWeight];
    };
    expect(await weights("auto")).toEqual(["balanced", 0.15, 0.05]);
    expect(await weights("auto/quality")).toEqual(["quality", 0.02, 0.05]);
    expect(await weights("auto/cheap")).toEqual(["cheap", 0.5, 0.05]);
    expect(await weights("auto/fast")).toEqual(["fast", 0.15, 0.5]);
  });

  test("a name that is no model is refused where the Model API says so", async () => {
    const { ask, up } = await scene({ mode: { otherNames: "refuse" } });
    const { status, text, record } = await ask({ model: "gpt-nobody-has" });
    expect(status).toBe(404);
    expect(text).toContain("gpt-nobody-has");
    expect(record.errorCode).toBe("model_not_found");
    expect(up.asked).toEqual([]);
    expect((await ask({ model: "auto" })).status).toBe(200);
    expect((await ask({ model: "small" })).record.model).toBe("small");
  });

  test.each(["auto/nonsense", "auto/", "auto/quality ", "auto/Cheap"])(
    "%j asks for no profile, and is refused wherever other names are routed",
    async (model) => {
      const { ask, up } = await scene();
      const { status, text, record } = await ask({ model });
      expect(status).toBe(404);
      expect(record.errorCode).toBe("model_not_found");
      expect(text).toContain(
        "auto, auto/balanced, auto/cheap, auto/fast, auto/quality, large, middle, small.",
      );
      expect(up.asked).toEqual([]);
    },
  );

  test("a candidate's model may be called like a profile", async () => {
    const { ask, up } = await scene({ mode: { candidates: [small, { ...large, model: "auto/own" }] } });
    expect((await ask({ model: "auto/own" })).status).toBe(200);
    expect(up.asked).toEqual(["auto/own"]);
  });

  test("the list of models has the names that may be asked for", async () => {
    const { gateway } = await scene();
    const { data } = (await (await fetch(`${gateway.url}/v1/models`)).json()) as { data: { id: string }[] };
    expect(data.map(({ id }) => id)).toEqual([
      "auto",
      "auto/balanced",
      "auto/cheap",
      "auto/fast",
      "auto/quality",
      "large",
      "middle",
      "small",
    ]);
  });

  test("headers tell what was decided", async () => {
    const { ask } = await scene();
    const { headers } = await ask({ model: "small" });
    expect(headers.get("x-moongate-model")).toBe("small");
    expect(headers.get("x-moongate-routing")).toMatch(/^named;domain=\w+;profile=balanced$/);
  });

  test("a stream comes from the chosen model, and tells it too", async () => {
    const { ask } = await scene();
    const { text, record, headers } = await ask({ model: "large", stream: true });
    expect(text).toContain("I am large.");
    expect(text).toContain("[DONE]");
    expect(record).toMatchObject({ model: "large", stream: true, outcome: "ok" });
    expect(headers.get("x-moongate-routing")).toMatch(/^named;/);
  });
});

describe("what a model cannot do it is not asked for", () => {
  const candidates = [
    { ...small, tools: false, jsonSchema: false, contextWindow: 2_000 },
    { ...large, price: { input: 50, output: 200 } },
  ];
  const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
  test.each<[string, object, string]>([
    ["nothing special", {}, ""],
    ["an image", { messages: image }, "takes-no-image"],
    ["tools", { tools }, "no-tools"],
    ["tools that must not be called", { tools, tool_choice: "none" }, ""],
    [
      "a schema",
      { response_format: { type: "json_schema", json_schema: { name: "s", schema: {} } } },
      "no-json-schema",
    ],
    ["a long text", { messages: [{ role: "user", content: "word ".repeat(2_000) }] }, "context-window"],
    ["a long answer", { max_tokens: 3_000 }, "context-window"],
  ])("%s", async (_name, body, excluded) => {
    const { ask, up } = await scene({ mode: { profile: "cheap", maxQualityDrop: 100, candidates } });
    for (const model of ["auto", "auto/cheap", "small"]) {
      const { record } = await ask({ model, ...body });
      const evidence = routingOf(record).evidence.models.find((one) => one.model === "small");
      expect(evidence?.excluded).toBe(excluded);
      expect(record.model).toBe(excluded === "" ? "small" : "large");
    }
    expect(new Set(up.asked)).toEqual(new Set([excluded === "" ? "small" : "large"]));
  });
});

describe("what no model can do is refused before anybody is asked", () => {
  const text = { input: ["text"], tools: false, jsonSchema: false };
  const candidates = [
    { ...small, ...text },
    { ...large, ...text },
  ];
  const tools = [{ type: "function", function: { name: "f", parameters: {} } }];
  test.each<[string, object, string]>([
    ["an image", { messages: image }, "No model of this API takes images."],
    ["tools", { tools }, "No model of this API calls tools."],
    [
      "a schema",
      { response_format: { type: "json_schema", json_schema: { name: "s", schema: {} } } },
      "No model of this API answers in the form of a JSON schema.",
    ],
  ])("%s", async (_name, body, message) => {
    const { ask, up } = await scene({ mode: { candidates } });
    const { status, text: answer, record } = await ask({ model: "auto", ...body });
    expect(status).toBe(400);
    expect(answer).toContain(message);
    expect(record).toMatchObject({ status: 400, outcome: "client_error", errorCode: "invalid_request" });
    expect(up.asked).toEqual([]);
  });

  test("but not what is only assumed of them, nor what is estimated", async () => {
    const { ask } = await scene({ mode: { candidates: [small, large] } });
    expect((await ask({ model: "auto", messages: image })).status).toBe(200);
    expect((await ask({ model: "auto", max_tokens: 2_000_000 })).status).toBe(200);
  });
});

describe("what a consumer may not have it does not get", () => {
  const key = (name: string): string => `consumer-${name}-0123456789`;
  const grants: [string, string[] | undefined][] = [
    ["all", undefined],
    ["small", ["small"]],
    ["cheaper", ["small", "middle", "auto"]],
    ["auto", ["auto*"]],
    ["none", ["other"]],
  ];
  const parts: SceneParts = {
    mode: { weights: { cost: 0, latency: 0 } },
    api: {
      auth: {
        enabled: true,
        grants: grants.map(([consumer, models]) => ({
          consumer,
          ...(models === undefined ? {} : { models }),
        })),
      },
    },
    consumers: grants.map(([name]) => ({
      name,
      credentials: [{ type: "api-key", name: "main", value: key(name) }],
    })),
  };

  test.each<[string, string | undefined, number, string]>([
    ["all", "auto", 200, "large"],
    ["small", "auto", 200, "small"],
    ["small", "auto/quality", 200, "small"],
    ["small", "whatever", 200, "small"],
    ["small", undefined, 200, "small"],
    ["small", "small", 200, "small"],
    ["small", "large", 403, ""],
    ["cheaper", "auto", 200, "middle"],
    ["auto", "auto", 200, "large"],
    ["auto", "auto/cheap", 200, "large"],
    ["auto", "large", 403, ""],
    ["none", "auto", 403, ""],
    ["none", "small", 403, ""],
    ["none", undefined, 403, ""],
  ])("consumer %s asks for %s: %i %s", async (consumer, model, status, expected) => {
    const { ask } = await scene(parts);
    const answer = await ask(model === undefined ? {} : { model }, {
      authorization: `Bearer ${key(consumer)}`,
    });
    expect([answer.status, answer.record.model]).toEqual([status, expected]);
    if (status === 403) expect(answer.record.errorCode).toBe("consumer_not_allowed");
  });

  test.each(["route", "refuse"])("nor does a refusal name it, where other names: %s", async (otherNames) => {
    const { ask } = await scene({ ...parts, mode: { otherNames } });
    const { status, text } = await ask(
      { model: "auto/nonsense" },
      { authorization: `Bearer ${key("small")}` },
    );
    expect(status).toBe(404);
    expect(text).toContain("auto/quality, small.");
  });

  test("nor does its list of models have it", async () => {
    const { gateway } = await scene(parts);
    const list = async (consumer: string): Promise<string[]> => {
      const headers = { authorization: `Bearer ${key(consumer)}` };
      const answer = await fetch(`${gateway.url}/v1/models`, { headers });
      return ((await answer.json()) as { data: { id: string }[] }).data.map(({ id }) => id);
    };
    const autos = ["auto", "auto/balanced", "auto/cheap", "auto/fast", "auto/quality"];
    expect(await list("small")).toEqual([...autos, "small"]);
    expect(await list("auto")).toEqual(autos);
    expect(await list("none")).toEqual([]);
  });
});

describe("rules and domains", () => {
  const rules = [
    { name: "secret", keywords: ["confidential"], model: "small" },
    { name: "team", header: { name: "x-team", value: { type: "exact", value: "gold" } }, profile: "quality" },
    { name: "batch", metadata: { key: "job", value: { type: "prefix", value: "night" } }, model: "middle" },
    { name: "sql", patterns: ["select .+ from"], domain: "data" },
  ];
  test.each<[string, object, Record<string, string>, object]>([
    [
      "a keyword",
      { messages: [{ role: "user", content: "This is CONFIDENTIAL: hi" }] },
      {},
      { reason: "rule", model: "small" },
    ],
    ["metadata", { metadata: { job: "nightly-7" } }, {}, { reason: "rule", model: "middle" }],
    ["a header", {}, { "x-team": "gold" }, {}],
  ])("%s decides", async (_name, body, headers, choice) => {
    const { ask } = await scene({ mode: { rules } });
    const routing = routingOf((await ask({ model: "auto", ...body }, headers)).record);
    expect(routing.choice).toMatchObject(choice);
    expect(routing.evidence.rule?.name).toBe(
      rules.find(({ name }) => name === routing.evidence.rule?.name)?.name,
    );
    if (headers["x-team"] !== undefined) expect(routing.evidence.profile).toBe("quality");
  });

  test("a rule's domain has its models", async () => {
    const domains = [{ name: "data", prefer: ["middle"] }];
    const { ask } = await scene({ mode: { rules, domains } });
    const messages = [{ role: "user", content: "please select a from b" }];
    const { record } = await ask({ model: "auto", messages });
    expect(routingOf(record).evidence).toMatchObject({
      prompt: { domains: [{ name: "data", probability: 1 }], source: "rule" },
      preferred: ["middle"],
    });
    expect(record.model).toBe("middle");
  });

  test("built-in domains are told without any rule", async () => {
    const { ask } = await scene();
    const told = async (content: string) =>
      routingOf((await ask({ model: "auto", messages: [{ role: "user", content }] })).record).evidence.prompt;
    const code = await told(
      "Write a Python function that parses a JSON file and returns a list of dictionaries.",
    );
    expect(code.domains[0]?.name).toBe("code");
    expect(code.language).toBe("en");
    const zh = await told("请把下面这段话翻译成英文：今天天气很好，我们去公园散步吧。");
    expect(zh.domains[0]?.name).toBe("translation");
    expect(zh.language).toBe("zh");
  });
});

test("every record of a mixed run gives its choice again", async () => {
  const { ask, gateway } = await scene({
    mode: {
      candidates: [{ ...small, strengths: { code: 80, math: 30 } }, middle, large],
      exploration: 0.05,
      learning: { enabled: true },
      domains: [{ name: "math", minQuality: 40 }],
    },
  });
  const names = ["auto", "auto/fast", "auto/quality", "auto/cheap", "small", "whatever"];
  const prompts = [
    "Solve 3x+4=10.",
    "写一首关于秋天的诗",
    "Fix this bug: for(;;){}",
    "hi",
    "",
    "Summarize: ".repeat(200),
  ];
  const lanes = Array.from({ length: 8 }, async (_, lane) => {
    for (let step = 0; step < 30; step += 1) {
      const turn = lane * 30 + step;
      const messages = [{ role: "user", content: prompts[turn % prompts.length] }];
      const more = turn % 5 === 0 ? { messages: image } : { messages };
      await ask({
        model: names[turn % names.length],
        ...more,
        max_tokens: 10 + turn,
        stream: turn % 3 === 0,
      });
    }
  });
  await Promise.all(lanes);
  expect(gateway.records).toHaveLength(240);
  const reasons = new Set<string>();
  for (const record of gateway.records) {
    // As it comes out of the log.
    const routing = JSON.parse(JSON.stringify(routingOf(record))) as ReturnType<typeof routingOf>;
    expect(chooseModel(routing.evidence)).toMatchObject(routing.choice);
    expect(reproduce(routing).same).toBe(true);
    expect(record.model).toBe(routing.choice.model);
    expect(record.outcome).toBe("ok");
    reasons.add(routing.choice.reason);
  }
  expect(reasons).toContain("best");
  expect(reasons).toContain("named");
});

test("other modes tell nothing of routing", async () => {
  const { ask } = await scene({ api: { modelService: { mode: "single", target: { service: "up" } } } });
  const { record, headers } = await ask({ model: "m" });
  expect(record.decision).not.toHaveProperty("routing");
  expect(headers.get("x-moongate-routing")).toBeNull();
});
