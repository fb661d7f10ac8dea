// Which values a limit or a rule is for: all, or one, or those that start or match so.
import { useMessages } from "../../../i18n/language.tsx";
import { limitMessages } from "./limit-messages.ts";
import { ChoicePart, TextPart } from "./parts.tsx";
import type { ValueMatch } from "./policy-draft.ts";

const types = ["any", "exact", "prefix", "regex"] as const;

export function MatchPart({
  path,
  row,
  label,
  match,
  onChange,
}: {
  readonly path: string;
  readonly row: string;
  readonly label: string;
  readonly match: ValueMatch;
  readonly onChange: (match: ValueMatch) => void;
}) {
  const t = useMessages(limitMessages);
  const value = match.type === "any" ? "" : match.value;
  return (
    <>
      <ChoicePart
        path={`${path}.type`}
        row={row}
        label={label}
        value={match.type}
        options={types.map((type) => ({ value: type, label: t(type) }))}
        onChange={(type) => onChange(type === "any" ? { type } : { type, value })}
      />
      {match.type !== "any" && (
        <TextPart
          path={`${path}.value`}
          row={row}
          label={t("value")}
          mono
          value={value}
          {...(match.type === "regex" ? { hint: t("regexHint") } : {})}
          onChange={(next) => onChange({ type: match.type, value: next })}
        />
      )}
    </>
  );
}
