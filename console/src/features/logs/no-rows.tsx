// Where nothing is found: what to take out of the query, or a longer span; where nothing is yet, how to begin.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import type { ShownPage } from "./log-calls.ts";
import { logsMessages } from "./logs-messages.ts";
import classes from "./logs.module.css";
import { writeTerm, type Term } from "./query-text.ts";
import { widerRange, type Span } from "./time-range.ts";

export function NoRows({
  terms,
  span,
  page,
  setTerms,
  setSpan,
}: {
  readonly terms: readonly Term[];
  readonly span: Span;
  readonly page: ShownPage | undefined;
  readonly setTerms: (terms: readonly Term[]) => void;
  readonly setSpan: (span: Span) => void;
}) {
  const t = useMessages(logsMessages);
  const { language } = useLanguage();
  const [now] = useState(Date.now);
  const wider = widerRange(span, now);
  if (page?.since === null && terms.length === 0) {
    return (
      <EmptyState
        title={t("empty")}
        actions={
          <Link to="/playground" className="textlink">
            {t("toDebug")}
          </Link>
        }
      >
        {t("emptyText")}
      </EmptyState>
    );
  }
  return (
    <div className={classes["none"]} role="status">
      <p className="reading">
        {t("noHits")} {terms.length > 0 && t("orRemove")}
      </p>
      <div className="row g8 wrap">
        {terms.map((term, index) => (
          <Button key={`${index} ${writeTerm(term)}`} onClick={() => setTerms(terms.toSpliced(index, 1))}>
            {t("removeOne")}&nbsp;<span className="mono">{writeTerm(term)}</span>
          </Button>
        ))}
        {wider !== undefined && (
          <Button variant="subtle" onClick={() => setSpan({ kind: "relative", range: wider })}>
            {t("widen", { range: t(`range_${wider}`) })}
          </Button>
        )}
      </div>
      {page !== undefined && page.since !== null && (
        <p className="small dim num">
          {t("keptSince", { time: formatTime(new Date(page.since), language, new Date(now)) })}
        </p>
      )}
    </div>
  );
}
