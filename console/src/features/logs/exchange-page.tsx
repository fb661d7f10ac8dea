// One exchange on a page of its own, for links from elsewhere.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useMessages } from "../../i18n/language.tsx";
import { CopyButton } from "../../ui/copy.tsx";
import { Moon } from "../../ui/moon.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { ActionMenu, ReplayButton } from "./exchange-actions.tsx";
import { ExchangeDetail } from "./exchange-detail.tsx";
import { exchangeMessages } from "./exchange-messages.ts";
import classes from "./exchange.module.css";
import { logDetailQuery } from "./log-calls.ts";
import { phaseOf } from "./log-words.ts";
import { withValue, writeQuery } from "./query-text.ts";

const route = getRouteApi("/app/observe/logs/$requestId");

export function ExchangePage() {
  const t = useMessages(exchangeMessages);
  const { requestId } = route.useParams();
  const { tab } = route.useSearch();
  const navigate = route.useNavigate();
  const { data: record } = useQuery(logDetailQuery(requestId));
  return (
    <>
      <PageHead
        title={<span className="mono">{requestId}</span>}
        documentTitle={t("title", { id: requestId })}
        ruled
        beside={
          <>
            {record !== undefined && (
              <span className="row g6">
                <Moon phase={phaseOf(record)} size={11} />
                <span className="strong num">{record.status === 0 ? "—" : record.status}</span>
              </span>
            )}
            <CopyButton text={requestId} label={t("requestId")} />
          </>
        }
        actions={
          record !== undefined && (
            <>
              <ReplayButton record={record} />
              <ActionMenu record={record} isPage />
            </>
          )
        }
      />
      <PageBody>
        <div className={classes["wide"]}>
          <ExchangeDetail
            key={requestId}
            requestId={requestId}
            tab={tab}
            onTab={(next) =>
              void navigate({ search: next === undefined ? {} : { tab: next }, replace: true })
            }
            onFilter={(word, value, not) =>
              void navigate({
                to: "/observe/logs",
                search: { q: writeQuery(withValue([], word, value, not)), range: "24h" },
              })
            }
          />
        </div>
      </PageBody>
    </>
  );
}
