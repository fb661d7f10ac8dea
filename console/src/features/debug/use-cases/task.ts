// Tasks that are submitted and asked for again: where their ids stand, how to ask, when they are over. Pure.
import { target, type JsonRequest } from "../chat-request.ts";
import { listAt, numberAt, parseJson, textAt } from "../json.ts";
import type { RequestForm } from "../request-forms.ts";
import type { Settings } from "../settings.ts";

export interface TaskState {
  readonly id: string;
  /** In the service's own word. */
  readonly state: string;
  readonly isOver: boolean;
  readonly hasFailed: boolean;
  /** 0 to 100; null where it is not told. */
  readonly progress: number | null;
  /** Addresses of what was made. */
  readonly urls: readonly string[];
}

const good = new Set(["SUCCEEDED", "completed"]);
const bad = new Set(["FAILED", "CANCELED", "UNKNOWN", "failed", "cancelled"]);

/** What an answer says of its task; null when it names none. */
export function taskOf(text: string): TaskState | null {
  const body = parseJson(text);
  const id = textAt(body, "output", "task_id") || textAt(body, "id");
  const state = textAt(body, "output", "task_status") || textAt(body, "status");
  if (id === "" || state === "") return null;
  const results = listAt(body, "output", "results").map((row) => textAt(row, "url"));
  return {
    id,
    state,
    isOver: good.has(state) || bad.has(state),
    hasFailed: bad.has(state),
    progress: numberAt(body, "progress"),
    urls: [...results, textAt(body, "output", "video_url")].filter((url) => url !== ""),
  };
}

/** Asks how a task stands. */
export function taskRequest(form: RequestForm, settings: Settings, id: string): JsonRequest {
  const path =
    form.kind === "video"
      ? `${form.path}/${encodeURIComponent(id)}`
      : form.path.replace(/\/api\/v1\/services\/.*$/u, `/api/v1/tasks/${encodeURIComponent(id)}`);
  return { method: "GET", path, headers: {}, ...target(settings) };
}

/** Asks for the bytes of a finished video. */
export function contentRequest(form: RequestForm, settings: Settings, id: string): JsonRequest {
  return {
    method: "GET",
    path: `${form.path}/${encodeURIComponent(id)}/content`,
    headers: {},
    ...target(settings),
  };
}
