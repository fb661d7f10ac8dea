// Records of exchanges. Reads them through a port; recorded content goes only to roles that may see it.
import { jsonAnswer } from "../answer.ts";
import { ControlError } from "../control-error.ts";
import type { Operation } from "../operation.ts";
import { roleAllows } from "../roles.ts";

const contentFields: ReadonlySet<string> = new Set(["requestContent", "responseContent"]);

export function logOperations(findRecord: (requestId: string) => Promise<object | undefined>): Operation[] {
  return [
    {
      method: "get",
      path: "/api/v1/logs/{requestId}",
      id: "readLogRecord",
      summary: "Read the record of an exchange by its `x-request-id`.",
      tag: "logs",
      access: "read",
      status: 200,
      response: { description: "The record.", mediaTypes: ["application/json"], schema: { type: "object" } },
      errors: ["not_found"],
      handle: async ({ param, principal }) => {
        const record = await findRecord(param("requestId"));
        if (record === undefined) throw new ControlError("not_found", "There is no record of this request.");
        if (roleAllows(principal.role, "content")) return jsonAnswer(record);
        return jsonAnswer(
          Object.fromEntries(Object.entries(record).filter(([name]) => !contentFields.has(name))),
        );
      },
    },
  ];
}
