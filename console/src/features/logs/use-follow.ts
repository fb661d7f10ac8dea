// New exchanges as they come: a stream of server-sent events that is opened again when it breaks off. Draws nothing.
import { useEffect, useRef, useState } from "react";
import type { LogItem } from "../../../../src/control/routes/console-answers.ts";

export const mostFollowed = 2_000;
const drawEveryMs = 150;
const retryAfterMs = 2_000;

export interface Followed {
  /** Newest first. */
  readonly rows: readonly LogItem[];
  /** `waiting`: the stream is down and is being opened again. */
  readonly state: "off" | "live" | "waiting";
}

const nothing: Followed = { rows: [], state: "off" };

/**
 * @param address of the stream; null when nothing is followed
 * @param onReopen called when the stream is there again: what came between must be read otherwise
 */
export function useFollow(address: string | null, onReopen: () => void): Followed {
  const [followed, setFollowed] = useState<{ address: string | null; value: Followed }>({
    address: null,
    value: nothing,
  });
  const reopened = useRef(onReopen);
  useEffect(() => {
    reopened.current = onReopen;
  });
  useEffect(() => {
    if (address === null) return;
    let rows: readonly LogItem[] = [];
    let waiting: LogItem[] = [];
    let source: EventSource | undefined;
    let retry: ReturnType<typeof setTimeout> | undefined;
    let state: Followed["state"] = "waiting";
    let hasBroken = false;
    const show = (): void => setFollowed({ address, value: { rows, state } });
    const drawing = setInterval(() => {
      if (waiting.length === 0) return;
      rows = [...waiting.toReversed(), ...rows].slice(0, mostFollowed);
      waiting = [];
      show();
    }, drawEveryMs);
    const open = (again: boolean): void => {
      const stream = new EventSource(address);
      source = stream;
      stream.addEventListener("open", () => {
        state = "live";
        if (again || hasBroken) reopened.current();
        hasBroken = false;
        show();
      });
      stream.addEventListener("record", ({ data }: MessageEvent<string>) => {
        // The stream's events are records by the admin API's contract.
        waiting.push(JSON.parse(data) as LogItem);
        if (waiting.length > mostFollowed) waiting.shift();
      });
      stream.addEventListener("error", () => {
        state = "waiting";
        hasBroken = true;
        show();
        // The browser opens a stream that broke off again by itself, behind the last record; a refused one it gives up.
        if (stream.readyState === EventSource.CLOSED) retry = setTimeout(() => open(true), retryAfterMs);
      });
    };
    open(false);
    return () => {
      clearInterval(drawing);
      clearTimeout(retry);
      source?.close();
    };
  }, [address]);
  if (address === null) return nothing;
  return followed.address === address ? followed.value : { rows: [], state: "waiting" };
}
