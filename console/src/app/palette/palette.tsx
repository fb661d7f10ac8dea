// The command palette: a field and a list that follows what is typed; a combobox for screen readers.
import { Modal, useMantineColorScheme } from "@mantine/core";
import { useQueries } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Search } from "lucide-react";
import { useId, useState, type KeyboardEvent } from "react";
import { listQuery } from "../../api/resources.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { shellMessages } from "../shell/shell-messages.ts";
import { useOpenTool } from "../shell/tool-state.tsx";
import { paletteGroups, type Entry, type EntryGroup, type Listed } from "./palette-items.ts";
import { paletteMessages } from "./palette-messages.ts";
import classes from "./palette.module.css";

const freshMs = 30_000;

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages(paletteMessages);
  const ui = useMessages(uiMessages);
  const shell = useMessages(shellMessages);
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const { listed, failed } = useListed();
  const run = useRun(onClose);
  const id = useId();
  const groups = paletteGroups(typed, listed, t, shell);
  const entries = groups.flatMap((group) => group.entries);
  const chosen = entries[Math.min(at, entries.length - 1)];
  const press = (event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, number>> = { ArrowDown: at + 1, ArrowUp: at - 1 + entries.length };
    const next = moves[event.key];
    if (next !== undefined && entries.length > 0) {
      event.preventDefault();
      setAt(next % entries.length);
    } else if (event.key === "Enter" && chosen !== undefined && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(chosen);
    }
  };
  return (
    <Modal
      opened
      onClose={onClose}
      withCloseButton={false}
      centered={false}
      yOffset="12vh"
      size={580}
      padding={0}
      title={t("palette")}
      classNames={{ header: "sr-only" }}
      styles={{ body: { padding: 0 } }}
    >
      <div className={classes["field"]}>
        <Search size={16} strokeWidth={1.75} aria-hidden />
        <input
          data-autofocus
          role="combobox"
          aria-expanded={entries.length > 0}
          aria-controls={id}
          aria-autocomplete="list"
          aria-activedescendant={chosen === undefined ? undefined : `${id}-${chosen.key}`}
          aria-label={t("palette")}
          placeholder={t("placeholder")}
          value={typed}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setAt(0);
          }}
          onKeyDown={press}
        />
        <kbd aria-hidden>Esc</kbd>
      </div>
      <Groups id={id} groups={groups} chosen={chosen} onRun={run} label={t("palette")} />
      {entries.length === 0 && <p className={classes["none"]}>{t("none")}</p>}
      <div className={classes["foot"]}>
        <span>{t.rich("keysHint")}</span>
        <span className="grow" />
        <span role="status">{failed ? t("someFailed") : t("found", { n: entries.length })}</span>
        <button type="button" className="sr-only" onClick={onClose}>
          {ui("close")}
        </button>
      </div>
    </Modal>
  );
}

function useListed(): { listed: Listed; failed: boolean } {
  const [apis, services, consumers, domains, groups] = useQueries({
    queries: [
      { ...listQuery("model-apis"), staleTime: freshMs },
      { ...listQuery("services"), staleTime: freshMs },
      { ...listQuery("consumers"), staleTime: freshMs },
      { ...listQuery("domains"), staleTime: freshMs },
      { ...listQuery("resource-groups"), staleTime: freshMs },
    ],
  });
  return {
    listed: {
      "model-apis": apis.data,
      services: services.data,
      consumers: consumers.data,
      domains: domains.data,
      "resource-groups": groups.data,
    },
    failed: [apis, services, consumers, domains, groups].some(({ isError }) => isError),
  };
}

function useRun(onClose: () => void): (entry: Entry) => void {
  const router = useRouter();
  const open = useOpenTool();
  const { setLanguage } = useLanguage();
  const { setColorScheme } = useMantineColorScheme();
  return ({ run }) => {
    if (run.kind === "open") {
      open(run.tool);
      return;
    }
    onClose();
    if (run.kind === "go") router.history.push(run.href);
    else if (run.kind === "theme") setColorScheme(run.scheme);
    else setLanguage(run.language);
  };
}

function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: "nearest" });
}

function Groups({
  id,
  groups,
  chosen,
  label,
  onRun,
}: {
  readonly id: string;
  readonly groups: readonly EntryGroup[];
  readonly chosen: Entry | undefined;
  readonly label: string;
  readonly onRun: (entry: Entry) => void;
}) {
  return (
    <div id={id} role="listbox" aria-label={label} className={classes["list"]}>
      {groups.map(({ title, entries }) => (
        <div key={title} role="group" aria-label={title}>
          <div className={classes["title"]} aria-hidden>
            {title}
          </div>
          {entries.map((entry) => (
            <div
              key={entry.key}
              id={`${id}-${entry.key}`}
              ref={entry.key === chosen?.key ? intoView : undefined}
              role="option"
              tabIndex={-1}
              aria-selected={entry.key === chosen?.key}
              className={classes["entry"]}
              onClick={() => onRun(entry)}
              onKeyDown={(event) => {
                if (event.key === "Enter") onRun(entry);
              }}
            >
              <span className="grow cut">{entry.text}</span>
              {entry.hint !== undefined && <span className={classes["hint"]}>{entry.hint}</span>}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
