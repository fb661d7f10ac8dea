// Which records of a block fit all filters of a query: dictionaries are looked at first, then the rows' codes and numbers.
// Knows no file.
import { compilePattern } from "../../lib/wildcard.ts";
import type { LogFilter, LogFlagField, LogNumberField } from "../log-answers.ts";
import { columnText, flagBits, textsOfEntry, type Block, type DictionaryField } from "./block-columns.ts";

/** Clears the rows that do not fit. @returns whether any row may be left */
type Sieve = (block: Block, fits: Uint8Array) => boolean;

export interface LogSieve {
  /** @returns a byte per row, 1 = fits; undefined when none does */
  of(block: Block): Uint8Array | undefined;
}

export interface Wanted {
  readonly filters: readonly LogFilter[];
  /** Start of the exchange; `toMs` not included; null = open. */
  readonly fromMs?: number | null;
  readonly toMs?: number | null;
  /** Only these exchanges. */
  readonly requestIds?: ReadonlySet<string>;
  /** Bits of `flagBits` of which a record must have one. */
  readonly needed?: number;
}

export function compileFilters({
  filters,
  fromMs,
  toMs,
  requestIds,
  needed = flagBits.listed,
}: Wanted): LogSieve {
  // Those first that look at dictionaries alone where nothing fits.
  const ordered = filters.toSorted((left, right) => costOf(left) - costOf(right));
  const sieves = [
    ...ordered.map(sieveOf),
    ...(requestIds === undefined ? [] : [idSetSieve(requestIds)]),
    timeSieve(fromMs ?? null, toMs ?? null),
    anyFlag(needed),
  ];
  return {
    of: (block) => {
      const fits = new Uint8Array(block.records).fill(1);
      return sieves.every((sieve) => sieve(block, fits)) ? fits : undefined;
    },
  };
}

function costOf({ kind, field }: LogFilter): number {
  if (kind === "flag") return 1;
  if (kind === "number") return 2;
  return isIdField(field) ? 3 : 0;
}

function sieveOf(filter: LogFilter): Sieve {
  switch (filter.kind) {
    case "flag":
      return flagSieve(flagBits[filter.field], filter.value);
    case "number":
      return numberSieve(filter.field, filter.ranges, filter.not);
    case "text":
      return isIdField(filter.field)
        ? idSieve(filter.field, filter.values, filter.not)
        : textSieve(filter.field, filter.values, filter.not);
  }
}

function isIdField(field: LogFilter["field"]): field is "requestId" | "traceId" {
  return field === "requestId" || field === "traceId";
}

/** Whether one of the patterns fits a text. */
function anyPattern(values: readonly string[]): (text: string) => boolean {
  const patterns = values.map(compilePattern);
  const exact = new Set(patterns.filter((pattern) => pattern.exact).map(({ source }) => source));
  const others = patterns.filter((pattern) => !pattern.exact);
  return (text) => exact.has(text) || others.some((pattern) => pattern.matches(text));
}

function textSieve(field: DictionaryField, values: readonly string[], not: boolean): Sieve {
  // Columns hold long texts cut.
  const fitsText = anyPattern(values.map(columnText));
  return (block, fits) => {
    const column = block.texts(field);
    const wanted = new Uint8Array(column.values.length);
    let some = 0;
    for (const [code, entry] of column.values.entries())
      if (textsOfEntry(entry).some(fitsText) !== not) {
        wanted[code] = 1;
        some += 1;
      }
    if (some === 0) return false;
    if (some === wanted.length) return true;
    const { codes } = column;
    for (let row = 0; row < fits.length; row += 1)
      fits[row] = (fits[row] ?? 0) & (wanted[codes[row] ?? 0] ?? 0);
    return true;
  };
}

function idSieve(field: "requestId" | "traceId", values: readonly string[], not: boolean): Sieve {
  const exact = values.every((value) => compilePattern(value).exact);
  const ids = new Set(values);
  const fitsText = anyPattern(values);
  return (block, fits) => {
    const column = block.ids(field);
    const found = new Uint8Array(fits.length);
    if (exact) for (const row of column.rowsOf(ids, fits.length)) found[row] = 1;
    else for (let row = 0; row < fits.length; row += 1) found[row] = fitsText(column.at(row)) ? 1 : 0;
    return keepWhere(fits, found, not ? 0 : 1);
  };
}

/** For content that was searched: the exchanges that hold it. */
function idSetSieve(ids: ReadonlySet<string>): Sieve {
  return (block, fits) => {
    const found = new Uint8Array(fits.length);
    for (const row of block.ids("requestId").rowsOf(ids, fits.length)) found[row] = 1;
    return keepWhere(fits, found, 1);
  };
}

function keepWhere(fits: Uint8Array, found: Uint8Array, wanted: 0 | 1): boolean {
  let some = 0;
  for (let row = 0; row < fits.length; row += 1) {
    if (found[row] !== wanted) fits[row] = 0;
    some |= fits[row] ?? 0;
  }
  return some !== 0;
}

type Ranges = readonly (readonly [from: number | null, to: number | null])[];

function numberSieve(field: LogNumberField, ranges: Ranges, not: boolean): Sieve {
  const bounds = ranges.map(([from, to]) => [from ?? -Infinity, to ?? Infinity] as const);
  return (block, fits) => {
    const { values, scale, none } = block.numbers(field);
    let some = 0;
    for (let row = 0; row < fits.length; row += 1) {
      if (fits[row] === 0) continue;
      const raw = values[row] ?? none;
      const within = raw !== none && isWithin(raw / scale, bounds);
      if (within === not) fits[row] = 0;
      else some = 1;
    }
    return some !== 0;
  };
}

/** What is no number is in no range. */
function isWithin(value: number, bounds: readonly (readonly [number, number])[]): boolean {
  for (const [from, to] of bounds) if (value >= from && value <= to) return true;
  return false;
}

function flagSieve(bit: (typeof flagBits)[LogFlagField], value: boolean): Sieve {
  const wanted = value ? bit : 0;
  return (block, fits) => {
    const flags = block.flags();
    let some = 0;
    for (let row = 0; row < fits.length; row += 1) {
      if (((flags[row] ?? 0) & bit) !== wanted) fits[row] = 0;
      some |= fits[row] ?? 0;
    }
    return some !== 0;
  };
}

function anyFlag(bits: number): Sieve {
  return (block, fits) => {
    const flags = block.flags();
    let some = 0;
    for (let row = 0; row < fits.length; row += 1) {
      if (((flags[row] ?? 0) & bits) === 0) fits[row] = 0;
      some |= fits[row] ?? 0;
    }
    return some !== 0;
  };
}

/** Rows outside of the span go. @param toMs not included */
function timeSieve(fromMs: number | null, toMs: number | null): Sieve {
  const from = fromMs ?? -Infinity;
  const to = toMs ?? Infinity;
  return (block, fits) => {
    if (block.minMs >= from && block.maxMs < to) return true;
    const times = block.times();
    let some = 0;
    for (let row = 0; row < fits.length; row += 1) {
      const time = times[row] ?? 0;
      if (time < from || time >= to) fits[row] = 0;
      some |= fits[row] ?? 0;
    }
    return some !== 0;
  };
}
