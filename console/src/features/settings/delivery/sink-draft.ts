// A sink while it is edited: every field as the form holds it, what is wrong with it, and the body that is sent. Pure.
import { isObjectName } from "../../../api/object-name.ts";
import type { Sink } from "../../../api/resources.ts";

export const sinkTypes = ["otlp", "sls", "webhook", "file"] as const;
export type SinkType = (typeof sinkTypes)[number];
export const signals = ["logs", "metrics", "traces"] as const;
export type Signal = (typeof signals)[number];

/** `typed` null: the stored one stays. */
export interface SecretDraft {
  readonly stored: unknown;
  readonly typed: string | null;
}

export interface HeaderDraft {
  readonly id: string;
  readonly name: string;
  readonly value: SecretDraft;
}

export interface SinkDraft {
  readonly type: SinkType;
  readonly name: string;
  /** Of a collector, a region, or a webhook. */
  readonly address: string;
  readonly headers: readonly HeaderDraft[];
  readonly signals: readonly Signal[];
  readonly project: string;
  readonly logstore: string;
  readonly accessKeyId: string;
  readonly accessKeySecret: SecretDraft;
  readonly region: string;
  readonly signatureVersion: "auto" | "v1" | "v4";
  readonly fieldNames: "moongate" | "original";
  readonly secret: SecretDraft;
  readonly path: string;
  readonly maxMib: number | "";
  readonly keep: number | "";
  readonly flushIntervalMs: number | "";
  readonly includeContent: boolean;
}

const mebibyte = 1024 * 1024;
const empty: SecretDraft = { stored: undefined, typed: "" };

export function newSink(type: SinkType, name: string): SinkDraft {
  return {
    type,
    name,
    address: "",
    headers: [],
    signals,
    project: "",
    logstore: "",
    accessKeyId: "",
    accessKeySecret: empty,
    region: "",
    signatureVersion: "auto",
    fieldNames: "moongate",
    secret: empty,
    path: type === "file" ? `exchanges/${name}.jsonl` : "",
    maxMib: 100,
    keep: 5,
    flushIntervalMs: type === "file" ? 1_000 : 5_000,
    includeContent: false,
  };
}

export function draftOf(sink: Sink): SinkDraft {
  const { name, type, flushIntervalMs, includeContent } = sink;
  const base = { ...newSink(type, name), flushIntervalMs, includeContent };
  switch (type) {
    case "otlp":
      return {
        ...base,
        address: sink.endpoint,
        signals: sink.signals,
        headers: Object.entries(sink.headers).map(([header, value]) => ({
          id: `stored ${header}`,
          name: header,
          value: kept(value),
        })),
      };
    case "sls":
      return {
        ...base,
        address: sink.endpoint,
        project: sink.project,
        logstore: sink.logstore,
        accessKeyId: sink.accessKeyId,
        accessKeySecret: kept(sink.accessKeySecret),
        region: sink.region ?? "",
        signatureVersion: sink.signatureVersion ?? "auto",
        fieldNames: sink.fieldNames,
      };
    case "webhook":
      return { ...base, address: sink.url, secret: sink.secret === undefined ? empty : kept(sink.secret) };
    case "file":
      return { ...base, path: sink.path, maxMib: sink.maxBytes / mebibyte, keep: sink.keep };
  }
}

function kept(stored: unknown): SecretDraft {
  return { stored, typed: null };
}

/** What the admin API takes. */
export function sinkBody(draft: SinkDraft): Record<string, unknown> {
  const { type, address, region, signatureVersion, includeContent, flushIntervalMs } = draft;
  const common = { name: draft.name, type, flushIntervalMs, includeContent };
  switch (type) {
    case "otlp":
      return {
        ...common,
        endpoint: address.trim(),
        signals: draft.signals,
        headers: Object.fromEntries(draft.headers.map(({ name, value }) => [name.trim(), secretBody(value)])),
      };
    case "sls":
      return {
        ...common,
        endpoint: address.trim(),
        project: draft.project.trim(),
        logstore: draft.logstore.trim(),
        accessKeyId: draft.accessKeyId.trim(),
        accessKeySecret: secretBody(draft.accessKeySecret),
        ...(region.trim() === "" ? {} : { region: region.trim() }),
        ...(signatureVersion === "auto" ? {} : { signatureVersion }),
        fieldNames: draft.fieldNames,
      };
    case "webhook":
      return {
        ...common,
        url: address.trim(),
        ...(draft.secret.typed === "" ? {} : { secret: secretBody(draft.secret) }),
      };
    case "file":
      return {
        ...common,
        path: draft.path.trim(),
        maxBytes: Math.round(Number(draft.maxMib) * mebibyte),
        keep: draft.keep,
      };
  }
}

function secretBody({ stored, typed }: SecretDraft): unknown {
  return typed ?? stored;
}

export type SinkFault = "required" | "urlBad" | "nameBad" | "nameTaken" | "signalsNone" | "numberBad";
export type SinkField = keyof SinkDraft | `headers.${number}`;

export const numberLimits = {
  maxMib: [1, 16_384],
  keep: [0, 100],
  flushIntervalMs: [100, 3_600_000],
} as const satisfies Partial<Record<SinkField, readonly [number, number]>>;

/** What stands in the way of saving, by field. The control plane has the last word. */
export function sinkFaults(draft: SinkDraft, taken: readonly string[]): ReadonlyMap<SinkField, SinkFault> {
  const faults = new Map<SinkField, SinkFault>();
  const fault = (field: SinkField, is: boolean, what: SinkFault): void => {
    if (is && !faults.has(field)) faults.set(field, what);
  };
  const need = (...fields: ("project" | "logstore" | "accessKeyId" | "path")[]): void => {
    for (const field of fields) fault(field, draft[field].trim() === "", "required");
  };
  fault("name", !isObjectName(draft.name), "nameBad");
  fault("name", taken.includes(draft.name), "nameTaken");
  if (draft.type !== "file") {
    fault("address", draft.address.trim() === "", "required");
    fault("address", !isWebAddress(draft.address), "urlBad");
  }
  if (draft.type === "otlp") {
    fault("signals", draft.signals.length === 0, "signalsNone");
    for (const [index, { name, value }] of draft.headers.entries())
      fault(`headers.${index}`, name.trim() === "" || value.typed === "", "required");
  }
  if (draft.type === "sls") {
    need("project", "logstore", "accessKeyId");
    fault("accessKeySecret", draft.accessKeySecret.typed === "", "required");
  }
  if (draft.type === "file") {
    need("path");
    fault("maxMib", !isWithin(draft.maxMib, numberLimits.maxMib), "numberBad");
    fault("keep", !isWithin(draft.keep, numberLimits.keep), "numberBad");
  }
  fault("flushIntervalMs", !isWithin(draft.flushIntervalMs, numberLimits.flushIntervalMs), "numberBad");
  return faults;
}

function isWebAddress(text: string): boolean {
  const url = URL.parse(text.trim());
  return url !== null && (url.protocol === "http:" || url.protocol === "https:");
}

function isWithin(value: number | "", [least, most]: readonly [number, number]): boolean {
  return value !== "" && value >= least && value <= most;
}
