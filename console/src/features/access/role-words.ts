// Roles in words: their names, what they may do, and where. Pure.
import type { HeldRole, Permission } from "../../../../src/resources/held-role.ts";
import type { Role } from "../../../../src/resources/user.ts";
import type { Translate } from "../../i18n/messages.ts";
import type { AccessMessages } from "./access-messages.ts";

type Words = Translate<AccessMessages>;

/** From the one that may do most. */
export const roleOrder: readonly Role[] = ["owner", "admin", "editor", "viewer", "auditor"];

const does = {
  owner: "doesOwner",
  admin: "doesAdmin",
  editor: "doesEditor",
  viewer: "doesViewer",
  auditor: "doesAuditor",
} as const satisfies Readonly<Record<Role, keyof AccessMessages>>;

export const permissionWords = {
  read: "read",
  write: "write",
  content: "content",
  audit: "audit",
  configure: "configure",
  "manage-access": "manageAccess",
} as const satisfies Readonly<Record<Permission, keyof AccessMessages>>;

/** One plain sentence of what a role allows, and where. */
export function roleSentence({ role, resourceGroups }: HeldRole, t: Words): string {
  if (resourceGroups === null) return t("everywhereSentence", { does: t(does[role]) });
  if (resourceGroups.length === 0) return t("groupsMissing");
  return t("inPlace", { does: t(does[role]), groups: resourceGroups.join(", ") });
}
