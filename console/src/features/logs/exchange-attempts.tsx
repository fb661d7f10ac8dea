// The attempts of an exchange on one line of time: waiting pale, answering solid, first data a moon line, failed dashed.
import type { AttemptRecord, ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { formatDuration } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { protocolPair } from "../model-api-form/protocol-names.ts";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";
import { speedOf } from "./log-words.ts";

type Words = Translate<(typeof exchangeMessages)["en"]>;

export function ExchangeAttempts({ record }: { readonly record: ExchangeRecord }) {
  const t = useMessages(exchangeMessages);
  const { attempts, overheadMs, durationMs } = record;
  const whole = Math.max(1, durationMs);
  const start = Date.parse(record.time);
  return (
    <section>
      <div className={classes["sectionHead"]}>
        <h2>{t("attempts")}</h2>
        <span className="grow" />
        <span className="small dim num">{t("overhead", { time: formatDuration(overheadMs) })}</span>
      </div>
      {attempts.length === 0 ? (
        <p className="dim">{t("noAttempts")}</p>
      ) : (
        <div className={classes["waterfall"]}>
          <div className={`tiny dim num ${classes["axis"]}`} aria-hidden>
            {[0, 1 / 3, 2 / 3, 1].map((share) => (
              <span key={share} style={{ left: `${share * 100}%` }}>
                {share === 0 ? "0" : tickText(whole * share)}
              </span>
            ))}
          </div>
          <ol>
            {attempts.map((attempt, index) => (
              <li key={`${index} ${attempt.startedAt}`}>
                <Lane
                  attempt={attempt}
                  number={index + 1}
                  fromMs={Math.max(0, Date.parse(attempt.startedAt) - start)}
                  whole={whole}
                />
                <p className={`tiny dim ${classes["laneNote"]}`}>{noteOf(t, record, attempt)}</p>
              </li>
            ))}
          </ol>
        </div>
      )}
    </section>
  );
}

function Lane({
  attempt,
  number,
  fromMs,
  whole,
}: {
  readonly attempt: AttemptRecord;
  readonly number: number;
  readonly fromMs: number;
  readonly whole: number;
}) {
  const t = useMessages(exchangeMessages);
  const share = (ms: number): string => `${(Math.min(1, Math.max(0, ms / whole)) * 100).toFixed(2)}%`;
  const { service, ttftMs, durationMs, outcome } = attempt;
  const hasData = ttftMs !== null && ttftMs <= durationMs;
  const first = hasData ? ttftMs : durationMs;
  const isFailed = outcome !== "ok" && outcome !== "client_closed";
  // Beside its bar where it does not fit in.
  const isShort = durationMs / whole < 0.3;
  const reasonLeft = `min(${share(isShort ? fromMs + durationMs : fromMs)}, 50%)`;
  return (
    <div className={classes["lane"]}>
      <span className={`cut ${classes["laneName"]}`} title={service}>
        <b className="medium num">{number}</b> {service}
      </span>
      <span className={classes["laneTrack"]}>
        {!hasData && isFailed ? (
          <i className={classes["laneBad"]} style={{ left: share(fromMs), width: share(durationMs) }} />
        ) : (
          <>
            <i
              className={classes["laneWait"]}
              style={{ left: share(fromMs), width: share(first) }}
              title={t("waiting")}
            />
            {hasData && (
              <>
                <i
                  className={isFailed ? classes["laneBad"] : classes["laneData"]}
                  style={{ left: share(fromMs + first), width: share(durationMs - first) }}
                  title={t("streaming")}
                />
                <i
                  className={classes["laneFirst"]}
                  style={{ left: share(fromMs + first) }}
                  title={t("firstData")}
                />
              </>
            )}
          </>
        )}
        {isFailed && (
          <b
            className={classes["laneReason"]}
            title={reasonOf(t, attempt)}
            style={{ left: reasonLeft, maxWidth: `calc(100% - ${reasonLeft})` }}
          >
            {reasonOf(t, attempt)}
          </b>
        )}
      </span>
    </div>
  );
}

function reasonOf(t: Words, { reason, status, detail, outcome }: AttemptRecord): string {
  if (reason !== "") return t(`reason_${reason}`, { status: String(status), detail }).trim();
  return t(outcome === "truncated" ? "outcome_truncated" : "reason_none");
}

function noteOf(t: Words, record: ExchangeRecord, attempt: AttemptRecord): string {
  const { outcome, ttftMs, nextAction, key, status, durationMs, model, protocol } = attempt;
  const speed = attempt === record.attempts.at(-1) ? speedOf(record) : null;
  const isFailed = outcome !== "ok" && outcome !== "client_closed";
  return [
    ...(outcome === "client_closed" ? [t("outcome_client_closed")] : []),
    ...(ttftMs === null ? [] : [t("firstDataAfter", { time: formatDuration(ttftMs) })]),
    t("took", { time: formatDuration(durationMs) }),
    ...(speed === null || isFailed ? [] : [t("speed", { n: speed.toFixed(1) })]),
    ...(model === "" ? [] : [model]),
    ...(protocol === undefined
      ? []
      : [t("translated", { pair: protocolPair({ from: record.protocol, to: protocol }) })]),
    ...(key === "" ? [] : [t("keyName", { name: key })]),
    ...(status === 0 ? [] : [t("statusN", { status: String(status) })]),
    ...(nextAction === "none" ? [] : [t(`next_${nextAction}`)]),
  ].join(" · ");
}

function tickText(ms: number): string {
  return ms >= 1_000 ? `${Number((ms / 1_000).toFixed(2))} s` : `${Number(ms.toFixed(ms < 10 ? 1 : 0))} ms`;
}
