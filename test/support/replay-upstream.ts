// A model service that answers with recorded bytes, cut as a test says, and keeps what it was asked. Must not know the gateway.
import type { Recording } from "./recordings.ts";
import { chunk } from "./raw-client.ts";
import { startRawUpstream, type RawUpstream, type UpstreamRequest } from "./raw-upstream.ts";
import { seededRandom } from "../../src/lib/seeded-random.ts";

/** How an answer is cut into pieces. */
export const cuttings = ["1 byte", "per event", "random", "whole"] as const;
export type Cutting = (typeof cuttings)[number];

export interface ReplayUpstream extends RawUpstream {
  /** What the following requests are answered with. */
  play(recording: Pick<Recording, "status" | "contentType" | "body">, cutting: Cutting): void;
}

/** The pieces of a body; together they are the body. */
export function cut(body: Buffer, cutting: Cutting, random: () => number): Buffer[] {
  switch (cutting) {
    case "whole":
      return [body];
    case "1 byte":
      return Array.from(body, (_, index) => body.subarray(index, index + 1));
    case "per event":
      return cutAfter(body, "\n\n");
    case "random":
      return cutRandomly(body, random);
  }
}

function cutAfter(body: Buffer, separator: string): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  while (start < body.length) {
    const found = body.indexOf(separator, start);
    const end = found === -1 ? body.length : found + separator.length;
    pieces.push(body.subarray(start, end));
    start = end;
  }
  return pieces;
}

/** Mostly small pieces, some long ones, so that cuts fall inside characters, fields and events, and pieces span several. */
function cutRandomly(body: Buffer, random: () => number): Buffer[] {
  const pieces: Buffer[] = [];
  let start = 0;
  while (start < body.length) {
    const longest = random() < 0.2 ? 2000 : 40;
    const end = Math.min(body.length, start + 1 + Math.floor(random() * longest));
    pieces.push(body.subarray(start, end));
    start = end;
  }
  return pieces;
}

/** Pieces written in one go: every piece is an HTTP chunk of its own, so it arrives as a piece all the same. */
const batch = 64;

/** Starts the service. `seed` fixes the random cuts. */
export async function startReplayUpstream(seed = 1): Promise<ReplayUpstream> {
  const random = seededRandom(seed);
  let answer: { head: string; pieces: Buffer[] } | undefined;
  const upstream = await startRawUpstream({
    onRequest: (request) => {
      if (answer === undefined) throw new Error("nothing to replay");
      void send(request, answer.head, answer.pieces);
    },
  });
  return {
    ...upstream,
    play: (recording, cutting) => {
      const lines = [
        `HTTP/1.1 ${recording.status} Recorded`,
        `content-type: ${recording.contentType}`,
        "transfer-encoding: chunked",
      ];
      answer = { head: `${lines.join("\r\n")}\r\n\r\n`, pieces: cut(recording.body, cutting, random) };
    },
  };
}

async function send(request: UpstreamRequest, head: string, pieces: readonly Buffer[]): Promise<void> {
  const { socket } = request.connection;
  socket.write(head, "latin1");
  for (let start = 0; start < pieces.length; start += batch) {
    const part = Buffer.concat(pieces.slice(start, start + batch).map((piece) => chunk(piece)));
    const last = start + batch >= pieces.length;
    // Each batch waits for the one before, so that the gateway sees many reads and not one.
    await new Promise<void>((resolve) => {
      socket.write(last ? Buffer.concat([part, Buffer.from("0\r\n\r\n")]) : part, () => resolve());
    });
    if (socket.destroyed) return;
  }
  if (pieces.length === 0) socket.write("0\r\n\r\n");
}
