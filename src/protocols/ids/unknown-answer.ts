// Answers that say with a 200 that an id is not known. Must not know what follows from it.
import { memberOf, parseJson, textOf } from "../../lib/json-value.ts";
import type { RouteIds } from "./route-ids.ts";

const unknownTask = Buffer.from('"UNKNOWN"');

/**
 * Whether a 200 says that the service does not know the id: a DashScope task that is UNKNOWN, an empty ComfyUI history.
 * @param body the whole answer
 */
export function isUnknownAnswer({ row }: RouteIds, body: Buffer): boolean {
  if (row.special === "comfyui-history") return /^\s*\{\s*\}\s*$/u.test(body.toString("latin1", 0, 64));
  const isTask = row.path?.some(({ family }) => family === "dashscope-task") === true;
  if (!isTask || !body.includes(unknownTask)) return false;
  return textOf(memberOf(parseJson(body.toString()), "output"), "task_status") === "UNKNOWN";
}
