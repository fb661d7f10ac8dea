// Search and filters over the list of services; the address holds them.
import type { PlainKey } from "../../i18n/messages.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { FilterChip, type FilterOption } from "../../ui/filter-chip.tsx";
import { ListSearch } from "../../ui/list-search.tsx";
import { protocolLabels } from "./protocol-labels.ts";
import { providerLabel } from "./provider-texts.ts";
import type { ServiceFacet, ServiceListSearch } from "./service-list-search.ts";
import { serviceMessages } from "./service-messages.ts";
import { facetCounts, type ServiceRow } from "./service-rows.ts";
import { standingMessages } from "./standing-messages.ts";
import { standingNames, standingWords } from "./service-standing.ts";

const facets: readonly { readonly facet: ServiceFacet; readonly text: PlainKey<typeof serviceMessages> }[] = [
  { facet: "provider", text: "provider" },
  { facet: "protocol", text: "protocol" },
  { facet: "status", text: "status" },
  { facet: "group", text: "group" },
];

export function ServiceFilters({
  rows,
  search,
  onChange,
}: {
  readonly rows: readonly ServiceRow[];
  readonly search: ServiceListSearch;
  readonly onChange: (change: Partial<ServiceListSearch>) => void;
}) {
  const t = useMessages(serviceMessages);
  const labelOf = useFacetLabel(rows);
  return (
    <div className="list-tools">
      <ListSearch label={t("search")} value={search.q ?? ""} onChange={(q) => onChange({ q })} />
      {facets.map(({ facet, text }) => {
        const options: FilterOption[] = [...facetCounts(rows, search, facet)].map(([value, count]) => ({
          value,
          label: labelOf(facet, value),
          count,
        }));
        return (
          <FilterChip
            key={facet}
            label={t(text)}
            options={options.toSorted((a, b) => a.label.localeCompare(b.label))}
            values={search[facet] ?? []}
            onChange={(values) => onChange({ [facet]: [...values] })}
          />
        );
      })}
    </div>
  );
}

function useFacetLabel(rows: readonly ServiceRow[]) {
  const t = useMessages(standingMessages);
  const { language } = useLanguage();
  return (facet: ServiceFacet, value: string): string => {
    if (facet === "provider") {
      const provider = rows.find((row) => row.service.provider === value)?.provider;
      return provider === undefined ? value : providerLabel(provider, language);
    }
    if (facet === "protocol")
      return Object.entries(protocolLabels).find(([id]) => id === value)?.[1] ?? value;
    const standing = standingNames.find((name) => name === value);
    return standing === undefined ? value : t(standingWords[standing]);
  };
}
