// Encodes a log group of Simple Log Service as protobuf. Knows the message, not what stands in it.
// Message: https://www.alibabacloud.com/help/en/sls/developer-reference/data-encoding-method

export interface SlsLog {
  readonly timeMs: number;
  readonly fields: readonly (readonly [key: string, value: string])[];
}

export interface SlsLogGroup {
  readonly logs: readonly SlsLog[];
  readonly topic: string;
  readonly source: string;
  readonly tags: readonly (readonly [key: string, value: string])[];
}

/** Field numbers, by message. */
export const slsFieldNumbers = {
  group: { logs: 1, topic: 3, source: 4, tags: 6 },
  log: { time: 1, contents: 2, timeNs: 4 },
  pair: { key: 1, value: 2 },
} as const;

const varint = 0;
const delimited = 2;
const fixed32 = 5;

export function encodeLogGroup({ logs, topic, source, tags }: SlsLogGroup): Buffer {
  const { group, log, pair } = slsFieldNumbers;
  const pairOf = ([key, value]: readonly [string, string]): Buffer =>
    Buffer.concat([text(pair.key, key), text(pair.value, value)]);
  const logOf = ({ timeMs, fields }: SlsLog): Buffer =>
    Buffer.concat([
      head(log.time, varint),
      number(Math.floor(timeMs / 1000)),
      ...fields.map((field) => message(log.contents, pairOf(field))),
      head(log.timeNs, fixed32),
      little32(Math.round((timeMs - Math.floor(timeMs / 1000) * 1000) * 1e6)),
    ]);
  return Buffer.concat([
    ...logs.map((entry) => message(group.logs, logOf(entry))),
    text(group.topic, topic),
    text(group.source, source),
    ...tags.map((tag) => message(group.tags, pairOf(tag))),
  ]);
}

function head(field: number, wireType: number): Buffer {
  return number((field << 3) | wireType);
}

function text(field: number, value: string): Buffer {
  return message(field, Buffer.from(value, "utf8"));
}

function message(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([head(field, delimited), number(bytes.length), bytes]);
}

/** Seven bits a byte, the lowest first. */
function number(value: number): Buffer {
  const bytes: number[] = [];
  let left = value;
  while (left > 127) {
    bytes.push((left % 128) | 128);
    left = Math.floor(left / 128);
  }
  bytes.push(left);
  return Buffer.from(bytes);
}

function little32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
