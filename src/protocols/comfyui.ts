// The ComfyUI wire format: error shapes and the judgement of whole answers. Must not know routes.
import { skipSpace } from "../lib/json-scan.ts";
import { AnswerMembers, answerWithout, planAnswer, readAnswer } from "./answer-members.ts";
import { isErrorValue, readError } from "./reported-error.ts";
import type { AnswerKind, AnswerVerdict, ErrorView, EventMeaning, StreamReader, Wire } from "./wire.ts";

const answerPlan = planAnswer(["error", "prompt_id"], { anyJson: true });

/** ComfyUI has neither event streams nor usage: a broken answer just ends. */
export const comfyuiWire: Wire = {
  errorBody: comfyuiErrorBody,
  streamError: () => "",
  judge,
  usageInTail: () => undefined,
  reader: () => new OpaqueReader(),
};

function comfyuiErrorBody({ code, message, param }: ErrorView): string {
  const error = { type: code, message, details: param ?? "", extra_info: {} };
  return JSON.stringify({ error, node_errors: {} });
}

/** Only the answer to a prompt has members with a fixed meaning; others are keyed by what users made. */
function judge(body: Buffer, kind: AnswerKind): AnswerVerdict {
  const members = readAnswer(body, answerPlan, kind);
  if (!(members instanceof AnswerMembers)) return members;
  const error =
    kind === "object" && members.get("prompt_id") === undefined ? members.value("error") : undefined;
  return isErrorValue(error) ? { kind: "error", error: readError(error) } : answerWithout;
}

/** Takes the first event with data for an answer: nothing is known of what an extension streams. */
class OpaqueReader implements StreamReader {
  /** An end that cannot be seen is not held against the service. */
  readonly finished = true;
  readonly usageMayFollow = false;
  readonly usage = undefined;
  readonly error = undefined;

  read(_event: string, data: Buffer): EventMeaning {
    return skipSpace(data, 0) === data.length ? "noise" : "semantic";
  }

  isExtraUsage(): boolean {
    return false;
  }
}
