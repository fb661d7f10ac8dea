// Two forms of an object as YAML, line by line. Loaded when it is asked for, as YAML and diff are large.
import { diffLines } from "diff";
import { stringify } from "yaml";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./diff.module.css";
import { foldedLines } from "./diff-lines.ts";
import { editMessages } from "./edit-messages.ts";

export function YamlDiff({ before, after }: { readonly before: object; readonly after: object }) {
  const t = useMessages(editMessages);
  const parts = diffLines(stringify(before), stringify(after));
  const count = (kind: "added" | "removed"): number =>
    parts.reduce((sum, part) => sum + (part[kind] ? part.count : 0), 0);
  const lines = foldedLines(parts);
  if (lines.every(({ kind }) => kind === undefined || kind === "fold"))
    return <p className="soft">{t("diffSame")}</p>;
  return (
    <>
      <p className="small dim" style={{ marginBottom: 8 }}>
        {t("diffHint", { added: count("added"), removed: count("removed") })}
      </p>
      <pre className={classes["diff"]} tabIndex={0} role="region" aria-label={t("diffTitle")}>
        {lines.map(({ text, kind }, index) => (
          <span key={index} data-kind={kind} className={kind === "fold" ? classes["fold"] : undefined}>
            <span className={classes["sign"]} aria-hidden>
              {kind === "added" ? "+" : kind === "removed" ? "−" : " "}
            </span>
            {(kind === "added" || kind === "removed") && <span className="sr-only">{t(kind)}: </span>}
            {kind === "fold" ? t("folded", { n: Number(text) }) : text}
            {"\n"}
          </span>
        ))}
      </pre>
    </>
  );
}
