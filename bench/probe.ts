// Checks once that a candidate passes requests and answers on whole, before it is measured.
// It must not know figures.

import { plainAnswerBody, requestBody, streamFrames } from "./load/traffic.ts";
import type { RunningCandidate } from "./peers/candidate.ts";

/** What is wrong with each kind of answer; absent when it is right. */
export interface ProbeResult {
  readonly plain?: string;
  readonly stream?: string;
}

export async function probe(candidate: RunningCandidate): Promise<ProbeResult> {
  const plain = (await plainProblem(candidate, 1024)) ?? (await plainProblem(candidate, 32 * 1024));
  const stream = await streamProblem(candidate);
  return { ...(plain === undefined ? {} : { plain }), ...(stream === undefined ? {} : { stream }) };
}

async function send(candidate: RunningCandidate, body: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${candidate.port}${candidate.path}`, {
    method: "POST",
    headers: { ...candidate.headers, "content-type": "application/json" },
    body,
  });
  return { status: answer.status, text: await answer.text() };
}

/** A gateway may add fields of its own; what the model said must be the same. */
function said(json: string): string {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== "object" || parsed === null || !("choices" in parsed)) return "";
  return JSON.stringify(parsed.choices);
}

async function plainProblem(candidate: RunningCandidate, bytes: number): Promise<string | undefined> {
  try {
    const { status, text } = await send(candidate, requestBody("plain", bytes));
    if (status !== 200) return `status ${status}: ${text.slice(0, 200)}`;
    return said(text) === said(plainAnswerBody) ? undefined : "another answer than the upstream's";
  } catch (error) {
    return String(error);
  }
}

async function streamProblem(candidate: RunningCandidate): Promise<string | undefined> {
  try {
    const { status, text } = await send(candidate, requestBody("brisk", 1024));
    if (status !== 200) return `status ${status}: ${text.slice(0, 200)}`;
    return streamProblemOf(text);
  } catch (error) {
    return String(error);
  }
}

/** What is wrong with the text of a stream, if anything. */
export function streamProblemOf(text: string): string | undefined {
  const frames = text.split(/(?<=\n\n)/);
  if (frames.length !== streamFrames.length) return `${frames.length} frames, not ${streamFrames.length}`;
  const index = frames.findIndex((frame, at) => dataOf(frame) !== dataOf(streamFrames[at] ?? ""));
  return index < 0 ? undefined : `frame ${index} differs: ${frames[index]?.slice(0, 200) ?? ""}`;
}

function dataOf(frame: string): string {
  const data = frame.slice("data: ".length).trim();
  return data === "[DONE]" ? data : said(data);
}
