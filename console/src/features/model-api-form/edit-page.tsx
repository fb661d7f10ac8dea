// The page that edits a Model API: the same form, what has changed, and what to do when someone else was faster.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { Lock, Scale } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { objectQuery, type ModelApi } from "../../api/resources.ts";
import { covers } from "../../../../src/resources/held-role.ts";
import { sessionQuery, sessionReach } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { merge } from "./changes.ts";
import { DiffDialog, LeaveDialog, StaleDialog } from "./edit-dialogs.tsx";
import { editMessages } from "./edit-messages.ts";
import { explainMessages } from "./explain-messages.ts";
import { formMessages } from "./form-messages.ts";
import { ModelApiForm } from "./model-api-form.tsx";
import { shownBody } from "./policies/policy-draft.ts";
import { writable } from "./resource-body.ts";
import { useEdit } from "./use-edit.ts";

const ExplainPanel = lazy(async () => ({ default: (await import("./explain-panel.tsx")).ExplainPanel }));

const route = getRouteApi("/app/model-apis/$name/edit");

export function EditPage() {
  const t = useMessages(editMessages);
  const { name } = route.useParams();
  const api = useQuery(objectQuery("model-apis", name));
  const session = useQuery(sessionQuery);
  if (api.isError && api.data === undefined) {
    const missing = api.error instanceof ApiError && api.error.status === 404;
    return (
      <>
        <PageHead title={t("title", { name })} />
        <PageBody>
          <ErrorPanel
            title={missing ? t("missing", { name }) : t("failed")}
            error={api.error}
            {...(missing ? {} : { retry: () => void api.refetch() })}
          />
        </PageBody>
      </>
    );
  }
  if (api.data === undefined || session.data === undefined)
    return (
      <>
        <PageHead title={t("title", { name })} />
        <PageBody>
          <LoadingRows />
        </PageBody>
      </>
    );
  const mayEdit = covers(sessionReach(session.data, "write"), [api.data.resourceGroup]);
  return <EditForm key={name} latest={api.data} mayEdit={mayEdit} />;
}

function EditForm({ latest, mayEdit }: { readonly latest: ModelApi; readonly mayEdit: boolean }) {
  const t = useMessages(editMessages);
  const form = useMessages(formMessages);
  const explain = useMessages(explainMessages);
  const words = useMessages(uiMessages);
  const { pane = "way" } = route.useSearch();
  const navigate = useNavigate();
  const edit = useEdit(latest, mayEdit, () =>
    navigate({ to: "/model-apis/$name", params: { name: latest.name } }),
  );
  const [diffing, setDiffing] = useState(false);
  const { name } = latest;
  const fromFile = latest.managedBy === "file";
  const readOnly = fromFile ? words("fromFileHelp") : mayEdit ? undefined : words("readOnlyRole");
  const count = edit.changes.length;
  const openPane = (next: typeof pane): void =>
    void navigate({ to: ".", search: (before) => ({ ...before, pane: next }), replace: true });
  return (
    <>
      <PageHead
        title={t("title", { name })}
        beside={
          count > 0 ? (
            <span className="small warn" role="status">
              {t("unsaved", { n: count })}
            </span>
          ) : null
        }
        actions={
          <>
            <Button
              variant="subtle"
              renderRoot={(props) => <Link to="/model-apis/$name" params={{ name }} {...props} />}
            >
              {t("cancel")}
            </Button>
            <Button
              leftSection={<Scale size={15} />}
              onClick={() => {
                openPane("explain");
                document.querySelector<HTMLElement>("#preview")?.focus();
              }}
            >
              {form("explain")}
            </Button>
            <Button disabled={count === 0} onClick={() => setDiffing(true)}>
              {t("reviewDiff")}
            </Button>
            <Button
              variant="filled"
              loading={edit.busy}
              disabled={readOnly !== undefined || count === 0}
              title={readOnly ?? (count === 0 ? t("noChanges") : undefined)}
              onClick={() => void edit.save()}
            >
              {t("save")}
            </Button>
          </>
        }
      />
      <ModelApiForm
        form={edit.form}
        editing={name}
        readOnly={readOnly}
        pane={pane}
        onPane={openPane}
        explain={
          <Suspense fallback={<LoadingRows />}>
            <ExplainPanel api={edit.base} {...(count > 0 ? { hint: explain("savedOnly") } : {})} />
          </Suspense>
        }
        onUseCase={() => undefined}
        onSubmit={() => void edit.save()}
        above={
          <>
            {readOnly !== undefined && (
              <div className="note note-info" style={{ marginBottom: 20 }}>
                <Lock size={16} aria-hidden />
                <span>{readOnly}</span>
              </div>
            )}
            {edit.error !== null && <ErrorPanel title={t("saveFailed")} error={edit.error} />}
          </>
        }
      />
      {diffing && (
        <DiffDialog
          before={writable(edit.base)}
          after={shownBody(edit.form.body)}
          onClose={() => setDiffing(false)}
        />
      )}
      {edit.newer !== undefined && (
        <StaleDialog
          name={name}
          revision={edit.newer.revision}
          merge={merge(writable(edit.base), edit.form.body, writable(edit.newer))}
          busy={edit.busy}
          onKeepMine={() => void edit.keepMine()}
          onTakeTheirs={edit.takeTheirs}
          onClose={edit.closeNewer}
        />
      )}
      {edit.blocker.status === "blocked" && (
        <LeaveDialog changes={count} onLeave={edit.blocker.proceed} onStay={edit.blocker.reset} />
      )}
    </>
  );
}
