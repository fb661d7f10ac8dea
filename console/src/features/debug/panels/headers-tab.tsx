// Headers sent and received. The console's own session is never among them.
import { useMessages } from "../../../i18n/language.tsx";
import type { JsonRequest } from "../chat-request.ts";
import { panelMessages } from "../panel-messages.ts";
import type { RunView } from "../run-view.ts";
import classes from "./side-tabs.module.css";

type Row = readonly [name: string, value: string];

export function HeadersTab({
  request,
  view,
}: {
  readonly request: JsonRequest;
  readonly view: RunView | null;
}) {
  const t = useMessages(panelMessages);
  const sent: readonly Row[] = [
    ...(request.domain === undefined ? [] : [["host", request.domain] as const]),
    ...Object.entries(request.headers),
  ];
  return (
    <div className={classes["pad"]}>
      <HeaderTable title={t("sent")} rows={sent} />
      {view === null || view.status === 0 ? (
        <p className="dim">{t("noRunHeaders")}</p>
      ) : (
        <>
          <p className="num medium">{t("status", { status: String(view.status) })}</p>
          <HeaderTable title={t("received")} rows={view.headers} />
        </>
      )}
    </div>
  );
}

function HeaderTable({ title, rows }: { readonly title: string; readonly rows: readonly Row[] }) {
  const t = useMessages(panelMessages);
  return (
    <section>
      <h2>{title}</h2>
      <table className={classes["table"]}>
        <thead className="sr-only">
          <tr>
            <th scope="col">{t("name")}</th>
            <th scope="col">{t("value")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, value], index) => (
            <tr key={`${name} ${index}`}>
              <td className="mono dim">{name}</td>
              <td className="mono">{value}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
