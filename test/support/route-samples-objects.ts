// Sample requests to the routes for what services keep: files, batches, fine-tuning, models, videos, tasks. Data only.
import {
  askedModel,
  fileBytes,
  formBoundary,
  formBytes,
  oddJson,
  textAt,
  type Direct,
  type Given,
  type RouteSample,
} from "./route-sample.ts";
import type { HeaderLine } from "./http-message.ts";

const model = askedModel;
const anthropic: readonly HeaderLine[] = [
  ["anthropic-version", "2023-06-01"],
  ["anthropic-beta", "files-api-2025-04-14"],
];
const upload = [
  { name: "purpose", content: "batch" },
  { name: "file", file: "in.jsonl", content: fileBytes },
];

async function makeFile(direct: Direct): Promise<string> {
  const type = `multipart/form-data; boundary="${formBoundary}"`;
  return textAt(await direct("POST", "/v1/files", formBytes(upload), type), "id");
}

const file: Given = async (direct) => ({ id: await makeFile(direct) });

const batch: Given = async (direct) => {
  const input = await makeFile(direct);
  const body = oddJson({ input_file_id: input, endpoint: "/v1/embeddings", completion_window: "24h" });
  return { input, id: textAt(await direct("POST", "/v1/batches", body), "id") };
};

const job: Given = async (direct) => {
  const training = await makeFile(direct);
  const body = oddJson({ model, training_file: training });
  return { training, id: textAt(await direct("POST", "/v1/fine_tuning/jobs", body), "id") };
};

const imageTasks = "/api/v1/services/aigc/text2image/image-synthesis";
const videoTasks = "/api/v1/services/aigc/video-generation/video-synthesis";

async function makeTask(at: Direct, path: string): Promise<Readonly<Record<string, string>>> {
  const body = oddJson({ model, input: { prompt: "a cat" } });
  return { id: textAt(await at("POST", path, body), "output", "task_id") };
}

const task: Given = (direct) => makeTask(direct, imageTasks);

function tasks(made: string, usage: RouteSample["usage"]): readonly RouteSample[] {
  return [
    { method: "GET", what: "list", tail: "/?page_size=2", usage: null },
    { method: "GET", what: "one that runs", tail: "/{id}", given: task, usage: null },
    {
      method: "GET",
      what: "one that is done",
      tail: "/{id}",
      // What it used is counted for whom it was made.
      given: async (direct, through) => {
        const ids = await makeTask(through, made);
        for (let look = 0; look < 4; look += 1) await direct("GET", `/api/v1/tasks/${ids["id"] ?? ""}`);
        return ids;
      },
      ...(usage === undefined ? {} : { usage }),
    },
    { method: "POST", what: "cancel", tail: "/{id}/cancel", given: task, usage: null },
    ...refused("PUT PATCH DELETE"),
  ];
}

const video: Given = async (direct) => ({
  id: textAt(await direct("POST", "/v1/videos", oddJson({ prompt: "a cat", model })), "id"),
});

const refused = (methods: string, tail = ""): RouteSample[] =>
  methods.split(" ").map((method) => ({
    method,
    what: "a method that the service does not have",
    tail,
    status: 405,
    usage: null,
  }));

const files: readonly RouteSample[] = [
  { method: "POST", what: "upload", form: upload, usage: null },
  { method: "GET", what: "list", tail: "?limit=2&order=asc", usage: null },
  { method: "GET", what: "one", tail: "/{id}", given: file, usage: null },
  { method: "GET", what: "the bytes of one", tail: "/{id}/content", given: file, usage: null },
  { method: "DELETE", what: "one", tail: "/{id}", given: file, usage: null },
];

export const objectSamples: Readonly<Record<string, readonly RouteSample[]>> = {
  "openai models": [
    { method: "GET", what: "list", tail: "?a=b", usage: null },
    { method: "DELETE", what: "one", tail: "/simulated-small", status: 502, usage: null },
    ...refused("POST PUT PATCH"),
  ],
  "openai files": [...files, ...refused("PUT PATCH")],
  "anthropic anthropic-files": files.map((sample) => ({ ...sample, headers: anthropic })),
  "openai batches": [
    {
      method: "POST",
      what: "create",
      json: oddJson({ input_file_id: "{{id}}", endpoint: "/v1/embeddings", completion_window: "24h" }),
      given: file,
      usage: null,
    },
    { method: "POST", what: "cancel", tail: "/{id}/cancel", given: batch, usage: null },
    { method: "GET", what: "list", tail: "?limit=2", usage: null },
    { method: "GET", what: "one", tail: "/{id}", given: batch, usage: null },
    ...refused("PUT PATCH DELETE"),
  ],
  "openai fine-tuning": [
    {
      method: "POST",
      what: "create",
      tail: "/jobs",
      json: oddJson({ training_file: "{{id}}", model }),
      model: "json",
      given: file,
      usage: null,
    },
    { method: "POST", what: "cancel", tail: "/jobs/{id}/cancel", given: job, usage: null },
    { method: "GET", what: "list", tail: "/jobs?limit=2", usage: null },
    { method: "GET", what: "one", tail: "/jobs/{id}", given: job, usage: null },
    { method: "GET", what: "events of one", tail: "/jobs/{id}/events", given: job, usage: null },
    { method: "DELETE", what: "nothing", tail: "/checkpoints/m/permissions/none", status: 404, usage: null },
    ...refused("PUT PATCH", "/jobs"),
  ],
  "openai openai-videos": [
    {
      method: "POST",
      what: "create",
      json: oddJson({ prompt: "a cat", model, seconds: "4" }),
      model: "json",
      usage: null,
    },
    {
      method: "POST",
      what: "create from a form",
      form: [
        { name: "input_reference", file: "a.png", content: fileBytes },
        { name: "prompt", content: "a cat" },
        { name: "model", content: model },
      ],
      model: "part",
      usage: null,
    },
    { method: "GET", what: "list", tail: "?limit=2", usage: null },
    { method: "GET", what: "one", tail: "/{id}", given: video },
    { method: "DELETE", what: "one", tail: "/{id}", given: video },
  ],
  "dashscope tasks": tasks(imageTasks, { images: 1 }),
  "video-generation dashscope tasks": tasks(videoTasks, { seconds: 5 }),
};
