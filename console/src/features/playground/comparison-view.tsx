// The comparison: columns side by side, one field for all of them, what differs, and the export.
import { Button, Menu, SegmentedControl, Switch, Textarea } from "@mantine/core";
import { Download, Eraser, GitCompare, Play, Plus, Square } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import type { ModelApi, Service } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { PageHead } from "../../ui/page.tsx";
import { isRunning } from "../debug/run-view.ts";
import { saveText } from "../debug/save-file.ts";
import { useEscape } from "../debug/use-escape.ts";
import { bestsOf, columnLetter, mostColumns, toJson, toMarkdown, type ExportedTurn } from "./columns.ts";
import { ColumnView } from "./column-view.tsx";
import { playgroundMessages } from "./playground-messages.ts";
import classes from "./playground.module.css";
import { useComparison, type Comparison } from "./use-columns.ts";
import { useViews } from "./use-views.ts";

const DiffDialog = lazy(async () => ({ default: (await import("./diff-dialog.tsx")).DiffDialog }));

export function ComparisonView({
  apis,
  services,
  address,
  blocked,
}: {
  readonly apis: readonly ModelApi[];
  readonly services: readonly Service[];
  readonly address: { readonly columns: string | undefined; readonly write: (columns: string) => void };
  /** Why nothing can be sent; empty when it can. */
  readonly blocked: string;
}) {
  const t = useMessages(playgroundMessages);
  const comparison = useComparison(apis, services, address);
  const { columns } = comparison;
  const [isPlain, setPlain] = useState(false);
  const [isBlind, setBlind] = useState(false);
  const [isDiff, setDiff] = useState(false);
  const views = useViews(columns.map(({ turns }) => turns.at(-1)?.run ?? null));
  const running = views.some((view) => view !== null && isRunning(view));
  const answered = views.filter((view) => view !== null && view.answer.text !== "").length;
  useEscape(running, comparison.stopAll);
  const bests = bestsOf(views);
  const marksOf = (index: number): string[] => [
    ...(bests.fastest === index ? [t("fastest")] : []),
    ...(bests.shortest === index ? [t("shortest")] : []),
    ...(bests.cheapest === index ? [t("cheapest")] : []),
  ];
  const nameOf = (index: number): string => {
    const { api, settings } = columns[index]?.column ?? { api: "", settings: { model: "" } };
    return isBlind
      ? t("column", { name: columnLetter(index) })
      : `${columnLetter(index)} · ${api} · ${settings.model}`;
  };
  return (
    <>
      <PageHead
        ruled
        title={t("title")}
        beside={<span className={`soft ${classes["sub"]}`}>{t("sub")}</span>}
        actions={
          <>
            <Button
              leftSection={<GitCompare size={14} />}
              disabled={answered < 2}
              onClick={() => setDiff(true)}
            >
              {t("differ")}
            </Button>
            <ExportMenu comparison={comparison} nameOf={nameOf} disabled={answered === 0 || running} />
            <Button
              leftSection={<Plus size={14} />}
              disabled={columns.length >= mostColumns}
              onClick={comparison.add}
            >
              {t("addColumn")}
            </Button>
          </>
        }
      />
      <div className={classes["tools"]}>
        <SegmentedControl
          aria-label={t("view")}
          value={isPlain ? "plain" : "rendered"}
          onChange={(value) => setPlain(value === "plain")}
          data={[
            { value: "rendered", label: t("rendered") },
            { value: "plain", label: t("plain") },
          ]}
        />
        <Switch
          label={t("blind")}
          styles={{ label: { fontSize: 13, paddingInlineStart: 8 } }}
          checked={isBlind}
          onChange={(event) => setBlind(event.currentTarget.checked)}
        />
        <span className="sr-only" role="status">
          {!running && answered > 0 ? t("done") : ""}
        </span>
      </div>
      <div
        className={classes["columns"]}
        style={{ gridTemplateColumns: `repeat(${columns.length}, minmax(300px, 1fr))` }}
      >
        {columns.map((state, index) => (
          <ColumnView
            key={state.column.id}
            state={state}
            letter={columnLetter(index)}
            apis={apis}
            services={services}
            isPlain={isPlain}
            isBlind={isBlind}
            marks={marksOf(index)}
            onChange={comparison.change}
            onRemove={columns.length > 2 ? () => comparison.remove(state.column.id) : undefined}
            onRegenerate={() => comparison.regenerate(state.column.id)}
          />
        ))}
      </div>
      <SharedComposer comparison={comparison} isRunning={running} blocked={blocked} />
      {isDiff && (
        <Suspense fallback={null}>
          <DiffDialog
            answers={views.map((view, index) => ({ name: nameOf(index), text: view?.answer.text ?? "" }))}
            onClose={() => setDiff(false)}
          />
        </Suspense>
      )}
    </>
  );
}

