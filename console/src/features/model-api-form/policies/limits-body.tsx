// The rate limits: a row each, with what it means in a sentence.
import { ActionIcon, Button } from "@mantine/core";
import { Copy, Plus, X } from "lucide-react";
import { useMessages } from "../../../i18n/language.tsx";
import { newId } from "../draft.ts";
import { useFormContext } from "../form-context.tsx";
import { limitMessages } from "./limit-messages.ts";
import { limitSentence } from "./limit-words.ts";
import { MatchPart } from "./match-part.tsx";
import { ChoicePart, ListHead, NumberPart, SwitchPart, TextPart } from "./parts.tsx";
import classes from "./policies.module.css";
import type { LimitDraft } from "./policy-draft.ts";

type Limit = LimitDraft["limit"];

const bys = ["consumer", "ip", "model", "api", "header", "query", "cookie"] as const;
const metrics = ["tokens", "requests", "concurrency"] as const;
const windows = ["second", "minute", "hour", "day"] as const;

const fresh: Limit = {
  name: "",
  by: "consumer",
  match: { type: "any" },
  metric: "tokens",
  limit: undefined,
  window: "minute",
  dryRun: false,
};

/** A name that no row has. */
export function freeRowName(base: string, names: readonly string[]): string {
  for (let count = 1; ; count += 1) {
    const name = count === 1 ? base : `${base}-${count}`;
    if (!names.includes(name)) return name;
  }
}

const needsKey = (by: Limit["by"]): boolean => by === "header" || by === "query" || by === "cookie";

/** A change of what is counted takes the fields that go with it along. */
export function changedLimit(limit: Limit, change: Partial<Limit>): Limit {
  const { key, window, ...rest } = { ...limit, ...change };
  return {
    ...rest,
    ...(needsKey(rest.by) ? { key: key ?? "" } : {}),
    ...(rest.metric === "concurrency" ? {} : { window: window ?? "minute" }),
  };
}

export function LimitsBody() {
  const t = useMessages(limitMessages);
  const { draft, set, readOnly } = useFormContext();
  const rows = draft.rateLimits;
  const put = (next: readonly LimitDraft[]): void =>
    // Whoever adds a limit wants limits.
    set({
      rateLimits: next,
      paused: draft.paused.filter((name) => name !== "rateLimits" || next.length === 0),
    });
  const names = rows.map(({ limit }) => limit.name);
  return (
    <div className="col g8">
      <ListHead path="rateLimits" title={t("limits")}>
        <Button
          size="xs"
          leftSection={<Plus size={14} />}
          disabled={readOnly !== undefined}
          onClick={() =>
            put([...rows, { id: newId(), limit: { ...fresh, name: freeRowName("limit", names) } }])
          }
        >
          {t("add")}
        </Button>
      </ListHead>
      {rows.length === 0 && <p className="small dim">{t("none")}</p>}
      {rows.length > 0 && (
        <ol className={classes["rows"]}>
          {rows.map((row, index) => (
            <li key={row.id}>
              <LimitRow
                index={index}
                limit={row.limit}
                onChange={(change) =>
                  put(
                    rows.map((each) =>
                      each === row ? { ...row, limit: changedLimit(row.limit, change) } : each,
                    ),
                  )
                }
                onDuplicate={() =>
                  put(
                    rows.toSpliced(index + 1, 0, {
                      id: newId(),
                      limit: { ...row.limit, name: freeRowName(row.limit.name, names) },
                    }),
                  )
                }
                onRemove={() => put(rows.toSpliced(index, 1))}
              />
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function LimitRow({
  index,
  limit,
  onChange,
  onDuplicate,
  onRemove,
}: {
  readonly index: number;
  readonly limit: Limit;
  readonly onChange: (change: Partial<Limit>) => void;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(limitMessages);
  const { draft } = useFormContext();
  const path = `rateLimits[${index}]`;
  const row = limit.name === "" ? t("limitN", { n: index + 1 }) : limit.name;
  return (
    <>
      <LimitHead row={row} limit={limit} onDuplicate={onDuplicate} onRemove={onRemove} />
      <div className={classes["grid"]}>
        <TextPart
          path={`${path}.name`}
          row={row}
          label={t("name")}
          value={limit.name}
          maxLength={64}
          onChange={(name) => onChange({ name })}
        />
        <ChoicePart
          path={`${path}.by`}
          row={row}
          label={t("by")}
          value={limit.by}
          options={bys.map((by) => ({ value: by, label: t(by) }))}
          onChange={(by) => onChange({ by })}
        />
        {needsKey(limit.by) && (
          <TextPart
            path={`${path}.key`}
            row={row}
            label={t("key")}
            hint={t("keyHint")}
            mono
            value={limit.key ?? ""}
            onChange={(key) => onChange({ key })}
          />
        )}
        {limit.by !== "api" && (
          <MatchPart
            path={`${path}.match`}
            row={row}
            label={t("match")}
            match={limit.match}
            onChange={(match) => onChange({ match })}
          />
        )}
        <ChoicePart
          path={`${path}.metric`}
          row={row}
          label={t("metric")}
          value={limit.metric}
          options={metrics.map((metric) => ({ value: metric, label: t(metric) }))}
          onChange={(metric) => onChange({ metric })}
        />
        <NumberPart
          path={`${path}.limit`}
          row={row}
          label={t("limit")}
          value={limit.limit}
          onChange={(value) => onChange({ limit: value })}
        />
        {limit.metric !== "concurrency" && (
          <ChoicePart
            path={`${path}.window`}
            row={row}
            label={t("window")}
            value={limit.window ?? "minute"}
            options={windows.map((window) => ({ value: window, label: t(window) }))}
            onChange={(window) => onChange({ window })}
          />
        )}
      </div>
      <div style={{ marginTop: 10 }}>
        <SwitchPart
          path={`${path}.dryRun`}
          row={row}
          label={t("dryRun")}
          hint={t("dryRunHint")}
          checked={limit.dryRun}
          onChange={(dryRun) => onChange({ dryRun })}
        />
      </div>
      {limit.by === "consumer" && !draft.authOn && (
        <p className="small warn" style={{ margin: "8px 0 0" }}>
          {t("needsAuth")}
        </p>
      )}
    </>
  );
}

function LimitHead({
  row,
  limit,
  onDuplicate,
  onRemove,
}: {
  readonly row: string;
  readonly limit: Limit;
  readonly onDuplicate: () => void;
  readonly onRemove: () => void;
}) {
  const t = useMessages(limitMessages);
  const { readOnly } = useFormContext();
  return (
    <div className={classes["rowHead"]}>
      <p className="grow small soft">{limitSentence(limit, t)}</p>
      <ActionIcon
        variant="subtle"
        size={26}
        aria-label={t("duplicate", { name: row })}
        disabled={readOnly !== undefined}
        onClick={onDuplicate}
      >
        <Copy size={14} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        size={26}
        aria-label={t("remove", { name: row })}
        disabled={readOnly !== undefined}
        onClick={onRemove}
      >
        <X size={14} />
      </ActionIcon>
    </div>
  );
}
