// The page of all policies: one table over all Model APIs, each word a link to its card.
import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Translate } from "../../i18n/messages.ts";
import { DataTable, type Column } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { FilterChip } from "../../ui/filter-chip.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Moon } from "../../ui/moon.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { cardMessages } from "../model-api-form/policies/card-messages.ts";
import { statePhases, useSummaryTexts } from "../model-api-form/policies/policy-look.ts";
import { policyNames } from "../model-api-form/policies/policy-draft.ts";
import { policyStates } from "../model-api-form/policies/policy-states.ts";
import { policySummary, type SummaryTexts } from "../model-api-form/policies/policy-summary.ts";
import { overviewMessages } from "./policies-overview-messages.ts";
import type { PoliciesSearch } from "./policies-search.ts";
import { countsByState, matchingRows, policyRow, type PolicyRow } from "./policy-rows.ts";

const route = getRouteApi("/app/policies");

export function PoliciesPage() {
  const t = useMessages(overviewMessages);
  const texts = useSummaryTexts();
  const search = route.useSearch();
  const navigate = useNavigate();
  const apis = useQuery(listQuery("model-apis"));
  const rows = (apis.data?.items ?? []).map(policyRow);
  const shown = matchingRows(rows, search);
  const filter = (next: PoliciesSearch): void =>
    void navigate({ to: "/policies", search: next, replace: true });
  return (
    <>
      <PageHead
        title={t("title")}
        beside={apis.data !== undefined && <span className="dim num">{shown.length}</span>}
      />
      {apis.data !== undefined && rows.length > 0 && <Tools rows={rows} search={search} onChange={filter} />}
      <PageBody>
        {apis.data === undefined && !apis.isError && <LoadingRows />}
        {apis.isError && apis.data === undefined && (
          <ErrorPanel title={t("loadFailed")} error={apis.error} retry={() => void apis.refetch()} />
        )}
        {apis.data !== undefined && rows.length === 0 && <NoApis />}
        {rows.length > 0 && shown.length === 0 && (
          <p className="row">
            {t("noHits")}
            <Button size="xs" onClick={() => filter({})}>
              {t("clear")}
            </Button>
          </p>
        )}
        {shown.length > 0 && (
          <DataTable
            label={t("title")}
            columns={columnsOf(t, texts)}
            rows={shown}
            rowKey={({ name }) => name}
            onOpen={({ name }) =>
              void navigate({ to: "/model-apis/$name/$tab", params: { name, tab: "policies" } })
            }
          />
        )}
      </PageBody>
    </>
  );
}

function NoApis() {
  const t = useMessages(overviewMessages);
  return (
    <EmptyState
      title={t("noApis")}
      actions={
        <Button variant="filled" renderRoot={(props) => <Link to="/model-apis/new" {...props} />}>
          {t("create")}
        </Button>
      }
    >
      {t("noApisText")}
    </EmptyState>
  );
}

function Tools({
  rows,
  search,
  onChange,
}: {
  readonly rows: readonly PolicyRow[];
  readonly search: PoliciesSearch;
  readonly onChange: (search: PoliciesSearch) => void;
}) {
  const t = useMessages(overviewMessages);
  const words = useMessages(cardMessages);
  const { q: _q, ...withoutText } = search;
  const { policy: _policy, ...withoutPolicy } = search;
  const { state: _state, ...withoutState } = search;
  const counts = countsByState(rows, search.policy);
  return (
    <div className="list-tools">
      <ListSearch
        label={t("search")}
        value={search.q ?? ""}
        onChange={(q) => onChange(q === "" ? withoutText : { ...search, q })}
      />
      <Select
        size="xs"
        w={170}
        aria-label={t("policy")}
        data={[
          { value: "", label: t("anyPolicy") },
          ...policyNames.map((name) => ({ value: name, label: t(name) })),
        ]}
        value={search.policy ?? ""}
        onChange={(policy) =>
          onChange(policy === null || policy === "" ? withoutPolicy : { ...search, policy })
        }
      />
      <FilterChip
        label={t("state")}
        options={policyStates.map((state) => ({
          value: state,
          label: words(state),
          count: counts.get(state) ?? 0,
        }))}
        values={search.state ?? []}
        onChange={(state) => onChange(state.length === 0 ? withoutState : { ...search, state })}
      />
      <span className="small dim">{t("about")}</span>
    </div>
  );
}

function columnsOf(t: Translate<(typeof overviewMessages)["en"]>, texts: SummaryTexts): Column<PolicyRow>[] {
  return [
    {
      key: "api",
      head: t("api"),
      cell: ({ name, enabled }) => (
        <span className="row g6">
          <Link className="medium" to="/model-apis/$name/$tab" params={{ name, tab: "policies" }}>
            {name}
          </Link>
          {!enabled && <span className="tag tiny">{t("disabled")}</span>}
        </span>
      ),
    },
    ...policyNames.map((policy): Column<PolicyRow> => ({
      key: policy,
      head: t(policy),
      cell: ({ name, policies, states }) => (
        <Link
          className="row g6 nowrap"
          to="/model-apis/$name/$tab"
          params={{ name, tab: "policies" }}
          search={{ card: policy }}
          title={policySummary(policies, policy, texts)}
          aria-label={t("open", { policy: t(policy), name, state: texts.card(states[policy]) })}
        >
          <Moon phase={statePhases[states[policy]]} size={11} />
          <span className={states[policy] === "off" ? "dim" : ""}>{texts.card(states[policy])}</span>
        </Link>
      ),
    })),
  ];
}
