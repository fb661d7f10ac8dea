// The candidates: a row for each model at a service, with what is known of it; rows of one model stand together.
import { ActionIcon, Button, Select } from "@mantine/core";
import { ChevronDown, ChevronUp, Plus } from "lucide-react";
import { useState } from "react";
import { formatCount } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import type { KnownCharacteristics } from "../../../../../src/control/routes/console-answers.ts";
import { newId } from "../draft.ts";
import { isWithin } from "../faults.ts";
import { inputOrder, useFieldNotes, useFormContext, Field } from "../form-context.tsx";
import { ListHead } from "../policies/parts.tsx";
import { RowButtons } from "../row-buttons.tsx";
import { onlyService } from "../rules-editor.tsx";
import { TargetFields } from "../target-fields.tsx";
import { CandidateDetails } from "./candidate-details.tsx";
import { candidateMessages } from "./candidate-messages.ts";
import { factsOf } from "./candidate-facts.ts";
import classes from "./intelligent.module.css";
import { useKnownCharacteristics } from "./known-characteristics.ts";
import { groupsOf, newCandidate, type CandidateDraft } from "./routing-draft.ts";

const base = "modelService.candidates";

export function CandidatesEditor() {
  const t = useMessages(candidateMessages);
  const { draft, set, choices, readOnly } = useFormContext();
  const { routing } = draft;
  const { candidates } = routing;
  const knownOf = useKnownCharacteristics(candidates);
  const put = (next: readonly CandidateDraft[]): void => set({ routing: { ...routing, candidates: next } });
  return (
    <div className="col g8">
      <ListHead heading="h3" path={base} title={t("candidates")} hint={t("candidatesHint")}>
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={readOnly !== undefined || candidates.length >= 20}
          onClick={() => put([...candidates, newCandidate(newId(), onlyService(choices.shown))])}
        >
          {t("add")}
        </Button>
      </ListHead>
      {candidates.length === 0 && <p className="small dim">{t("none")}</p>}
      {candidates.length > 0 && (
        <ul className={classes["groups"]}>
          {groupsOf(routing).map(({ model, rows }) => (
            <li key={rows[0]?.row.id}>
              {rows.length > 1 && (
                <p className={`small soft ${classes["groupHead"]}`}>
                  <span className="mono strong">{model}</span> · {t("several", { n: rows.length })}
                </p>
              )}
              {rows.map(({ row, index }) => (
                <CandidateRow
                  key={row.id}
                  row={row}
                  index={index}
                  known={knownOf(row)}
                  onChange={(change) =>
                    put(candidates.map((each) => (each.id === row.id ? { ...each, ...change } : each)))
                  }
                  onRemove={() => put(candidates.filter(({ id }) => id !== row.id))}
                />
              ))}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function CandidateRow({
  row,
  index,
  known,
  onChange,
  onRemove,
}: {
  readonly row: CandidateDraft;
  readonly index: number;
  readonly known: KnownCharacteristics | undefined;
  readonly onChange: (change: Partial<CandidateDraft>) => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(candidateMessages);
  const { readOnly, shown } = useFormContext();
  const [toggled, setToggled] = useState(false);
  const path = `${base}[${index}]`;
  // What is wrong inside is seen without opening.
  const hasFault = shown.some(
    (fault) =>
      isWithin(fault.path, path) && !fault.path.endsWith(".service") && !fault.path.endsWith(`].model`),
  );
  const isOpen = toggled || hasFault;
  const name = row.model === "" ? t("candidate", { n: index + 1 }) : `${row.service} › ${row.model}`;
  return (
    <div className={classes["candidate"]}>
      <div className={classes["line"]}>
        <TargetFields
          bare
          mustName
          name={t("candidate", { n: index + 1 })}
          target={row}
          path={path}
          onChange={(change) => onChange(change)}
        />
        <span className="row" style={{ gap: 0, flex: "none" }}>
          <ActionIcon
            variant="subtle"
            size={26}
            aria-expanded={isOpen}
            aria-label={t("openDetails", { name })}
            disabled={row.model === ""}
            onClick={() => setToggled(!isOpen)}
          >
            {isOpen ? <ChevronUp size={14} /> : <ChevronDown size={14} />}
          </ActionIcon>
          <RowButtons
            id={row.id}
            name={name}
            index={index}
            count={1}
            onRemove={onRemove}
            disabled={readOnly !== undefined}
          />
        </span>
      </div>
      {row.model !== "" && <Facts row={row} known={known} />}
      {isOpen && row.model !== "" && (
        <CandidateDetails row={row} path={path} name={name} known={known} onChange={onChange} />
      )}
    </div>
  );
}

function Facts({
  row,
  known,
}: {
  readonly row: CandidateDraft;
  readonly known: KnownCharacteristics | undefined;
}) {
  const t = useMessages(candidateMessages);
  return (
    <p className={`num ${classes["facts"]}`}>
      {factsOf(row, known).map((fact) => {
        const { isOwn, origin } = fact;
        const title = isOwn || origin === undefined ? undefined : t(`from-${origin}`);
        return (
          <span key={fact.kind} data-own={isOwn || undefined} title={title}>
            {fact.kind === "quality" && t("factQuality", { n: fact.value })}
            {fact.kind === "window" && t("factWindow", { n: formatCount(fact.value) })}
            {fact.kind === "price" &&
              t("factPrice", { input: String(fact.input), output: String(fact.output) })}
            {fact.kind === "input" && fact.value.map((each) => t(each)).join(", ")}
            {fact.kind === "noTools" && t("noTools")}
          </span>
        );
      })}
    </p>
  );
}

/** Which candidate stands in where nothing speaks for any. */
export function DefaultModel() {
  const t = useMessages(candidateMessages);
  const { draft, set, readOnly } = useFormContext();
  const { routing } = draft;
  const notes = useFieldNotes("modelService.default", t("defaultHint"));
  const keyOf = ({ service, model }: { service: string; model: string }): string =>
    JSON.stringify([service, model]);
  const rows = routing.candidates.filter(({ service, model }) => service !== "" && model !== "");
  const chosen = routing.default;
  const offered = chosen === undefined ? rows : [...rows, chosen];
  const options = new Map(offered.map((row) => [keyOf(row), row]));
  return (
    <Field path="modelService.default">
      <Select
        {...notes}
        label={t("default")}
        inputWrapperOrder={inputOrder}
        data={[
          { value: "best", label: t("defaultBest") },
          ...[...options].map(([value, { service, model }]) => ({ value, label: `${service} › ${model}` })),
        ]}
        value={chosen === undefined ? "best" : keyOf(chosen)}
        disabled={readOnly !== undefined}
        onChange={(value) => {
          const row = options.get(value ?? "");
          const next = row === undefined ? undefined : { service: row.service, model: row.model };
          set({ routing: { ...routing, default: next } });
        }}
      />
    </Field>
  );
}
