// Where a page of logs ends, as a text. Knows no store.

export interface LogCursor {
  /** Start of the last exchange of the page, milliseconds since 1970. */
  readonly startMs: number;
  readonly requestId: string;
}

export function writeLogCursor({ startMs, requestId }: LogCursor): string {
  return `${startMs} ${requestId}`;
}

/** @throws Error when the text is not one that `writeLogCursor` gave */
export function readLogCursor(text: string): LogCursor {
  const space = text.indexOf(" ");
  const startMs = Number(text.slice(0, space));
  const requestId = text.slice(space + 1);
  if (space > 0 && Number.isFinite(startMs) && requestId !== "") return { startMs, requestId };
  throw new Error("the cursor is not one that the list of logs gave");
}
