// What the address of the debug panel holds: everything but the texts, so that a link shows the same settings.

const openNames = ["runs", "series", "presets", "share"] as const;
export type OpenTool = (typeof openNames)[number];

export interface DebugSearch {
  /** Open tab at the right. */
  tab?: string;
  /** Settings of the run, as the panel writes them. */
  run?: string;
  /** Request id of an exchange to take over. */
  replay?: string;
  /** Past run that is shown, kept in this browser. */
  past?: string;
  /** Drawer or dialog that is open. */
  open?: OpenTool;
}

export function readDebugSearch(search: Record<string, unknown>): DebugSearch {
  const read: DebugSearch = {};
  if (typeof search["tab"] === "string") read.tab = search["tab"];
  if (typeof search["run"] === "string") read.run = search["run"];
  if (typeof search["replay"] === "string") read.replay = search["replay"];
  if (typeof search["past"] === "string") read.past = search["past"];
  const open = openNames.find((name) => name === search["open"]);
  if (open !== undefined) read.open = open;
  return read;
}
