// A service that makes images as tasks, as DashScope does: what each look at a task finds is up to the test. Must not know
// the gateway.
import { Changes } from "./changes.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./raw-upstream.ts";

export interface Said {
  readonly status?: number;
  readonly type?: string;
  readonly body: string | Buffer;
}

export interface ImageService {
  readonly url: string;
  readonly upstream: RawUpstream;
  /** Requests that made a task, in order. */
  readonly created: readonly UpstreamRequest[];
  readonly looks: readonly UpstreamRequest[];
  readonly cancelled: readonly UpstreamRequest[];
  /** What the next requests find; the last one stays. "silence": nothing is ever said. */
  plan(script: {
    readonly create?: Said | "silence";
    readonly looks?: readonly (Said | "silence" | "reset")[];
  }): void;
  /** The bytes of every picture from now on. */
  keep(bytes: Buffer): void;
  /** Waits until something holds of what was asked. */
  until(holds: () => boolean): Promise<void>;
  close(): Promise<void>;
}

export const json = (value: unknown, status = 200): Said => ({ status, body: JSON.stringify(value) });

export const state = (task_status: string, more: object = {}): Said =>
  json({ request_id: "r", output: { task_id: "task-1", task_status, ...more } });

/** Bytes of every picture that it keeps. */
export const picture = Buffer.from("89504e470d0a1a0a00010203", "hex");

export async function startImageService(): Promise<ImageService> {
  const changes = new Changes();
  const created: UpstreamRequest[] = [];
  const looks: UpstreamRequest[] = [];
  const cancelled: UpstreamRequest[] = [];
  let create: Said | "silence" = state("PENDING");
  let script: readonly (Said | "silence" | "reset")[] = [];
  let seen = 0;
  let kept: Buffer = picture;
  const answerTo = (request: UpstreamRequest): Said | "silence" | "reset" => {
    const { path, method } = request;
    if (path.endsWith(".png")) return { type: "image/png", body: kept };
    if (path.endsWith("/cancel")) {
      cancelled.push(request);
      return json({ request_id: "r" });
    }
    if (method === "GET") {
      looks.push(request);
      const next = script[Math.min(seen, script.length - 1)];
      seen += 1;
      return next ?? state("RUNNING");
    }
    created.push(request);
    return create;
  };
  const upstream = await startRawUpstream({
    onRequest: (request) => {
      say(request, answerTo(request));
      changes.notify();
    },
  });
  return {
    url: upstream.url,
    upstream,
    created,
    looks,
    cancelled,
    plan(next) {
      create = next.create ?? state("PENDING");
      script = next.looks ?? [];
      seen = 0;
      for (const list of [created, looks, cancelled]) list.length = 0;
    },
    keep(bytes) {
      kept = bytes;
    },
    until: async (holds) => {
      await changes.until(() => (holds() ? true : undefined));
    },
    close: () => upstream.close(),
  };
}

function say({ connection: { socket } }: UpstreamRequest, answer: Said | "silence" | "reset"): void {
  if (answer === "silence") return;
  if (answer === "reset") return void socket.resetAndDestroy();
  const { status = 200, type = "application/json", body } = answer;
  socket.write(
    `HTTP/1.1 ${status} Said\r\ncontent-type: ${type}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`,
  );
  socket.write(body);
}
