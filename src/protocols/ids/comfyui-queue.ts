// What ComfyUI's socket tells of files, and which requests concern everybody. Must not know who asks.
import { memberOf, parseJson, textOf } from "../../lib/json-value.ts";
import { comfyuiFilesOf } from "./comfyui-file.ts";
import { comfyuiFileIds } from "./made.ts";
import type { MadeId } from "./made.ts";

const executed = Buffer.from('"executed"');

/**
 * The files that a text message of ComfyUI's socket tells of. It is sent to the client that asked for the prompt only,
 * so that they are that client's.
 */
export function idsInComfyuiMessage(message: Buffer): MadeId[] {
  if (!message.includes(executed)) return [];
  const parsed = parseJson(message.toString());
  return memberOf(parsed, "type") === "executed"
    ? comfyuiFileIds(comfyuiFilesOf(memberOf(memberOf(parsed, "data"), "output")))
    : [];
}

/** Routes on which one consumer may change what others see. */
const sharedRoutes: ReadonlySet<string> = new Set([
  "comfyui-free",
  "comfyui-interrupt",
  "comfyui-history",
  "comfyui-queue",
]);

/** What clears, interrupts or frees for everybody: refused while authentication is on unless allowed. */
export function actsOnEverybody(routeName: string, method: string, body: Buffer | undefined): boolean {
  if (method !== "POST" || !sharedRoutes.has(routeName)) return false;
  if (routeName === "comfyui-free") return true;
  const asked = body === undefined ? undefined : parseJson(body.toString());
  if (routeName === "comfyui-interrupt") return textOf(asked, "prompt_id") === undefined;
  const deleted = memberOf(asked, "delete");
  // Servers go through whatever they get: the keys of an object would be ids that nobody has looked at.
  return Boolean(memberOf(asked, "clear")) || (deleted !== undefined && !Array.isArray(deleted));
}
