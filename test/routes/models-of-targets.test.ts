// The model of each target, wherever a request names one: JSON, a part behind files, Gemini's path; and where none is named.
import { describe, expect, test } from "vitest";
import { startAnyUpstream } from "../support/any-answer.ts";
import { startGateway, type Gateway } from "../support/gateway.ts";
import { createKeeper } from "../support/keeper.ts";
import { exchange, type Answer } from "../support/raw-client.ts";
import type { RawUpstream } from "../support/raw-upstream.ts";
import { formBoundary, formBytes, type FormPart } from "../support/route-sample.ts";

const keep = createKeeper();

interface Scene {
  readonly gateway: Gateway;
  /** Services `a` and `b`. */
  readonly a: RawUpstream;
  readonly b: RawUpstream;
}

type Fields = Readonly<Record<string, unknown>>;

/** One Model API before two services; `a` answers with this status. */
async function scene(api: Fields, status = 200): Promise<Scene> {
  const a = keep(await startAnyUpstream(status));
  const b = keep(await startAnyUpstream());
  const protocol = Array.isArray(api["protocols"]) ? String(api["protocols"][0]) : "openai";
  const gateway = keep(
    await startGateway({
      services: [a, b].map(({ url }, index) => ({
        name: index === 0 ? "a" : "b",
        provider: "openai-compatible",
        protocols: [{ protocol, baseUrl: url }],
      })),
      modelApis: [{ name: "api", retries: { max: 0 }, ...api }],
    }),
  );
  return { gateway, a, b };
}

interface Way {
  readonly name: string;
  readonly api: Fields;
  /** What is asked with this model; undefined: none is named. */
  ask(model: string | undefined): { path: string; type: string; body: Buffer };
  /** The path at the service and its body with this model. */
  got(model: string | undefined): { path: string; body: Buffer };
  /** Small enough to be sent again. */
  readonly isHeld: boolean;
  /** Put in where the request names none. */
  readonly inserted: boolean;
}

const images = { useCase: "image-generation", protocols: ["openai"] };
const text = (value: string): Buffer => Buffer.from(value);
const formType = `multipart/form-data; boundary="${formBoundary}"`;

function json(model: string | undefined): Buffer {
  return text(
    model === undefined ? '{ "prompt":"x" }' : `{ "prompt":"x", "model" :  ${JSON.stringify(model)} }`,
  );
}

function form(fileBytes: number, isFirst: boolean) {
  const files: FormPart[] = [
    { name: "image[]", file: "a.png", content: Buffer.alloc(fileBytes, "\r\n--a") },
    { name: "prompt", content: "x" },
  ];
  return (model: string | undefined): Buffer => {
    const part = model === undefined ? [] : [{ name: "model", content: model }];
    return formBytes(isFirst ? [...part, ...files] : [...files, ...part]);
  };
}

const edits = { path: "/v1/images/edits", api: images };
const own = {
  path: "/own/form",
  api: {
    useCase: "others",
    protocols: ["openai"],
    routes: { custom: [{ name: "own", path: "/own/{what}", methods: ["POST"] }] },
  },
};

/** A form with the model behind its files; where there is none it is put before them. */
function formWay(name: string, fileBytes: number, place = edits): Way {
  const { path, api } = place;
  const behind = form(fileBytes, false);
  const asked = new Map<string | undefined, boolean>();
  return {
    name,
    api,
    isHeld: fileBytes < 8 * 1024 * 1024,
    ask: (model) => {
      asked.set("named", model !== undefined);
      return { path, type: formType, body: behind(model) };
    },
    got: (model) => ({
      path,
      body: asked.get("named") === true ? behind(model) : form(fileBytes, true)(model),
    }),
    inserted: true,
  };
}

const geminiBody = text('{"contents":[{"parts":[{"text":"x"}]}]}');
const geminiPath = (model = ""): string => `/v1beta/models/${encodeURIComponent(model)}:generateContent`;

const ways: readonly Way[] = [
  {
    name: "JSON",
    api: images,
    isHeld: true,
    ask: (model) => ({ path: "/api/v1/images/generations", type: "application/json", body: json(model) }),
    got: (model) => ({ path: "/v1/images/generations", body: json(model) }),
    inserted: false,
  },
  formWay("a small form, the model behind its file", 100),
  formWay("a form of 9 MiB, the model behind its file", 9 * 1024 * 1024),
  formWay("a form on a route of one's own", 100, own),
  {
    name: "JSON on a route of one's own",
    api: own.api,
    isHeld: true,
    ask: (model) => ({ path: "/own/json", type: "application/json", body: json(model) }),
    got: (model) => ({ path: "/own/json", body: json(model) }),
    inserted: false,
  },
  {
    name: "Gemini's path",
    isHeld: true,
    api: {
      useCase: "text-generation",
      protocols: ["gemini"],
      routes: { enabled: ["gemini-models"] },
    },
    ask: (model) => ({ path: `${geminiPath(model)}?alt=json`, type: "application/json", body: geminiBody }),
    got: (model) => ({ path: `${geminiPath(model)}?alt=json`, body: geminiBody }),
    inserted: false,
  },
];

function send(gateway: Gateway, { path, type, body }: ReturnType<Way["ask"]>): Promise<Answer> {
  return exchange(gateway.port, { method: "POST", path, headers: [["content-type", type]], body });
}

