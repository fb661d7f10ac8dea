// One object at two revisions as YAML, line by line: what went, what came. Loaded when it is opened.
import { useQueries } from "@tanstack/react-query";
import { diffLines } from "diff";
import { stringify } from "yaml";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { objectAtQuery, type Difference } from "./settings-calls.ts";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";

interface Line {
  readonly key: number;
  readonly sign: "+" | "-" | " ";
  readonly text: string;
}

/** Equal lines around a change that are shown. */
const context = 2;

export function ValueDiff({
  change,
  from,
  to,
}: {
  readonly change: Difference;
  readonly from: number;
  readonly to: number;
}) {
  const t = useMessages(settingsMessages);
  const [before, after] = useQueries({
    queries: [objectAtQuery(from, change.kind, change.name), objectAtQuery(to, change.kind, change.name)],
  });
  const error = before.error ?? after.error;
  if (error !== null) return <ErrorPanel title={t("valuesFailed")} error={error} />;
  if (before.data === undefined || after.data === undefined) return <LoadingRows rows={3} height={19} />;
  const lines = nearChanges(linesOf(textOf(before.data.object), textOf(after.data.object)));
  return (
    <pre
      className={classes["diff"]}
      tabIndex={0}
      role="region"
      aria-label={`${change.name}: ${t("differences", { from: String(from), to: String(to) })}`}
    >
      {lines.map(({ key, sign, text }) => (
        <span key={key} data-sign={sign}>
          {sign} {text}
          {"\n"}
        </span>
      ))}
    </pre>
  );
}

function textOf(object: object | null): string {
  return object === null ? "" : stringify(object, { lineWidth: 0 });
}

function linesOf(before: string, after: string): Line[] {
  let key = 0;
  return diffLines(before, after).flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/u, "")
      .split("\n")
      .map((text): Line => ({ key: (key += 1), sign: added ? "+" : removed ? "-" : " ", text })),
  );
}

function nearChanges(lines: readonly Line[]): Line[] {
  return lines.filter((_, index) =>
    lines.slice(Math.max(0, index - context), index + context + 1).some(({ sign }) => sign !== " "),
  );
}
