// The users: who there is, how each stands, and what may be done. The dialog that is open stands in the address.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { useState } from "react";
import { listQuery, useChange, type User } from "../../api/resources.ts";
import { heldBy, sessionQuery } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { FailureDialog } from "../../ui/failure-dialog.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useRight } from "../../ui/use-may-write.ts";
import { showUndo } from "../model-apis/detail/undo-notice.tsx";
import classes from "./access.module.css";
import { accessMessages } from "./access-messages.ts";
import { DeleteUser, EndSessions } from "./leaving-dialogs.tsx";
import { ResetPassword } from "./reset-password.tsx";
import { RoleTable } from "./role-table.tsx";
import { useUserColumns, type UserAction } from "./user-columns.tsx";
import { UserDialog } from "./user-dialog.tsx";
import { isLastOwner } from "./user-rules.ts";

export function UsersSection() {
  const t = useMessages(accessMessages);
  const right = useRight("manage-access");
  if (!right.allowed)
    return (
      <>
        <EmptyState title={t("deniedTitle")}>{t("deniedText", { reason: right.reason })}</EmptyState>
        <RoleTable />
      </>
    );
  return (
    <>
      <Users />
      <RoleTable />
    </>
  );
}

function useAddress() {
  const search = useSearch({ strict: false });
  const navigate = useNavigate();
  const show = (fields: { q?: string; add?: string; edit?: string }): void =>
    void navigate({
      to: "/settings/$section",
      params: { section: "users" },
      search: fields,
      replace: true,
    });
  return { q: search.q ?? "", adding: search.add === "user", editing: search.edit, show };
}

function Users() {
  const t = useMessages(accessMessages);
  const { q, adding, editing, show } = useAddress();
  const users = useQuery(listQuery("users"));
  const items = users.data?.items;
  const search = q === "" ? {} : { q };
  const close = (): void => show(search);
  const edited = items?.find(({ name }) => name === editing);
  return (
    <section>
      <div className="row g16 wrap">
        <p className={`soft ${classes["text"]}`}>{t("usersText")}</p>
        <span className="grow" />
        <Button
          variant="filled"
          leftSection={<Plus size={14} />}
          onClick={() => show({ ...search, add: "user" })}
        >
          {t("addUser")}
        </Button>
      </div>
      {users.isPending && <LoadingRows rows={4} />}
      {users.isError && (
        <ErrorPanel title={t("usersFailed")} error={users.error} retry={() => void users.refetch()} />
      )}
      {items !== undefined && (
        <UserList
          users={items}
          nowMs={users.dataUpdatedAt}
          wanted={q}
          onSearch={(next) => show(next === "" ? {} : { q: next })}
          onEdit={(edit) => show({ ...search, edit })}
        />
      )}
      {items !== undefined && adding && <UserDialog taken={items.map(({ name }) => name)} onClose={close} />}
      {edited !== undefined && <UserDialog key={edited.name} user={edited} onClose={close} />}
    </section>
  );
}

function UserList({
  users,
  nowMs,
  wanted,
  onSearch,
  onEdit,
}: {
  readonly users: readonly User[];
  /** When they were read. */
  readonly nowMs: number;
  readonly wanted: string;
  readonly onSearch: (text: string) => void;
  readonly onEdit: (name: string) => void;
}) {
  const t = useMessages(accessMessages);
  const { data: session } = useQuery(sessionQuery);
  const tokens = useQuery(listQuery("tokens"));
  const [open, setOpen] = useState<{ readonly action: UserAction; readonly user: User }>();
  const [failure, setFailure] = useState<unknown>(null);
  const toggle = useToggle(setFailure);
  const me = session ? { name: session.user.name, held: heldBy(session) } : { name: "", held: [] };
  const columns = useUserColumns({
    me,
    now: new Date(nowMs),
    isLast: (user) => isLastOwner(user, users, tokens.data?.items ?? [], nowMs),
    run: (action, user) => {
      if (action === "edit") onEdit(user.name);
      else if (action === "toggle") toggle(user);
      else setOpen({ action, user });
    },
  });
  const text = wanted.trim().toLowerCase();
  const shown = users.filter(({ name, oidc, roles }) =>
    [name, oidc?.provider ?? "", ...roles.map(({ role }) => role)].join("\n").toLowerCase().includes(text),
  );
  const close = (): void => setOpen(undefined);
  return (
    <>
      <ListSearch label={t("search")} value={wanted} onChange={onSearch} />
      {shown.length === 0 ? (
        <p className="row g8 soft">
          {t("noHits", { text: wanted })}
          <button type="button" className="textlink" onClick={() => onSearch("")}>
            {t("clearSearch")}
          </button>
        </p>
      ) : (
        <DataTable
          label={t("users")}
          rows={shown}
          rowKey={({ name }) => name}
          rowHeight={59}
          columns={columns}
          onOpen={({ name }) => onEdit(name)}
        />
      )}
      {open?.action === "reset" && <ResetPassword user={open.user} onClose={close} />}
      {open?.action === "sessions" && <EndSessions name={open.user.name} onClose={close} />}
      {open?.action === "delete" && <DeleteUser user={open.user} onClose={close} />}
      <FailureDialog title={t("changeFailed")} error={failure} onClose={() => setFailure(null)} />
    </>
  );
}

/** Disables or enables a user at once, with a way back. */
function useToggle(onFailure: (error: unknown) => void): (user: User) => void {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("users");
  const set = useMutation({
    mutationFn: ({ name, enabled }: { name: string; enabled: boolean }) =>
      change.mutateAsync({ action: "patch", name, body: { enabled } }),
    onError: onFailure,
    onSuccess: (_saved, { name, enabled }) => {
      const text = t(enabled ? "enabledDone" : "disabledDone", { name });
      if (enabled) notifications.show({ message: text });
      else showUndo({ text, undo: t("undo"), close: ui("close") }, () => set.mutate({ name, enabled: true }));
    },
  });
  return ({ name, enabled }) => set.mutate({ name, enabled: !enabled });
}
