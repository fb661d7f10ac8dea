// The dialog that makes an admin token and shows it, once.
import { Button, Modal, Select, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Download, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { freeName, isObjectName } from "../../api/object-name.ts";
import { heldBy, sessionQuery } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { accessMessages } from "../access/access-messages.ts";
import { firstPlace, RoleRow } from "../access/roles-editor.tsx";
import { mayGiveRole } from "../access/user-rules.ts";
import { saveText } from "../debug/save-file.ts";
import { createToken } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";

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
  const access = useMessages(accessMessages);
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
            <div className="small dim">{t("tokenCurl")}</div>
            <CodeBlock
              code={`curl -H 'authorization: Bearer ${made.token}' ${location.origin}/api/v1/model-apis`}
              label={t("tokenCurl")}
            />
          </div>
          <div className="row" style={{ justifyContent: "flex-end" }}>
            <Button
              leftSection={<Download size={14} />}
              onClick={() => saveText(`${made.name}.token.txt`, `${made.token}\n`, "text/plain")}
            >
              {access("download")}
            </Button>
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
  const own = session ? heldBy(session) : [];
  const [held, setHeld] = useState(() => firstPlace(own, mayGiveRole(own, "editor") ? "editor" : "viewer"));
  const [insist, setInsist] = useState(false);
  const [end, setEnd] = useState<string>("90");
  const create = useMutation({
    mutationFn: () =>
      createToken({
        name,
        role: held.role,
        ...(held.resourceGroups === null ? {} : { resourceGroups: held.resourceGroups }),
        ...(end === "never" ? {} : { expiresAt: new Date(Date.now() + Number(end) * dayMs).toISOString() }),
      }),
    onSuccess: (token) => onMade({ name: token.name, token: token.token }),
  });
  const nameFits = isObjectName(name);
  return (
    <form
      className="col g12"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setInsist(true);
        if (nameFits && held.resourceGroups?.length !== 0 && !create.isPending) create.mutate();
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
      <RoleRow held={held} own={own} insist={insist} onChange={setHeld} />
      <Select
        label={t("expires")}
        value={end}
        data={ends.map(([value, text]) => ({ value, label: t(text) }))}
        onChange={(value) => setEnd(value ?? "90")}
      />
      {end === "never" && (
        <p className="note small">
          <TriangleAlert size={15} aria-hidden style={{ flex: "none" }} />
          {t("neverWarning")}
        </p>
      )}
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
