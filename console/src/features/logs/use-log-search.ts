// Reads and changes the address of the log explorer.
import { getRouteApi } from "@tanstack/react-router";
import type { LogSearch } from "./log-search.ts";

const route = getRouteApi("/app/observe/logs");

export function useLogSearch(): LogSearch {
  return route.useSearch();
}

/** Changes the address; what leads to another list is a step for Back. */
export function useSearchChange(): (fields: LogSearch, replace?: boolean) => void {
  const navigate = route.useNavigate();
  return (fields, replace = false) =>
    void navigate({
      search: (before) => ({ ...before, ...fields }),
      replace,
      // Who replaces an entry leaves what it says of itself.
      state: (before) => (replace ? before : {}),
    });
}
