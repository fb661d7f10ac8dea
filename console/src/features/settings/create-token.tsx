// The dialog that makes an admin token and shows it, once.
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Role } from "../../../../src/resources/user.ts";
import { freeName, isObjectName } from "../../api/object-name.ts";
import { sessionQuery } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { createToken } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";

const roles = [
  ["owner", "roleOwner"],
  ["admin", "roleAdmin"],
  ["editor", "roleEditor"],
  ["viewer", "roleViewer"],
  ["auditor", "roleAuditor"],
] as const;

const dayMs = 86_400_000;
const ends = [
  ["30", "days30"],
  ["90", "days90"],
  ["365", "year"],
  ["never", "never"],
] as const;

export function CreateToken({
  taken,
  onClose,
}: {
  readonly taken: readonly string[];
  readonly onClose: () => void;
}) {
  const t = useMessages(settingsMessages);
  const ui = useMessages(uiMessages);
  const client = useQueryClient();
  const [made, setMade] = useState<{ name: string; token: string } | null>(null);
  const close = (): void => {
    onClose();
    void client.invalidateQueries({ queryKey: ["tokens"] });
  };
  return (
    <Modal
      opened
      onClose={close}
      // A click beside the dialog must not lose what is shown once.
      closeOnClickOutside={made === null}
      closeOnEscape={made === null}
      title={made === null ? t("createTitle") : t("tokenTitle", { name: made.name })}
      size={520}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {made === null ? (
        <TokenForm taken={taken} onMade={setMade} onCancel={close} />
      ) : (
        <div className="col g12">
          <p className="strong" role="status">
            {t("tokenOnce")}
          </p>
          <CodeBlock code={made.token} label={t("tokenTitle", { name: made.name })} />
          <div>
            <div className="small dim">{t("tokenUse")}</div>
            <CodeBlock code={`export MOONGATE_ADMIN_TOKEN=${made.token}`} label={t("tokenUse")} />
          </div>
          <div className="row" style={{ justifyContent: "flex-end" }}>
            <Button variant="filled" onClick={close}>
              {t("tokenDone")}
            </Button>
          </div>
        </div>
      )}
    </Modal>
  );
}

function TokenForm({
  taken,
  onMade,
  onCancel,
}: {
  readonly taken: readonly string[];
  readonly onMade: (made: { name: string; token: string }) => void;
  readonly onCancel: () => void;
}) {
  const t = useMessages(settingsMessages);
  const ui = useMessages(uiMessages);
  const { data: session } = useQuery(sessionQuery);
  const [name, setName] = useState(() => freeName("ci", taken));
  const [role, setRole] = useState<Role>("editor");
  const [end, setEnd] = useState<string>("90");
  const create = useMutation({
    mutationFn: () =>
      createToken({
        name,
        role,
        ...(end === "never" ? {} : { expiresAt: new Date(Date.now() + Number(end) * dayMs).toISOString() }),
      }),
    onSuccess: (token) => onMade({ name: token.name, token: token.token }),
  });
  const isOwner = session?.user.role === "owner";
  const nameFits = isObjectName(name);
  return (
    <form
      className="col g12"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (nameFits && !create.isPending) create.mutate();
      }}
    >
      <TextInput
        data-autofocus
        label={t("tokenName")}
        description={t("tokenNameHint")}
        value={name}
        error={name === "" || nameFits ? null : t("tokenNameBad")}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label={t("role")}
        value={role}
        data={roles
          // Only owners make owners.
          .filter(([value]) => value !== "owner" || isOwner)
          .map(([value, text]) => ({ value, label: t(text) }))}
        onChange={(value) => {
          const found = roles.find(([each]) => each === value);
          if (found !== undefined) setRole(found[0]);
        }}
      />
      <Select
        label={t("expires")}
        value={end}
        data={ends.map(([value, text]) => ({ value, label: t(text) }))}
        onChange={(value) => setEnd(value ?? "90")}
      />
      {create.error !== null && <ErrorPanel title={t("createFailed")} error={create.error} />}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="subtle" onClick={onCancel}>
          {ui("cancel")}
        </Button>
        <Button type="submit" variant="filled" disabled={!nameFits} loading={create.isPending}>
          {t("createToken")}
        </Button>
      </div>
    </form>
  );
}
