// The dialogs of an edit: the difference before saving, a newer revision by someone else, leaving with changes.
import { Button, Modal } from "@mantine/core";
import { lazy, Suspense } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import type { Difference, Merge } from "./changes.ts";
import classes from "./diff.module.css";
import { editMessages } from "./edit-messages.ts";
import type { Body } from "./resource-body.ts";

const YamlDiff = lazy(async () => ({ default: (await import("./yaml-diff.tsx")).YamlDiff }));

export function DiffDialog({
  before,
  after,
  onClose,
}: {
  readonly before: Body;
  readonly after: Body;
  readonly onClose: () => void;
}) {
  const t = useMessages(editMessages);
  const words = useMessages(uiMessages);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("diffTitle")}
      size={760}
      closeButtonProps={{ "aria-label": words("close") }}
    >
      <Suspense fallback={<LoadingRows rows={3} />}>
        <YamlDiff before={before} after={after} />
      </Suspense>
    </Modal>
  );
}

export function StaleDialog({
  name,
  revision,
  merge,
  busy,
  onKeepMine,
  onTakeTheirs,
  onClose,
}: {
  readonly name: string;
  /** The newest. */
  readonly revision: number;
  readonly merge: Merge;
  readonly busy: boolean;
  readonly onKeepMine: () => void;
  readonly onTakeTheirs: () => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(editMessages);
  const words = useMessages(uiMessages);
  const { conflicts, mine, theirs } = merge;
  const apart = (changes: readonly Difference[]): readonly Difference[] =>
    changes.filter((change) => !conflicts.some(({ path }) => path.join(".") === change.path.join(".")));
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("staleTitle", { name })}
      size={680}
      closeButtonProps={{ "aria-label": words("close") }}
    >
      <div className="col g16">
        <p className="soft">{t("staleText", { revision })}</p>
        {conflicts.length > 0 && (
          <Values
            title={t("both")}
            heads={[t("theirs"), t("mine")]}
            rows={conflicts.map((one) => ({ path: one.path, values: [one.theirs, one.mine] }))}
          />
        )}
        <Changes title={t("theyChanged")} head={t("theirs")} changes={apart(theirs)} />
        <Changes title={t("youChanged")} head={t("mine")} changes={apart(mine)} />
        <div className="row wrap" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button onClick={onTakeTheirs}>{t("takeTheirs")}</Button>
          <Button variant="filled" loading={busy} onClick={onKeepMine}>
            {t("keepMine")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function Changes({
  title,
  head,
  changes,
}: {
  readonly title: string;
  readonly head: string;
  readonly changes: readonly Difference[];
}) {
  if (changes.length === 0) return null;
  return (
    <Values
      title={title}
      heads={[head]}
      rows={changes.map(({ path, after }) => ({ path, values: [after] }))}
    />
  );
}

interface ValueRow {
  readonly path: readonly string[];
  readonly values: readonly unknown[];
}

function Values({
  title,
  heads,
  rows,
}: {
  readonly title: string;
  readonly heads: readonly string[];
  readonly rows: readonly ValueRow[];
}) {
  const t = useMessages(editMessages);
  const text = (value: unknown): string => (value === undefined ? t("none") : JSON.stringify(value));
  return (
    <div>
      <h3>{title}</h3>
      <table className={classes["conflicts"]}>
        <thead>
          <tr>
            <th scope="col">{t("field")}</th>
            {heads.map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ path, values }) => (
            <tr key={path.join(".")}>
              <td>{path.join(".")}</td>
              {values.map((value, index) => (
                <td key={index}>{text(value)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

export function LeaveDialog({
  changes,
  onLeave,
  onStay,
}: {
  readonly changes: number;
  readonly onLeave: () => void;
  readonly onStay: () => void;
}) {
  const t = useMessages(editMessages);
  const words = useMessages(uiMessages);
  return (
    <Modal
      opened
      onClose={onStay}
      title={t("leaveTitle")}
      size={420}
      closeButtonProps={{ "aria-label": words("close") }}
    >
      <p className="soft" style={{ marginBottom: 16 }}>
        {t("leaveText", { n: changes })}
      </p>
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="outline" color="red" onClick={onLeave}>
          {t("leave")}
        </Button>
        <Button variant="filled" data-autofocus onClick={onStay}>
          {t("stay")}
        </Button>
      </div>
    </Modal>
  );
}
