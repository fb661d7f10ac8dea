// What small lists have in common: head with count and button, loading, error, search over the table, no hits.
import { Button } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import type { Page } from "../api/resources.ts";
import { DataTable, type Column } from "./data-table.tsx";
import { ErrorPanel } from "./error-panel.tsx";
import { ListSearch } from "./list-search.tsx";
import { LoadingRows } from "./loading.tsx";
import { PageBody, PageFoot, PageHead } from "./page.tsx";
import { useMayWrite, type Where } from "./use-may-write.ts";

export interface ListTexts {
  readonly title: string;
  readonly add: string;
  readonly search: string;
  readonly loadFailed: string;
  readonly noHits: string;
  readonly clearSearch: string;
  readonly count: (shown: number) => string;
}

interface ListFrameProps<Item> {
  readonly texts: ListTexts;
  readonly query: UseQueryResult<Page<Item>>;
  readonly columns: readonly Column<Item>[];
  readonly searchText: string;
  readonly onSearch: (text: string) => void;
  readonly onAdd: () => void;
  /** Where a new one would be; default: in any resource group. */
  readonly where?: Where;
  readonly matches: (item: Item, wanted: string) => boolean;
  readonly onOpen?: (item: Item) => void;
  /** In place of the table while there is nothing at all. */
  readonly empty?: ReactNode;
}

export function ListFrame<Item extends { readonly name: string }>(props: ListFrameProps<Item>) {
  const { texts, query, onAdd, where } = props;
  const right = useMayWrite("api", where);
  return (
    <>
      <PageHead
        title={texts.title}
        beside={query.data !== undefined && <span className="dim num">{query.data.items.length}</span>}
        actions={
          <Button
            variant="filled"
            leftSection={<Plus size={15} />}
            disabled={!right.allowed}
            title={right.reason}
            onClick={onAdd}
          >
            {texts.add}
          </Button>
        }
      />
      {query.data === undefined ? (
        <PageBody>
          {query.isError ? (
            <ErrorPanel title={texts.loadFailed} error={query.error} retry={() => void query.refetch()} />
          ) : (
            <LoadingRows height={59} />
          )}
        </PageBody>
      ) : query.data.items.length === 0 && props.empty !== undefined ? (
        <PageBody>{props.empty}</PageBody>
      ) : (
        <Rows {...props} items={query.data.items} />
      )}
    </>
  );
}

function Rows<Item extends { readonly name: string }>({
  texts,
  items,
  columns,
  searchText,
  onSearch,
  matches,
  onOpen,
}: ListFrameProps<Item> & { readonly items: readonly Item[] }) {
  const wanted = searchText.trim().toLowerCase();
  const shown = items.filter((item) => wanted === "" || matches(item, wanted));
  return (
    <>
      <div className="list-tools">
        <ListSearch label={texts.search} value={searchText} onChange={onSearch} />
      </div>
      <PageBody>
        {shown.length === 0 ? (
          <p className="row g8 soft" style={{ padding: "20px 0" }}>
            {texts.noHits}
            <button type="button" className="textlink" onClick={() => onSearch("")}>
              {texts.clearSearch}
            </button>
          </p>
        ) : (
          <DataTable
            label={texts.title}
            columns={columns}
            rows={shown}
            rowKey={({ name }) => name}
            rowHeight={59}
            {...(onOpen === undefined ? {} : { onOpen })}
          />
        )}
      </PageBody>
      <PageFoot>
        <span className="num">{texts.count(shown.length)}</span>
      </PageFoot>
    </>
  );
}
