// Mode by-weight: targets with a weight each, drawn as one bar of their shares.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { WayAnswer } from "../../../../src/control/routes/console-answers.ts";
import { wayQuery } from "../../api/state.ts";
import { formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { newId, type WeightedDraft } from "./draft.ts";
import classes from "./editors.module.css";
import { Field, GroupFault, useFormContext } from "./form-context.tsx";
import { modeMessages } from "./mode-messages.ts";
import { NumberField } from "./number-field.tsx";
import { RowButtons } from "./row-buttons.tsx";
import { onlyService } from "./rules-editor.tsx";
import { evenSplit, normalised, sharesOf } from "./sentence.ts";
import { TargetFields } from "./target-fields.tsx";

/** Colours of the chart, in its order; further ones share the last. */
export function chartColour(index: number): string {
  return index < 8 ? `var(--mg-c${index + 1})` : "var(--mg-rest)";
}

export function WeightsEditor() {
  const t = useMessages(modeMessages);
  const { draft, set, choices, readOnly } = useFormContext();
  const rows = draft.weighted;
  const shares = sharesOf(rows.map(({ weight }) => weight));
  const sum = rows.reduce((left, { weight }) => left + weight, 0);
  const change = (id: string, fields: Partial<WeightedDraft>): void =>
    set({ weighted: rows.map((row) => (row.id === id ? { ...row, ...fields } : row)) });
  const weigh = (weights: readonly number[]): void =>
    set({ weighted: rows.map((row, index) => ({ ...row, weight: weights[index] ?? row.weight })) });
  const add = (): void => {
    const row = { id: newId(), service: onlyService(choices.shown), model: "" };
    set({ weighted: [...rows, { ...row, weight: rows.length === 0 ? 100 : 10 }] });
  };
  const disabled = readOnly !== undefined;
  return (
    <>
      <Field path="modelService.targets" className={classes["head"]}>
        <h3>{t("targets")}</h3>
        <span className="small dim grow">{t("shareOfRequests")}</span>
        <Button
          variant="subtle"
          size="xs"
          disabled={disabled || rows.length === 0}
          onClick={() => weigh(evenSplit(rows.length))}
        >
          {t("evenSplit")}
        </Button>
        <Button
          variant="subtle"
          size="xs"
          disabled={disabled || sum === 0 || sum === 100}
          onClick={() => weigh(normalised(rows.map(({ weight }) => weight)))}
        >
          {t("normalise")}
        </Button>
        <Button size="xs" leftSection={<Plus size={14} />} disabled={disabled} onClick={add}>
          {t("addTarget")}
        </Button>
      </Field>
      <GroupFault path="modelService.targets" />
      {rows.length > 0 && <Bars shares={shares} />}
      {rows.length > 0 && (
        <ol className={classes["rows"]}>
          {rows.map((row, index) => (
            <li key={row.id} className={classes["row"]}>
              <div className={classes["weightLine"]}>
                <i className={classes["swatch"]} style={{ background: chartColour(index) }} aria-hidden />
                <TargetFields
                  bare
                  name={t("target", { n: index + 1 })}
                  target={row}
                  path={`modelService.targets[${index}]`}
                  onChange={(fields) => change(row.id, fields)}
                />
                <input
                  type="range"
                  className={classes["range"]}
                  min={0}
                  max={100}
                  value={row.weight}
                  disabled={disabled}
                  aria-label={`${t("target", { n: index + 1 })}: ${t("weight")}`}
                  onChange={(event) => change(row.id, { weight: Number(event.currentTarget.value) })}
                />
                <NumberField
                  name={`${t("target", { n: index + 1 })}: ${t("weightNumber")}`}
                  value={row.weight}
                  width={52}
                  disabled={disabled}
                  onChange={(weight) => change(row.id, { weight: Math.min(100, weight ?? 0) })}
                />
                <span className="num right nowrap" title={t("effective")}>
                  {formatShare(shares[index] ?? 0)}
                </span>
                <RowButtons
                  id={row.id}
                  name={row.service || t("target", { n: index + 1 })}
                  index={index}
                  count={rows.length}
                  onRemove={() => set({ weighted: rows.filter(({ id }) => id !== row.id) })}
                  disabled={disabled}
                />
              </div>
            </li>
          ))}
        </ol>
      )}
      {rows.length > 0 && sum !== 100 && sum > 0 && <p className="small dim">{t("sumNot100", { n: sum })}</p>}
    </>
  );
}

function Bars({ shares }: { readonly shares: readonly number[] }) {
  const t = useMessages(modeMessages);
  const { editing, draft } = useFormContext();
  const words = draft.weighted.map(({ service }, index) => `${service} ${formatShare(shares[index] ?? 0)}`);
  return (
    <div className={classes["bars"]}>
      <span className="tiny dim">{t("wanted")}</span>
      <Bar shares={shares} label={`${t("wanted")}: ${words.join(", ")}`} />
      {editing !== undefined && <LastHour api={editing} />}
    </div>
  );
}

function LastHour({ api }: { readonly api: string }) {
  const t = useMessages(modeMessages);
  const { draft } = useFormContext();
  const way = useQuery(wayQuery(api, "1h"));
  if (way.data === undefined || way.data.targets.length === 0)
    return (
      <>
        <span className="tiny dim">{t("lastHour")}</span>
        <span className="tiny dim">—</span>
      </>
    );
  const shares = draft.weighted.map(({ service, model }) => chosenShare(way.data, service, model));
  const words = draft.weighted.map(({ service }, index) => `${service} ${formatShare(shares[index] ?? 0)}`);
  return (
    <>
      <span className="tiny dim">{t("lastHour")}</span>
      <Bar shares={shares} thin label={`${t("lastHour")}: ${words.join(", ")}`} />
    </>
  );
}

/** What a target really got; one that passes the model through got it under many names. */
export function chosenShare(way: Pick<WayAnswer, "targets">, service: string, model: string): number {
  return way.targets
    .filter((target) => target.service === service && (model === "" || target.model === model))
    .reduce((left, { share }) => left + share, 0);
}

function Bar({
  shares,
  label,
  thin = false,
}: {
  readonly shares: readonly number[];
  readonly label: string;
  readonly thin?: boolean;
}) {
  return (
    <div role="img" aria-label={label} className={classes["bar"]} data-thin={thin || undefined} title={label}>
      {shares.map((share, index) => (
        <i key={index} style={{ flex: share, background: chartColour(index) }} />
      ))}
    </div>
  );
}