function expectSent(upstream: RawUpstream, { path, body }: ReturnType<Way["got"]>): void {
  expect(upstream.requests.map((request) => request.path)).toEqual([path]);
  expect(upstream.requests[0]?.body.length).toBe(body.length);
  expect(upstream.requests[0]?.body.equals(body)).toBe(true);
}

/** The first letters of the model's name pick the service. */
function byNameOf(way: Way, rest: Fields = {}): Fields {
  const rules = [
    { pattern: "small-*", target: { service: "a" } },
    { pattern: "big *", target: { service: "b", model: "renamed:b" } },
  ];
  return { ...way.api, modelService: { mode: "by-model-name", rules, ...rest } };
}

describe.each(ways)("the model in $name", (way) => {
  const byName = byNameOf(way);

  test("picks the service and stays where the target has none", async () => {
    const { gateway, a, b } = await scene(byName);
    const answer = await send(gateway, way.ask("small-1"));
    expect([answer.status, answer.header("x-moongate-model")]).toEqual([200, "small-1"]);
    expectSent(a, way.got("small-1"));
    expect(b.requests).toEqual([]);
  });

  test("picks the service and becomes the target's", async () => {
    const { gateway, a, b } = await scene(byName);
    const answer = await send(gateway, way.ask("big é"));
    expect([answer.status, answer.header("x-moongate-model")]).toEqual([200, "renamed:b"]);
    expectSent(b, way.got("renamed:b"));
    expect(a.requests).toEqual([]);
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record).toMatchObject({ requestedModel: "big é", model: "renamed:b", service: "b" });
  });

  test("is not found where no rule has it", async () => {
    const { gateway, a, b } = await scene(byName);
    const answer = await send(gateway, way.ask("unknown"));
    const record = await gateway.record(answer.header("x-request-id"));
    expect([answer.status, record.errorCode, record.requestedModel]).toEqual([
      404,
      "model_not_found",
      "unknown",
    ]);
    expect([...a.requests, ...b.requests]).toEqual([]);
  });
});

test.each(ways.filter(({ isHeld }) => isHeld))(
  "the model in $name is each target's own, after a fallback too",
  async (way) => {
    const api = {
      ...way.api,
      modelService: { mode: "single", target: { service: "a", model: "model-of-a" } },
      fallback: { enabled: true, targets: [{ service: "b", model: "model-of-b" }] },
    };
    const { gateway, a, b } = await scene(api, 500);
    const answer = await send(gateway, way.ask("asked"));
    expect([answer.status, answer.header("x-moongate-model")]).toEqual([200, "model-of-b"]);
    expectSent(a, way.got("model-of-a"));
    expectSent(b, way.got("model-of-b"));
    const record = await gateway.record(answer.header("x-request-id"));
    expect(record.attempts).toMatchObject([{ model: "model-of-a" }, { model: "model-of-b" }]);
  },
);

test.each(ways.filter(({ inserted }) => inserted))(
  "the model in $name is put in by a default target when the request has none",
  async (way) => {
    const { gateway, b } = await scene(byNameOf(way, { default: { service: "b", model: "default-model" } }));
    const answer = await send(gateway, way.ask(undefined));
    expect([answer.status, answer.header("x-moongate-model")]).toEqual([200, "default-model"]);
    expectSent(b, way.got("default-model"));
  },
);

describe("a route that names no model", () => {
  const upload = formBytes([
    { name: "purpose", content: "batch" },
    { name: "model", content: "small-1" },
    { name: "file", file: "a", content: "x" },
  ]);
  const request = {
    method: "POST",
    path: "/v1/files",
    headers: [["content-type", formType]],
    body: upload,
  } as const;
  const rules = [{ pattern: "small-*", target: { service: "a", model: "never" } }];

  test("goes to the default target, unchanged", async () => {
    const modelService = { mode: "by-model-name", rules, default: { service: "b", model: "default-model" } };
    const { gateway, a, b } = await scene({ useCase: "others", protocols: ["openai"], modelService });
    const answer = await exchange(gateway.port, request);
    expect([answer.status, answer.header("x-moongate-service")]).toEqual([200, "b"]);
    expectSent(b, { path: "/v1/files", body: upload });
    expect(a.requests).toEqual([]);
  });

  test("has nowhere to go without one", async () => {
    const modelService = { mode: "by-model-name", rules };
    const { gateway, a, b } = await scene({ useCase: "others", protocols: ["openai"], modelService });
    const answer = await exchange(gateway.port, request);
    const record = await gateway.record(answer.header("x-request-id"));
    expect([answer.status, record.errorCode]).toEqual([404, "model_not_found"]);
    expect([...a.requests, ...b.requests]).toEqual([]);
  });
});

test("by weight, every target gets its own model and the record says which", async () => {
  const targets = [
    { service: "a", weight: 50, model: "model-of-a" },
    { service: "b", weight: 50, model: "model-of-b" },
  ];
  const { gateway, a, b } = await scene({ ...images, modelService: { mode: "by-weight", targets } });
  const body = form(10, false)("asked");
  for (let count = 0; count < 8; count += 1) {
    const answer = await send(gateway, { path: "/v1/images/variations", type: formType, body });
    const service = answer.header("x-moongate-service");
    expect(answer.header("x-moongate-model")).toBe(`model-of-${service}`);
  }
  for (const [service, { requests }] of [
    ["a", a],
    ["b", b],
  ] as const) {
    expect(requests).toHaveLength(4);
    for (const request of requests) {
      expect(request.body.equals(form(10, false)(`model-of-${service}`))).toBe(true);
    }
  }
});
