// The recordings of all routes but those for chat and messages, each with the request that a client would have sent to a
// default route. Must not know the gateway.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defaultRoutes, type DefaultRoute } from "../../src/resources/default-routes.ts";
import { formBoundary, formBytes } from "./route-sample.ts";
import { loadRecordings, type Recording } from "./recordings.ts";

export interface RecordedRoute extends Recording {
  readonly row: DefaultRoute;
  readonly method: string;
  /** Path and query below the base path of the Model API. */
  readonly path: string;
  readonly request: Buffer | undefined;
  readonly requestType: string | undefined;
  /** DashScope's header that asks for a stream. */
  readonly asksForEvents: boolean;
}

const folders = [
  "dashscope",
  "dashscope-compat",
  "dashscope-task",
  "files",
  "gemini",
  "gemini-embed",
  "models",
  "openai-audio",
  "openai-embeddings",
  "openai-images",
  "openai-responses",
  "rerank",
] as const;

interface Place {
  /** What stands in the recorded path, whatever the vendor has before it. */
  readonly recorded: RegExp;
  readonly route: string;
  /** The default route's path; what follows the match is appended. */
  readonly path: string;
}

const places: readonly Place[] = [
  { recorded: /\/responses$/, route: "responses", path: "/v1/responses" },
  { recorded: /\/embeddings$/, route: "create-embedding", path: "/v1/embeddings" },
  { recorded: /\/images\/generations$/, route: "openai-image-generation", path: "/v1/images/generations" },
  { recorded: /\/v1\/rerank$/, route: "rerank", path: "/v1/rerank" },
  { recorded: /\/v1\/messages$/, route: "create-message", path: "/v1/messages" },
  { recorded: /\/v1\/models$/, route: "models", path: "/v1/models" },
  { recorded: /\/models(?=\/[^/]+:\w+$)/, route: "gemini-models", path: "/v1beta/models" },
  { recorded: /\/compatible-mode\/v1\/files/, route: "files", path: "/v1/files" },
  { recorded: /^\/v1\/files/, route: "files", path: "/v1/files" },
  { recorded: /\/v1\/batches/, route: "batches", path: "/v1/batches" },
  { recorded: /^\/api\/v1\/tasks/, route: "tasks", path: "/api/v1/tasks" },
  ...defaultRoutes
    .filter(({ path }) => path.startsWith("/api/v1/services/aigc/"))
    .map(({ path, name }) => ({ recorded: new RegExp(`^${path}`), route: name, path })),
];

/** Where a recording lost its address or its request: what its folder is about. */
const usualPaths: Readonly<Record<string, string>> = {
  dashscope: "/api/v1/services/aigc/multimodal-generation/generation",
  gemini: "/v1beta/models/recorded-model:generateContent",
  "gemini stream": "/v1beta/models/recorded-model:streamGenerateContent?alt=sse",
  "openai-audio": "/v1/audio/transcriptions",
  "openai-embeddings": "/v1/embeddings",
  "openai-images": "/v1/images/generations",
  "openai-responses": "/v1/responses",
  rerank: "/v1/rerank",
};

interface RecordedRequest {
  readonly method?: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** Method and headers of the recorded request; null where there is none. */
function requestOf({ name }: Recording): RecordedRequest | null {
  const [file = "", number = "0"] = name.split("#");
  const text = readFileSync(join(import.meta.dirname, "..", "fixtures", `${file}.json`), "utf8");
  // The files are our own data: their shape is fixed by the README beside them.
  const { exchanges } = JSON.parse(text) as { exchanges: { request: RecordedRequest | null }[] };
  return exchanges[Number(number)]?.request ?? null;
}

function rowOf(route: string, protocols: readonly string[]): DefaultRoute | undefined {
  return defaultRoutes.find((row) => row.name === route && protocols.includes(row.protocol));
}

function placeOf(recorded: string): { row: DefaultRoute; path: string } | undefined {
  const [path = "", query] = recorded.split("?");
  const place = places.find((each) => each.recorded.test(path));
  const transcription = rowOf("openai-audio-transcriptions", ["openai"]);
  if (path.endsWith("/transcriptions") && transcription !== undefined) {
    return { row: transcription, path };
  }
  if (place === undefined) return undefined;
  const isAnthropic = query?.includes("beta=true") === true;
  const name = isAnthropic && place.route === "files" ? "anthropic-files" : place.route;
  const native = path.startsWith("/api/v1/");
  const row = rowOf(
    name,
    isAnthropic ? ["anthropic"] : native ? ["dashscope", "openai"] : ["openai", "vllm", "gemini"],
  );
  const { index = 0, 0: found = "" } = place.recorded.exec(path) ?? {};
  // The version of an Azure deployment is part of Azure's own address.
  const kept = query === undefined || query.includes("api-version") ? "" : `?${query}`;
  return row && { row, path: place.path + path.slice(index + found.length) + kept };
}

function recordedRoute(folder: string, recording: Recording): RecordedRoute | undefined {
  const { protocol } = recording;
  // Two streams lost their content type with their headers.
  const stream = recording.stream || recording.body.subarray(0, 3).toString() === "id:";
  const asked = requestOf(recording);
  const usual = usualPaths[stream ? `${folder} stream` : folder] ?? usualPaths[folder];
  const place = placeOf(recording.requestPath ?? usual ?? "");
  if (place === undefined) return undefined;
  // One was not recorded, and one lost the line ends that make it a form.
  const isForm =
    place.row.name === "openai-audio-transcriptions" || recording.requestBody?.includes("\n<") === true;
  // Two requests lost their first line.
  const method = /^(?:get|delete)$/i.test(asked?.method ?? "") ? (asked?.method ?? "") : "POST";
  const isPost = method === "POST" && !place.path.endsWith("/cancel");
  const request = isForm
    ? formBytes([
        { name: "model", content: "recorded-model" },
        { name: "file", file: "a.mp3", content: "sound" },
      ])
    : (recording.requestBody ?? (isPost ? Buffer.from(plainRequest(protocol, stream)) : undefined));
  const formType = `multipart/form-data; boundary="${formBoundary}"`;
  return {
    ...recording,
    ...place,
    ...(stream && !recording.stream ? { stream, contentType: "text/event-stream" } : {}),
    method,
    request,
    requestType: isForm ? formType : (asked?.headers["content-type"] ?? "application/json"),
    asksForEvents: place.row.protocol === "dashscope" && stream,
  };
}

/** The least that asks for such an answer. */
function plainRequest(protocol: string, stream: boolean): string {
  if (protocol === "gemini") return JSON.stringify({ contents: [{ parts: [{ text: "Hello" }] }] });
  return JSON.stringify({ model: "recorded-model", input: "Hello", ...(stream ? { stream } : {}) });
}

/** Recordings of what no default route serves (tokenization, DashScope's own files and embeddings) are left out. */
export const recordedRoutes: readonly RecordedRoute[] = folders.flatMap((folder) =>
  loadRecordings(folder).flatMap((recording) => recordedRoute(folder, recording) ?? []),
);
