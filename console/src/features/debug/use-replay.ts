// Takes an exchange over from its record: where it went, in whose name, which model, streamed or not, and what was asked where that was recorded.
import { useEffect, useEffectEvent } from "react";
import type { ExchangeRecord } from "../../../../src/control/routes/console-answers.ts";
import { call } from "../../api/client.ts";
import { recordedRequest, type Taken } from "./recorded-request.ts";
import type { RequestForm } from "./request-forms.ts";
import type { Settings } from "./settings.ts";

/** The settings that would send it again; what the record does not hold stays as it is. */
export function withRecord(
  settings: Settings,
  record: Pick<ExchangeRecord, "protocol" | "path" | "requestedModel" | "stream">,
  forms: readonly RequestForm[],
): Settings {
  const form =
    forms.find(({ path }) => path !== "" && path === record.path) ??
    forms.find(({ protocol, kind }) => protocol === record.protocol && kind === "chat");
  return {
    ...settings,
    form: form?.id ?? settings.form,
    model: record.requestedModel,
    stream: record.stream,
  };
}

/** Reads the record that the address names, once. */
export function useReplay(
  requestId: string | undefined,
  forms: readonly RequestForm[],
  settings: Settings,
  change: (taken: Taken | { readonly kind: "settings"; readonly settings: Settings }) => void,
): void {
  const take = useEffectEvent((record: ExchangeRecord) => {
    const next = withRecord(settings, record, forms);
    const isChat = forms.find(({ id }) => id === next.form)?.kind === "chat";
    change(recordedRequest(next, record, isChat) ?? { kind: "settings", settings: next });
  });
  useEffect(() => {
    if (requestId === undefined) return;
    const left = new AbortController();
    const { signal } = left;
    const read = async (): Promise<void> => {
      try {
        const record = await call<ExchangeRecord>("GET", `/logs/${encodeURIComponent(requestId)}`, {
          signal,
        });
        take(record);
      } catch {
        // A record that is gone leaves the panel as it is.
      }
    };
    void read();
    return () => left.abort();
  }, [requestId]);
}
