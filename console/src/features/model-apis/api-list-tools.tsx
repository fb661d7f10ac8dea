// The line of search, filters and view switches over the list of Model APIs.
import { ActionIcon, Checkbox, Popover, TextInput, Tooltip } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { Columns3, RotateCw, Rows3, Search } from "lucide-react";
import { useEffect, useRef } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { FilterChip } from "../../ui/filter-chip.tsx";
import { isTyping } from "../../ui/keyboard.ts";
import type { ApiFacet, ApiListSearch } from "./api-list-search.ts";
import classes from "./api-list.module.css";
import { protocolNames, caseWords } from "./api-words.ts";
import { facetCounts, facetNames, type ApiRow } from "./list-filter.ts";
import { listMessages } from "./list-messages.ts";
import { optionalColumns, useListView } from "./list-view.ts";

const facetWords = {
  useCase: "useCase",
  protocol: "protocol",
  service: "service",
  group: "group",
  status: "status",
  auth: "access",
} as const;

export function ApiListTools({
  rows,
  search,
  onSearch,
}: {
  readonly rows: readonly ApiRow[];
  readonly search: ApiListSearch;
  readonly onSearch: (search: ApiListSearch) => void;
}) {
  const t = useMessages(listMessages);
  const valueText = useValueText();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key !== "/" || isTyping(event) || event.metaKey || event.ctrlKey) return;
      event.preventDefault();
      field.current?.focus();
    };
    document.addEventListener("keydown", listen);
    return () => document.removeEventListener("keydown", listen);
  }, []);
  const setFacet = (facet: ApiFacet, values: readonly string[]): void => {
    const { [facet]: _old, ...rest } = search;
    onSearch(values.length === 0 ? rest : { ...rest, [facet]: [...values] });
  };
  return (
    <div className={classes["tools"]} role="search" aria-label={t("search")}>
      <TextInput
        ref={field}
        type="search"
        className={classes["search"]}
        aria-label={t("search")}
        placeholder={t("searchHint")}
        leftSection={<Search size={14} strokeWidth={1.75} aria-hidden />}
        rightSection={<kbd>/</kbd>}
        value={search.q ?? ""}
        onChange={(event) => {
          const { q: _old, ...rest } = search;
          const q = event.currentTarget.value;
          onSearch(q === "" ? rest : { ...rest, q });
        }}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
        }}
      />
      {facetNames.map((facet) => (
        <FilterChip
          key={facet}
          label={t(facetWords[facet])}
          options={facetCounts(rows, facet).map(({ value, count }) => ({
            value,
            count,
            label: valueText(facet, value),
          }))}
          values={search[facet] ?? []}
          onChange={(values) => setFacet(facet, values)}
        />
      ))}
      <span className="grow" />
      <span className={classes["wideOnly"]}>
        <span className="small dim">{t("trafficWindow")}</span>
        <ViewSwitches />
      </span>
    </div>
  );
}

/** A filter's value in words. */
function useValueText(): (facet: ApiFacet, value: string) => string {
  const t = useMessages(listMessages);
  const words = useMessages(caseWords);
  return (facet, value) => {
    if (facet === "useCase") return value in caseWords.en ? words(value as keyof typeof caseWords.en) : value;
    if (facet === "protocol")
      return Object.entries(protocolNames).find(([name]) => name === value)?.[1] ?? value;
    if (facet === "auth") return value === "off" ? t("open") : t("keys");
    if (facet === "status" && (value === "enabled" || value === "degraded" || value === "disabled"))
      return t(value);
    return value;
  };
}

function ViewSwitches() {
  const t = useMessages(listMessages);
  const client = useQueryClient();
  const [view, setView] = useListView();
  return (
    <span className="row g4">
      <Popover position="bottom-end" withinPortal trapFocus>
        <Popover.Target>
          <Tooltip label={t("columns")}>
            <ActionIcon variant="subtle" size={30} aria-label={t("columns")}>
              <Columns3 size={16} strokeWidth={1.75} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown p={10}>
          <fieldset className="col g8" style={{ border: 0, padding: 0 }}>
            <legend className="sr-only">{t("columns")}</legend>
            {optionalColumns.map((column) => (
              <Checkbox
                key={column}
                label={t(column)}
                checked={!view.hidden.includes(column)}
                onChange={(event) => {
                  const others = view.hidden.filter((hidden) => hidden !== column);
                  setView({ ...view, hidden: event.currentTarget.checked ? others : [...others, column] });
                }}
              />
            ))}
          </fieldset>
        </Popover.Dropdown>
      </Popover>
      <Tooltip label={t("density")}>
        <ActionIcon
          variant="subtle"
          size={30}
          aria-label={t("density")}
          aria-pressed={view.dense}
          onClick={() => setView({ ...view, dense: !view.dense })}
        >
          <Rows3 size={16} strokeWidth={1.75} />
        </ActionIcon>
      </Tooltip>
      <Tooltip label={t("refresh")}>
        <ActionIcon
          variant="subtle"
          size={30}
          aria-label={t("refresh")}
          onClick={() =>
            void client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" })
          }
        >
          <RotateCw size={16} strokeWidth={1.75} />
        </ActionIcon>
      </Tooltip>
    </span>
  );
}
