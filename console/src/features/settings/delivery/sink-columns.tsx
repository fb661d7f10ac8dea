// The columns of the sinks: what each is, how delivery stands, what can be done.
import type { SinkState } from "../../../../../src/control/routes/console-answers.ts";
import type { Sink } from "../../../api/resources.ts";
import { formatAgo, formatTime, formatCount } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import type { Column } from "../../../ui/data-table.tsx";
import { Moon, type Phase } from "../../../ui/moon.tsx";
import { RowButtons } from "../../../ui/row-buttons.tsx";
import { useMayWrite } from "../../../ui/use-may-write.ts";
import { uiMessages } from "../../../ui/ui-messages.ts";
import classes from "../settings.module.css";
import { deliveryMessages } from "./delivery-messages.ts";

const phases: Readonly<Record<SinkState["status"], Phase>> = {
  ok: "full",
  idle: "ring",
  retrying: "half",
  refused: "struck",
};

export function useSinkColumns({
  states,
  now,
  onTest,
  onEdit,
  onDelete,
}: {
  readonly states: readonly SinkState[] | undefined;
  /** When the states were read. */
  readonly now: number;
  readonly onTest: (name: string) => void;
  readonly onEdit: (name: string) => void;
  readonly onDelete: (sink: Sink) => void;
}): Column<Sink>[] {
  const t = useMessages(deliveryMessages);
  const stateOf = ({ name }: Sink): SinkState | undefined => states?.find((state) => state.name === name);
  const count = (value: number | undefined) => (
    <span className="num">{value === undefined ? "—" : formatCount(value)}</span>
  );
  return [
    {
      key: "name",
      head: t("name"),
      cell: ({ name, type }) => (
        <span>
          <span className="medium">{name}</span>
          <br />
          <span className="small dim">{t(`type_${type}`)}</span>
        </span>
      ),
    },
    {
      key: "state",
      head: t("state"),
      cell: (sink) => <State state={stateOf(sink)} now={now} />,
    },
    {
      key: "delivered",
      head: t("delivered"),
      right: true,
      wide: true,
      cell: (sink) => count(stateOf(sink)?.delivered),
    },
    {
      key: "behind",
      head: t("behind"),
      right: true,
      wide: true,
      cell: (sink) => count(stateOf(sink)?.behind),
    },
    {
      key: "last",
      head: t("last"),
      wide: true,
      cell: (sink) => <Ago time={stateOf(sink)?.lastDeliveredAt ?? null} now={now} />,
    },
    {
      key: "actions",
      head: "",
      name: t("actions"),
      right: true,
      cell: (sink) => <Actions sink={sink} onTest={onTest} onEdit={onEdit} onDelete={onDelete} />,
    },
  ];
}

function Ago({ time, now }: { readonly time: string | null; readonly now: number }) {
  const t = useMessages(deliveryMessages);
  const { language } = useLanguage();
  if (time === null) return <span className="dim">—</span>;
  return (
    <span className="num" title={time}>
      {t("ago", { time: formatAgo(new Date(time), language, new Date(now)) })}
    </span>
  );
}

function State({ state, now }: { readonly state: SinkState | undefined; readonly now: number }) {
  const t = useMessages(deliveryMessages);
  const { language } = useLanguage();
  if (state === undefined) return <span className="dim">{t("unknown")}</span>;
  const { status, lastError, failingSince, deadLettered, dropped, rejected } = state;
  const lines = [
    ...(deadLettered > 0 ? [t("deadLetters", { n: deadLettered })] : []),
    ...(rejected > 0 ? [t("rejected", { n: rejected })] : []),
    ...(dropped > 0 ? [t("lost", { n: dropped })] : []),
  ];
  return (
    <div className={classes["wrapped"]} style={{ whiteSpace: "normal", maxWidth: 460, padding: "6px 0" }}>
      <span className="row g6">
        <Moon phase={phases[status]} size={10} />
        {t(`status_${status}`)}
        {failingSince !== null && (
          <span className="small dim num">
            {t("failingSince", { time: formatTime(new Date(failingSince), language, new Date(now)) })}
          </span>
        )}
      </span>
      {lastError !== null && (
        <span lang="en" className={`small ${failingSince === null ? "dim" : "bad"}`}>
          {lastError.message}
        </span>
      )}
      {lines.map((line) => (
        <div key={line} className="small bad">
          {line}
        </div>
      ))}
    </div>
  );
}

function Actions({
  sink,
  onTest,
  onEdit,
  onDelete,
}: {
  readonly sink: Sink;
  readonly onTest: (name: string) => void;
  readonly onEdit: (name: string) => void;
  readonly onDelete: (sink: Sink) => void;
}) {
  const t = useMessages(deliveryMessages);
  const ui = useMessages(uiMessages);
  const right = useMayWrite(sink.managedBy, "everywhere");
  const mayTest = useMayWrite("api", "everywhere");
  const { name } = sink;
  return (
    <>
      {sink.managedBy === "file" && (
        <span className="small dim" title={ui("fromFileHelp")}>
          {ui("fromFile")}
        </span>
      )}
      <RowButtons
        actions={[
          { text: t("test"), label: t("testOf", { name }), right: mayTest, run: () => onTest(name) },
          { text: t("edit"), label: t("editOf", { name }), right, run: () => onEdit(name) },
        ]}
        menu={[{ text: t("delete"), label: t("deleteOf", { name }), right, run: () => onDelete(sink) }]}
        menuLabel={t("more", { name })}
      />
    </>
  );
}
