// What stands in the address of a section of the settings: the open dialog, two revisions, filters. Pure.

export interface SettingsSearch {
  /** Revisions that are compared. */
  readonly from?: number;
  readonly to?: number;
  /** The dialog that makes something, or the name of what is edited. */
  readonly add?: string;
  readonly edit?: string;
  readonly q?: string;
  /** Filters of the audit log. */
  readonly actor?: readonly string[];
  readonly action?: readonly string[];
  readonly result?: readonly string[];
  readonly kind?: string;
  readonly name?: string;
  readonly range?: string;
  /** Number of the entry that is open. */
  readonly entry?: number;
}

const texts = ["add", "edit", "q", "kind", "name", "range"] as const;
const numbers = ["from", "to", "entry"] as const;
const lists = ["actor", "action", "result"] as const;

export function readSettingsSearch(search: Readonly<Record<string, unknown>>): SettingsSearch {
  const read: Record<string, unknown> = {};
  for (const key of texts) {
    // A name of digits comes as a number.
    const value = typeof search[key] === "number" ? String(search[key]) : search[key];
    if (typeof value === "string" && value !== "") read[key] = value;
  }
  for (const key of numbers) if (typeof search[key] === "number") read[key] = search[key];
  for (const key of lists) {
    const value = search[key];
    const list = Array.isArray(value) ? value.filter((each) => typeof each === "string") : [];
    if (list.length > 0) read[key] = list;
  }
  return read;
}