function SharedComposer({
  comparison,
  isRunning: running,
  blocked,
}: {
  readonly comparison: Comparison;
  readonly isRunning: boolean;
  readonly blocked: string;
}) {
  const t = useMessages(playgroundMessages);
  const [draft, setDraft] = useState("");
  const ready = draft.trim() !== "" && !running && blocked === "";
  const send = (): void => {
    if (!ready) return;
    comparison.sendAll(draft);
    setDraft("");
  };
  const isEmpty = comparison.columns.every(({ turns }) => turns.length === 0);
  return (
    <form
      className={classes["composer"]}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Textarea
        className="grow"
        aria-label={t("message")}
        placeholder={t("messagePlaceholder")}
        autosize
        minRows={1}
        maxRows={6}
        value={draft}
        onChange={(event) => setDraft(event.currentTarget.value)}
        onKeyDown={(event) => {
          // While an input method is composing, Enter takes its proposal.
          if (event.nativeEvent.isComposing || event.key !== "Enter" || event.shiftKey) return;
          event.preventDefault();
          send();
        }}
      />
      {!isEmpty && !running && (
        <Button variant="subtle" h={36} leftSection={<Eraser size={14} />} onClick={comparison.clear}>
          {t("clear")}
        </Button>
      )}
      {running ? (
        <Button
          variant="outline"
          color="red"
          h={36}
          leftSection={<Square size={12} fill="currentColor" />}
          rightSection={<kbd>Esc</kbd>}
          onClick={comparison.stopAll}
        >
          {t("stopAll")}
        </Button>
      ) : (
        <Button
          type="submit"
          variant="filled"
          h={36}
          leftSection={<Play size={14} />}
          disabled={!ready}
          title={blocked}
        >
          {t("send")}
        </Button>
      )}
    </form>
  );
}

function ExportMenu({
  comparison,
  nameOf,
  disabled,
}: {
  readonly comparison: Comparison;
  readonly nameOf: (index: number) => string;
  readonly disabled: boolean;
}) {
  const t = useMessages(playgroundMessages);
  const turns = (): ExportedTurn[] => {
    const length = Math.max(...comparison.columns.map(({ turns: asked }) => asked.length));
    return Array.from({ length }, (_, at) => ({
      asked: comparison.columns.find(({ turns: asked }) => asked[at] !== undefined)?.turns[at]?.text ?? "",
      answers: comparison.columns.flatMap(({ turns: asked }, index) => {
        const turn = asked[at];
        return turn === undefined ? [] : [{ name: nameOf(index), view: turn.run.view() }];
      }),
    }));
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button leftSection={<Download size={14} />} disabled={disabled}>
          {t("export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={() => saveText("comparison.md", toMarkdown(turns()), "text/markdown")}>
          {t("asMarkdown")}
        </Menu.Item>
        <Menu.Item onClick={() => saveText("comparison.json", toJson(turns()), "application/json")}>
          {t("asJson")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
