// The path that a service is asked at: where the vendor has it, whatever base path, stripping and base URL are.
import { describe, expect, test } from "vitest";
import { defaultRoutes } from "../../src/resources/default-routes.ts";
import { startAnyUpstream } from "../support/any-answer.ts";
import type { TestDocument } from "../support/configuration.ts";
import { startGateway } from "../support/gateway.ts";
import { createKeeper } from "../support/keeper.ts";
import { exchange } from "../support/raw-client.ts";

const keep = createKeeper();

type Fields = Readonly<Record<string, unknown>>;

interface PathRow {
  readonly name: string;
  readonly useCase: string;
  readonly protocol: string;
  /** Provider and, behind the address, the path of its base URL. */
  readonly at: readonly [provider: string, path: string];
  /** Base path; `stripped` is the same with `stripBasePath`. */
  readonly base?: string;
  readonly stripped?: boolean;
  readonly routes?: Fields;
  readonly asked: string;
  readonly expected: string;
  readonly method?: string;
}

const images = { useCase: "image-generation", protocol: "openai" } as const;
const speech = { useCase: "speech-synthesis", protocol: "openai" } as const;
const others = { useCase: "others", protocol: "openai" } as const;
const tasks = { useCase: "video-generation", protocol: "dashscope" } as const;
const gemini = {
  useCase: "text-generation",
  protocol: "gemini",
  routes: { enabled: ["gemini-models"] },
} as const;

/** OpenAI's image and speech bodies: both paths of a route, with each way to have a base path. */
const moved: readonly PathRow[] = defaultRoutes
  .filter(({ alias }) => alias !== undefined)
  .flatMap(({ useCase, protocol, path, alias = "" }) =>
    [path, alias].flatMap((asked) =>
      (
        [
          ["no base path", undefined, false],
          ["a base path", "/pic", false],
          ["a stripped base path", "/pic", true],
          ["a base path like the vendor's", "/v1", true],
        ] as const
      ).map(([what, base, stripped]) => ({
        name: `${asked} with ${what}`,
        useCase,
        protocol,
        at: ["openai", ""] as const,
        ...(base === undefined ? {} : { base, stripped }),
        asked: (base ?? "") + asked,
        expected: alias,
      })),
    ),
  );

