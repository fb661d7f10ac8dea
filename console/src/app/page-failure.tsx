// What stands in place of a page that broke or does not exist; the shell around it stays.
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useMessages } from "../i18n/language.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { ErrorPanel } from "../ui/error-panel.tsx";
import { PageBody, PageHead } from "../ui/page.tsx";
import { shellMessages } from "./shell/shell-messages.ts";

export function PageFailure({ error, reset }: { readonly error: unknown; readonly reset: () => void }) {
  const t = useMessages(shellMessages);
  return (
    <>
      <PageHead title={t("pageFailed")} />
      <PageBody>
        <ErrorPanel title={t("pageFailedText")} error={error} retry={reset} />
      </PageBody>
    </>
  );
}

export function PageMissing() {
  const t = useMessages(shellMessages);
  return (
    <>
      <PageHead title={t("notFound")} />
      <PageBody>
        <EmptyState
          title={t("notFound")}
          actions={
            <Button component={Link} to="/overview" variant="filled">
              {t("toOverview")}
            </Button>
          }
        >
          {t("notFoundText")}
        </EmptyState>
      </PageBody>
    </>
  );
}
