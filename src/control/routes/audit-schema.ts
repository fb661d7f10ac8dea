// The answers about the audit log, for the description of the admin API.
import { auditMethods } from "../audit/audit-entry.ts";
import type { JsonSchema } from "../operation.ts";
import { arrayOf, integer, objectOf, orNull, text } from "./answer-schema.ts";

const time: JsonSchema = { type: "string", format: "date-time" };

const change: JsonSchema = {
  type: "object",
  required: ["path"],
  properties: {
    path: { ...text, description: "Field, such as `roles[0].role`." },
    before: { description: "Absent = it was not there. Of a secret: `{ set: true }`." },
    after: {
      description: "Absent = it is gone. Of a secret: `{ set: true }`, with `changed: true` for another one.",
    },
  },
};

const entry = objectOf({
  number: { ...integer, description: "Without a gap." },
  time,
  actor: {
    ...text,
    description:
      "`user:ada`, `token:ci`, `environment`, `bootstrap`, `file:…`, `anonymous`, or a word of the program.",
  },
  method: { type: "string", enum: auditMethods, description: "How he proved who he is." },
  ip: { ...text, description: "The client's side of the connection; empty where there is none." },
  requestId: text,
  action: text,
  operation: { ...orNull(text), description: "`operationId`; null for what no request asked for." },
  kind: { ...orNull(text), description: "What it was about; null for several objects or none." },
  name: orNull(text),
  result: { type: "string", enum: ["ok", "refused"] },
  code: { ...orNull(text), description: "Of the refusal." },
  objects: {
    ...arrayOf(
      objectOf({
        action: { type: "string", enum: ["create", "update", "delete"] },
        kind: text,
        name: text,
        resourceGroup: orNull(text),
        changes: arrayOf(change),
        moreChanges: { ...integer, description: "Fields that differ and are not listed." },
      }),
    ),
    description: "What changed, without secrets.",
  },
  moreObjects: { ...integer, description: "Objects that changed and are not listed; the revision has them." },
  revision: { ...orNull(integer), description: "Of the configuration, where it changed." },
  skipped: { ...integer, description: "Refusals before this entry that were too many to be written." },
});

export const auditPageSchema = objectOf({ items: arrayOf(entry), nextCursor: orNull(text) });

export const auditVerdictSchema = objectOf({
  ok: { type: "boolean" },
  entries: { ...integer, description: "That are as they were written, from the oldest on." },
  firstNumber: { ...orNull(integer), description: "Of the oldest one that is kept." },
  lastNumber: orNull(integer),
  firstBad: {
    ...orNull(
      objectOf({
        number: integer,
        reason: {
          type: "string",
          enum: ["changed", "missing", "truncated", "not-ours", "end-changed", "went-back"],
        },
      }),
    ),
    description: "The first place that is not as it was written.",
  },
});
