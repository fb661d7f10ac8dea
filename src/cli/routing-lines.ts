// The answers about learning and decisions as lines for a terminal. Knows no command.
import { record } from "../lib/unknown-json.ts";

type Fields = Readonly<Record<string, unknown>>;

/** Of `GET /model-apis/{name}/routing`. */
export function stateLines(state: Fields): string[] {
  const { total, items } = record(state["labels"]);
  const { version } = record(state["published"]);
  const run = record(state["lastRun"]);
  return [
    state["learns"] === true ? "learns from labels" : "does not learn",
    `labels: ${plain(total)}`,
    ...rowsOf(items).map(
      (row) => `  ${plain(row["count"])} ${plain(row["source"])} of ${plain(row["model"])}`,
    ),
    version === 0 ? "in use: nothing that was learnt" : `in use: version ${plain(version)}`,
    ...rowsOf(state["versions"]).map(
      (row) =>
        `version ${plain(row["version"])}, ${plain(row["at"])} by ${plain(row["by"])}: ${plain(row["verdict"])}. ${plain(row["reason"])}`,
    ),
    ...(state["lastRun"] === null ? [] : [`last training, ${plain(run["at"])}: ${plain(run["result"])}`]),
    ...rowsOf(run["curve"]).map(curveLine),
  ];
}

function curveLine(point: Fields): string {
  const { value, low, high } = record(point["quality"]);
  return `  ${plain(point["prompts"])} prompts: quality ${percent(value)} (${percent(low)} to ${percent(high)})`;
}

/** Of a preview. */
export function previewSentences(answer: Fields): string[] {
  const { undecided, unanswered } = record(answer["unused"]);
  return [
    plain(answer["summary"]),
    ...rowsOf(answer["models"]).map(
      (row) => `  ${plain(row["model"])}: ${percent(row["now"])} now, ${percent(row["next"])} then`,
    ),
    `${plain(answer["requests"])} of ${plain(answer["looked"])} records; ${plain(undecided)} were not decided by mode intelligent, ${plain(unanswered)} had no answer of a model`,
  ];
}

/** Of a test, or of a decision made again. */
export function explanationSentences(answer: Fields): string[] {
  const { summary, prompt, models } = record(answer["explanation"]);
  if (summary === undefined) return [plain(answer["reason"])];
  return [
    plain(summary),
    plain(prompt),
    ...(Array.isArray(models) ? models.map((line) => `  ${plain(line)}`) : []),
  ];
}

function rowsOf(value: unknown): Fields[] {
  return Array.isArray(value) ? value.map(record) : [];
}

function percent(value: unknown): string {
  return typeof value === "number" ? `${(value * 100).toFixed(1)} %` : "?";
}

function plain(value: unknown): string {
  return typeof value === "number" || typeof value === "string" ? String(value) : "?";
}
