// The debug page of one Model API: reads what it needs, then hands over to the panel.
import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { listQuery, objectQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { debugMessages } from "./debug-messages.ts";
import { DebugPanel } from "./debug-panel.tsx";

const route = getRouteApi("/app/model-apis/$name/debug");

export function DebugPage() {
  const t = useMessages(debugMessages);
  const { name } = route.useParams();
  const api = useQuery(objectQuery("model-apis", name));
  const services = useQuery(listQuery("services"));
  const consumers = useQuery({ ...listQuery("consumers"), enabled: api.data?.auth.enabled === true });
  if (api.data === undefined) {
    return (
      <>
        <PageHead title={t("debug")} ruled />
        <PageBody>
          {api.isError ? (
            <ErrorPanel title={t("loadFailed")} error={api.error} retry={() => void api.refetch()} />
          ) : (
            <LoadingRows />
          )}
        </PageBody>
      </>
    );
  }
  return (
    <DebugPanel
      key={name}
      api={api.data}
      services={services.data?.items ?? []}
      consumers={consumers.data?.items ?? []}
    />
  );
}
