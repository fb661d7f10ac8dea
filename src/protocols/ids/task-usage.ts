// What a finished DashScope task has used, told by every poll after its end. Must not know who counts it.
import type { Usage } from "../../core/usage.ts";
import { memberOf, parseJson, textOf } from "../../lib/json-value.ts";
import { boundedId } from "./bounded-id.ts";
import { readDashscopeUsage } from "../dashscope-usage.ts";

export interface TaskUsage {
  /** The id of the task, to settle it once. */
  readonly id: string;
  readonly usage: Usage;
}

const succeeded = Buffer.from('"SUCCEEDED"');

/** Undefined for a task that is not done, has failed, or tells no usage. */
export function taskUsage(body: Buffer): TaskUsage | undefined {
  if (!body.includes(succeeded)) return undefined;
  const answer = parseJson(body.toString());
  const output = memberOf(answer, "output");
  const id = boundedId(textOf(output, "task_id") ?? "");
  if (id === undefined || textOf(output, "task_status") !== "SUCCEEDED") return undefined;
  const usage = readDashscopeUsage(memberOf(answer, "usage"));
  return usage && { id, usage };
}
