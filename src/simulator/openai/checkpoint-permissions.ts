// /v1/fine_tuning/checkpoints/{}/permissions as OpenAI has it. Must not know sockets, pace or faults.
import { perAccount } from "../account.ts";
import { optionalStrings } from "../fields.ts";
import { jsonReply } from "../reply.ts";
import type { Call, Reply } from "../reply.ts";
import { openaiPage, pageOf, Shelf } from "../shelf.ts";

interface Permission {
  readonly id: string;
  readonly checkpoint: string;
  readonly project: string;
  readonly createdAt: number;
}

const permissionsOf = perAccount((account) => new Shelf<Permission>(account));

/** Most projects of one request. */
const mostProjects = 100;

export function createPermissions(call: Call): Reply {
  const { account, body, createdAt } = call;
  const [checkpoint = ""] = call.params;
  const made = optionalStrings(body, "project_ids", mostProjects).map((project) =>
    permissionsOf(account).put({ id: call.newId("cp_"), checkpoint, project, createdAt }, call.bodyBytes),
  );
  return jsonReply(openaiPage({ items: made, hasMore: false }, show));
}

export function listPermissions(call: Call): Reply {
  const [checkpoint] = call.params;
  const all = permissionsOf(call.account).list();
  const own = all.filter((permission) => permission.checkpoint === checkpoint);
  return jsonReply(openaiPage(pageOf(call, own), show));
}

export function deletePermission(call: Call): Reply {
  const [, wanted = ""] = call.params;
  const shelf = permissionsOf(call.account);
  const { id } = shelf.get(wanted, "permission");
  shelf.delete(id);
  return jsonReply({ id, object: "checkpoint.permission", deleted: true });
}

function show({ id, project, createdAt }: Permission): object {
  return { object: "checkpoint.permission", id, created_at: createdAt, project_id: project };
}
