// The page that compares models: reads Model APIs and services, then hands over to the comparison.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { listQuery } from "../../api/resources.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { useMessages } from "../../i18n/language.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { ComparisonView } from "./comparison-view.tsx";
import { playgroundMessages } from "./playground-messages.ts";

const route = getRouteApi("/app/playground");

export function PlaygroundPage() {
  const t = useMessages(playgroundMessages);
  const { columns } = route.useSearch();
  const navigate = route.useNavigate();
  const apis = useQuery(listQuery("model-apis"));
  const services = useQuery(listQuery("services"));
  const right = useMayWrite();
  const usable = apis.data?.items.filter(({ useCase }) => useCase === "text-generation") ?? [];
  if (usable.length > 0) {
    return (
      <ComparisonView
        apis={usable}
        services={services.data?.items ?? []}
        address={{ columns, write: (next) => void navigate({ search: { columns: next }, replace: true }) }}
        blocked={right.allowed ? "" : t("needsWrite")}
      />
    );
  }
  return (
    <>
      <PageHead title={t("title")} ruled />
      <PageBody>
        {apis.isError ? (
          <ErrorPanel title={t("loadFailed")} error={apis.error} retry={() => void apis.refetch()} />
        ) : apis.data === undefined ? (
          <LoadingRows />
        ) : (
          <EmptyState
            title={t("noApis")}
            actions={
              <Button variant="filled" renderRoot={(props) => <Link to="/model-apis/new" {...props} />}>
                {t("create")}
              </Button>
            }
          >
            {t("noApisHelp")}
          </EmptyState>
        )}
      </PageBody>
    </>
  );
}
