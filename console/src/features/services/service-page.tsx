// One service: how it stands, who uses it, its form with the stored secrets, its test.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { useState } from "react";
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import { ApiError } from "../../api/client.ts";
import { dependantsQuery, objectQuery, useChange, type Service } from "../../api/resources.ts";
import { providersQuery, statusQuery } from "../../api/state.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { useMayWrite } from "../../ui/use-may-write.ts";
import classes from "./form.module.css";
import { LeaveGuard } from "./leave-guard.tsx";
import { ServiceMenu } from "./service-actions.tsx";
import { providerLabel } from "./provider-texts.ts";
import { bodyOf, changesOf, draftOf } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { useServiceForm } from "./service-form-state.ts";
import { focusFirstFault, ServiceFormView } from "./service-form.tsx";
import { keyStandingsOf, standingOf } from "./service-standing.ts";
import { StaleDialog } from "./stale-dialog.tsx";
import { StandingMark, useStandingReason } from "./standing.tsx";

export function ServicePage() {
  const t = useMessages(serviceFormMessages);
  const { name } = useParams({ from: "/app/services/$name" });
  const service = useQuery(objectQuery("services", name));
  const providers = useQuery(providersQuery);
  const provider = providers.data?.items.find(({ id }) => id === service.data?.provider);
  if (service.data !== undefined && provider !== undefined) {
    return <EditService key={name} service={service.data} provider={provider} />;
  }
  const error = service.error ?? providers.error;
  return (
    <>
      <PageHead title={name} ruled />
      <PageBody>
        <div style={{ paddingTop: 16 }}>
          {error === null ? (
            <LoadingRows />
          ) : (
            <ErrorPanel
              title={t("loadFailed")}
              error={error}
              retry={() => void Promise.all([service.refetch(), providers.refetch()])}
            />
          )}
        </div>
      </PageBody>
    </>
  );
}

function EditService({ service, provider }: { readonly service: Service; readonly provider: Provider }) {
  const t = useMessages(serviceFormMessages);
  const { language } = useLanguage();
  const navigate = useNavigate();
  const status = useQuery(statusQuery);
  const standing = standingOf(service, status.data?.services);
  const reason = useStandingReason(service, standing);
  const right = useMayWrite(service.managedBy, { group: service.resourceGroup });
  const editor = useServiceEditor(service, provider);
  const { form, changes } = editor;
  return (
    <>
      <PageHead
        title={service.name}
        ruled
        beside={
          <>
            <span className="dim cut">{providerLabel(provider, language)}</span>
            <StandingMark standing={standing} />
            {reason !== "" && (
              <span className="dim cut" title={reason}>
                {reason}
              </span>
            )}
          </>
        }
        actions={<ServiceMenu service={service} onDeleted={() => void navigate({ to: "/services" })} />}
      />
      <PageBody flush>
        <ServiceFormView
          form={form}
          isNew={false}
          subject={{ kind: "typed", body: editor.body }}
          keyStandings={keyStandingsOf(service.name, status.data?.keys)}
          locked={right.allowed || service.managedBy === "file" ? right.reason : t("lockedRole")}
          failure={editor.failure}
          onSubmit={() => editor.save()}
          aside={<UsedBy service={service} />}
          bar={
            (changes > 0 || editor.isSaving) && (
              <div className={classes["bar"]}>
                <span className="medium num" role="status">
                  {t("changes", { n: changes })}
                </span>
                <span className="grow" />
                <Button variant="subtle" onClick={editor.discard}>
                  {t("discard")}
                </Button>
                <Button type="submit" variant="filled" loading={editor.isSaving} disabled={!right.allowed}>
                  {t("save")}
                </Button>
              </div>
            )
          }
        />
      </PageBody>
      {editor.isStale && (
        <StaleDialog
          busy={editor.isSaving}
          onClose={editor.closeStale}
          onReload={() => void editor.reload()}
          onOverwrite={() => void editor.overwrite()}
        />
      )}
      <LeaveGuard isDirty={() => changes > 0} />
    </>
  );
}

const noNames: ReadonlySet<string> = new Set();

/** The form over a stored service: what it began with, saving on its revision, and what to do when that is old. */
function useServiceEditor(service: Service, provider: Provider) {
  const t = useMessages(serviceFormMessages);
  const client = useQueryClient();
  const change = useChange("services");
  const [base, setBase] = useState(service);
  const [failure, setFailure] = useState<{ error: unknown; others: readonly string[] }>();
  const form = useServiceForm(draftOf(base, provider), provider, noNames);
  const changes = changesOf(form.draft, draftOf(base, provider));
  const begin = (from: Service): void => {
    setBase(from);
    setFailure(undefined);
    form.replace(draftOf(from, provider));
  };
  // Somebody else's save shows at once as long as nothing was typed over it.
  if (service.revision !== base.revision && changes === 0) begin(service);
  const body = bodyOf(form.draft, provider, base);
  const save = (revision = base.revision): void => {
    if (change.isPending) return;
    if (!form.check()) {
      setFailure({ error: null, others: [] });
      focusFirstFault();
      return;
    }
    change.mutate(
      { action: "replace", name: base.name, body, revision },
      {
        onSuccess: (saved) => {
          begin(saved);
          notifications.show({ message: t("saved", { name: saved.name }) });
        },
        onError: (error) => setFailure({ error, others: form.refuse(error) }),
      },
    );
  };
  const newest = async (): Promise<Service> => {
    await client.invalidateQueries({ queryKey: ["services", "one", base.name] });
    return client.fetchQuery(objectQuery("services", base.name));
  };
  const isStale = failure?.error instanceof ApiError && failure.error.status === 412;
  return {
    form,
    body,
    changes,
    save,
    isSaving: change.isPending,
    isStale,
    failure: isStale ? undefined : failure,
    discard: () => begin(base),
    closeStale: () => setFailure(undefined),
    reload: async () => begin(await newest()),
    overwrite: async () => save((await newest()).revision),
  };
}

function UsedBy({ service }: { readonly service: Service }) {
  const t = useMessages(serviceFormMessages);
  const users = useQuery(dependantsQuery("services", service.name));
  return (
    <section aria-labelledby="section-users">
      <h2 id="section-users" style={{ marginBottom: 8 }}>
        {t("usedBy")}
      </h2>
      {users.data?.total === 0 && <p className="soft">{t("unused")}</p>}
      <ul className={classes["list"]}>
        {users.data?.items.map(({ kind, name }) => (
          <li key={`${kind}/${name}`}>
            <ObjectLink kind={kind} name={name} />
          </li>
        ))}
      </ul>
    </section>
  );
}
