// The header `traceparent`: what is taken, what is as if there were none, and which traces are kept.
import { describe, expect, test } from "vitest";
import { isKept, newSpanId, readTraceParent, writeTraceParent } from "./trace-context.ts";

const trace = "0af7651916cd43dd8448eb211c80319c";
const span = "b7ad6b7169203331";

describe("reading", () => {
  test.each([
    ["sampled", `00-${trace}-${span}-01`, true],
    ["not sampled", `00-${trace}-${span}-00`, false],
    ["with flags that are not known", `00-${trace}-${span}-fe`, false],
    ["with all flags", `00-${trace}-${span}-ff`, true],
    ["of a later version", `01-${trace}-${span}-01`, true],
    ["of a later version that says more", `cc-${trace}-${span}-01-what-the-future-holds`, true],
  ])("%s", (_, header, sampled) => {
    expect(readTraceParent(header)).toEqual({ traceId: trace, spanId: span, sampled });
  });

  test.each([
    ["none", ""],
    ["of version ff", `ff-${trace}-${span}-01`],
    ["that says more than its version knows", `00-${trace}-${span}-01-more`],
    ["a later version without a separator", `01-${trace}-${span}-01more`],
    ["a trace of zeros", `00-${"0".repeat(32)}-${span}-01`],
    ["a span of zeros", `00-${trace}-${"0".repeat(16)}-01`],
    ["capital letters", `00-${trace.toUpperCase()}-${span}-01`],
    ["a letter that is no digit", `00-${trace.replace("0", "g")}-${span}-01`],
    ["a trace that is too short", `00-${trace.slice(1)}-${span}-01`],
    ["a span that is too long", `00-${trace}-${span}0-01`],
    ["without flags", `00-${trace}-${span}`],
    ["with flags of one digit", `00-${trace}-${span}-1`],
    ["with a space", ` 00-${trace}-${span}-01`],
    ["sent twice", `00-${trace}-${span}-01, 00-${trace}-${span}-01`],
    ["of a later version, sent twice", `01-${trace}-${span}-01, 01-${trace}-${span}-01`],
  ])("is as if there were none: %s", (_, header) => {
    expect(readTraceParent(header)).toBeUndefined();
  });
});

test.each([true, false])("what is written can be read, sampled: %s", (sampled) => {
  const context = { traceId: trace, spanId: newSpanId(), sampled };
  expect(readTraceParent(writeTraceParent(context))).toEqual(context);
});

test("span ids are 16 hex digits and differ", () => {
  const ids = Array.from({ length: 2_000 }, newSpanId);
  expect(ids.every((id) => /^[0-9a-f]{16}$/.test(id))).toBe(true);
  expect(new Set(ids).size).toBe(ids.length);
});

describe("which traces are kept", () => {
  const ids = Array.from({ length: 4_000 }, () => newSpanId() + newSpanId());

  test.each([
    ["all", 1, 4_000],
    ["none", 0, 0],
  ])("%s", (_, ratio, expected) => {
    expect(ids.filter((id) => isKept(id, ratio))).toHaveLength(expected);
  });

  test("about as many as asked for, and always the same", () => {
    const kept = ids.filter((id) => isKept(id, 0.25));
    // Six standard deviations to each side.
    expect(kept.length).toBeGreaterThan(836);
    expect(kept.length).toBeLessThan(1_164);
    expect(ids.filter((id) => isKept(id, 0.25))).toEqual(kept);
    expect(kept.every((id) => isKept(id, 0.5))).toBe(true);
  });
});
