// What is kept of exchanges, how much of it there is now, and the limits.
import "@mantine/core/styles/NumberInput.layer.css";
import { Button, NumberInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { LogSettings, LogStoreState } from "../../../../../src/control/routes/console-answers.ts";
import { formatBytes, formatCount, formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { useMayWrite } from "../../../ui/use-may-write.ts";
import { instanceQuery, type Instance } from "../settings-calls.ts";
import classes from "../settings.module.css";
import { logStoreQuery, saveLogSettings } from "./delivery-calls.ts";
import { deliveryMessages } from "./delivery-messages.ts";

const gibibyte = 1024 ** 3;

export function Retention() {
  const t = useMessages(deliveryMessages);
  const store = useQuery(logStoreQuery);
  const instances = useQuery(instanceQuery);
  const instance = instances.data?.items[0];
  return (
    <section>
      <h2>{t("kept")}</h2>
      <p className={`soft ${classes["text"]}`}>{t("keptText")}</p>
      {store.isPending && <LoadingRows rows={2} height={30} />}
      {store.isError && (
        <ErrorPanel title={t("keptFailed")} error={store.error} retry={() => void store.refetch()} />
      )}
      {store.data !== undefined && <KeptNow state={store.data} now={new Date(store.dataUpdatedAt)} />}
      {instance !== undefined && <Limits key={instance.revision} instance={instance} />}
    </section>
  );
}

function KeptNow({ state, now }: { readonly state: LogStoreState; readonly now: Date }) {
  const t = useMessages(deliveryMessages);
  const { language } = useLanguage();
  return (
    <>
      <dl className={classes["facts"]}>
        <dt>{t("records")}</dt>
        <dd className="num">{formatCount(state.records)}</dd>
        <dt>{t("size")}</dt>
        <dd className="num">{sizeText(state.bytes)}</dd>
        <dt>{t("since")}</dt>
        <dd className="num" title={state.since ?? undefined}>
          {state.since === null ? t("nothingKept") : formatTime(new Date(state.since), language, now)}
        </dd>
        <dt>{t("days")}</dt>
        <dd className="num">{state.days.length}</dd>
      </dl>
      {state.unread > 0 && <p className="small dim">{t("unread", { size: sizeText(state.unread) })}</p>}
      {state.dropped > 0 && <p className="small bad">{t("dropped", { n: state.dropped })}</p>}
      {state.damaged.length > 0 && (
        <p className="small bad">
          {t("damaged", { n: state.damaged.length, names: state.damaged.join(", ") })}
        </p>
      )}
    </>
  );
}

function sizeText(bytes: number): string {
  return bytes < gibibyte ? formatBytes(bytes) : `${(bytes / gibibyte).toFixed(1)} GB`;
}

const fields = [
  { key: "retentionDays", unit: 1, from: 1, to: 3_650 },
  { key: "contentRetentionDays", unit: 1, from: 1, to: 3_650 },
  { key: "maxRecords", unit: 1, from: 10_000, to: 1_000_000_000 },
  { key: "maxBytes", unit: gibibyte, from: 1 / 16, to: 65_536 },
] as const satisfies readonly {
  readonly key: keyof LogSettings;
  readonly unit: number;
  readonly from: number;
  readonly to: number;
}[];
const labels = {
  retentionDays: "retentionDays",
  contentRetentionDays: "contentDays",
  maxRecords: "maxRecords",
  maxBytes: "maxGib",
} as const;

function Limits({ instance }: { readonly instance: Instance }) {
  const t = useMessages(deliveryMessages);
  const client = useQueryClient();
  const right = useMayWrite(instance.managedBy, "everywhere");
  const [logs, setLogs] = useState<LogSettings>(instance.logs);
  const save = useMutation({
    mutationFn: () => saveLogSettings(instance, logs),
    onSuccess: () => {
      notifications.show({ message: t("saved") });
      return client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
    },
  });
  const isWrong = ({ key, unit, from, to }: (typeof fields)[number]): boolean =>
    !(logs[key] >= from * unit && logs[key] <= to * unit);
  const hasFault = fields.some(isWrong);
  const isSame = fields.every(({ key }) => logs[key] === instance.logs[key]);
  return (
    <form
      className={classes["form"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!hasFault && !isSame && !save.isPending) save.mutate();
      }}
    >
      {fields.map((field) => (
        <NumberInput
          key={field.key}
          label={t(labels[field.key])}
          w={170}
          disabled={!right.allowed}
          {...(right.allowed
            ? field.key === "contentRetentionDays"
              ? { description: t("contentDaysHint") }
              : {}
            : { description: right.reason })}
          value={Number.isNaN(logs[field.key]) ? "" : logs[field.key] / field.unit}
          allowNegative={false}
          allowDecimal={field.key === "maxBytes"}
          thousandSeparator=","
          hideControls
          error={
            isWrong(field) ? t("between", { from: formatCount(field.from), to: formatCount(field.to) }) : null
          }
          onChange={(value) =>
            setLogs({
              ...logs,
              [field.key]: typeof value === "number" ? Math.round(value * field.unit) : Number.NaN,
            })
          }
        />
      ))}
      <Button
        type="submit"
        variant="filled"
        loading={save.isPending}
        disabled={!right.allowed || hasFault || isSame}
      >
        {t("save")}
      </Button>
      {save.error !== null && (
        <div className={classes["whole"]}>
          <ErrorPanel title={t("saveFailed")} error={save.error} />
        </div>
      )}
    </form>
  );
}
