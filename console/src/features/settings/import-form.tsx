// A configuration document in: pasted or from a file, checked, then applied; deletions are asked for once more.
import { Button, FileButton, Modal, Switch, Textarea } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { FileUp } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import { formatBytes } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { ChangeList } from "./change-list.tsx";
import { sendDocument, type Plan } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";

/** As much as the admin API takes. */
const mostBytes = 64 * 1_048_576;

export function ImportForm({ allowed }: { readonly allowed: boolean }) {
  const t = useMessages(settingsMessages);
  const client = useQueryClient();
  const [text, setText] = useState("");
  const [prune, setPrune] = useState(false);
  const [fileFault, setFileFault] = useState("");
  const [confirming, setConfirming] = useState(false);
  const check = useMutation({ mutationFn: () => sendDocument("plan", text, prune) });
  const apply = useMutation({
    mutationFn: () => sendDocument("apply", text, prune),
    onSuccess: ({ changes }) => {
      setConfirming(false);
      check.reset();
      notifications.show({ message: t("applied", { n: changes.length }) });
      return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
    onError: () => setConfirming(false),
  });
  /** What was checked is no longer what would be applied. */
  const edit = (change: () => void): void => {
    change();
    check.reset();
    apply.reset();
  };
  const take = async (file: File | null): Promise<void> => {
    if (file === null) return;
    setFileFault("");
    if (file.size > mostBytes) return setFileFault(t("fileTooLarge", { size: formatBytes(file.size) }));
    try {
      const content = await file.text();
      edit(() => setText(content));
    } catch {
      setFileFault(t("fileUnread"));
    }
  };
  const plan = check.data;
  const deleted = plan?.changes.filter(({ action }) => action === "delete") ?? [];
  return (
    <div className="col g12">
      <div className="row g12 wrap">
        <FileButton
          accept=".yaml,.yml,.json,application/yaml,application/json"
          onChange={(file) => void take(file)}
        >
          {(props) => (
            <Button leftSection={<FileUp size={14} />} disabled={!allowed} {...props}>
              {t("chooseFile")}
            </Button>
          )}
        </FileButton>
        {fileFault !== "" && (
          <span className="bad small" role="alert">
            {fileFault}
          </span>
        )}
        {!allowed && <span className="small dim">{t("needsConfigure")}</span>}
      </div>
      <Textarea
        label={t("document")}
        description={t("documentHint")}
        value={text}
        disabled={!allowed}
        rows={12}
        spellCheck={false}
        classNames={{ input: classes["document"] ?? "" }}
        onChange={(event) => {
          const { value } = event.currentTarget;
          edit(() => setText(value));
        }}
      />
      <Switch
        checked={prune}
        disabled={!allowed}
        label={t("prune")}
        description={t("pruneText")}
        onChange={(event) => {
          const { checked } = event.currentTarget;
          edit(() => setPrune(checked));
        }}
      />
      <div>
        <Button
          disabled={!allowed || text.trim() === ""}
          loading={check.isPending}
          onClick={() => check.mutate()}
        >
          {t("check")}
        </Button>
      </div>
      <div aria-live="polite" className="col g12">
        {check.error !== null && <Faults title={t("checkFailed")} error={check.error} />}
        {apply.error !== null && <Faults title={t("applyFailed")} error={apply.error} />}
        {plan !== undefined && (
          <PlanView
            plan={plan}
            busy={apply.isPending}
            onApply={() => (deleted.length > 0 ? setConfirming(true) : apply.mutate())}
          />
        )}
      </div>
      {confirming && (
        <ConfirmApply
          deleted={deleted}
          busy={apply.isPending}
          onApply={() => apply.mutate()}
          onClose={() => setConfirming(false)}
        />
      )}
    </div>
  );
}

/** A refusal with every fault at its place. */
function Faults({ title, error }: { readonly title: string; readonly error: unknown }) {
  const faults = error instanceof ApiError ? error.details : [];
  if (faults.length < 2) return <ErrorPanel title={title} error={error} />;
  return (
    <div className="panel" role="alert">
      <div className={classes["faultHead"]}>{title}</div>
      <ul className={classes["faults"]}>
        {faults.map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <span className="mono">{path}</span> <span>{message}</span>
          </li>
        ))}
      </ul>
    </div>
  );
}

function PlanView({
  plan,
  busy,
  onApply,
}: {
  readonly plan: Plan;
  readonly busy: boolean;
  readonly onApply: () => void;
}) {
  const t = useMessages(settingsMessages);
  const { changes, warnings } = plan;
  const count = (action: string): number => changes.filter((change) => change.action === action).length;
  return (
    <div className="col g12">
      {changes.length === 0 ? (
        <p>{t("noChanges")}</p>
      ) : (
        <div>
          <h3>{t("wouldChange", { n: changes.length })}</h3>
          <p className="small dim">
            {t("counts", { created: count("create"), updated: count("update"), deleted: count("delete") })}
          </p>
          <ChangeList changes={changes} label={t("wouldChange", { n: changes.length })} />
        </div>
      )}
      {warnings.length > 0 && (
        <div className="note">
          <div>
            <div className="medium">{t("warnings")}</div>
            <ul className={classes["plain"]}>
              {warnings.map((warning) => (
                <li key={warning}>{warning}</li>
              ))}
            </ul>
          </div>
        </div>
      )}
      {changes.length > 0 && (
        <div>
          <Button variant="filled" loading={busy} onClick={onApply}>
            {t("apply", { n: changes.length })}
          </Button>
        </div>
      )}
    </div>
  );
}

function ConfirmApply({
  deleted,
  busy,
  onApply,
  onClose,
}: {
  readonly deleted: Plan["changes"];
  readonly busy: boolean;
  readonly onApply: () => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(settingsMessages);
  const ui = useMessages(uiMessages);
  const title = t("confirmTitle", { n: deleted.length });
  return (
    <Modal opened onClose={onClose} title={title} size={480} closeButtonProps={{ "aria-label": ui("close") }}>
      <div className="col g12">
        <p className="soft">{t("confirmText")}</p>
        <div className={classes["scroll"]}>
          <ChangeList changes={deleted} label={title} />
        </div>
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("keep")}
          </Button>
          <Button variant="outline" color="red" loading={busy} onClick={onApply}>
            {t("confirmApply")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
