// What the record of an exchange says, field by field; any of it can be taken into the filters or out of them.
import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { Minus, Plus } from "lucide-react";
import type { ReactNode } from "react";
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { formatDuration, formatMoney } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { PlainKey } from "../../i18n/messages.ts";
import { CopyButton } from "../../ui/copy.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";
import type { FieldWord } from "./query-fields.ts";

interface Fact {
  readonly name: PlainKey<typeof exchangeMessages>;
  readonly word?: FieldWord;
  readonly value: string;
  readonly shown?: ReactNode;
}

function factsOf(
  record: ExchangeRecord,
  t: ReturnType<typeof useMessages<(typeof exchangeMessages)["en"]>>,
): Fact[] {
  const { api, service, consumer, traceId, ttftMs, durationMs, status, upstreamStatus } = record;
  return [
    { name: "api", word: "api", value: api, shown: <ObjectLink kind="model-apis" name={api} /> },
    { name: "route", word: "route", value: record.route },
    { name: "call", word: "path", value: record.path, shown: `${record.method} ${record.path}` },
    { name: "domain", word: "domain", value: record.domain },
    { name: "protocol", word: "protocol", value: record.protocol },
    {
      name: "consumer",
      word: "consumer",
      value: consumer,
      shown: <ObjectLink kind="consumers" name={consumer} />,
    },
    { name: "credential", word: "credential", value: record.credential },
    { name: "group", word: "group", value: record.resourceGroup },
    { name: "client", word: "ip", value: record.clientIp },
    { name: "asked", word: "asked", value: record.requestedModel },
    { name: "served", word: "model", value: record.model },
    {
      name: "service",
      word: "service",
      value: service,
      shown: <ObjectLink kind="services" name={service} />,
    },
    { name: "mode", word: "mode", value: record.decision?.mode ?? "" },
    { name: "stream", word: "stream", value: String(record.stream), shown: t(record.stream ? "yes" : "no") },
    { name: "status", word: "status", value: status === 0 ? "" : String(status) },
    { name: "upstreamStatus", word: "upstream", value: upstreamStatus === 0 ? "" : String(upstreamStatus) },
    { name: "outcome", word: "outcome", value: record.outcome },
    { name: "error", word: "error", value: record.errorCode },
    { name: "fallbackFrom", word: "from", value: record.fallbackFrom },
    { name: "limited", word: "limit", value: record.rateLimit },
    { name: "cache", word: "cache", value: record.cache === "skip" ? "" : record.cache },
    { name: "saved", value: savedText(record, t) },
    { name: "ttft", value: ttftMs === null ? "" : formatDuration(ttftMs) },
    { name: "duration", value: formatDuration(durationMs) },
    { name: "time", value: record.time },
    { name: "instance", value: record.instance },
    {
      name: "trace",
      word: "trace",
      value: traceId,
      shown: (
        <Link
          to="/observe/logs"
          search={{ q: `trace:${traceId}`, range: "30d" }}
          className="textlink"
          title={t("traceAll")}
        >
          <span className="mono">{traceId}</span>
        </Link>
      ),
    },
    {
      name: "requestId",
      value: record.requestId,
      shown: <Copied text={record.requestId} label={t("requestId")} />,
    },
  ];
}

/** What an answer that was reused did not cost; empty for one that was not. */
function savedText(
  { saved }: ExchangeRecord,
  t: ReturnType<typeof useMessages<(typeof exchangeMessages)["en"]>>,
): string {
  if (saved === undefined) return "";
  const cost = saved.costUsd === null ? "—" : formatMoney(saved.costUsd);
  return t("savedOf", { input: saved.inputTokens, output: saved.outputTokens, cost });
}

function Copied({ text, label }: { readonly text: string; readonly label: string }) {
  return (
    <span className="row g4">
      <span className="mono cut" title={text}>
        {text}
      </span>
      <CopyButton text={text} label={label} />
    </span>
  );
}

/** @param onFilter takes a value in, or out; absent where there is no list beside */
export function ExchangeFacts({
  record,
  onFilter,
}: {
  readonly record: ExchangeRecord;
  readonly onFilter: (word: FieldWord, value: string, not: boolean) => void;
}) {
  const t = useMessages(exchangeMessages);
  const mono: ReadonlySet<string> = new Set(["asked", "served", "call", "client", "error", "trace"]);
  return (
    <section>
      <div className={classes["sectionHead"]}>
        <h2>{t("facts")}</h2>
      </div>
      <dl className={classes["facts"]}>
        {factsOf(record, t)
          .filter(({ value }) => value !== "")
          .map(({ name, word, value, shown }) => (
            <div key={name}>
              <dt>{t(name)}</dt>
              <dd className={mono.has(name) ? "mono" : "num"} title={value}>
                <span className="cut">{shown ?? value}</span>
                {word !== undefined && (
                  <span className={classes["filter"]}>
                    <ActionIcon
                      variant="subtle"
                      size={22}
                      aria-label={t("only", { name: t(name), value })}
                      title={t("only", { name: t(name), value })}
                      onClick={() => onFilter(word, value, false)}
                    >
                      <Plus size={13} aria-hidden />
                    </ActionIcon>
                    <ActionIcon
                      variant="subtle"
                      size={22}
                      aria-label={t("without", { name: t(name), value })}
                      title={t("without", { name: t(name), value })}
                      onClick={() => onFilter(word, value, true)}
                    >
                      <Minus size={13} aria-hidden />
                    </ActionIcon>
                  </span>
                )}
              </dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
