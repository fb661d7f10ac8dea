// Whether a Model API may be changed here and now, and the words for why not.
import { useQuery } from "@tanstack/react-query";
import { covers } from "../../../../src/resources/held-role.ts";
import type { ModelApi } from "../../api/resources.ts";
import { sessionQuery, sessionReach } from "../../api/session.ts";

export type Locked = "fromFileHelp" | "readOnlyRole" | "otherGroup";

/** Key of the reason among the shared texts; undefined: it may be changed. */
export function useMayWrite({
  managedBy,
  resourceGroup,
}: Pick<ModelApi, "managedBy"> & Partial<Pick<ModelApi, "resourceGroup">>): Locked | undefined {
  const { data: session } = useQuery(sessionQuery);
  if (managedBy === "file") return "fromFileHelp";
  const reach = sessionReach(session, "write");
  if (reach !== "everywhere" && reach.size === 0) return "readOnlyRole";
  if (resourceGroup !== undefined && !covers(reach, [resourceGroup])) return "otherGroup";
  return undefined;
}
