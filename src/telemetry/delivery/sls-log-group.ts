// Encodes a log group of Simple Log Service as protobuf. Knows the message, not what stands in it.
// Message: https://www.alibabacloud.com/help/en/sls/developer-reference/data-encoding-method

type Pair = readonly [key: string, value: string];

export interface SlsLog {
  readonly timeMs: number;
  readonly fields: readonly Pair[];
}

export interface SlsLogGroup {
  readonly logs: readonly SlsLog[];
  readonly topic: string;
  readonly source: string;
  readonly tags: readonly Pair[];
}

/** Field numbers, by message. */
const numbers = {
  group: { logs: 1, topic: 3, source: 4, tags: 6 },
  log: { time: 1, contents: 2, timeNs: 4 },
  pair: { key: 1, value: 2 },
} as const;

const varint = 0;
const delimited = 2;
const fixed32 = 5;

/** Every field number here is small: its head is one byte. */
const headLength = 1;

export function encodeLogGroup({ logs, topic, source, tags }: SlsLogGroup): Buffer {
  const { group } = numbers;
  const measured = logs.map((log) => ({ log, length: logLength(log) }));
  const length =
    measured.reduce((sum, one) => sum + nestedLength(one.length), 0) +
    textLength(topic) +
    textLength(source) +
    tags.reduce((sum, tag) => sum + nestedLength(pairLength(tag)), 0);
  const writer = new Writer(length);
  for (const one of measured) {
    writer.head(group.logs, delimited);
    writer.number(one.length);
    writeLog(writer, one.log);
  }
  writer.text(group.topic, topic);
  writer.text(group.source, source);
  for (const tag of tags) writePair(writer, group.tags, tag);
  return writer.bytes;
}

function writeLog(writer: Writer, { timeMs, fields }: SlsLog): void {
  const { log } = numbers;
  writer.head(log.time, varint);
  writer.number(Math.floor(timeMs / 1000));
  for (const field of fields) writePair(writer, log.contents, field);
  writer.head(log.timeNs, fixed32);
  writer.little32(Math.round((timeMs % 1000) * 1e6));
}

function writePair(writer: Writer, field: number, pair: Pair): void {
  writer.head(field, delimited);
  writer.number(pairLength(pair));
  writer.text(numbers.pair.key, pair[0]);
  writer.text(numbers.pair.value, pair[1]);
}

function logLength({ timeMs, fields }: SlsLog): number {
  const time = headLength + numberLength(Math.floor(timeMs / 1000));
  const timeNs = headLength + 4;
  return fields.reduce((sum, field) => sum + nestedLength(pairLength(field)), time + timeNs);
}

function pairLength([key, value]: Pair): number {
  return textLength(key) + textLength(value);
}

function textLength(text: string): number {
  return nestedLength(Buffer.byteLength(text));
}

function nestedLength(length: number): number {
  return headLength + numberLength(length) + length;
}

/** Seven bits a byte. */
function numberLength(value: number): number {
  let length = 1;
  for (let left = value; left > 127; left = Math.floor(left / 128)) length += 1;
  return length;
}

class Writer {
  readonly bytes: Buffer;
  #at = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafe(length);
  }

  head(field: number, wireType: number): void {
    this.#at = this.bytes.writeUInt8((field << 3) | wireType, this.#at);
  }

  /** The lowest seven bits first. */
  number(value: number): void {
    let left = value;
    for (; left > 127; left = Math.floor(left / 128))
      this.#at = this.bytes.writeUInt8((left % 128) | 128, this.#at);
    this.#at = this.bytes.writeUInt8(left, this.#at);
  }

  text(field: number, value: string): void {
    this.head(field, delimited);
    this.number(Buffer.byteLength(value));
    this.#at += this.bytes.write(value, this.#at, "utf8");
  }

  little32(value: number): void {
    this.#at = this.bytes.writeUInt32LE(value, this.#at);
  }
}
