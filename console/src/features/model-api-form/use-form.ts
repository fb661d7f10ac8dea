// The state of the form: draft, what is touched, what is wrong. The admin API is asked 300 ms after the last change.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { CheckAnswer } from "../../../../src/control/routes/console-answers.ts";
import { call } from "../../api/client.ts";
import { newDraft, type Draft } from "./draft.ts";
import { allFaults, isWithin, ownFaults, type Fault } from "./faults.ts";
import { bodyOf, type Body } from "./resource-body.ts";

const checkDelayMs = 300;

export interface FormState {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  /** What would be sent now. */
  readonly body: Body;
  readonly faults: readonly Fault[];
  /** Those of the draft as it stands: what the gateway said of an earlier one keeps nobody from saving. */
  readonly blocking: readonly Fault[];
  /** Those to be told by now: of fields that were left, and all after a try to save. */
  readonly shown: readonly Fault[];
  readonly warnings: readonly string[];
  /** Whether the gateway has said that the name of the moment is free. */
  readonly nameFree: boolean;
  readonly touch: (path: string) => void;
  readonly submitted: boolean;
  /** Shows every fault. */
  readonly submit: () => void;
  /** Starts over with another draft. */
  readonly reset: (draft: Draft) => void;
}

/**
 * @param stored the object that is edited; undefined for a new one
 * @param mayCheck roles that may not write may not ask either
 */
export function useForm(initial: Draft, stored: Body | undefined, mayCheck: boolean): FormState {
  const [draft, setDraft] = useState(initial);
  const [touched, setTouched] = useState<ReadonlySet<string>>(new Set());
  const [submitted, setSubmitted] = useState(false);
  const body = bodyOf(draft, stored);
  const name = stored === undefined ? undefined : draft.name;
  const { check, current } = useCheck(body, name, mayCheck);
  const faults = allFaults(draft, ownFaults(draft), check?.issues ?? []);
  const isTouched = (fault: Fault): boolean =>
    [...touched].some((path) => isWithin(fault.path, path)) ||
    (fault.code === "addressTaken" && (draft.name !== "" || touched.has("basePath"))) ||
    fault.code === "nameTaken";
  return {
    draft,
    set: (change) => setDraft((before) => ({ ...before, ...change })),
    body,
    faults,
    blocking: current ? faults : ownFaults(draft),
    shown: submitted ? faults : faults.filter(isTouched),
    warnings: check?.warnings ?? [],
    nameFree: current && stored === undefined && !faults.some(({ path }) => path === "name"),
    touch: (path) => setTouched((before) => (before.has(path) ? before : new Set([...before, path]))),
    submitted,
    submit: () => setSubmitted(true),
    reset: (next) => {
      setDraft(next);
      setTouched(new Set());
      setSubmitted(false);
    },
  };
}

/** `current`: the answer is about the draft as it stands. */
function useCheck(
  body: Body,
  name: string | undefined,
  enabled: boolean,
): { check: CheckAnswer | undefined; current: boolean } {
  const text = JSON.stringify(body);
  const [settled] = useDebouncedValue(text, checkDelayMs);
  const query = useQuery({
    queryKey: ["model-apis", "check", name ?? null, settled],
    queryFn: ({ signal }) =>
      call<CheckAnswer>("POST", "/model-apis/check", {
        body: JSON.parse(settled),
        signal,
        ...(name === undefined ? {} : { query: { name } }),
      }),
    enabled,
    retry: false,
    placeholderData: keepPreviousData,
  });
  const current = settled === text && query.isSuccess && !query.isPlaceholderData;
  return { check: query.data, current };
}

/** A draft as it was stored for later: of the same shape, else nothing. */
export function readStoredDraft(text: string | null): { readonly at: number; readonly draft: Draft } | null {
  if (text === null) return null;
  try {
    const read: unknown = JSON.parse(text);
    if (typeof read !== "object" || read === null || !("draft" in read) || !("at" in read)) return null;
    const { at, draft } = read;
    if (typeof at !== "number" || typeof draft !== "object" || draft === null) return null;
    const expected = newDraft("text-generation");
    const found = new Map<string, unknown>(Object.entries(draft));
    const fits = Object.entries(expected).every(([field, value]) => {
      const other = found.get(field);
      return typeof other === typeof value && Array.isArray(other) === Array.isArray(value);
    });
    // Every field is there with the kind of value that a draft has; this console wrote it.
    return fits ? { at, draft: draft as Draft } : null;
  } catch {
    return null;
  }
}
