// What the address of the debug panel holds: everything but the texts, so that a link shows the same settings.

export interface DebugSearch {
  /** Open tab at the right. */
  tab?: string;
  /** Settings of the run, as the panel writes them. */
  run?: string;
  /** Request id of an exchange to take over. */
  replay?: string;
}

export function readDebugSearch(search: Record<string, unknown>): DebugSearch {
  const read: DebugSearch = {};
  if (typeof search["tab"] === "string") read.tab = search["tab"];
  if (typeof search["run"] === "string") read.run = search["run"];
  if (typeof search["replay"] === "string") read.replay = search["replay"];
  return read;
}
