// Edits a list of roles, each everywhere or in resource groups; offers only what its author may give.
import { ActionIcon, Button, MultiSelect, SegmentedControl, Select } from "@mantine/core";
import "@mantine/core/styles/Pill.layer.css";
import "@mantine/core/styles/PillsInput.layer.css";
import { useQuery } from "@tanstack/react-query";
import { Plus, Trash2 } from "lucide-react";
import { mayGrant, type HeldRole } from "../../../../src/resources/held-role.ts";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./access.module.css";
import { accessMessages } from "./access-messages.ts";
import { roleOrder, roleSentence } from "./role-words.ts";
import { mayGiveRole } from "./user-rules.ts";

interface Editing {
  readonly own: readonly HeldRole[];
  readonly insist: boolean;
}

export function RolesEditor({
  roles,
  onChange,
  disabledReason = "",
  ...editing
}: Editing & {
  readonly roles: readonly HeldRole[];
  readonly onChange: (roles: readonly HeldRole[]) => void;
  /** Why nothing can be changed here; empty when it can. */
  readonly disabledReason?: string;
}) {
  const t = useMessages(accessMessages);
  const { own } = editing;
  const isLocked = disabledReason !== "";
  const offered = roleOrder.toReversed().find((role) => mayGiveRole(own, role)) ?? "viewer";
  return (
    <fieldset className={classes["roles"]} disabled={isLocked}>
      <legend className="medium">{t("roles")}</legend>
      {isLocked && <p className="small dim">{disabledReason}</p>}
      {roles.length === 0 && <p className="small warn">{t("noRoles")}</p>}
      {roles.map((held, index) => (
        <RoleRow
          key={index}
          held={held}
          isLocked={isLocked}
          {...editing}
          onChange={(next) => onChange(roles.with(index, next))}
          onRemove={() => onChange(roles.toSpliced(index, 1))}
        />
      ))}
      <Button
        size="xs"
        className={classes["start"]}
        leftSection={<Plus size={14} />}
        disabled={isLocked}
        onClick={() => onChange([...roles, firstPlace(own, offered)])}
      >
        {t("addRole")}
      </Button>
    </fieldset>
  );
}

/** Everywhere where that may be given, else in the groups to be chosen. */
export function firstPlace(own: readonly HeldRole[], role: HeldRole["role"]): HeldRole {
  const held = { role, resourceGroups: null };
  return mayGrant(own, held) ? held : { role, resourceGroups: [] };
}

export function RoleRow({
  held,
  own,
  insist,
  isLocked = false,
  onChange,
  onRemove,
}: Editing & {
  readonly held: HeldRole;
  readonly isLocked?: boolean;
  readonly onChange: (held: HeldRole) => void;
  readonly onRemove?: () => void;
}) {
  const t = useMessages(accessMessages);
  const groups = useQuery(listQuery("resource-groups"));
  const { role, resourceGroups } = held;
  const mayEverywhere = mayGrant(own, { role, resourceGroups: null });
  const names = new Set([...(groups.data?.items ?? []).map(({ name }) => name), ...(resourceGroups ?? [])]);
  const offered = [...names].filter((name) => mayGrant(own, { role, resourceGroups: [name] }));
  return (
    <div className={classes["role"]}>
      <div className="row g8 wrap">
        <Select
          aria-label={t("role")}
          w={150}
          value={role}
          disabled={isLocked}
          data={roleOrder.map((value) => ({
            value,
            label: t(value),
            disabled: value !== role && !mayGiveRole(own, value),
          }))}
          onChange={(value) => {
            const next = roleOrder.find((each) => each === value);
            if (next === undefined) return;
            const same = { role: next, resourceGroups };
            onChange(resourceGroups === null && !mayGrant(own, same) ? firstPlace(own, next) : same);
          }}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("where")}
          disabled={isLocked || !mayEverywhere}
          value={resourceGroups === null ? "everywhere" : "groups"}
          data={[
            { value: "everywhere", label: t("everywhere") },
            { value: "groups", label: t("inGroups") },
          ]}
          onChange={(value) => onChange({ role, resourceGroups: value === "everywhere" ? null : [] })}
        />
        {onRemove !== undefined && (
          <ActionIcon
            variant="subtle"
            size={28}
            disabled={isLocked}
            aria-label={t("removeRole", { role: t(role) })}
            onClick={onRemove}
          >
            <Trash2 size={14} />
          </ActionIcon>
        )}
      </div>
      {!mayEverywhere && !isLocked && <p className="tiny dim">{t("everywhereNotYours")}</p>}
      {resourceGroups !== null && (
        <MultiSelect
          aria-label={t("groups")}
          placeholder={resourceGroups.length === 0 ? t("groups") : ""}
          searchable
          disabled={isLocked}
          data={offered}
          value={[...resourceGroups]}
          error={insist && resourceGroups.length === 0 ? t("groupsMissing") : null}
          onChange={(next) => onChange({ role, resourceGroups: next })}
        />
      )}
      {resourceGroups?.length !== 0 && <p className="small soft">{roleSentence(held, t)}</p>}
    </div>
  );
}
