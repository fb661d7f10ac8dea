// One alert, new or stored: the form at the left, what it would have done on past data at the right.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { useState, type FormEvent } from "react";
import { objectQuery, useChange, type Alert } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { bodyOf, draftOf, faultsOf, newDraft, type AlertDraft, type AlertFault } from "./alert-draft.ts";
import { AlertFields } from "./alert-fields.tsx";
import { TestDialog } from "./alert-list-page.tsx";
import { alertMessages } from "./alert-messages.ts";
import { AlertPreview } from "./alert-preview.tsx";
import classes from "./alerts.module.css";

/** An alert may not have this name: it would have no address. */
const newName = "new";

export function AlertPage() {
  const t = useMessages(alertMessages);
  const { name } = useParams({ from: "/app/observe/alerts/$name" });
  const isNew = name === newName;
  const alert = useQuery({ ...objectQuery("alerts", name), enabled: !isNew });
  if (isNew) return <AlertEditor key={newName} stored={undefined} />;
  if (alert.data !== undefined) return <AlertEditor key={name} stored={alert.data} />;
  return (
    <>
      <PageHead title={t("editTitle", { name })} />
      <PageBody>
        {alert.isError ? (
          <ErrorPanel title={t("loadFailed")} error={alert.error} retry={() => void alert.refetch()} />
        ) : (
          <LoadingRows rows={6} />
        )}
      </PageBody>
    </>
  );
}

const noFaults: ReadonlySet<AlertFault> = new Set();

function AlertEditor({ stored }: { readonly stored: Alert | undefined }) {
  const t = useMessages(alertMessages);
  const navigate = useNavigate();
  const right = useMayWrite(stored?.managedBy);
  const change = useChange("alerts");
  const [draft, setDraft] = useState<AlertDraft>(() => (stored === undefined ? newDraft : draftOf(stored)));
  const [isChecked, setChecked] = useState(false);
  const [isTesting, setTesting] = useState(false);
  const body = bodyOf(draft);
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    setChecked(true);
    if (body === null || change.isPending || draft.name === newName) return;
    try {
      const saved = await change.mutateAsync(
        stored === undefined
          ? { action: "create", body }
          : { action: "replace", name: stored.name, body, revision: stored.revision },
      );
      notifications.show({ message: t(stored === undefined ? "created" : "saved", { name: saved.name }) });
      await navigate({ to: "/observe/alerts" });
    } catch {
      // Shown from the mutation's state.
    }
  };
  const faults = isChecked ? faultsOf(draft) : noFaults;
  return (
    <>
      <PageHead
        title={stored === undefined ? t("newTitle") : t("editTitle", { name: stored.name })}
        actions={
          stored !== undefined && (
            <>
              <Link to="/observe/metrics" search={metricsSearch(stored)} className="link small">
                {t("metricsOf")}
              </Link>
              <Button onClick={() => setTesting(true)}>{t("test")}</Button>
            </>
          )
        }
      />
      <PageBody>
        <div className={classes["layout"]}>
          <form className={classes["form"]} onSubmit={(event) => void submit(event)} noValidate>
            <AlertFields
              draft={draft}
              faults={isChecked && draft.name === newName ? new Set([...faults, "name"]) : faults}
              isNew={stored === undefined}
              disabled={!right.allowed}
              onChange={(values) => setDraft({ ...draft, ...values })}
            />
            {change.error !== null && <ErrorPanel title={t("saveFailed")} error={change.error} />}
            <div className={classes["bar"]}>
              <Button variant="subtle" component={Link} to="/observe/alerts">
                {t("cancel")}
              </Button>
              <Button
                type="submit"
                variant="filled"
                loading={change.isPending}
                disabled={!right.allowed}
                title={right.reason}
              >
                {t(stored === undefined ? "create" : "save")}
              </Button>
            </div>
          </form>
          <AlertPreview draft={draft} />
        </div>
      </PageBody>
      {isTesting && stored !== undefined && <TestDialog alert={stored} onClose={() => setTesting(false)} />}
    </>
  );
}

/** The metrics of what an alert watches. */
function metricsSearch({ filter }: Alert) {
  const { api, service, model, consumer, resourceGroup, route, stream, status } = filter;
  const given = { api, service, model, consumer, resourceGroup, route, stream, status };
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value]]])),
  );
}
