// /v1/videos as OpenAI has it: a video is there at the second look. Must not know sockets, pace or faults.
import { perAccount } from "../account.ts";
import { blobOf, downloadOf } from "../blob.ts";
import { requiredString } from "../fields.ts";
import type { JsonObject } from "../fields.ts";
import { isFailing, Lifecycle } from "../lifecycle.ts";
import { drawPng } from "../png.ts";
import { RefusedRequest } from "../refused-request.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { openaiPage, pageOf, Shelf } from "../shelf.ts";

type State = "queued" | "in_progress" | "completed" | "failed";

interface Video {
  readonly id: string;
  readonly life: Lifecycle<State>;
  readonly request: JsonObject;
  readonly createdAt: number;
  readonly remixOf: string | null;
}

const progress: Readonly<Record<State, number>> = { queued: 0, in_progress: 50, completed: 100, failed: 50 };

/** What a video is until it is real: bytes that say what they are. */
const videoBytes = 64 * 1024;

const videosOf = perAccount((account) => new Shelf<Video>(account));

/** @throws RefusedRequest without a prompt. */
export function createVideo(call: Call): Reply {
  requiredString(call.body, "prompt");
  return make(call, call.body, null);
}

/** A new video from one that is done. @throws RefusedRequest without a prompt. */
export function remixVideo(call: Call): Reply {
  const source = find(call);
  const prompt = requiredString(call.body, "prompt");
  return make(call, { ...source.request, prompt }, source.id);
}

function make(call: Call, request: JsonObject, remixOf: string | null): Reply {
  const end = isFailing(request["model"]) ? "failed" : "completed";
  const life = new Lifecycle<State>(["queued", "in_progress", end]);
  const video = { id: call.newId("video_"), life, request, createdAt: call.createdAt, remixOf };
  return jsonReply(show(videosOf(call.account).put(video, call.bodyBytes)));
}

/** Every look moves a video on. */
export function getVideo(call: Call): Reply {
  const video = find(call);
  video.life.look();
  return jsonReply(show(video));
}

export function listVideos(call: Call): Reply {
  return jsonReply(openaiPage(pageOf(call, videosOf(call.account).list()), show));
}

export function deleteVideo(call: Call): Reply {
  const { id } = find(call);
  videosOf(call.account).delete(id);
  return jsonReply({ id, object: "video.deleted", deleted: true });
}

/** The video, its thumbnail or its sprite sheet. @throws RefusedRequest (404) before it is done. */
export function videoContent(call: Call): Reply {
  const { id, life } = find(call);
  if (life.state !== "completed")
    throw new RefusedRequest(404, "The video is not ready yet.", null, "not_ready");
  const variant = call.query.get("variant") ?? "video";
  if (variant !== "video") {
    return { kind: "whole", body: drawPng(id), outputTokens: 0, contentType: "image/png" };
  }
  return downloadOf(simulatedVideo(), "video/mp4");
}

/** Bytes where a video would be. */
export function simulatedVideo(): ReturnType<typeof blobOf> {
  return blobOf(Buffer.alloc(videoBytes, "moongate simulated video, no real mp4\n"), "video/mp4");
}

function find({ account, params }: Call): Video {
  return videosOf(account).get(params[0] ?? "", "video");
}

function show({ id, life, request, createdAt, remixOf }: Video): object {
  const { state } = life;
  const isDone = state === "completed";
  return {
    id,
    object: "video",
    created_at: createdAt,
    status: state,
    completed_at: isDone ? createdAt : null,
    expires_at: isDone ? createdAt + 3_600 : null,
    model: request["model"] ?? "sora-2",
    progress: progress[state],
    prompt: request["prompt"],
    seconds: request["seconds"] ?? "4",
    size: request["size"] ?? "720x1280",
    remixed_from_video_id: remixOf,
    error: state === "failed" ? { code: "simulated", message: "Simulated failure." } : null,
  };
}
