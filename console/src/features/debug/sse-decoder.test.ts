// The decoder must not care where the network cuts: every stream is read whole and cut at every place.
import { describe, expect, it } from "vitest";
import { createSseDecoder, type SseEvent } from "./sse-decoder.ts";

function read(pieces: readonly string[]): SseEvent[] {
  const decoder = createSseDecoder();
  return [...pieces.flatMap((piece) => decoder.push(piece)), ...decoder.end()];
}

const streams: Readonly<
  Record<string, { text: string; events: [event: string, data: string | undefined][] }>
> = {
  "LF lines": {
    text: "data: a\n\ndata: b\n\n",
    events: [
      ["", "a"],
      ["", "b"],
    ],
  },
  "CR LF lines": {
    text: "event: x\r\ndata: a\r\n\r\ndata: b\r\n\r\n",
    events: [
      ["x", "a"],
      ["", "b"],
    ],
  },
  "CR lines": {
    text: "data: a\r\rdata: b\r\r",
    events: [
      ["", "a"],
      ["", "b"],
    ],
  },
  "several data lines": { text: "data: a\ndata:b\ndata\n\n", events: [["", "a\nb\n"]] },
  "a byte order mark": { text: "\u{FEFF}data: a\n\n", events: [["", "a"]] },
  comments: {
    text: ": ping\n\ndata: a\n: inside\n\n",
    events: [
      ["", undefined],
      ["", "a"],
    ],
  },
  "an end without an empty line": {
    text: "data: a\n\ndata: b",
    events: [
      ["", "a"],
      ["", "b"],
    ],
  },
  "empty lines between": { text: "\n\n\ndata: a\n\n\n\n", events: [["", "a"]] },
};

describe("an event stream", () => {
  it.each(Object.entries(streams))(
    "with %s gives its events wherever it is cut",
    (_name, { text, events }) => {
      const shape = (list: readonly SseEvent[]) => list.map(({ event, data }) => [event, data]);
      expect(shape(read([text]))).toEqual(events);
      for (let cut = 0; cut <= text.length; cut += 1) {
        expect(shape(read([text.slice(0, cut), text.slice(cut)]))).toEqual(events);
      }
      expect(shape(read(Array.from(text)))).toEqual(events);
    },
  );

  it("is kept as it stood, so that it can be saved", () => {
    const { text } = streams["comments"] ?? { text: "" };
    expect(
      read(Array.from(text))
        .map(({ raw }) => raw)
        .join(""),
    ).toBe(text);
  });
});
