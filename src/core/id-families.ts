// The kinds of ids that outlive an exchange, and how long each is remembered, as data. Must not know stores and formats.
import type { IdOwner } from "./id-owner.ts";

export interface IdFamilyRow {
  /**
   * Where no two bindings may have the same id; the first one wins.
   * - `instance`: ids that clients choose
   * - `place`: ids that a service chooses are its own and of the key: two services may make the same
   * - `consumer`: as `place`, but several consumers may have it: a ComfyUI server keeps equal uploads once, and two
   *   servers both make `ComfyUI_00001_.png`
   */
  readonly uniqueIn: "instance" | "place" | "consumer";
  /** How long an id is remembered after it was bound or, where it `renews`, after it was last used. */
  readonly lifeMs: number;
  /** Every use starts the life anew. */
  readonly renews: boolean;
}

const dayMs = 86_400_000;

/** For what services keep until it is deleted: half a year after the last use. */
const untilDeleted = { uniqueIn: "place", lifeMs: 180 * dayMs, renews: true } as const;
const chosenByClient = { uniqueIn: "instance", lifeMs: 30 * dayMs, renews: true } as const;

export const idFamilies = {
  /**
   * Alibaba Cloud keeps a task for 24 h after it has ended (help.aliyun.com/model-studio, "Asynchronous task management
   * API"); the second day is for tasks that wait long. Polls renew it.
   */
  "dashscope-task": { uniqueIn: "place", lifeMs: 2 * dayMs, renews: true },
  "dashscope-ws-task": { uniqueIn: "instance", lifeMs: dayMs, renews: true },
  "openai-file": untilDeleted,
  "openai-batch": untilDeleted,
  "openai-fine-tuning": untilDeleted,
  /** Names of fine-tuned models and their checkpoints. */
  "openai-model": untilDeleted,
  /** OpenAI deletes stored responses after 30 days; the day more is for clocks and time zones. */
  "openai-response": { uniqueIn: "place", lifeMs: 31 * dayMs, renews: true },
  "openai-conversation": untilDeleted,
  "openai-vector-store": untilDeleted,
  /** Ends minutes after its last use at OpenAI; other services may be more patient. */
  "openai-container": { uniqueIn: "place", lifeMs: 2 * dayMs, renews: true },
  /** Kept for 30 days by default, as responses are. */
  "openai-stored-completion": { uniqueIn: "place", lifeMs: 31 * dayMs, renews: true },
  "openai-video": { uniqueIn: "place", lifeMs: 31 * dayMs, renews: true },
  "anthropic-file": untilDeleted,
  /** Results stay for 29 days, the batch itself may be read for longer. */
  "anthropic-batch": untilDeleted,
  /** Containers end after 30 days. */
  "anthropic-container": { uniqueIn: "place", lifeMs: 31 * dayMs, renews: true },
  "comfyui-prompt": chosenByClient,
  "comfyui-client": { uniqueIn: "instance", lifeMs: dayMs, renews: true },
  "comfyui-file": { uniqueIn: "consumer", lifeMs: 30 * dayMs, renews: true },
  /** Workflows and settings of users stay on their server until they are deleted. */
  "comfyui-userdata": { uniqueIn: "instance", lifeMs: 180 * dayMs, renews: true },
} as const satisfies Record<string, IdFamilyRow>;

export type IdFamily = keyof typeof idFamilies;

/** When an id that is bound or used now is forgotten, in wall time. */
export function expiryOf(family: IdFamily, nowMs: number): number {
  return nowMs + idFamilies[family].lifeMs;
}

/** A use that lengthens a life by less than this part of it is not written down. */
const dueAfter = 1 / 16;

/** Whether an id that is bound until `heldMs` is worth writing again to live until `expiresMs`, both wall time. */
export function isRenewalDue(family: IdFamily, heldMs: number, expiresMs: number): boolean {
  return expiresMs - heldMs >= idFamilies[family].lifeMs * dueAfter;
}

/** The owner to bind again after a use; undefined when that can wait. Costs nothing, so it may be asked on every use. */
export function renewed(owner: IdOwner, nowMs: number): IdOwner | undefined {
  const expiresMs = expiryOf(owner.family, nowMs);
  const isDue = idFamilies[owner.family].renews && isRenewalDue(owner.family, owner.expiresMs, expiresMs);
  return isDue ? { ...owner, expiresMs } : undefined;
}
