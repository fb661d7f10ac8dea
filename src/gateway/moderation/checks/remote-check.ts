// What the checks that ask somebody have in common: long texts in pieces that overlap, bounds, and failures by their class
// alone. Knows not who is asked.
import type { Clock } from "../../../core/clock.ts";
import { AskFailed } from "../../upstream/collect-answer.ts";
import {
  CheckFailed,
  type CheckedImage,
  type CheckQuestion,
  type Find,
  type ModerationCheck,
} from "../check.ts";
import { AskGate } from "./ask-gate.ts";

export interface RemoteJudge {
  /** Of one question, in UTF-16 code units. */
  readonly maxCharacters: number;
  /** @throws AskFailed, CheckFailed */
  text(text: string, question: CheckQuestion): Promise<readonly Find[]>;
  /** @throws AskFailed, CheckFailed */
  image?(image: CheckedImage, question: CheckQuestion): Promise<readonly Find[]>;
}

/** What two pieces of a text share, so that nothing is cut in two unseen. */
const overlap = 100;
/** Of one text: more would ask for too long. */
const maxPieces = 64;
export const maxFindsOfAnswer = 64;

export function remoteCheck(
  { name, on }: Pick<ModerationCheck, "name" | "on">,
  judge: RemoteJudge,
  clock: Pick<Clock, "monotonicMs">,
): ModerationCheck {
  const gate = new AskGate(clock);
  const image = judge.image?.bind(judge);
  return {
    name,
    on,
    action: "block",
    reach: 0,
    remote: true,
    text: (text, question) => askAll(judge, gate, text, question),
    ...(image === undefined
      ? {}
      : { image: (given, question) => asked(gate, () => image(given, question), question.signal) }),
  };
}

async function askAll(
  judge: RemoteJudge,
  gate: AskGate,
  text: string,
  question: CheckQuestion,
): Promise<readonly Find[]> {
  const starts = pieceStarts(text, judge.maxCharacters);
  if (starts.length > maxPieces) throw new CheckFailed("too-long");
  const failed = new AbortController();
  const signal = starts.length > 1 ? AbortSignal.any([question.signal, failed.signal]) : question.signal;
  try {
    const found = await Promise.all(
      starts.map(async (start) => {
        const piece = text.slice(start, start + judge.maxCharacters);
        const finds = await asked(gate, () => judge.text(piece, { ...question, signal }), signal);
        return finds.map((find) => ({ ...find, start: find.start + start, end: find.end + start }));
      }),
    );
    return found.flat();
  } finally {
    failed.abort();
  }
}

async function asked(
  gate: AskGate,
  ask: () => Promise<readonly Find[]>,
  signal: AbortSignal,
): Promise<readonly Find[]> {
  try {
    return await gate.run(ask, signal);
  } catch (error) {
    if (error instanceof CheckFailed) throw error;
    // Nothing of what was asked or answered goes into a record.
    throw new CheckFailed(error instanceof AskFailed ? error.failure : "internal");
  }
}

/** Where the pieces of a text begin; none between the halves of a character. */
export function pieceStarts(text: string, maxCharacters: number): number[] {
  const starts = [0];
  for (let start = 0; start + maxCharacters < text.length;) {
    start += maxCharacters - overlap;
    if (/[\udc00-\udfff]/.test(text.charAt(start))) start -= 1;
    starts.push(start);
  }
  return starts;
}

/** A JSON answer. @throws CheckFailed when it is none, or its status says that there is none */
export function jsonOf({ status, body }: { readonly status: number; readonly body: string }): unknown {
  if (status < 200 || status > 299) throw new CheckFailed(`status-${status}`);
  try {
    return JSON.parse(body);
  } catch {
    throw new CheckFailed("not-json");
  }
}

/** What somebody else calls a find: short, and nothing but a name. */
export function labelOf(given: string): string {
  return given.replaceAll(/[^\p{L}\p{N}_./-]/gu, "_").slice(0, 64) || "unnamed";
}
