// What happened to a request as one plain sentence. Knows the record, draws nothing.
import type { AttemptRecord, ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { formatCount, formatDuration } from "../../i18n/format.ts";
import type { Translate } from "../../i18n/messages.ts";
import type { panelMessages } from "./panel-messages.ts";

type Words = Translate<(typeof panelMessages)["en"]>;

/** Nodes with the names in bold. */
export function traceSentence(t: Words, record: ExchangeRecord) {
  const { attempts } = record;
  const last = attempts.at(-1);
  if (last === undefined) {
    return t.rich("sentenceRefused", { status: String(record.status), code: record.errorCode });
  }
  const failures = attempts
    .map((attempt, index) => ({ attempt, index }))
    .filter(({ attempt }) => attempt.outcome !== "ok" && attempt.outcome !== "client_closed")
    .map(({ attempt, index }) => failureSentence(t, attempt, index, attempts.length))
    .join("");
  if (last.outcome === "client_closed") {
    return t.rich("sentenceStopped", { time: formatDuration(record.durationMs), service: last.service });
  }
  if (last.outcome !== "ok") {
    const wasPassedOn = last.status !== 0 && last.status === record.status;
    return t.rich(wasPassedOn ? "sentencePassedOn" : "sentenceFailed", { failures });
  }
  if (attempts.length === 1) return t.rich("sentenceOne", { service: last.service });
  return t.rich("sentenceLater", { failures, service: last.service, n: String(attempts.length) });
}

function failureSentence(t: Words, attempt: AttemptRecord, index: number, all: number): string {
  return t("attemptSentence", { n: index + 1, all, reason: whyFailed(t, attempt), service: attempt.service });
}

/** Why an attempt failed, as the end of a sentence about it. */
export function whyFailed(t: Words, { reason, status, detail, durationMs, outcome }: AttemptRecord): string {
  const ms = formatCount(Math.round(durationMs));
  switch (reason) {
    case "first-packet-timeout":
      return t("whyFirstPacket", { ms });
    case "upstream-5xx":
    case "upstream-429":
    case "upstream-credentials":
    case "upstream-4xx":
    case "upstream-any-4xx":
      return t("whyStatus", { status: String(status) });
    case "network-error":
      return t("whyNetwork", { detail: detail === "" ? "—" : detail });
    case "timeout":
      return t("whyTimeout", { ms });
    case "error-in-200":
      return t("whyErrorIn200");
    case "empty-answer":
      return t("whyEmpty");
    case "":
      return outcome === "truncated" ? t("whyTruncated", { ms }) : t("whyOther");
  }
}
