// Columns of a comparison and their form in the address; which of them came first and took least; their export. Pure.
import { factsOf } from "../debug/run-facts.ts";
import { isRunning, type RunView } from "../debug/run-view.ts";
import { readSettings, writeSettings, type Settings } from "../debug/settings.ts";

export const mostColumns = 4;

export interface Column {
  readonly id: string;
  readonly api: string;
  readonly settings: Settings;
}

/** `name` or `name.settings`, joined by commas: names have neither sign. */
export function writeColumns(columns: readonly Column[]): string {
  return columns
    .map(({ api, settings }) => [api, writeSettings(settings, false)].filter((part) => part !== "").join("."))
    .join(",");
}

export function readColumns(text: string | undefined): Column[] {
  return (text ?? "")
    .split(",")
    .filter((part) => part !== "")
    .slice(0, mostColumns)
    .map((part, index) => {
      const [api = "", settings] = part.split(".");
      return { id: `column-${index}`, api, settings: readSettings(settings) };
    });
}

/** A, B, C, D. */
export function columnLetter(index: number): string {
  return String.fromCodePoint(65 + index);
}

export interface Bests {
  readonly fastest: number | null;
  readonly shortest: number | null;
  readonly cheapest: number | null;
}

/** Index of the best of at least two that answered; null while any still runs. */
export function bestsOf(views: readonly (RunView | null)[]): Bests {
  const isOver = views.every((view) => view === null || !isRunning(view));
  const best = (value: (view: RunView) => number | null): number | null => {
    if (!isOver) return null;
    const found = views.flatMap((view, index) => {
      const measured = view === null || view.phase !== "done" || view.status >= 400 ? null : value(view);
      return measured === null ? [] : [{ index, measured }];
    });
    if (found.length < 2) return null;
    const sorted = found.toSorted((one, other) => one.measured - other.measured);
    // Two that are alike have no best.
    return sorted[0]?.measured === sorted[1]?.measured ? null : (sorted[0]?.index ?? null);
  };
  return {
    fastest: best((view) => factsOf(view).ttftMs),
    shortest: best((view) => factsOf(view).outputTokens),
    cheapest: best((view) => factsOf(view).costUsd),
  };
}

export interface ExportedTurn {
  readonly asked: string;
  readonly answers: readonly { readonly name: string; readonly view: RunView }[];
}

export function toMarkdown(turns: readonly ExportedTurn[]): string {
  return turns
    .map(({ asked, answers }) =>
      [
        `## ${asked.replaceAll("\n", " ")}`,
        ...answers.map(({ name, view }) => `### ${name}\n\n${view.answer.text}`),
      ].join("\n\n"),
    )
    .join("\n\n")
    .concat("\n");
}

export function toJson(turns: readonly ExportedTurn[]): string {
  const rows = turns.map(({ asked, answers }) => ({
    asked,
    answers: answers.map(({ name, view }) => {
      const { ttftMs, elapsedMs, inputTokens, outputTokens, costUsd } = factsOf(view);
      return {
        name,
        requestId: view.requestId,
        status: view.status,
        text: view.answer.text,
        ttftMs,
        elapsedMs,
        inputTokens,
        outputTokens,
        costUsd,
      };
    }),
  }));
  return `${JSON.stringify(rows, null, 2)}\n`;
}
