// A block that is being filled: columns and lines of the records that came last, in memory. Knows no file.
import type { ExchangeRecord } from "../../core/exchange-record.ts";
import type { LogNumberField } from "../log-answers.ts";
import {
  columnText,
  flagsOf,
  numberColumns,
  textColumns,
  type Block,
  type ColumnName,
  type DictionaryField,
  type IdField,
} from "./block-columns.ts";
import {
  bytesOf,
  packNumbers,
  packTexts,
  type ColumnBytes,
  type NumberColumn,
  type TextColumn,
} from "./column-bytes.ts";
import { GrowingIds, type IdColumn } from "./id-column.ts";

export const blockRecords = 4_096;

export class BlockBuilder {
  /** Its number in the partition, and that of its first record. */
  readonly id: number;
  readonly first: number;
  /** The records as `lineOf` of record-lines.ts writes them. */
  readonly lines: string[] = [];
  minMs = Infinity;
  maxMs = -Infinity;
  /** Records that stand in the file. */
  committed = 0;
  readonly #times = new Float64Array(blockRecords);
  readonly #flags = new Uint8Array(blockRecords);
  readonly #requestIds = new GrowingIds("uuid", blockRecords);
  readonly #traceIds = new GrowingIds("hex", blockRecords);
  readonly #texts: readonly GrowingTexts[];
  readonly #numbers: readonly GrowingNumbers[];

  constructor(id: number, first: number) {
    this.id = id;
    this.first = first;
    this.#texts = entriesOf(textColumns).map(([field, textOf]) => new GrowingTexts(field, textOf));
    this.#numbers = entriesOf(numberColumns).map(([field, numberOf]) => ({
      field,
      numberOf,
      values: new Float64Array(blockRecords),
    }));
  }

  get records(): number {
    return this.lines.length;
  }

  get isFull(): boolean {
    return this.lines.length >= blockRecords;
  }

  /** @param startMs of the exchange, milliseconds since 1970 */
  add(record: ExchangeRecord, line: string, startMs: number, recorded: boolean): void {
    const row = this.lines.length;
    this.#times[row] = startMs;
    this.#flags[row] = flagsOf(record, recorded);
    this.#requestIds.push(record.requestId);
    this.#traceIds.push(record.traceId);
    for (const column of this.#texts) column.set(row, record);
    for (const { numberOf, values } of this.#numbers) values[row] = numberOf(record) ?? Number.NaN;
    if (startMs < this.minMs) this.minMs = startMs;
    if (startMs > this.maxMs) this.maxMs = startMs;
    this.lines.push(line);
  }

  /** As it is now; records that are added later do not show in it. */
  view(): Block {
    const { first, records, minMs, maxMs } = this;
    return {
      first,
      records,
      minMs,
      maxMs,
      texts: (field) => this.#textsOf(field),
      numbers: (field) => this.#numbersOf(field),
      ids: (field) => this.#idsOf(field),
      times: () => this.#times,
      flags: () => this.#flags,
    };
  }

  #textsOf(field: DictionaryField): TextColumn {
    return this.#texts.find((column) => column.field === field) ?? noColumn(field);
  }

  #numbersOf(field: LogNumberField): NumberColumn {
    const { values } = this.#numbers.find((column) => column.field === field) ?? noColumn(field);
    return { values, scale: 1, none: Number.NaN };
  }

  #idsOf(field: IdField): IdColumn {
    return (field === "requestId" ? this.#requestIds : this.#traceIds).column;
  }

  /** Every column as it goes to the file. */
  pack(): (readonly [ColumnName, ColumnBytes])[] {
    const { records } = this;
    return [
      ["times", { kind: "f64", dictionary: null, bytes: bytesOf(this.#times.subarray(0, records)) }],
      ["flags", { kind: "u8", dictionary: null, bytes: bytesOf(this.#flags.subarray(0, records)) }],
      ["requestId", this.#requestIds.pack()],
      ["traceId", this.#traceIds.pack()],
      ...this.#texts.map(
        ({ field, values, codes }) => [field, packTexts(values, codes.subarray(0, records))] as const,
      ),
      ...this.#numbers.map(({ field, values }) => [field, packNumbers(values.subarray(0, records))] as const),
    ];
  }
}

interface GrowingNumbers {
  readonly field: LogNumberField;
  readonly numberOf: (typeof numberColumns)[LogNumberField];
  readonly values: Float64Array;
}

class GrowingTexts {
  readonly field: DictionaryField;
  readonly values: string[] = [];
  readonly codes = new Uint16Array(blockRecords);
  readonly #textOf: (record: ExchangeRecord) => string;
  readonly #codeOf = new Map<string, number>();
  /** Records that follow each other are often alike. */
  #lastText: string | undefined;
  #lastCode = 0;

  constructor(field: DictionaryField, textOf: (record: ExchangeRecord) => string) {
    this.field = field;
    this.#textOf = textOf;
  }

  set(row: number, record: ExchangeRecord): void {
    const text = this.#textOf(record);
    if (text !== this.#lastText) {
      this.#lastText = text;
      this.#lastCode = this.#codeFor(text);
    }
    this.codes[row] = this.#lastCode;
  }

  #codeFor(text: string): number {
    const known = this.#codeOf.get(text);
    if (known !== undefined) return known;
    const code = this.values.length;
    this.values.push(columnText(text));
    this.#codeOf.set(text, code);
    return code;
  }
}

/** The tables' own keys, as `Object.entries` does not tell them. */
function entriesOf<Name extends string, Value>(
  table: Readonly<Record<Name, Value>>,
): (readonly [Name, Value])[] {
  return Object.entries<Value>(table).map(([name, value]) => [name as Name, value]);
}

function noColumn(name: string): never {
  throw new Error(`a block has no column ${name}`);
}
