// One entry beside the list: who, from where, what changed. Takes the focus; Escape closes it, J and K go on.
import { ActionIcon } from "@mantine/core";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef, type ReactNode } from "react";
import type { AuditEntry, AuditObject } from "../../../../src/control/audit/audit-entry.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CopyText } from "../../ui/copy.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { settingsMessages } from "../settings/settings-messages.ts";
import type { SettingsSearch } from "../settings/settings-search.ts";
import settingsClasses from "../settings/settings.module.css";
import { auditMessages } from "./audit-messages.ts";
import { Action, EntryObject, Result } from "./audit-table.tsx";
import { changeLines, isKind, kindWords, methodWords } from "./audit-words.ts";
import classes from "./audit.module.css";

type Step = (() => void) | undefined;

export function EntryPanel({
  number,
  entry,
  onClose,
  onFilter,
  newer,
  older,
}: {
  readonly number: number;
  /** Undefined: not among those that are shown. */
  readonly entry: AuditEntry | undefined;
  readonly onClose: () => void;
  readonly onFilter: (change: Partial<SettingsSearch>) => void;
  readonly newer: Step;
  readonly older: Step;
}) {
  const t = useMessages(auditMessages);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented) onClose();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, [onClose]);
  const title = t("entry", { number: String(number) });
  return (
    <aside ref={panel} className={classes["panel"]} tabIndex={-1} aria-label={title}>
      <div className="row g4">
        <h2 className="grow">{title}</h2>
        <StepButton label={t("previous")} go={newer}>
          <ChevronUp size={15} />
        </StepButton>
        <StepButton label={t("next")} go={older}>
          <ChevronDown size={15} />
        </StepButton>
        <ActionIcon variant="subtle" size={28} aria-label={t("close")} title={t("close")} onClick={onClose}>
          <X size={15} />
        </ActionIcon>
      </div>
      {entry === undefined ? (
        <p className="soft">{t("entryGone")}</p>
      ) : (
        <EntryDetail entry={entry} onFilter={onFilter} />
      )}
    </aside>
  );
}

function StepButton({
  label,
  go,
  children,
}: {
  readonly label: string;
  readonly go: Step;
  readonly children: ReactNode;
}) {
  return (
    <ActionIcon
      variant="subtle"
      size={28}
      aria-label={label}
      title={label}
      disabled={go === undefined}
      onClick={go}
    >
      {children}
    </ActionIcon>
  );
}

function EntryDetail({
  entry,
  onFilter,
}: {
  readonly entry: AuditEntry;
  readonly onFilter: (change: Partial<SettingsSearch>) => void;
}) {
  const t = useMessages(auditMessages);
  const { actor, method, ip, requestId, operation, kind, name, revision, skipped, time } = entry;
  return (
    <>
      <p className="row g12 wrap">
        <span className="medium">
          <Action action={entry.action} />
        </span>
        <EntryObject entry={entry} />
        <Result entry={entry} />
      </p>
      <dl className={classes["facts"]}>
        <Fact term={t("time")}>
          <span className="num">{time}</span>
        </Fact>
        <Fact term={t("who")}>
          <span className="mono">{actor}</span>
          <button type="button" className="textlink small" onClick={() => onFilter({ actor: [actor] })}>
            {t("onlyActor")}
          </button>
        </Fact>
        <Fact term={t("method")}>{t(methodWords[method])}</Fact>
        <Fact term={t("ip")}>{ip === "" ? "—" : <span className="mono">{ip}</span>}</Fact>
        {requestId !== "" && (
          <Fact term={t("requestId")}>
            <CopyText text={requestId} label={t("requestId")} />
          </Fact>
        )}
        {operation !== null && (
          <Fact term={t("operation")}>
            <span className="mono">{operation}</span>
          </Fact>
        )}
        {revision !== null && <Fact term={t("revision")}>{String(revision)}</Fact>}
        {skipped > 0 && <Fact term={t("skipped")}>{t("skippedText", { n: skipped })}</Fact>}
      </dl>
      {kind !== null && name !== null && (
        <p>
          <button type="button" className="textlink small" onClick={() => onFilter({ kind, name })}>
            {t("onlyThis")}
          </button>
        </p>
      )}
      <h3>{t("changes")}</h3>
      {entry.objects.length === 0 && <p className="soft small">{t("noChanges")}</p>}
      {entry.objects.map((object) => (
        <ObjectChanges key={`${object.kind}/${object.name}`} object={object} />
      ))}
      {entry.moreObjects > 0 && <p className="small soft">{t("moreObjects", { n: entry.moreObjects })}</p>}
    </>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

function ObjectChanges({ object }: { readonly object: AuditObject }) {
  const t = useMessages(auditMessages);
  const settings = useMessages(settingsMessages);
  const { action, kind, name, changes, moreChanges } = object;
  const lines = changeLines(changes, { secret: t("secret"), otherSecret: t("otherSecret") });
  return (
    <div>
      <p className="row g6 small">
        <span className="tag">{settings(action)}</span>
        {isKind(kind) && <span className="dim">{settings(kindWords[kind])}</span>}
        {isKind(kind) ? <ObjectLink kind={kind} name={name} /> : name}
      </p>
      {lines.length > 0 && (
        <pre
          className={settingsClasses["diff"]}
          tabIndex={0}
          role="region"
          aria-label={`${t("changes")}: ${name}`}
        >
          {lines.map(({ sign, text }, index) => (
            <span key={index} data-sign={sign}>
              {sign} {text}
              {"\n"}
            </span>
          ))}
        </pre>
      )}
      {moreChanges > 0 && <p className="tiny dim">{t("moreChanges", { n: moreChanges })}</p>}
    </div>
  );
}
