// The list of consumers: state, keys, what each may call and has used. Painted from a few requests, none of them per row.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { FilterChip } from "../../ui/filter-chip.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageFoot, PageHead } from "../../ui/page.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { useConsumerColumns } from "./consumer-columns.tsx";
import {
  consumerFacets,
  readConsumerListSearch,
  type ConsumerFacet,
  type ConsumerListSearch,
} from "./consumer-list-search.ts";
import { consumerMessages } from "./consumer-messages.ts";
import { AddConsumerModal } from "./consumer-modals.tsx";
import { consumerFacet, consumerRows, filterConsumers, type ConsumerRow } from "./consumer-rows.ts";
import { typeWords } from "./issue-key-modal.tsx";
import { keyMessages } from "./key-messages.ts";
import { dayUsageQuery, quotasQuery } from "./owner-calls.ts";
import { quotaMessages } from "./quota-messages.ts";

const route = getRouteApi("/app/consumers");

export function ConsumerListPage() {
  const t = useMessages(consumerMessages);
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const right = useMayWrite();
  const consumers = useQuery(listQuery("consumers"));
  const rows = useRows();
  const show = (next: ConsumerListSearch): void =>
    void navigate({ search: readConsumerListSearch(next), replace: true });
  return (
    <>
      <PageHead
        title={t("consumers")}
        beside={rows !== undefined && <span className="dim num">{rows.length}</span>}
        actions={
          <Button
            variant="filled"
            leftSection={<Plus size={15} />}
            disabled={!right.allowed}
            title={right.reason}
            onClick={() => show({ ...search, add: true })}
          >
            {t("add")}
          </Button>
        }
      />
      {rows === undefined ? (
        <PageBody>
          {consumers.isError ? (
            <ErrorPanel
              title={t("loadFailed")}
              error={consumers.error}
              retry={() => void consumers.refetch()}
            />
          ) : (
            <LoadingRows height={59} />
          )}
        </PageBody>
      ) : rows.length === 0 ? (
        <Empty mayAdd={right.allowed} onAdd={() => show({ add: true })} />
      ) : (
        <List rows={rows} search={search} onSearch={show} />
      )}
      {search.add === true && (
        <AddConsumerModal
          onClose={() => show({ ...search, add: false })}
          onAdded={(name) => void navigate({ to: "/consumers/$name", params: { name }, search: {} })}
        />
      )}
    </>
  );
}

/** Undefined until the consumers are known; the rest comes beside them. */
function useRows(): readonly ConsumerRow[] | undefined {
  const consumers = useQuery(listQuery("consumers"));
  const apis = useQuery(listQuery("model-apis"));
  const quotas = useQuery(quotasQuery);
  const usage = useQuery(dayUsageQuery);
  if (consumers.data === undefined) return undefined;
  return consumerRows(consumers.data.items, {
    apis: apis.data?.items ?? [],
    quotas: quotas.data?.items,
    usage: usage.data?.items,
  });
}

function Empty({ mayAdd, onAdd }: { readonly mayAdd: boolean; readonly onAdd: () => void }) {
  const t = useMessages(consumerMessages);
  return (
    <PageBody>
      <EmptyState
        title={t("emptyTitle")}
        actions={
          mayAdd && (
            <Button variant="filled" onClick={onAdd}>
              {t("add")}
            </Button>
          )
        }
      >
        {t("empty")}
      </EmptyState>
    </PageBody>
  );
}

function List({
  rows,
  search,
  onSearch,
}: {
  readonly rows: readonly ConsumerRow[];
  readonly search: ConsumerListSearch;
  readonly onSearch: (search: ConsumerListSearch) => void;
}) {
  const t = useMessages(consumerMessages);
  const navigate = route.useNavigate();
  const shown = filterConsumers(rows, search);
  const selected = rows.filter(({ name }) => search.selected?.includes(name));
  const select = (names: readonly string[]): void => onSearch({ ...search, selected: [...names] });
  const columns = useConsumerColumns({ selected: search.selected ?? [], onSelect: select });
  return (
    <>
      <Tools rows={rows} search={search} onSearch={onSearch} />
      {selected.length > 0 && <BulkBar rows={selected} shown={shown} onSelect={select} />}
      <PageBody>
        {shown.length === 0 ? (
          <p className="row g8 soft" style={{ padding: "20px 0" }}>
            {t("noMatch")}
            <button type="button" className="textlink" onClick={() => onSearch({})}>
              {t("clearFilters")}
            </button>
          </p>
        ) : (
          <DataTable
            label={t("consumers")}
            columns={columns}
            rows={shown}
            rowKey={({ name }) => name}
            rowHeight={59}
            onOpen={({ name }) => void navigate({ to: "/consumers/$name", params: { name }, search: {} })}
          />
        )}
      </PageBody>
      <PageFoot>
        <span className="num">{t("count", { n: shown.length })}</span>
        <Unread />
      </PageFoot>
    </>
  );
}

/** What of the rows could not be read. */
function Unread() {
  const t = useMessages(consumerMessages);
  const quotas = useQuery(quotasQuery);
  const usage = useQuery(dayUsageQuery);
  return (
    <>
      {usage.isError && <span className="warn">{t("usageFailed")}</span>}
      {quotas.isError && <span className="warn">{t("quotasFailed")}</span>}
    </>
  );
}

const facetWords = {
  status: "status",
  credential: "credential",
  group: "groups",
  resourceGroup: "group",
  quota: "quota",
} as const;

function Tools({
  rows,
  search,
  onSearch,
}: {
  readonly rows: readonly ConsumerRow[];
  readonly search: ConsumerListSearch;
  readonly onSearch: (search: ConsumerListSearch) => void;
}) {
  const t = useMessages(consumerMessages);
  const valueText = useValueText();
  return (
    <div className="list-tools" role="search" aria-label={t("search")}>
      <ListSearch label={t("search")} value={search.q ?? ""} onChange={(q) => onSearch({ ...search, q })} />
      {consumerFacets.map((facet) => (
        <FilterChip
          key={facet}
          label={t(facetWords[facet])}
          options={consumerFacet(rows, facet).map(({ value, count }) => ({
            value,
            count,
            label: valueText(facet, value),
          }))}
          values={search[facet] ?? []}
          onChange={(values) => onSearch({ ...search, [facet]: [...values] })}
        />
      ))}
      <span className="grow" />
      <Link to="/consumer-groups" className="link">
        {t("toGroups")}
      </Link>
    </div>
  );
}

/** A filter's value in words. */
function useValueText(): (facet: ConsumerFacet, value: string) => string {
  const t = useMessages(consumerMessages);
  const keys = useMessages(keyMessages);
  const quotas = useMessages(quotaMessages);
  return (facet, value) => {
    switch (facet) {
      case "status":
        return t(value === "disabled" ? "disabled" : "enabled");
      case "credential":
        if (value === "api-key" || value === "jwt" || value === "hmac") return keys(typeWords[value]);
        return t("noCredential");
      case "quota":
        if (value === "ok" || value === "warned" || value === "exhausted") return quotas(value);
        return t("stateNone");
      default:
        return value;
    }
  };
}
