// Whether whoever is signed in may do something there, by his roles and their resource groups; else why not, for the
// description of a disabled control.
import { useQuery } from "@tanstack/react-query";
import { covers, type Permission, type Reach } from "../../../src/resources/held-role.ts";
import { sessionQuery, sessionReach } from "../api/session.ts";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "./ui-messages.ts";

export interface WriteRight {
  readonly allowed: boolean;
  /** Empty when allowed. */
  readonly reason: string;
}

/** `anywhere`: in at least one resource group; `everywhere`: what belongs to the whole gateway; a group: what is in it. */
export type Where = "anywhere" | "everywhere" | { readonly group: string };

/** What a permission is called to who lacks it: the weakest role that has it. */
const leastRole = {
  read: "needsViewer",
  write: "readOnlyRole",
  content: "needsContent",
  audit: "needsAudit",
  configure: "needsAdmin",
  "manage-access": "needsAdmin",
} as const satisfies Readonly<Record<Permission, string>>;

/** @param managedBy of the object; one from the configuration file is changed there */
export function useMayWrite(managedBy: "api" | "file" = "api", where: Where = "anywhere"): WriteRight {
  const t = useMessages(uiMessages);
  const right = useRight("write", where);
  return right.allowed && managedBy === "file" ? { allowed: false, reason: t("fromFileHelp") } : right;
}

export function useRight(permission: Permission, where: Where = "anywhere"): WriteRight {
  const t = useMessages(uiMessages);
  const { data: session } = useQuery(sessionQuery);
  const reach = sessionReach(session, permission);
  if (reaches(reach, where)) return { allowed: true, reason: "" };
  const role = t(leastRole[permission]);
  const isHeld = reach === "everywhere" || reach.size > 0;
  if (!isHeld) return { allowed: false, reason: role };
  return {
    allowed: false,
    reason:
      where === "everywhere" || where === "anywhere"
        ? t("notInGroups", { role })
        : t("notInGroup", { role, group: where.group }),
  };
}

/** Where whoever is signed in may do something; for lists of what he may choose. */
export function useReach(permission: Permission): Reach {
  return sessionReach(useQuery(sessionQuery).data, permission);
}

/** The resource group that something new is in at first: `default` for who may make things there, else his first one. */
export function useFirstGroup(): string {
  const reach = useReach("write");
  return reach === "everywhere" || reach.has("default") ? "default" : ([...reach].toSorted()[0] ?? "default");
}

export function reaches(reach: Reach, where: Where): boolean {
  if (where === "anywhere") return reach === "everywhere" || reach.size > 0;
  return covers(reach, where === "everywhere" ? [] : [where.group]);
}
