// The rows of the list of services: each service with what is known of it, and which of them the filters leave.
import type {
  Provider,
  ServiceStanding,
  StatusAnswer,
} from "../../../../src/control/routes/console-answers.ts";
import type { ModelApi, Service } from "../../api/resources.ts";
import type { ServiceProtocol } from "./protocol-labels.ts";
import { serviceFacets, type ServiceFacet, type ServiceListSearch } from "./service-list-search.ts";
import { standingOf } from "./service-standing.ts";
import { usageOfServices } from "./service-usage.ts";

export interface ServiceRow {
  readonly service: Service;
  readonly provider: Provider | undefined;
  readonly protocols: readonly ServiceProtocol[];
  /** As configured, else the catalogue's; empty for the simulator, which has none. */
  readonly baseUrl: string;
  readonly standing: ServiceStanding | undefined;
  readonly usedBy: readonly string[];
}

interface Known {
  readonly providers: readonly Provider[];
  readonly apis: readonly ModelApi[];
  readonly status: StatusAnswer | undefined;
}

export function serviceRows(
  services: readonly Service[],
  { providers, apis, status }: Known,
): readonly ServiceRow[] {
  const byId = new Map(providers.map((provider) => [provider.id, provider]));
  const usage = usageOfServices(apis);
  return services.map((service) => {
    const provider = byId.get(service.provider);
    return {
      service,
      provider,
      protocols: (service.protocols ?? provider?.endpoints ?? []).map(({ protocol }) => protocol),
      baseUrl: baseUrlOf(service, provider),
      standing: standingOf(service, status?.services),
      usedBy: usage.get(service.name) ?? [],
    };
  });
}

/** Where requests go, as one line: its own address, else the first of the catalogue with its region in it. */
export function baseUrlOf(
  service: Pick<Service, "baseUrl" | "protocols" | "region" | "project">,
  provider: Provider | undefined,
): string {
  const url = service.baseUrl ?? service.protocols?.[0]?.baseUrl ?? provider?.endpoints[0]?.baseUrl ?? "";
  if (url === "simulator:") return "";
  const placed = service.region === undefined ? url : url.replaceAll("{region}", service.region);
  return service.project === undefined ? placed : placed.replaceAll("{project}", service.project);
}

const valuesOf: Readonly<Record<ServiceFacet, (row: ServiceRow) => readonly string[]>> = {
  provider: (row) => [row.service.provider],
  protocol: (row) => row.protocols,
  group: (row) => [row.service.resourceGroup],
  status: (row) => (row.standing === undefined ? [] : [row.standing.standing]),
};

/** The rows that fit the search text and every facet. */
export function matchingRows(
  rows: readonly ServiceRow[],
  search: ServiceListSearch,
  except?: ServiceFacet,
): readonly ServiceRow[] {
  const words = (search.q ?? "").toLowerCase().split(/\s+/u).filter(Boolean);
  return rows.filter((row) => {
    const text = [
      row.service.name,
      row.service.description,
      row.provider?.label ?? row.service.provider,
      row.baseUrl,
      ...row.service.models.map((model) => model.name),
    ]
      .join("\n")
      .toLowerCase();
    if (!words.every((word) => text.includes(word))) return false;
    return serviceFacets.every((facet) => {
      const wanted = search[facet];
      if (wanted === undefined || facet === except) return true;
      return valuesOf[facet](row).some((value) => wanted.includes(value));
    });
  });
}

/** Value -> how many rows would be left with it, among what the other filters leave. */
export function facetCounts(
  rows: readonly ServiceRow[],
  search: ServiceListSearch,
  facet: ServiceFacet,
): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) for (const value of valuesOf[facet](row)) counts.set(value, 0);
  for (const row of matchingRows(rows, search, facet)) {
    for (const value of valuesOf[facet](row)) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}
