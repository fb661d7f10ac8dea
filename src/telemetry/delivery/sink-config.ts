// What the delivery knows of a sink: the values of its resource, secrets opened. Types only.

export interface OtlpSink {
  readonly name: string;
  readonly type: "otlp";
  readonly endpoint: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signals: readonly OtlpSignal[];
  readonly flushIntervalMs: number;
  readonly includeContent: boolean;
}

export type OtlpSignal = "logs" | "metrics" | "traces";

export interface SlsSink {
  readonly name: string;
  readonly type: "sls";
  readonly endpoint: string;
  readonly project: string;
  readonly logstore: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: string;
  /** Null: requests are signed in version 1. */
  readonly signedForRegion: string | null;
  readonly fieldNames: "moongate" | "original";
  readonly flushIntervalMs: number;
  readonly includeContent: boolean;
}

export interface WebhookSink {
  readonly name: string;
  readonly type: "webhook";
  readonly url: string;
  readonly secret: string | null;
  readonly flushIntervalMs: number;
  readonly includeContent: boolean;
}

export interface FileSink {
  readonly name: string;
  readonly type: "file";
  /** Below the data folder; checked by the schema of sinks. */
  readonly path: string;
  readonly maxBytes: number;
  readonly keep: number;
  readonly flushIntervalMs: number;
  readonly includeContent: boolean;
}

export type Sink = OtlpSink | SlsSink | WebhookSink | FileSink;

/** Who delivers. */
export interface Sender {
  readonly version: string;
  readonly instance: string;
  readonly region: string;
  /** Of this process, among those of one instance. */
  readonly node: string;
}
