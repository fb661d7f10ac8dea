// The roles of a user or token, one line each: the role, then where it holds.
import type { HeldRole } from "../../../../src/resources/held-role.ts";
import { useMessages } from "../../i18n/language.tsx";
import { accessMessages } from "./access-messages.ts";
import { roleSentence } from "./role-words.ts";

export function RoleTags({ held }: { readonly held: readonly HeldRole[] }) {
  const t = useMessages(accessMessages);
  if (held.length === 0) return <span className="dim">—</span>;
  return (
    <span className="col" style={{ gap: 2, padding: "4px 0", alignItems: "flex-start" }}>
      {held.map(({ role, resourceGroups }) => (
        <span
          key={`${role} ${resourceGroups?.join(" ") ?? "*"}`}
          className="row g6"
          title={roleSentence({ role, resourceGroups }, t)}
        >
          <span className="tag">{t(role)}</span>
          <span className="small soft cut" style={{ maxWidth: 240 }}>
            {resourceGroups === null ? t("everywhere") : resourceGroups.join(", ") || "—"}
          </span>
        </span>
      ))}
    </span>
  );
}
