// Frames are counted alike wherever the bytes are cut.

import { expect, test } from "vitest";

import { FrameCounter } from "./frame-counter.ts";

const TEXT = "data: a\n\ndata: b\ndata: c\n\ndata: [DONE]\n\n";

function count(pieces: readonly string[]): [number, boolean] {
  const counter = new FrameCounter();
  for (const piece of pieces) {
    // Framing around the body lies in the same buffer and must not be counted.
    const bytes = Buffer.from(`\n\n${piece}\n\n`);
    counter.add(bytes, 2, bytes.length - 2);
  }
  return [counter.frames, counter.closed];
}

test("frames are counted at every cut", () => {
  for (let cut = 1; cut < TEXT.length; cut++) {
    expect(count([TEXT.slice(0, cut), TEXT.slice(cut)]), `cut at ${cut}`).toEqual([3, true]);
  }
});

test("frames are counted byte by byte", () => {
  expect(count(TEXT.split(""))).toEqual([3, true]);
});

test("bytes after the last frame leave it open", () => {
  expect(count([`${TEXT}data: x\n`])).toEqual([3, false]);
});

test("a reset counter forgets a pending line end", () => {
  const counter = new FrameCounter();
  counter.add(Buffer.from("data: a\n"), 0, 8);
  counter.reset();
  counter.add(Buffer.from("\n"), 0, 1);
  expect(counter.frames).toBe(0);
});