const rows: readonly PathRow[] = [
  ...moved,
  {
    ...images,
    name: "variations of images at DashScope's compatible mode, as nothing translates them",
    at: ["dashscope", ""],
    asked: "/api/v1/images/variations?a=b%20c",
    expected: "/compatible-mode/v1/images/variations?a=b%20c",
  },
  {
    ...images,
    name: "images at Azure's v1 API",
    at: ["azure-openai", "/openai/v1"],
    asked: "/api/v1/images/edits",
    expected: "/openai/v1/images/edits",
  },
  {
    ...images,
    name: "images at a vendor whose version has another name",
    at: ["doubao", ""],
    asked: "/api/v1/images/generations",
    expected: "/api/v3/images/generations",
  },
  {
    ...images,
    name: "images at a base URL that ends like the path of the route",
    at: ["openai-compatible", "/api/v1"],
    asked: "/api/v1/images/generations",
    expected: "/api/v1/images/generations",
  },
  {
    ...speech,
    name: "speech at a base URL with a version",
    at: ["openai-compatible", "/v1"],
    asked: "/api/v1/audio/speech",
    expected: "/v1/audio/speech",
  },
  {
    useCase: "embedding",
    protocol: "openai",
    name: "embeddings keep a base path that is not stripped",
    at: ["openai-compatible", ""],
    base: "/emb",
    asked: "/emb/v1/embeddings",
    expected: "/emb/v1/embeddings",
  },
  {
    useCase: "embedding",
    protocol: "openai",
    name: "embeddings lose one that is",
    at: ["openai-compatible", "/v1"],
    base: "/emb",
    stripped: true,
    asked: "/emb/v1/embeddings/",
    expected: "/v1/embeddings/",
  },
  {
    useCase: "embedding",
    protocol: "openai",
    name: "embeddings at a vendor whose version has another name, base path or not",
    at: ["zhipu", ""],
    base: "/emb",
    asked: "/emb/v1/embeddings",
    expected: "/api/paas/v4/embeddings",
  },
  {
    ...others,
    name: "the bytes of a file at DashScope's compatible mode",
    at: ["dashscope", ""],
    asked: "/v1/files/file-fe-1/content?x=1",
    expected: "/compatible-mode/v1/files/file-fe-1/content?x=1",
    method: "GET",
  },
  {
    ...others,
    name: "batches at DashScope's compatible mode",
    at: ["dashscope", ""],
    asked: "/v1/batches/batch_1/cancel",
    expected: "/compatible-mode/v1/batches/batch_1/cancel",
  },
  {
    ...tasks,
    name: "DashScope's native path",
    at: ["dashscope", ""],
    asked: "/api/v1/services/aigc/video-generation/video-synthesis",
    expected: "/api/v1/services/aigc/video-generation/video-synthesis",
  },
  {
    ...tasks,
    name: "DashScope's native path is written once",
    at: ["openai-compatible", "/api/v1"],
    asked: "/api/v1/tasks/t-1",
    expected: "/api/v1/tasks/t-1",
    method: "GET",
  },
  {
    ...tasks,
    name: "a path of one's own at DashScope gets the version",
    at: ["dashscope", ""],
    routes: { custom: [{ name: "own", path: "/services/aigc/new", methods: ["POST"] }] },
    asked: "/services/aigc/new",
    expected: "/api/v1/services/aigc/new",
  },
  {
    ...gemini,
    name: "Gemini's path",
    at: ["gemini", ""],
    asked: "/v1beta/models/g:generateContent?key=",
    expected: "/v1beta/models/g:generateContent?key=",
  },
  {
    ...gemini,
    name: "Gemini's path at a base URL with the version",
    at: ["gemini", "/v1beta"],
    asked: "/v1beta/models/g:countTokens",
    expected: "/v1beta/models/g:countTokens",
  },
  {
    ...gemini,
    name: "a path of one's own at Gemini gets the version",
    at: ["gemini", ""],
    routes: { custom: [{ name: "own", path: "/models/{model}", methods: ["GET"] }] },
    asked: "/models/g",
    expected: "/v1beta/models/g",
    method: "GET",
  },
  {
    useCase: "rerank",
    protocol: "vllm",
    name: "rerank at a base URL with a version",
    at: ["vllm", "/v1"],
    asked: "/v1/rerank",
    expected: "/v1/rerank",
  },
  {
    useCase: "rerank",
    protocol: "vllm",
    name: "rerank at Jina",
    at: ["jina", ""],
    base: "/r",
    stripped: true,
    asked: "/r/v1/rerank",
    expected: "/v1/rerank",
  },
  {
    useCase: "rerank",
    protocol: "dashscope",
    name: "rerank at DashScope",
    at: ["dashscope", ""],
    asked: "/api/v1/services/rerank/text-rerank/text-rerank",
    expected: "/api/v1/services/rerank/text-rerank/text-rerank",
  },
];

function documentOf(url: string, row: PathRow): TestDocument {
  const { useCase, protocol, at, base = "/", stripped = false, routes = {} } = row;
  const [provider, path] = at;
  const own =
    provider === "openai-compatible"
      ? { protocols: [{ protocol, baseUrl: url + path }] }
      : { baseUrl: url + path };
  return {
    services: [{ name: "up", provider, ...own }],
    modelApis: [
      {
        name: "api",
        useCase,
        protocols: [protocol],
        basePath: base,
        stripBasePath: stripped,
        routes,
        modelService: { mode: "single", target: { service: "up" } },
      },
    ],
  };
}

describe(`${rows.length} paths`, () => {
  test.each(rows)("$name", async (row) => {
    const upstream = keep(await startAnyUpstream());
    const gateway = keep(await startGateway(documentOf(upstream.url, row)));
    const { method = "POST" } = row;
    const body = method === "POST" ? "{}" : undefined;
    const answer = await exchange(gateway.port, { method, path: row.asked, body });
    expect([answer.status, upstream.requests.map(({ path }) => path)]).toEqual([200, [row.expected]]);
  });
});
