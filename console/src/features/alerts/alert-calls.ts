// The calls of the alerts beside their resources: how they stand, a preview, a test.
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import type {
  AlertPreviewAnswer,
  AlertStatesAnswer,
  AlertTestAnswer,
} from "../../../../src/control/routes/console-answers.ts";
import { call } from "../../api/client.ts";
import type { AlertRule } from "./alert-draft.ts";

const statesEveryMs = 10_000;

export const alertStatesQuery = queryOptions({
  queryKey: ["alerts", "states"],
  queryFn: ({ signal }) => call<AlertStatesAnswer>("GET", "/alert-states", { signal }),
  refetchInterval: statesEveryMs,
});

/** @param spanMs back from now @param rule null while it is not whole */
export function previewQuery(rule: AlertRule | null, spanMs: number) {
  return queryOptions({
    queryKey: ["alerts", "preview", rule, spanMs],
    enabled: rule !== null,
    queryFn: ({ signal }) =>
      call<AlertPreviewAnswer>("POST", "/alerts/preview", {
        body: { ...rule, from: Date.now() - spanMs },
        signal,
      }),
    placeholderData: keepPreviousData,
    retry: false,
  });
}

export function testAlert(name: string): Promise<AlertTestAnswer> {
  return call("POST", `/alerts/${encodeURIComponent(name)}/test`);
}
