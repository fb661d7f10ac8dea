// The credentials of a consumer: issue, rotate, revoke. Values are never here, only what tells them apart.
import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Consumer } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { Moon } from "../../ui/moon.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import type { WriteRight } from "../../ui/use-may-write.ts";
import classes from "./consumers.module.css";
import { hasEnded, hintOf, overlapEnd, type Credential } from "./credentials.ts";
import { typeWords } from "./issue-key-modal.tsx";
import { keyMessages } from "./key-messages.ts";
import { RevokeKey } from "./revoke-key.tsx";
import { RotateKeyModal } from "./rotate-key-modal.tsx";

export function KeyList({
  consumer,
  right,
  onIssue,
}: {
  readonly consumer: Consumer;
  readonly right: WriteRight;
  readonly onIssue: () => void;
}) {
  const t = useMessages(keyMessages);
  const [rotating, setRotating] = useState<Credential>();
  const [revoking, setRevoking] = useState<Credential>();
  const columns = useKeyColumns(right, setRotating, setRevoking);
  return (
    <section aria-labelledby="section-keys" className={classes["section"]}>
      <div className={classes["sectionHead"]}>
        <div>
          <h2 id="section-keys">{t("keys")}</h2>
          <p className="small dim">{t("keysHint")}</p>
        </div>
        <Button
          leftSection={<Plus size={14} />}
          disabled={!right.allowed}
          title={right.reason}
          onClick={onIssue}
        >
          {t("issue")}
        </Button>
      </div>
      {consumer.credentials.length === 0 ? (
        <p className="soft" style={{ padding: "8px 0" }}>
          {t("noKeys")}
        </p>
      ) : (
        <DataTable
          label={t("keys")}
          columns={columns}
          rows={consumer.credentials}
          rowKey={({ name }) => name}
        />
      )}
      {rotating !== undefined && (
        <RotateKeyModal consumer={consumer} credential={rotating} onClose={() => setRotating(undefined)} />
      )}
      {revoking !== undefined && (
        <RevokeKey consumer={consumer} credential={revoking} onClose={() => setRevoking(undefined)} />
      )}
    </section>
  );
}

function useKeyColumns(
  right: WriteRight,
  onRotate: (credential: Credential) => void,
  onRevoke: (credential: Credential) => void,
): readonly Column<Credential>[] {
  const t = useMessages(keyMessages);
  return [
    { key: "name", head: t("name"), cell: ({ name }) => <span className="mono strong">{name}</span> },
    {
      key: "type",
      head: t("typeHead"),
      cell: ({ type }) => <span className="tag">{t(typeWords[type])}</span>,
    },
    { key: "value", head: t("value"), cell: (credential) => <HintCell credential={credential} /> },
    { key: "state", head: t("state"), cell: (credential) => <StateCell credential={credential} /> },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: (credential) => {
        const { name, type } = credential;
        const rotate = {
          text: t("rotate"),
          label: t("rotateOf", { name }),
          right,
          run: () => onRotate(credential),
        };
        return (
          <RowButtons
            actions={[
              ...(type === "jwt" ? [] : [rotate]),
              { text: t("revoke"), label: t("revokeOf", { name }), right, run: () => onRevoke(credential) },
            ]}
          />
        );
      },
    },
  ];
}

function HintCell({ credential }: { readonly credential: Credential }) {
  return (
    <div style={{ maxWidth: 280 }}>
      <div className="mono dim cut" title={hintOf(credential) ?? undefined}>
        {hintOf(credential) ?? "…"}
      </div>
      {credential.type === "jwt" && (
        <div className="small dim cut" title={credential.issuer}>
          {credential.issuer}
        </div>
      )}
    </div>
  );
}

function StateCell({ credential }: { readonly credential: Credential }) {
  const t = useMessages(keyMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const { expiresAt } = credential;
  const isOver = hasEnded(credential, now.getTime());
  const both = overlapEnd(credential, now.getTime());
  const timeText = (time: string): string => formatTime(new Date(time), language, now);
  return (
    <div>
      <span className="row g6 nowrap" title={expiresAt}>
        <Moon phase={isOver ? "ring" : "full"} size={11} />
        <span className={isOver ? "dim" : undefined}>
          {expiresAt === undefined
            ? t("valid")
            : t(isOver ? "ended" : "validUntil", { time: timeText(expiresAt) })}
        </span>
      </span>
      {both !== undefined && (
        <div className="small dim" title={both}>
          {t("overlapUntil", { time: timeText(both) })}
        </div>
      )}
    </div>
  );
}
