// The prices of all models of all services in one table, those that were used without a price first.
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import { useState } from "react";
import { listQuery, type Service } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { askMetrics } from "../metrics/metrics-query.ts";
import { showUndo } from "../model-apis/detail/undo-notice.tsx";
import { priceMessages } from "./price-messages.ts";
import {
  hasFault,
  priceChanges,
  priceFields,
  priceRows,
  readPrice,
  seenModels,
  serviceChanges,
  type PriceChange,
  type PriceField,
  type PriceRow,
  type ServiceChange,
  type Typed,
} from "./price-rows.ts";
import classes from "./prices.module.css";
import { SaveError, useSavePrices } from "./use-save-prices.ts";

const seenMs = 30 * 24 * 3_600_000;
const mostSeen = 100;
const shownAtFirst = 100;

/** Requests of late by service and model. */
const seenQuery = {
  queryKey: ["metrics", "seen-models"],
  queryFn: ({ signal }: { readonly signal: AbortSignal }) => {
    const toMs = Date.now();
    return askMetrics(
      [{ name: "requests", groupBy: ["service", "model"], top: mostSeen }],
      { fromMs: toMs - seenMs, toMs },
      { filters: {}, signal },
    );
  },
};

export function PricesSection() {
  const t = useMessages(priceMessages);
  const services = useQuery(listQuery("services"));
  const seen = useQuery(seenQuery);
  if (services.data === undefined) {
    return services.isError ? (
      <ErrorPanel title={t("loadFailed")} error={services.error} retry={() => void services.refetch()} />
    ) : (
      <LoadingRows rows={8} />
    );
  }
  return (
    <section aria-labelledby="prices-title">
      <h2 id="prices-title">{t("title")}</h2>
      <p className="soft">{t("text")}</p>
      {seen.isError && (
        <ErrorPanel title={t("seenFailed")} error={seen.error} retry={() => void seen.refetch()} />
      )}
      <Prices
        services={services.data.items}
        rows={priceRows(services.data.items, seenModels(seen.data?.metrics[0]))}
      />
    </section>
  );
}

const usualFields: readonly PriceField[] = ["input", "cachedInput", "output"];

function Prices({
  services,
  rows,
}: {
  readonly services: readonly Service[];
  readonly rows: readonly PriceRow[];
}) {
  const t = useMessages(priceMessages);
  const [typed, setTyped] = useState<Typed>({});
  const [text, setText] = useState("");
  const [isWide, setWide] = useState(() => rows.some(({ prices }) => hasRareField(prices)));
  const [isAll, setAll] = useState(false);
  const wanted = text.trim().toLowerCase();
  const found = rows.filter(({ service, model }) => `${service}\n${model}`.toLowerCase().includes(wanted));
  const shown = isAll ? found : found.slice(0, shownAtFirst);
  const lacking = rows.filter(({ prices, requests }) => prices === null && requests !== null).length;
  const changes = priceChanges(rows, typed);
  if (rows.length === 0) return <p className="soft">{t("nothing")}</p>;
  return (
    <>
      {lacking > 0 && <p className="note">{t("unseen", { n: lacking })}</p>}
      <div className="row wrap g8">
        <ListSearch label={t("search")} value={text} onChange={setText} />
        <button type="button" className="chip" aria-pressed={isWide} onClick={() => setWide(!isWide)}>
          {t("allUnits")}
        </button>
      </div>
      {shown.length === 0 ? (
        <p className="soft">{t("noHits", { text })}</p>
      ) : (
        <PriceTable
          rows={shown}
          fields={isWide ? priceFields : usualFields}
          typed={typed}
          onType={(key, field, value) =>
            setTyped((before) => ({ ...before, [key]: { ...before[key], [field]: value } }))
          }
        />
      )}
      {shown.length < found.length && (
        <button type="button" className="textlink" onClick={() => setAll(true)}>
          {t("more", { n: found.length })}
        </button>
      )}
      {(changes.length > 0 || hasFault(typed)) && (
        <SaveBar services={services} changes={changes} faulty={hasFault(typed)} onDone={() => setTyped({})} />
      )}
    </>
  );
}

function hasRareField(prices: PriceRow["prices"]): boolean {
  return Object.keys(prices ?? {}).some((field) => !usualFields.some((usual) => usual === field));
}

const unitWords = {
  input: "perMillion",
  cachedInput: "perMillion",
  cacheWriteInput: "perMillion",
  output: "perMillion",
  reasoning: "perMillion",
  image: "perImage",
  second: "perSecond",
  character: "perMillion",
} as const;

interface TableProps {
  readonly rows: readonly PriceRow[];
  readonly fields: readonly PriceField[];
  readonly typed: Typed;
  readonly onType: (key: string, field: PriceField, text: string) => void;
}

