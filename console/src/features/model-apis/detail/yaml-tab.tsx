// Tab YAML: the whole object as text, checked by the admin API when saved, with each fault at its line.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useBlocker } from "@tanstack/react-router";
import { Lock, TriangleAlert } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../../api/client.ts";
import { objectQuery, useChange, type ModelApi } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import type { TabProps } from "./tab-props.ts";
import { useMayWrite } from "../may-write.ts";
import { YamlEditor } from "./yaml-editor.tsx";
import { yamlMessages } from "./yaml-messages.ts";
import { apiYaml, placeFaults, readYaml, type Problem } from "./yaml-text.ts";

/** What is being edited: the text, and the object that it began as. */
interface Draft {
  readonly base: ModelApi;
  readonly text: string;
}

export function YamlTab({ api }: TabProps) {
  const t = useMessages(yamlMessages);
  const [draft, setDraft] = useState<Draft>({ base: api, text: apiYaml(api) });
  const dirty = draft.text !== apiYaml(draft.base);
  // Without changes of one's own the newest is shown; with them they stay until saved or discarded.
  const { base, text } = dirty ? draft : { base: api, text: apiYaml(api) };
  const { save, problems, stale, error, busy, warnings, clear } = useSave(base, text, (saved) =>
    setDraft({ base: saved, text: apiYaml(saved) }),
  );
  const [focus, setFocus] = useState<{ at: number }>();
  const locked = useMayWrite(api);
  useBlocker({
    shouldBlockFn: () => dirty && !globalThis.confirm(t("leave")),
    enableBeforeUnload: dirty,
    disabled: !dirty,
  });
  const edit = (next: string): void => {
    clear();
    setDraft({ base, text: next });
  };
  const reset = (): void => edit(apiYaml(base));
  return (
    <>
      <Bar api={api} dirty={dirty} busy={busy} onSave={() => save()} onDiscard={reset} />
      {error !== null && !stale && problems.length === 0 && <ErrorPanel title={t("failed")} error={error} />}
      {warnings.length > 0 && <Warnings warnings={warnings} />}
      <Faults problems={problems} onShow={(at) => setFocus({ at })} />
      <YamlEditor
        text={text}
        label={t("label", { name: api.name })}
        readOnly={locked !== undefined}
        problems={problems}
        focus={focus}
        onChange={(next) => {
          if (next !== text) edit(next);
        }}
        onSave={() => {
          if (dirty && !busy) save();
        }}
      />
      {stale && (
        <StaleDialog
          name={api.name}
          onKeep={clear}
          onOverwrite={(theirs) => save(theirs.revision)}
          onTheirs={(theirs) => {
            clear();
            setDraft({ base: theirs, text: apiYaml(theirs) });
          }}
        />
      )}
    </>
  );
}

