// Labels that somebody brings as text: JSON lines, a JSON list, or CSV with a head. Knows no React and no language.

export interface LabelItem {
  readonly prompt: string;
  readonly model: string;
  /** 0 to 1. */
  readonly score: number;
}

export interface ReadLabels {
  readonly items: readonly LabelItem[];
  /** Lines, or places of a list, from 1, that hold no label. */
  readonly wrong: readonly number[];
}

const columns = ["prompt", "model", "score"] as const;

export function readLabels(text: string): ReadLabels {
  const trimmed = text.trim();
  if (trimmed === "") return { items: [], wrong: [] };
  if (trimmed.startsWith("[")) return fromRows(jsonList(trimmed));
  if (trimmed.startsWith("{")) return fromRows(trimmed.split(/\r?\n/u).flatMap(jsonLine));
  return fromCsv(trimmed);
}

interface PlacedRow {
  readonly place: number;
  readonly row: unknown;
}

function jsonList(text: string): readonly PlacedRow[] {
  const list = parsed(text);
  return Array.isArray(list)
    ? list.map((row: unknown, index) => ({ place: index + 1, row }))
    : [{ place: 1, row: undefined }];
}

function jsonLine(line: string, index: number): readonly PlacedRow[] {
  return line.trim() === "" ? [] : [{ place: index + 1, row: parsed(line) }];
}

function parsed(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

function fromRows(rows: readonly PlacedRow[]): ReadLabels {
  const read = rows.map(({ place, row }) => ({ place, item: itemOf(row) }));
  return {
    items: read.flatMap(({ item }) => (item === undefined ? [] : [item])),
    wrong: read.filter(({ item }) => item === undefined).map(({ place }) => place),
  };
}

function itemOf(row: unknown): LabelItem | undefined {
  if (typeof row !== "object" || row === null) return undefined;
  const fields = new Map<string, unknown>(Object.entries(row));
  const [prompt, model] = [fields.get("prompt"), fields.get("model")];
  const score = scoreOf(fields.get("score"));
  if (typeof prompt !== "string" || typeof model !== "string" || score === undefined) return undefined;
  return prompt.trim() === "" || model.trim() === "" ? undefined : { prompt, model: model.trim(), score };
}

function scoreOf(value: unknown): number | undefined {
  const score = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  return typeof score === "number" && score >= 0 && score <= 1 ? score : undefined;
}

/** With the three columns in whatever order; others are not looked at. */
function fromCsv(text: string): ReadLabels {
  const [head, ...rows] = csvRows(text);
  const places = columns.map((name) => head?.findIndex((cell) => cell.trim().toLowerCase() === name) ?? -1);
  if (places.includes(-1)) return { items: [], wrong: [1] };
  return fromRows(
    rows.map((cells, index) => ({
      place: index + 2,
      row: Object.fromEntries(columns.map((name, at) => [name, cells[places[at] ?? -1]])),
    })),
  );
}

/** Cells in quotes may hold commas, line breaks and doubled quotes. */
function csvRows(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let inQuotes = false;
  const endCell = (): void => {
    rows.at(-1)?.push(cell);
    cell = "";
  };
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? "";
    if (inQuotes && character === '"' && text[index + 1] === '"') {
      cell += '"';
      index += 1;
    } else if (character === '"' && (inQuotes || cell === "")) inQuotes = !inQuotes;
    else if (!inQuotes && character === ",") endCell();
    else if (!inQuotes && character === "\n") {
      endCell();
      rows.push([]);
    } else if (inQuotes || character !== "\r") cell += character;
  }
  endCell();
  return rows.filter((cells) => cells.some((each) => each.trim() !== ""));
}
