// The panel at the right: command, frames, request, headers, trace; which one is open stands in the address.
import { useRef, type KeyboardEvent } from "react";
import type { ModelApi } from "../../../api/resources.ts";
import { formatCount } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import type { JsonRequest } from "../chat-request.ts";
import { panelMessages } from "../panel-messages.ts";
import type { RequestForm } from "../request-forms.ts";
import type { RunView } from "../run-view.ts";
import { CurlTab } from "./curl-tab.tsx";
import { HeadersTab } from "./headers-tab.tsx";
import { RawTab } from "./raw-tab.tsx";
import { RequestTab } from "./request-tab.tsx";
import classes from "./side-tabs.module.css";
import { TraceTab } from "./trace-tab.tsx";

const tabNames = ["curl", "raw", "request", "headers", "trace"] as const;
export type SideTab = (typeof tabNames)[number];

export function readTab(text: string | undefined): SideTab {
  return tabNames.find((name) => name === text) ?? "curl";
}

export function SideTabs({
  api,
  form,
  tab,
  request,
  view,
  onTab,
}: {
  readonly api: ModelApi;
  readonly form: RequestForm;
  readonly tab: SideTab;
  /** What would be sent now. */
  readonly request: JsonRequest;
  readonly view: RunView | null;
  readonly onTab: (tab: SideTab) => void;
}) {
  const t = useMessages(panelMessages);
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent): void => {
    const step = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const next = tabNames[(tabNames.indexOf(tab) + step + tabNames.length) % tabNames.length] ?? "curl";
    onTab(next);
    list.current?.querySelector<HTMLElement>(`[data-tab=${next}]`)?.focus();
  };
  return (
    <aside className={classes["side"]} aria-label={t("tabs")}>
      <div
        role="tablist"
        aria-label={t("tabs")}
        tabIndex={-1}
        className={classes["tabs"]}
        ref={list}
        onKeyDown={move}
      >
        {tabNames.map((name) => (
          <button
            key={name}
            type="button"
            role="tab"
            data-tab={name}
            id={`debug-tab-${name}`}
            aria-selected={name === tab}
            aria-controls="debug-tab-panel"
            tabIndex={name === tab ? 0 : -1}
            onClick={() => onTab(name)}
          >
            {t(name)}
            {name === "raw" && view !== null && view.frames.length > 0 && (
              <span className={`num ${classes["count"]}`}>{formatCount(view.frames.length)}</span>
            )}
          </button>
        ))}
      </div>
      <div
        role="tabpanel"
        id="debug-tab-panel"
        aria-labelledby={`debug-tab-${tab}`}
        className={classes["panel"]}
        tabIndex={0}
      >
        {tab === "curl" && <CurlTab api={api} form={form} request={request} />}
        {tab === "raw" && <RawTab view={view} />}
        {tab === "request" && <RequestTab request={request} />}
        {tab === "headers" && <HeadersTab request={view?.request ?? request} view={view} />}
        {tab === "trace" && <TraceTab view={view} hasAuth={api.auth.enabled} />}
      </div>
    </aside>
  );
}
