// Takes a stream of server-sent events apart as it comes, keeping the exact text of each. Knows no protocol.

/** One event, or a block of comments, as it stood on the wire. */
export interface SseEvent {
  /** Empty where the block names none. */
  readonly event: string;
  /** Lines of `data`, joined by line ends; undefined for a block without any, such as a comment. */
  readonly data: string | undefined;
  /** The block with its line ends. */
  readonly raw: string;
}

export interface SseDecoder {
  /** Events that are complete with this text. */
  push(text: string): SseEvent[];
  /** What stood at the end without an empty line after it. */
  end(): SseEvent[];
}

/** Line ends may be CR LF, LF or CR, mixed; a byte order mark at the start is no part of the first line. */
export function createSseDecoder(): SseDecoder {
  let buffer = "";
  let blockStart = 0;
  let lineStart = 0;
  let event = "";
  let data: string[] | undefined;
  let begun = false;

  const readLine = (line: string): void => {
    if (line.startsWith(":")) return;
    const colon = line.indexOf(":");
    const field = colon === -1 ? line : line.slice(0, colon);
    const value = colon === -1 ? "" : line.slice(colon + 1).replace(/^ /u, "");
    if (field === "data") (data ??= []).push(value);
    else if (field === "event") event = value;
  };

  const closeBlock = (end: number): SseEvent[] => {
    const raw = buffer.slice(blockStart, end);
    const closed = { event, data: data?.join("\n"), raw };
    blockStart = end;
    event = "";
    data = undefined;
    return raw.trim() === "" ? [] : [closed];
  };

  const read = (atEnd: boolean): SseEvent[] => {
    const events: SseEvent[] = [];
    for (;;) {
      const end = lineEnd(buffer, lineStart, atEnd);
      if (end === undefined) break;
      const line = buffer.slice(lineStart, end.at);
      lineStart = end.next;
      if (line === "") events.push(...closeBlock(end.next));
      else readLine(line);
    }
    if (atEnd && lineStart < buffer.length) {
      readLine(buffer.slice(lineStart));
      lineStart = buffer.length;
    }
    if (atEnd) events.push(...closeBlock(buffer.length));
    buffer = buffer.slice(blockStart);
    lineStart -= blockStart;
    blockStart = 0;
    return events;
  };

  return {
    push(text) {
      buffer += begun ? text : text.replace(/^\u{FEFF}/u, "");
      begun ||= text !== "";
      return read(false);
    },
    end: () => read(true),
  };
}

/** Where a line ends and the next begins; undefined while that cannot be known. */
function lineEnd(
  text: string,
  from: number,
  atEnd: boolean,
): { readonly at: number; readonly next: number } | undefined {
  for (let at = from; at < text.length; at += 1) {
    const code = text.codePointAt(at);
    if (code === 10) return { at, next: at + 1 };
    if (code !== 13) continue;
    // The LF of a CR LF may come with the next piece.
    if (at + 1 === text.length && !atEnd) return undefined;
    return { at, next: text.codePointAt(at + 1) === 10 ? at + 2 : at + 1 };
  }
  return undefined;
}
