// The exchange that is open beside the list: its head with what can be done, and the detail. Takes the focus, Escape closes.
import { ActionIcon } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { ChevronDown, ChevronUp, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { CopyButton } from "../../ui/copy.tsx";
import { isTyping } from "../../ui/keyboard.ts";
import { Moon } from "../../ui/moon.tsx";
import { ActionMenu, ReplayButton } from "./exchange-actions.tsx";
import { ExchangeDetail } from "./exchange-detail.tsx";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";
import { logDetailQuery } from "./log-calls.ts";
import { phaseOf } from "./log-words.ts";
import type { FieldWord } from "./query-fields.ts";

export function ExchangePanel({
  requestId,
  tab,
  onTab,
  onFilter,
  onClose,
  onStep,
}: {
  readonly requestId: string;
  readonly tab: string | undefined;
  readonly onTab: (tab: string | undefined) => void;
  readonly onFilter: (word: FieldWord, value: string, not: boolean) => void;
  readonly onClose: () => void;
  /** To the next of the list, or the one before; absent at its end. */
  readonly onStep: (step: 1 | -1) => (() => void) | undefined;
}) {
  const t = useMessages(exchangeMessages);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus({ preventScroll: true }), []);
  useEscape(onClose);
  return (
    <aside ref={panel} className={classes["panel"]} tabIndex={-1} aria-label={t("exchange")}>
      <div className={classes["panelHead"]}>
        <HeadFacts requestId={requestId} />
        <span className="grow" />
        <HeadActions requestId={requestId} />
        <Step label={t("previous")} keyName="K" go={onStep(-1)} />
        <Step label={t("next")} keyName="J" go={onStep(1)} />
        <ActionIcon
          variant="subtle"
          size={28}
          aria-label={t("close")}
          title={`${t("close")} (Esc)`}
          onClick={onClose}
        >
          <X size={15} />
        </ActionIcon>
      </div>
      <div
        className={classes["panelBody"]}
        tabIndex={0}
        role="region"
        aria-label={t("title", { id: requestId })}
      >
        <ExchangeDetail key={requestId} {...{ requestId, tab, onTab, onFilter }} />
      </div>
    </aside>
  );
}

function HeadFacts({ requestId }: { readonly requestId: string }) {
  const t = useMessages(exchangeMessages);
  const { data: record } = useQuery(logDetailQuery(requestId));
  return (
    <>
      {record !== undefined && (
        <>
          <Moon phase={phaseOf(record)} size={11} />
          <span className="strong num">{record.status === 0 ? "—" : record.status}</span>
        </>
      )}
      <span className="mono soft cut" title={requestId}>
        {requestId}
      </span>
      <CopyButton text={requestId} label={t("requestId")} />
    </>
  );
}

function HeadActions({ requestId }: { readonly requestId: string }) {
  const { data: record } = useQuery(logDetailQuery(requestId));
  if (record === undefined) return null;
  return (
    <>
      <ReplayButton record={record} />
      <ActionMenu record={record} isPage={false} />
    </>
  );
}

function Step({
  label,
  keyName,
  go,
}: {
  readonly label: string;
  readonly keyName: string;
  readonly go: (() => void) | undefined;
}) {
  const Icon = keyName === "J" ? ChevronDown : ChevronUp;
  return (
    <ActionIcon
      variant="subtle"
      size={28}
      aria-label={label}
      title={`${label} (${keyName})`}
      disabled={go === undefined}
      onClick={go}
    >
      <Icon size={15} />
    </ActionIcon>
  );
}

/** Unless it closes something else: a field, a menu, a dialog. */
function useEscape(onClose: () => void): void {
  const latest = useRef(onClose);
  useEffect(() => {
    latest.current = onClose;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented && !isTyping(event)) latest.current();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
}
