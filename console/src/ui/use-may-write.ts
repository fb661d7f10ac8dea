// Whether whoever is signed in may change resources; else why not, for the description of a disabled control.
import { useQuery } from "@tanstack/react-query";
import { mayWrite, sessionQuery } from "../api/session.ts";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "./ui-messages.ts";

export interface WriteRight {
  readonly allowed: boolean;
  /** Empty when allowed. */
  readonly reason: string;
}

/** @param managedBy of the object; one from the configuration file is changed there */
export function useMayWrite(managedBy: "api" | "file" = "api"): WriteRight {
  const t = useMessages(uiMessages);
  const { data: session } = useQuery(sessionQuery);
  if (session === null || session === undefined || !mayWrite(session.user.role)) {
    return { allowed: false, reason: t("readOnlyRole") };
  }
  return managedBy === "file" ? { allowed: false, reason: t("fromFileHelp") } : { allowed: true, reason: "" };
}
