// The figures of a run in one line: first data, time, speed, tokens, overhead, cost.
import type { ReactNode } from "react";
import { formatCount, formatDuration, formatMoney } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { conversationMessages } from "../conversation-messages.ts";
import { factsOf } from "../run-facts.ts";
import type { RunView } from "../run-view.ts";
import classes from "./timing-strip.module.css";

const nothing = "—";

export function TimingStrip({ view }: { readonly view: RunView }) {
  const t = useMessages(conversationMessages);
  const facts = factsOf(view);
  const time = (ms: number | null): string => (ms === null ? nothing : formatDuration(ms));
  const count = (value: number | null): string => (value === null ? nothing : formatCount(value));
  const about = facts.isEstimated ? "~" : "";
  return (
    <dl className={classes["strip"]}>
      <Figure
        label={t("ttft")}
        title={t("ttftTitle", { browser: time(facts.ttftMs), gateway: time(facts.gatewayTtftMs) })}
      >
        {time(facts.ttftMs)}
      </Figure>
      <Figure label={t("elapsed")}>{time(facts.elapsedMs)}</Figure>
      <Figure label={t("speed")}>
        {facts.tokensPerSecond === null ? (
          nothing
        ) : (
          <>
            {about}
            {facts.tokensPerSecond.toFixed(1)} <span className={classes["unit"]}>{t("perSecond")}</span>
          </>
        )}
      </Figure>
      <Figure
        label={t("tokens")}
        title={t("tokensTitle", {
          cached: count(facts.cachedTokens),
          reasoning: count(facts.reasoningTokens),
        })}
      >
        {count(facts.inputTokens)} /{" "}
        {facts.outputTokens === null ? nothing : about + count(facts.outputTokens)}
      </Figure>
      <Figure label={t("overhead")}>{time(facts.overheadMs)}</Figure>
      <Figure label={t("cost")}>
        {facts.costUsd === null ? nothing : formatMoney(facts.costUsd, { estimated: facts.isEstimated })}
      </Figure>
    </dl>
  );
}

function Figure({
  label,
  title,
  children,
}: {
  readonly label: string;
  readonly title?: string;
  readonly children: ReactNode;
}) {
  return (
    <div title={title}>
      <dt className="tiny dim nowrap">{label}</dt>
      <dd className="num strong nowrap">{children}</dd>
    </div>
  );
}
