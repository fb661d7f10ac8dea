// State of a comparison: its columns, each with its conversation, and what all of them do together.
import { useDebouncedCallback } from "@mantine/hooks";
import { useState } from "react";
import type { ModelApi, Service } from "../../api/resources.ts";
import { chatRequest } from "../debug/chat-request.ts";
import { messagesWith, withoutLast, type Turn } from "../debug/conversation-state.ts";
import { offeredModels } from "../debug/model-hint.ts";
import { requestForms, type RequestForm } from "../debug/request-forms.ts";
import { startRun } from "../debug/run.ts";
import { keepWhenOver } from "../debug/use-past.ts";
import { isRunning } from "../debug/run-view.ts";
import { defaultSettings } from "../debug/settings.ts";
import { mostColumns, readColumns, writeColumns, type Column } from "./columns.ts";

const writeAfterMs = 250;

export interface ColumnState {
  readonly column: Column;
  readonly api: ModelApi | undefined;
  readonly form: RequestForm | undefined;
  readonly turns: readonly Turn[];
}

export interface Comparison {
  readonly columns: readonly ColumnState[];
  readonly change: (column: Column) => void;
  readonly add: () => void;
  readonly remove: (id: string) => void;
  readonly sendAll: (text: string) => void;
  readonly regenerate: (id: string) => void;
  readonly stopAll: () => void;
  readonly clear: () => void;
}

export function useComparison(
  apis: readonly ModelApi[],
  services: readonly Service[],
  address: { readonly columns: string | undefined; readonly write: (columns: string) => void },
): Comparison {
  const [columns, setColumns] = useState(() => firstColumns(readColumns(address.columns), apis));
  const [turns, setTurns] = useState<Readonly<Record<string, readonly Turn[]>>>({});
  const writeLater = useDebouncedCallback(
    (next: readonly Column[]) => address.write(writeColumns(next)),
    writeAfterMs,
  );
  const change = (next: readonly Column[]): void => {
    setColumns(next);
    writeLater(next);
  };
  const states = columns.map((column): ColumnState => {
    const api = apis.find(({ name }) => name === column.api);
    const forms = api === undefined ? [] : requestForms(api).filter(({ kind }) => kind === "chat");
    const form = forms.find(({ id }) => id === column.settings.form) ?? forms[0];
    const model = column.settings.model || (api === undefined ? "" : (offeredModels(api, services)[0] ?? ""));
    const filled = { ...column, settings: { ...column.settings, model } };
    return { column: filled, api, form, turns: turns[column.id] ?? [] };
  });
  const ask = (
    { column, api, form }: ColumnState,
    before: readonly Turn[],
    text: string,
  ): readonly Turn[] => {
    if (api === undefined || form === undefined || !api.enabled) return before;
    const request = chatRequest(form, column.settings, messagesWith(before, text));
    const run = startRun(api.name, request, form.adapter);
    void keepWhenOver(run, { settings: column.settings, text, before: before.map(({ id }) => id) });
    return [...before, { id: run.id, text, run }];
  };
  const stopAll = (): void => {
    for (const { turns: asked } of states) {
      const run = asked.at(-1)?.run;
      if (run !== undefined && isRunning(run.view())) run.stop();
    }
  };
  return {
    columns: states,
    change: (column) => change(columns.map((other) => (other.id === column.id ? column : other))),
    add: () => {
      const last = columns.at(-1);
      if (last === undefined || columns.length >= mostColumns) return;
      change([...columns, { ...last, id: crypto.randomUUID() }]);
    },
    remove: (id) => change(columns.filter((column) => column.id !== id)),
    sendAll: (text) =>
      setTurns(Object.fromEntries(states.map((state) => [state.column.id, ask(state, state.turns, text)]))),
    regenerate: (id) => {
      const state = states.find(({ column }) => column.id === id);
      if (state === undefined) return;
      const { turns: before, text } = withoutLast(state.turns);
      setTurns({ ...turns, [id]: ask(state, before, text) });
    },
    stopAll,
    clear: () => setTurns({}),
  };
}

/** At least two, from what there is. */
function firstColumns(columns: readonly Column[], apis: readonly ModelApi[]): readonly Column[] {
  const known = columns.filter(({ api }) => apis.some(({ name }) => name === api));
  const filled = [...known];
  for (const { name } of [...apis, ...apis]) {
    if (filled.length >= 2) break;
    if (filled.some(({ api }) => api === name) && apis.length > 1) continue;
    filled.push({ id: `first-${filled.length}`, api: name, settings: defaultSettings });
  }
  return filled;
}
