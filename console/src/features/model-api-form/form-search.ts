// What the addresses of the form hold: use case, original of a clone, open tab of the preview.
import { readCard } from "./policies/open-card-search.ts";

export const panes = ["way", "yaml", "curl", "explain"] as const;
export type Pane = (typeof panes)[number];

export interface EditSearch {
  /** Policy whose card is open. */
  card?: string;
  /** Open tab of the preview. */
  pane?: Pane;
}

export interface CreateSearch extends EditSearch {
  useCase?: string;
  /** Name of the Model API that is cloned. */
  from?: string;
}

export function readEditSearch(search: Record<string, unknown>): EditSearch {
  const pane = panes.find((name) => name === search["pane"]);
  return { ...readCard(search), ...(pane === undefined ? {} : { pane }) };
}

export function readCreateSearch(search: Record<string, unknown>): CreateSearch {
  return {
    ...readEditSearch(search),
    ...(typeof search["useCase"] === "string" ? { useCase: search["useCase"] } : {}),
    ...(typeof search["from"] === "string" ? { from: search["from"] } : {}),
  };
}
