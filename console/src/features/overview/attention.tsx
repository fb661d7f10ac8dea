// What needs attention now, each with what to do and the way there.
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ListedQuota } from "../../../../src/control/quotas/quota-answers.ts";
import type { Attention, StatusAnswer } from "../../../../src/control/routes/console-answers.ts";
import { formatAgo } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { Moon, type Phase } from "../../ui/moon.tsx";
import { urgentQuotasQuery } from "../consumers/owner-calls.ts";
import { quotaMessages } from "../consumers/quota-messages.ts";
import { attentionSentence, quotaPhase } from "../consumers/quota-words.ts";
import { attentionPhase, attentionText } from "./attention-text.ts";
import { overviewMessages } from "./overview-messages.ts";
import classes from "./overview.module.css";

/** @param now when the state was read */
export function NeedsAttention({ status, now }: { readonly status: StatusAnswer; readonly now: Date }) {
  const t = useMessages(overviewMessages);
  const quotas = useQuery(urgentQuotasQuery);
  const urgent = quotas.data?.items ?? [];
  const { attention } = status;
  const count = attention.length + urgent.length;
  return (
    <section aria-labelledby="attention-title">
      <div className={classes["section"]}>
        <h2 id="attention-title">{t("attention")}</h2>
        {count > 0 && <span className="tag tag-bad num strong">{count}</span>}
      </div>
      {count === 0 ? (
        <p className="row soft">
          <Moon phase="full" size={11} />
          {t("nothing")}
        </p>
      ) : (
        <ul className={classes["attention"]}>
          {attention.map((each) => (
            <li key={`${each.code} ${each.object} ${each.params["key"] ?? each.params["model"] ?? ""}`}>
              <Row attention={each} now={now} />
            </li>
          ))}
          {urgent.map((quota) => (
            <li key={`quota ${quota.owner.kind} ${quota.owner.name} ${quota.name}`}>
              <QuotaRow quota={quota} now={now} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({ attention, now }: { readonly attention: Attention; readonly now: Date }) {
  const t = useMessages(overviewMessages);
  const { language } = useLanguage();
  const { object, sinceMs } = attention;
  const content = (
    <Content
      phase={attentionPhase(attention)}
      name={object === "" ? t("configError") : object}
      text={attentionText(attention, t, language, now)}
      since={sinceMs === null ? null : new Date(sinceMs)}
      now={now}
    />
  );
  if (attention.kind === "alerts")
    return (
      <Link to="/observe/alerts/$name" params={{ name: object }} className={classes["item"]}>
        {content}
      </Link>
    );
  if (attention.kind === "services")
    return (
      <Link to="/services/$name" params={{ name: object }} className={classes["item"]}>
        {content}
      </Link>
    );
  const section = attention.kind === "sinks" ? "delivery" : "general";
  return (
    <Link to="/settings/$section" params={{ section }} className={classes["item"]}>
      {content}
    </Link>
  );
}

/** A quota that is near its end, or used up. */
function QuotaRow({ quota, now }: { readonly quota: ListedQuota; readonly now: Date }) {
  const t = useMessages(quotaMessages);
  const { language } = useLanguage();
  const { owner } = quota;
  const content = (
    <Content
      phase={quotaPhase(quota)}
      name={owner.name}
      text={attentionSentence(quota, t, language)}
      since={null}
      now={now}
    />
  );
  const params = { name: owner.name, tab: "quota" };
  return owner.kind === "consumer" ? (
    <Link to="/consumers/$name/$tab" params={params} className={classes["item"]}>
      {content}
    </Link>
  ) : (
    <Link to="/consumer-groups/$name/$tab" params={params} className={classes["item"]}>
      {content}
    </Link>
  );
}

function Content({
  phase,
  name,
  text,
  since,
  now,
}: {
  readonly phase: Phase;
  readonly name: string;
  readonly text: string;
  readonly since: Date | null;
  readonly now: Date;
}) {
  const { language } = useLanguage();
  return (
    <>
      <span className={classes["sign"]}>
        <Moon phase={phase} size={11} />
      </span>
      <span className="grow">
        <span className="medium cut" style={{ display: "block" }}>
          {name}
        </span>
        <span className="soft" style={{ display: "block", overflowWrap: "anywhere" }}>
          {text}
        </span>
      </span>
      {since !== null && <span className="tiny dim num nowrap">{formatAgo(since, language, now)}</span>}
    </>
  );
}
