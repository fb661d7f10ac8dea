// What each role may do: permissions by roles, from the same table that the gateway asks.
import { Check } from "lucide-react";
import { roleAllows, type Permission } from "../../../../src/resources/held-role.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { accessMessages } from "./access-messages.ts";
import { permissionWords, roleOrder } from "./role-words.ts";

const permissions: readonly Permission[] = [
  "read",
  "write",
  "content",
  "audit",
  "configure",
  "manage-access",
];

export function RoleTable() {
  const t = useMessages(accessMessages);
  const columns = useColumns();
  return (
    <section>
      <h2>{t("roleTable")}</h2>
      <DataTable
        label={t("roleTable")}
        rows={permissions}
        rowKey={(permission) => permission}
        rowHeight={34}
        columns={columns}
      />
    </section>
  );
}

function useColumns(): readonly Column<Permission>[] {
  const t = useMessages(accessMessages);
  return [
    { key: "permission", head: t("permission"), cell: (permission) => t(permissionWords[permission]) },
    ...roleOrder.map((role) => ({
      key: role,
      head: t(role),
      cell: (permission: Permission) => <Allowed yes={roleAllows(role, permission)} />,
    })),
  ];
}

function Allowed({ yes }: { readonly yes: boolean }) {
  const t = useMessages(accessMessages);
  if (yes) return <Check size={14} role="img" aria-label={t("yes")} className="ok" />;
  return (
    <span className="dim" role="img" aria-label={t("no")}>
      —
    </span>
  );
}
