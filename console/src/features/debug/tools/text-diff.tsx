// Two texts as one, with what only the one or the other has; by words or by lines.
import { diffLines, diffWordsWithSpace } from "diff";
import { useMessages } from "../../../i18n/language.tsx";
import { toolsMessages } from "./tools-messages.ts";
import classes from "./tools.module.css";

export function TextDiff({
  before,
  after,
  by,
}: {
  readonly before: string;
  readonly after: string;
  readonly by: "words" | "lines";
}) {
  const t = useMessages(toolsMessages);
  if (before === after) return <p className="dim">{t("same")}</p>;
  const changes = by === "lines" ? diffLines(before, after) : diffWordsWithSpace(before, after);
  return (
    <div className={by === "lines" ? classes["diffLines"] : classes["diffWords"]}>
      {changes.map(({ value, added, removed }, index) =>
        removed ? (
          <del key={index} className={classes["removed"]}>
            {value}
          </del>
        ) : added ? (
          <ins key={index} className={classes["added"]}>
            {value}
          </ins>
        ) : (
          <span key={index}>{value}</span>
        ),
      )}
    </div>
  );
}
