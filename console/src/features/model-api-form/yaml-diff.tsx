// Two forms of an object as YAML, line by line. Loaded when it is asked for, as YAML and diff are large.
import { diffLines } from "diff";
import { stringify } from "yaml";
import { useMessages } from "../../i18n/language.tsx";
import { editMessages } from "./edit-messages.ts";
import classes from "./diff.module.css";

export function YamlDiff({ before, after }: { readonly before: object; readonly after: object }) {
  const t = useMessages(editMessages);
  const parts = diffLines(stringify(before), stringify(after));
  const count = (kind: "added" | "removed"): number =>
    parts.reduce((sum, part) => sum + (part[kind] ? part.count : 0), 0);
  const lines = parts.flatMap(({ value, added, removed }) =>
    value
      .replace(/\n$/u, "")
      .split("\n")
      .map((text) => ({ text, kind: added ? "added" : removed ? "removed" : undefined }) as const),
  );
  if (lines.every(({ kind }) => kind === undefined)) return <p className="soft">{t("diffSame")}</p>;
  return (
    <>
      <p className="small dim" style={{ marginBottom: 8 }}>
        {t("diffHint", { added: count("added"), removed: count("removed") })}
      </p>
      <pre className={classes["diff"]} tabIndex={0} role="region" aria-label={t("diffTitle")}>
        {lines.map(({ text, kind }, index) => (
          <span key={index} data-kind={kind}>
            <span className={classes["sign"]} aria-hidden>
              {kind === "added" ? "+" : kind === "removed" ? "−" : " "}
            </span>
            {kind !== undefined && <span className="sr-only">{t(kind)}: </span>}
            {text}
            {"\n"}
          </span>
        ))}
      </pre>
    </>
  );
}
