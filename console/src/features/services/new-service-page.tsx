// Adding a service: first where its models run, then the form of that provider. Both stand in the address.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useRef, useState, type ReactNode } from "react";
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import { freeName } from "../../api/object-name.ts";
import { listQuery, useChange, type Service } from "../../api/resources.ts";
import { providersQuery } from "../../api/state.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { useFirstGroup, useMayWrite } from "../../ui/use-may-write.ts";
import classes from "./form.module.css";
import { LeaveGuard } from "./leave-guard.tsx";
import { ProviderGrid } from "./provider-grid.tsx";
import { providerLabel } from "./provider-texts.ts";
import { bodyOf, cloneDraft, newDraft, type ServiceDraft } from "./service-draft.ts";
import { serviceFormMessages } from "./service-form-messages.ts";
import { useServiceForm } from "./service-form-state.ts";
import { focusFirstFault, ServiceFormView } from "./service-form.tsx";

const noStandings = new Map<string, never>();

export function NewServicePage() {
  const t = useMessages(serviceFormMessages);
  const { provider: id, from } = useSearch({ from: "/app/services/new" });
  const providers = useQuery(providersQuery);
  const services = useQuery(listQuery("services"));
  if (providers.isError || services.isError) {
    return (
      <Frame>
        <ErrorPanel
          title={t("loadFailed")}
          error={providers.error ?? services.error}
          retry={() => void Promise.all([providers.refetch(), services.refetch()])}
        />
      </Frame>
    );
  }
  if (providers.data === undefined || services.data === undefined) {
    return (
      <Frame>
        <LoadingRows height={62} />
      </Frame>
    );
  }
  const source = services.data.items.find(({ name }) => name === from);
  const provider = providers.data.items.find((row) => row.id === (source?.provider ?? id));
  if (provider === undefined) {
    return (
      <Frame>
        <ProviderGrid providers={providers.data.items} />
      </Frame>
    );
  }
  return (
    <NewServiceForm
      key={`${provider.id}/${source?.name ?? ""}`}
      provider={provider}
      source={source}
      taken={new Set(services.data.items.map(({ name }) => name))}
    />
  );
}

function Frame({ children }: { readonly children: ReactNode }) {
  const t = useMessages(serviceFormMessages);
  return (
    <>
      <PageHead
        title={t("newTitle")}
        ruled
        actions={
          <Button component={Link} to="/services" variant="subtle">
            {t("cancel")}
          </Button>
        }
      />
      <PageBody>
        <div style={{ paddingTop: 16 }}>{children}</div>
      </PageBody>
    </>
  );
}

function firstDraft(
  provider: Provider,
  source: Service | undefined,
  taken: ReadonlySet<string>,
): ServiceDraft {
  if (source === undefined) return newDraft(provider, freeName(provider.id, taken));
  return cloneDraft(source, provider, freeName(`${source.name}-copy`.slice(0, 64), taken));
}

function NewServiceForm({
  provider,
  source,
  taken,
}: {
  readonly provider: Provider;
  readonly source: Service | undefined;
  readonly taken: ReadonlySet<string>;
}) {
  const t = useMessages(serviceFormMessages);
  const { language } = useLanguage();
  const right = useMayWrite();
  const resourceGroup = useFirstGroup();
  const own = source === undefined || resourceGroup !== "default" ? { resourceGroup } : {};
  const navigate = useNavigate();
  const change = useChange("services");
  const [initial] = useState(() => ({ ...firstDraft(provider, source, taken), ...own }));
  // Right after the creation the name is taken by this very service.
  const form = useServiceForm(initial, provider, change.isSuccess ? new Set() : taken);
  const [failure, setFailure] = useState<{ error: unknown; others: readonly string[] }>();
  const isDone = useRef(false);
  const body = bodyOf(form.draft, provider);
  const submit = (): void => {
    if (change.isPending) return;
    if (!form.check()) {
      setFailure({ error: null, others: [] });
      focusFirstFault();
      return;
    }
    change.mutate(
      { action: "create", body },
      {
        onSuccess: ({ name }) => {
          isDone.current = true;
          notifications.show({ message: t("created", { name }) });
          void navigate({ to: "/services", search: { created: name } });
        },
        onError: (error) => setFailure({ error, others: form.refuse(error) }),
      },
    );
  };
  return (
    <>
      <PageHead
        title={t("newTitle")}
        ruled
        beside={<span className="soft cut">{providerLabel(provider, language)}</span>}
        actions={
          <Button component={Link} to="/services/new" variant="subtle">
            {t("changeProvider")}
          </Button>
        }
      />
      <PageBody flush>
        <ServiceFormView
          form={form}
          isNew
          subject={{ kind: "typed", body }}
          keyStandings={noStandings}
          locked={right.allowed ? "" : t("lockedRole")}
          failure={failure}
          onSubmit={submit}
          bar={
            <div className={classes["bar"]}>
              <span className="grow" />
              <Button component={Link} to="/services" variant="subtle">
                {t("cancel")}
              </Button>
              <Button type="submit" variant="filled" loading={change.isPending} disabled={!right.allowed}>
                {t("create")}
              </Button>
            </div>
          }
        />
      </PageBody>
      <LeaveGuard isDirty={() => !isDone.current && form.draft !== initial} />
    </>
  );
}
