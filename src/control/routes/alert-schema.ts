// The answers about alerts, for the description of the admin API.
import type { JsonSchema } from "../operation.ts";
import { arrayOf, integer, number, objectOf, orNull, text } from "./answer-schema.ts";

const time: JsonSchema = { type: "string", format: "date-time" };
const flag: JsonSchema = { type: "boolean" };
const unit = {
  type: "string",
  enum: ["count", "perSecond", "share", "ms", "tokens", "tokensPerSecond", "usd"],
};

export const alertStatesSchema = objectOf({
  items: arrayOf(
    objectOf({
      name: text,
      state: {
        type: "string",
        enum: ["off", "waiting", "ok", "pending", "firing"],
        description: "`pending`: it compares so, but not yet for long enough; `waiting`: not looked at yet.",
      },
      since: { ...orNull(time), description: "Since when it is in this state." },
      value: { ...orNull(number), description: "Of the last look; null when nothing was measured." },
      unit,
      windowSeconds: { ...integer, description: "What is looked at." },
      evaluatedAt: orNull(time),
      lastError: {
        ...orNull(objectOf({ at: time, message: text })),
        description: "Of the newest message to a webhook that could not be delivered.",
      },
      undelivered: { ...integer, description: "Messages that are still tried." },
    }),
  ),
});

export const alertTestSchema = objectOf({
  ok: { ...flag, description: "Every webhook took it, and there is one." },
  results: arrayOf(
    objectOf({
      webhook: text,
      ok: flag,
      status: { ...integer, description: "0 = no answer came." },
      message: text,
      ms: number,
    }),
  ),
});

export const alertPreviewSchema = objectOf({
  unit,
  startMs: number,
  stepMs: { ...number, description: "A column is as long as what the alert looks at." },
  values: arrayOf(orNull(number)),
  threshold: number,
  firings: {
    ...arrayOf(objectOf({ fromMs: number, toMs: orNull(number) })),
    description: "When it would have fired; null = still.",
  },
  complete: {
    ...flag,
    description: "False: records do not reach back to the start, or are still being read in.",
  },
});
