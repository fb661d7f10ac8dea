// Lets the admin API try a Model API out: sends requests to the port of this process's own data plane, as a client would,
// with a proof that only this process can make.
import { request as httpRequest, type IncomingMessage } from "node:http";
import type { DataPlaneAnswer, DebugPort, DebugSend } from "../control/routes/debug-port.ts";
import { debugProofHeader, makeDebugProof } from "../core/debug-proof.ts";
import { findTaker } from "../gateway/explain/find-taker.ts";
import type { ReadingPlans } from "./reading-plans.ts";

export interface DebugSurroundings {
  /** Where clients reach the data plane, from this machine. */
  readonly dataPlane: { readonly host: string; readonly port: number };
  /** Shared with the workers of this process and nobody else. */
  readonly secret: string;
  readonly plans: ReadingPlans;
  readonly wallMs: () => number;
}

const proofLifeMs = 30_000;
/** A head that comes from a service, up to 64 KiB, and what the gateway adds. */
const maxHeadBytes = 128 * 1024;

export function debugPort({ dataPlane, secret, plans, wallMs }: DebugSurroundings): DebugPort {
  return {
    takerOf(request) {
      const { plan } = plans.current ?? {};
      return plan === undefined ? null : findTaker(plan, request);
    },
    send(request, left) {
      const { api, consumer } = request;
      const proof = makeDebugProof(secret, { api, consumer, expiresAtMs: wallMs() + proofLifeMs });
      return sendTo(dataPlane, request, proof, left);
    },
  };
}

function sendTo(
  { host, port }: DebugSurroundings["dataPlane"],
  { method, path, headers, body }: DebugSend,
  proof: string,
  signal: AbortSignal,
): Promise<DataPlaneAnswer> {
  const takesNoBody = method === "GET" || method === "HEAD";
  const length = body === undefined && takesNoBody ? [] : ["content-length", String(body?.length ?? 0)];
  return new Promise((resolve, reject) => {
    const sending = httpRequest({
      host: host.replace(/^\[|\]$/g, ""),
      port,
      method,
      path,
      headers: [...withoutProof(headers), ...length, debugProofHeader, proof, "connection", "close"],
      agent: false,
      signal,
      maxHeaderSize: maxHeadBytes,
    });
    sending.on("error", reject);
    sending.on("response", (answer) =>
      resolve({ status: answer.statusCode ?? 0, headers: answer.rawHeaders, body: streamOf(answer) }),
    );
    sending.end(body);
  });
}

/** Two proofs would be none. */
function withoutProof(headers: readonly string[]): string[] {
  return headers.filter((_, index) => headers[index - (index % 2)]?.toLowerCase() !== debugProofHeader);
}

/** Reads on only when it is read; an answer that breaks off is an error. */
function streamOf(answer: IncomingMessage): ReadableStream<Uint8Array> {
  let over = false;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        answer.pause();
        answer.on("data", (piece: Buffer) => {
          controller.enqueue(piece);
          if ((controller.desiredSize ?? 0) <= 0) answer.pause();
        });
        const once = (end: () => void) => () => {
          if (over) return;
          over = true;
          end();
        };
        answer.on(
          "end",
          once(() => controller.close()),
        );
        const broken = once(() => controller.error(new Error("the answer of the data plane broke off")));
        answer.on("error", broken);
        answer.on("close", broken);
      },
      pull() {
        answer.resume();
      },
      cancel() {
        over = true;
        answer.destroy();
      },
    },
    { highWaterMark: 0 },
  );
}
