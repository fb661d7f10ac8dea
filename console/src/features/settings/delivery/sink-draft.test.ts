// A sink in the form and back: nothing is lost, secrets stay where they are, and what is wrong is named by field.
import { describe, expect, test } from "vitest";
import { sinkSchema } from "../../../../../src/resources/sink.ts";
import { draftOf, newSink, sinkBody, sinkFaults, type SinkDraft } from "./sink-draft.ts";

const mask = { set: true, hint: "…abcd" };
const stored = { revision: 1, managedBy: "api" } as const;
const full: Readonly<Record<string, Partial<SinkDraft>>> = {
  otlp: {
    address: "http://127.0.0.1:4318",
    headers: [{ id: "1", name: "x-key", value: { stored: undefined, typed: "canary" } }],
    signals: ["logs"],
  },
  sls: {
    address: "https://cn-hangzhou.log.aliyuncs.com",
    project: "my-project",
    logstore: "my-store",
    accessKeyId: "id",
    accessKeySecret: { stored: undefined, typed: "canary" },
    region: "cn-hangzhou",
    signatureVersion: "v4",
    fieldNames: "original",
  },
  webhook: { address: "https://example.com/hook", secret: { stored: undefined, typed: "canary" } },
  file: { path: "out/exchanges.jsonl", maxMib: 10, keep: 2 },
};

describe.each(["otlp", "sls", "webhook", "file"] as const)("a sink of type %s", (type) => {
  const draft: SinkDraft = {
    ...newSink(type, "out"),
    ...full[type],
    flushIntervalMs: 2_000,
    includeContent: true,
  };

  test("is a body that the control plane takes, and has no fault", () => {
    expect(sinkFaults(draft, ["other"])).toEqual(new Map());
    expect(sinkSchema.safeParse(sinkBody(draft)).error).toBeUndefined();
  });

  test("is the same after it was read", () => {
    const read = draftOf({ ...sinkSchema.parse(sinkBody(draft)), ...stored });
    expect(sinkBody(read)).toEqual(sinkBody(draft));
  });

  test("a new one lacks what only its author knows", () => {
    expect(sinkFaults(newSink(type, "out"), []).size).toBe(type === "file" ? 0 : type === "sls" ? 5 : 1);
  });
});

test("a stored secret is sent back as its mask, a typed one in its place, none where it is taken away", () => {
  const webhook = draftOf({
    ...sinkSchema.parse({ name: "w", type: "webhook", url: "http://x/" }),
    ...stored,
  });
  const bodyWith = (secret: SinkDraft["secret"]): unknown => sinkBody({ ...webhook, secret })["secret"];
  expect(bodyWith({ stored: mask, typed: null })).toEqual(mask);
  expect(bodyWith({ stored: mask, typed: "new" })).toBe("new");
  expect(bodyWith({ stored: mask, typed: "" })).toBeUndefined();
});

test.each<[string, Partial<SinkDraft>, string, string]>([
  ["a name that another bears", { name: "taken" }, "name", "nameTaken"],
  ["a name with a space", { name: "a b" }, "name", "nameBad"],
  ["an address without a scheme", { address: "collector:4318" }, "address", "urlBad"],
  ["no signal", { signals: [] }, "signals", "signalsNone"],
  [
    "a header without a value",
    { headers: [{ id: "1", name: "x", value: { stored: undefined, typed: "" } }] },
    "headers.0",
    "required",
  ],
  ["too short an interval", { flushIntervalMs: 1 }, "flushIntervalMs", "numberBad"],
])("%s is said at its field", (_name, fields, field, fault) => {
  const draft: SinkDraft = { ...newSink("otlp", "out"), address: "http://127.0.0.1:4318", ...fields };
  expect([...sinkFaults(draft, ["taken"])]).toEqual([[field, fault]]);
});