function PriceTable({ rows, fields, typed, onType }: TableProps) {
  const t = useMessages(priceMessages);
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label={t("title")}>
      <table className={classes["table"]}>
        <thead>
          <tr>
            <th scope="col">{t("model")}</th>
            <th scope="col">{t("service")}</th>
            {fields.map((field) => (
              <th key={field} scope="col" className="td-right">
                {t(field)}
                <span className={classes["unit"]}>{t(unitWords[field])}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Row key={row.key} row={row} fields={fields} typed={typed} onType={onType} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({ row, fields, typed, onType }: Omit<TableProps, "rows"> & { readonly row: PriceRow }) {
  const t = useMessages(priceMessages);
  const ui = useMessages(uiMessages);
  const right = useMayWrite(row.managedBy, { group: row.resourceGroup });
  const { key, service, model, prices, requests } = row;
  return (
    <tr>
      <td>
        <span className="mono" style={{ display: "block", whiteSpace: "normal", overflowWrap: "anywhere" }}>
          {model}
        </span>
        {requests !== null && (
          <span className={`tiny num ${prices === null ? "warn" : "dim"}`}>
            {t(prices === null ? "noPrice" : "requests", { n: requests })}
          </span>
        )}
      </td>
      <td>
        <span className="row g6">
          <Link to="/services/$name" params={{ name: service }} className="soft">
            {service}
          </Link>
          {row.managedBy === "file" && (
            <Lock size={12} role="img" aria-label={ui("fromFile")} className="dim" />
          )}
        </span>
      </td>
      {fields.map((field) => {
        const text = typed[key]?.[field] ?? (prices?.[field] === undefined ? "" : String(prices[field]));
        return (
          <td key={field} className="td-right">
            <TextInput
              size="xs"
              className={classes["input"]}
              aria-label={t("fieldOf", { field: t(field), model, service })}
              value={text}
              placeholder={placeholderOf(field, row, t)}
              error={readPrice(text) === undefined ? t("problem") : undefined}
              disabled={!right.allowed}
              title={right.reason}
              inputMode="decimal"
              autoComplete="off"
              styles={{ input: { textAlign: "right", fontVariantNumeric: "tabular-nums" } }}
              onChange={(event) => onType(key, field, event.currentTarget.value)}
            />
          </td>
        );
      })}
    </tr>
  );
}

function placeholderOf(
  field: PriceField,
  { prices }: PriceRow,
  t: (key: "asInput" | "asOutput") => string,
): string {
  if (prices === null) return "—";
  if (field === "cachedInput" || field === "cacheWriteInput") return t("asInput");
  return field === "reasoning" ? t("asOutput") : "0";
}

function SaveBar({
  services,
  changes,
  faulty,
  onDone,
}: {
  readonly services: readonly Service[];
  readonly changes: readonly PriceChange[];
  readonly faulty: boolean;
  readonly onDone: () => void;
}) {
  const t = useMessages(priceMessages);
  const [isOpen, setOpen] = useState(false);
  const count = changes.reduce((sum, { fields }) => sum + fields.length, 0);
  return (
    <div className={classes["bar"]}>
      <span className="num grow" role="status">
        {faulty
          ? t("problem")
          : t("changes", { n: count, services: new Set(changes.map(({ row }) => row.service)).size })}
      </span>
      <Button variant="subtle" onClick={onDone}>
        {t("discard")}
      </Button>
      <Button variant="filled" disabled={faulty || changes.length === 0} onClick={() => setOpen(true)}>
        {t("review")}
      </Button>
      {isOpen && (
        <Review services={services} changes={changes} onClose={() => setOpen(false)} onDone={onDone} />
      )}
    </div>
  );
}

function Review({
  services,
  changes,
  onClose,
  onDone,
}: {
  readonly services: readonly Service[];
  readonly changes: readonly PriceChange[];
  readonly onClose: () => void;
  readonly onDone: () => void;
}) {
  const t = useMessages(priceMessages);
  const ui = useMessages(uiMessages);
  const save = useSavePrices();
  const undo = useSavePrices();
  const takeBack = async (back: readonly ServiceChange[]): Promise<void> => {
    try {
      await undo.mutateAsync(back);
      notifications.show({ message: t("undone") });
    } catch (error) {
      const service = error instanceof SaveError ? error.service : "";
      notifications.show({ message: t("failed", { service }) });
    }
  };
  const listed = new Set(
    services.flatMap(({ name, models }) => models.map((model) => `${name}\n${model.name}`)),
  );
  const run = (): void =>
    save.mutate(serviceChanges(services, changes), {
      onSuccess: (back) => {
        onClose();
        onDone();
        const text = t("saved", { n: changes.length });
        showUndo({ text, undo: t("undo"), close: ui("close") }, () => void takeBack(back));
      },
    });
  const { error } = save;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("reviewTitle")}
      closeButtonProps={{ "aria-label": ui("close") }}
      size={560}
    >
      <div className="col g16">
        <ul className={classes["changes"]} aria-label={t("reviewTitle")}>
          {changes.map(({ row, fields, after }) => (
            <li key={row.key}>
              <span className="mono">{row.model}</span> <span className="dim">{row.service}</span>
              {!listed.has(`${row.service}\n${row.model}`) && (
                <span className="small dim"> {t("added", { service: row.service })}</span>
              )}
              {after === null && <span className="small warn"> {t("removed")}</span>}
              {fields.map((change) => (
                <div key={change.field} className="small num">
                  {t(change.field)}:{" "}
                  {t("from", { before: dollars(change.before), after: dollars(change.after) })}
                </div>
              ))}
            </li>
          ))}
        </ul>
        {error !== null && (
          <ErrorPanel
            title={t("failed", { service: error instanceof SaveError ? error.service : "" })}
            error={error instanceof SaveError ? error.cause : error}
          />
        )}
        <div className="row g8" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button variant="filled" loading={save.isPending} onClick={run}>
            {t("save")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

const dollars = (value: number | undefined): string => (value === undefined ? "—" : `$ ${value}`);
