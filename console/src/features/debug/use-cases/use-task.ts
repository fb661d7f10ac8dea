// Follows a submitted task: asks again and again until it is over, then for its content where that is a video.
import { useEffect, useState } from "react";
import type { JsonRequest } from "../chat-request.ts";
import type { RequestForm } from "../request-forms.ts";
import type { Run } from "../run.ts";
import type { Settings } from "../settings.ts";
import { contentRequest, taskOf, taskRequest, type TaskState } from "./task.ts";

const askEveryMs = 1_500;
const mostAsks = 400;

export interface FollowedTask {
  readonly task: TaskState;
  readonly asks: number;
  readonly elapsedMs: number;
  readonly video: Blob | null;
}

/**
 * @param submitted the run that submitted it; null while there is none
 * @param start sends a further request and shows it as the run of the moment
 */
export function useTask(
  submitted: Run | null,
  form: RequestForm,
  settings: Settings,
  start: (request: JsonRequest) => Run,
): FollowedTask | null {
  const [followed, setFollowed] = useState<{ run: Run; task: FollowedTask } | null>(null);
  const isTask = form.kind === "image-task" || form.kind === "video-task" || form.kind === "video";
  useEffect(() => {
    if (submitted === null || !isTask) return;
    const left = new AbortController();
    void follow(submitted, {
      start,
      ask: (id) => taskRequest(form, settings, id),
      content: form.kind === "video" ? (id) => contentRequest(form, settings, id) : undefined,
      tell: (task) => setFollowed({ run: submitted, task }),
      signal: left.signal,
    });
    return () => left.abort();
    // The form and settings of the moment in which it was submitted hold for the whole task.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [submitted]);
  return followed !== null && followed.run === submitted ? followed.task : null;
}

interface Following {
  readonly start: (request: JsonRequest) => Run;
  readonly ask: (id: string) => JsonRequest;
  readonly content: ((id: string) => JsonRequest) | undefined;
  readonly tell: (task: FollowedTask) => void;
  readonly signal: AbortSignal;
}

async function follow(submitted: Run, { start, ask, content, tell, signal }: Following): Promise<void> {
  const began = performance.now();
  let task = taskOf((await submitted.ended).body);
  if (task === null) return;
  const { id } = task;
  const say = (asks: number, video: Blob | null): void => {
    if (task !== null && !signal.aborted) tell({ task, asks, elapsedMs: performance.now() - began, video });
  };
  say(0, null);
  let asks = 0;
  while (!task.isOver && asks < mostAsks) {
    await pause(askEveryMs, signal);
    if (signal.aborted) return;
    const view = await start(ask(id)).ended;
    if (view.phase !== "done") return;
    asks += 1;
    task = taskOf(view.body) ?? task;
    say(asks, null);
  }
  if (content === undefined || task.hasFailed || signal.aborted) return;
  const { blob } = await start(content(id)).ended;
  say(asks, blob);
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
