// The replay of recent requests of a saved Model API by what the form holds, asked anew after each change.
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { PreviewAnswer } from "../../../../../src/control/routing/routing-answers.ts";
import { call } from "../../../api/client.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { pathOf } from "../../routing/learning/learning-calls.ts";
import { previewMessages } from "../../routing/preview-messages.ts";
import { ReplayPreview } from "../../routing/replay-preview.tsx";
import { useFormContext } from "../form-context.tsx";
import classes from "./intelligent.module.css";
import { PartsHead } from "./known-parts.tsx";
import { routingFaults } from "./routing-faults.ts";

const askDelayMs = 500;

export function DraftPreview() {
  const t = useMessages(previewMessages);
  const { draft, editing, body } = useFormContext();
  const isComplete = routingFaults(draft.routing).length === 0;
  const [settled] = useDebouncedValue(JSON.stringify(body["modelService"]), askDelayMs);
  const preview = useQuery({
    queryKey: ["routing", "preview", editing, settled],
    queryFn: ({ signal }) =>
      call<PreviewAnswer>("POST", pathOf(editing ?? "", "/preview"), {
        body: { modelService: JSON.parse(settled) as unknown },
        signal,
      }),
    enabled: editing !== undefined && isComplete,
    retry: false,
    placeholderData: keepPreviousData,
  });
  return (
    <section className={`panel sunken ${classes["preview"]}`} aria-label={t("title")}>
      <PartsHead heading="h3" title={t("title")} />
      {editing === undefined ? (
        <p className="small soft" style={{ margin: 0 }}>
          {t("later")}
        </p>
      ) : !isComplete ? (
        <p className="small soft" style={{ margin: 0 }}>
          {t("incomplete")}
        </p>
      ) : preview.isError ? (
        <ErrorPanel title={t("failed")} error={preview.error} retry={() => void preview.refetch()} />
      ) : preview.data === undefined ? (
        <LoadingRows rows={2} height={24} />
      ) : (
        <ReplayPreview preview={preview.data} />
      )}
    </section>
  );
}
