// Whether a Model API may be changed here and now, and the words for why not.
import { useQuery } from "@tanstack/react-query";
import type { ModelApi } from "../../api/resources.ts";
import { mayWrite, sessionQuery } from "../../api/session.ts";

export type Locked = "fromFileHelp" | "readOnlyRole";

/** Key of the reason among the shared texts; undefined: it may be changed. */
export function useMayWrite(api: Pick<ModelApi, "managedBy">): Locked | undefined {
  const { data: session } = useQuery(sessionQuery);
  if (api.managedBy === "file") return "fromFileHelp";
  if (session === undefined || session === null || !mayWrite(session.user.role)) return "readOnlyRole";
  return undefined;
}