function useSave(base: ModelApi, text: string, onSaved: (api: ModelApi) => void) {
  const t = useMessages(yamlMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("model-apis");
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const { error } = change;
  const clear = (): void => {
    change.reset();
    setProblems([]);
    setWarnings([]);
  };
  const save = (revision: number = base.revision): void => {
    clear();
    const read = readYaml(text, t("notObject"));
    if (!read.ok) {
      setProblems(read.problems);
      return;
    }
    change.mutate(
      { action: "replace", name: base.name, body: read.object, revision },
      {
        onSuccess: (saved) => {
          setWarnings(saved.warnings ?? []);
          onSaved(saved);
          notifications.show({
            message: t("saved", { name: saved.name, revision: saved.revision }),
            closeButtonProps: { "aria-label": ui("close") },
          });
        },
        onError: (failure) => {
          if (failure instanceof ApiError) setProblems(placeFaults(text, failure.details));
        },
      },
    );
  };
  const stale = error instanceof ApiError && error.status === 412;
  return { save, problems, stale, error, busy: change.isPending, warnings, clear };
}

function Bar({
  api,
  dirty,
  busy,
  onSave,
  onDiscard,
}: {
  readonly api: ModelApi;
  readonly dirty: boolean;
  readonly busy: boolean;
  readonly onSave: () => void;
  readonly onDiscard: () => void;
}) {
  const t = useMessages(yamlMessages);
  const ui = useMessages(uiMessages);
  const locked = useMayWrite(api);
  return (
    <div className="row wrap" style={{ marginBottom: 12 }}>
      {locked === undefined ? (
        <span className="soft">{t("text")}</span>
      ) : (
        <span className="row g6 soft">
          <Lock size={14} strokeWidth={1.75} aria-hidden />
          {ui(locked)}
        </span>
      )}
      <span className="grow" />
      {dirty && <span className="small dim">{t("unsaved")}</span>}
      {dirty && (
        <Button variant="subtle" onClick={onDiscard}>
          {t("discard")}
        </Button>
      )}
      <Button
        variant="filled"
        disabled={locked !== undefined || !dirty}
        title={locked === undefined ? undefined : ui(locked)}
        loading={busy}
        onClick={onSave}
      >
        {t("save")}
      </Button>
    </div>
  );
}

function Warnings({ warnings }: { readonly warnings: readonly string[] }) {
  const t = useMessages(yamlMessages);
  return (
    <div className="note" style={{ marginBottom: 12 }} role="status">
      <TriangleAlert size={16} aria-hidden />
      <div>
        {t("warnings")}
        <ul style={{ margin: 0, paddingLeft: 18 }}>
          {warnings.map((warning) => (
            <li key={warning}>{warning}</li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function Faults({
  problems,
  onShow,
}: {
  readonly problems: readonly Problem[];
  readonly onShow: (at: number) => void;
}) {
  const t = useMessages(yamlMessages);
  if (problems.length === 0) return null;
  return (
    <div className="note note-bad" style={{ marginBottom: 12 }} role="alert">
      <TriangleAlert size={16} aria-hidden />
      <div>
        <b className="strong">{t("faults", { n: problems.length })}</b>
        <ul style={{ margin: 0, padding: 0, listStyle: "none" }}>
          {problems.map(({ from, line, message }) => (
            <li key={`${from} ${message}`} className="row" style={{ alignItems: "baseline" }}>
              <Button size="compact-xs" variant="subtle" onClick={() => onShow(from)}>
                {t("line", { line })}
              </Button>
              <span style={{ overflowWrap: "anywhere" }}>{message}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

function StaleDialog({
  name,
  onKeep,
  onOverwrite,
  onTheirs,
}: {
  readonly name: string;
  readonly onKeep: () => void;
  readonly onOverwrite: (theirs: ModelApi) => void;
  readonly onTheirs: (theirs: ModelApi) => void;
}) {
  const t = useMessages(yamlMessages);
  const ui = useMessages(uiMessages);
  const client = useQueryClient();
  const [failure, setFailure] = useState<unknown>();
  const withTheirs = async (then: (theirs: ModelApi) => void): Promise<void> => {
    try {
      then(await client.fetchQuery({ ...objectQuery("model-apis", name), staleTime: 0 }));
    } catch (error) {
      setFailure(error);
    }
  };
  return (
    <Modal
      opened
      onClose={onKeep}
      title={t("staleTitle", { name })}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <p className="soft" style={{ marginBottom: 16 }}>
        {t("staleText")}
      </p>
      {failure !== undefined && <ErrorPanel title={t("failed")} error={failure} />}
      <div className="row wrap" style={{ justifyContent: "flex-end" }}>
        <Button variant="subtle" onClick={onKeep} data-autofocus>
          {t("keep")}
        </Button>
        <Button onClick={() => void withTheirs(onTheirs)}>{t("takeTheirs")}</Button>
        <Button variant="outline" color="red" onClick={() => void withTheirs(onOverwrite)}>
          {t("overwrite")}
        </Button>
      </div>
    </Modal>
  );
}
