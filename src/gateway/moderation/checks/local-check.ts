// What the checks that look for themselves have in common: which readings of a text they look at, and finds in order.
import type { CommonCheck, Dimension, SnapshotCheck } from "../../../snapshot/snapshot-moderation.ts";
import type { Reading, Readings } from "../../../lib/text-folding/readings.ts";
import type { Span } from "../../../lib/text-folding/text-view.ts";
import { openRun } from "./open-end.ts";
import type { Find, ModerationCheck, Risk } from "../check.ts";

/** Told at most; the last one then stretches to where the last of all ends. */
export const maxFinds = 1_000;

export interface FindKind {
  readonly dimension: Dimension;
  readonly risk: Risk;
  readonly label: string;
}

/** What is found of one text: by kind, places in the text as it was sent. */
export interface Found extends Span {
  readonly kind: FindKind;
}

/** One that needs nothing but the text. */
export interface LocalFinder {
  readonly reach: number;
  find(reading: Reading): readonly Found[];
  /**
   * Where in the text as it was sent something begins that may go on; Infinity: nowhere. Absent: anywhere within reach of
   * its end.
   */
  openFrom?(reading: Reading): number;
}

type LocalConfig = Extract<SnapshotCheck, { type: "keywords" | "regex" | "personal-data" | "prompt-attack" }>;

export function localCheck(config: LocalConfig, finder: LocalFinder, readings: Readings): ModerationCheck {
  const { name, on } = config;
  const { reach } = finder;
  const openFrom = finder.openFrom?.bind(finder);
  return {
    name,
    on,
    action: "action" in config ? config.action : "block",
    reach,
    remote: false,
    ...(openFrom === undefined
      ? {}
      : { open: (text: string) => openAtEnd(text, reach, readings.of(text), openFrom) }),
    text: (text) => {
      const found: Found[] = [];
      for (const reading of readings.of(text)) found.push(...finder.find(reading));
      return found.length === 0 ? none : merged(found);
    },
  };
}

const none: readonly Find[] = [];

function openAtEnd(
  text: string,
  reach: number,
  readings: readonly Reading[],
  openFrom: (reading: Reading) => number,
): number {
  const tail = Math.max(0, text.length - reach);
  let begin = tail + openRun(text.slice(tail));
  // What is begun in an encoded run may go on in plain letters.
  for (const reading of readings) begin = Math.min(begin, openFrom(reading));
  return Math.min(reach, text.length - begin);
}

export function kindOfFind(
  config: Pick<CommonCheck, "dimension" | "risk">,
  dimension: Dimension,
  label: string,
  risk: Risk = "high",
): FindKind {
  return { dimension: config.dimension ?? dimension, risk: config.risk ?? risk, label };
}

/** In order of their beginnings; finds of one kind that overlap are one. */
export function merged(found: readonly Found[]): Find[] {
  const finds: { kind: FindKind; start: number; end: number }[] = [];
  const open = new Map<string, { kind: FindKind; start: number; end: number }>();
  for (const { kind, start, end } of found.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    const last = open.get(kind.label);
    if (last !== undefined && start < last.end) last.end = Math.max(last.end, end);
    else if (finds.length < maxFinds) {
      const find = { kind, start, end };
      open.set(kind.label, find);
      finds.push(find);
    } else {
      const final = finds.at(-1);
      if (final !== undefined) final.end = Math.max(final.end, end);
    }
  }
  return finds.map(({ kind, start, end }) => ({ ...kind, start, end }));
}
