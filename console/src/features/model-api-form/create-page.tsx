// The page that makes a Model API: first what it is for, then the form. A draft is kept in this browser until it is made.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link, getRouteApi, useNavigate } from "@tanstack/react-router";
import { Scale } from "lucide-react";
import { useState } from "react";
import type { UseCase } from "../../../../src/resources/use-case.ts";
import { listQuery, objectQuery, useChange, type ModelApi } from "../../api/resources.ts";
import { useFirstGroup, useMayWrite } from "../../ui/use-may-write.ts";
import { formatClock } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { caseOrder, newDraft, withUseCase, type Draft } from "./draft.ts";
import { DraftOffer, useStoredDraft } from "./draft-store.tsx";
import { goToField } from "./error-summary.tsx";
import { formMessages } from "./form-messages.ts";
import classes from "./form.module.css";
import { ModelApiForm } from "./model-api-form.tsx";
import { cloneOf } from "./resource-body.ts";
import { UnsavedExplain } from "./unsaved-explain.tsx";
import { UseCaseCards } from "./use-case-cards.tsx";
import { useForm } from "./use-form.ts";

const route = getRouteApi("/app/model-apis/new");

export function CreatePage() {
  const { from } = route.useSearch();
  const resourceGroup = useFirstGroup();
  if (from !== undefined) return <ClonePage key={from} from={from} />;
  return <CreateForm initial={{ ...newDraft("text-generation"), resourceGroup }} />;
}

function ClonePage({ from }: { readonly from: string }) {
  const t = useMessages(formMessages);
  const original = useQuery(objectQuery("model-apis", from));
  const all = useQuery(listQuery("model-apis"));
  if (original.isError || all.isError) {
    return (
      <>
        <PageHead title={t("cloneTitle", { name: from })} />
        <PageBody>
          <ErrorPanel
            title={t("loadFailed")}
            error={original.error ?? all.error}
            retry={() => {
              void original.refetch();
              void all.refetch();
            }}
          />
        </PageBody>
      </>
    );
  }
  if (!original.isSuccess || !all.isSuccess) return <LoadingRows />;
  const draft = cloneOf(
    original.data,
    all.data.items.map(({ name }) => name),
  );
  return <CreateForm initial={draft} cloned={original.data} />;
}

function CreateForm({ initial, cloned }: { readonly initial: Draft; readonly cloned?: ModelApi }) {
  const t = useMessages(formMessages);
  const words = useMessages(uiMessages);
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayCreate = useMayWrite().allowed;
  const chosen = caseOrder.find((useCase) => useCase === search.useCase) ?? cloned?.useCase;
  const [offered, setOffered] = useState(cloned === undefined);
  const form = useForm(chosen === undefined ? initial : withUseCase(initial, chosen), undefined, mayCreate);
  const store = useStoredDraft(form.draft, form.body, chosen !== undefined);
  const pane = search.pane ?? "way";
  const { create, change } = useCreate(form, store.forget);
  const choose = (useCase: UseCase): void => {
    form.set(withUseCase(form.draft, useCase));
    void navigate({ to: ".", search: (before) => ({ ...before, useCase }), replace: chosen !== undefined });
  };
  const offer =
    offered && store.found !== null ? (
      <DraftOffer
        found={store.found}
        onRestore={() => {
          const { draft } = store.found ?? { draft: form.draft };
          form.reset(draft);
          setOffered(false);
          void navigate({
            to: ".",
            search: (before) => ({ ...before, useCase: draft.useCase }),
            replace: true,
          });
        }}
        onDiscard={() => {
          store.forget();
          setOffered(false);
        }}
      />
    ) : null;
  if (chosen === undefined)
    return (
      <>
        <PageHead title={t("createTitle")} actions={<CancelLink />} />
        <div className={classes["start"]}>
          {offer}
          <h2>{t("whatFor")}</h2>
          <p className="soft" style={{ margin: "4px 0 16px" }}>
            {t("whatForHint")}
          </p>
          <UseCaseCards value={undefined} large onChange={choose} />
        </div>
      </>
    );
  return (
    <>
      <PageHead
        title={cloned === undefined ? t("createTitle") : t("cloneTitle", { name: cloned.name })}
        beside={
          <span className="small dim" role="status">
            {store.savedAt === null
              ? ""
              : t("draftSaved", { time: formatClock(new Date(store.savedAt)).slice(0, 5) })}
          </span>
        }
        actions={
          <>
            <CancelLink />
            <Button
              leftSection={<Scale size={15} />}
              onClick={() => {
                void navigate({
                  to: ".",
                  search: (before) => ({ ...before, pane: "explain" }),
                  replace: true,
                });
                document.querySelector<HTMLElement>("#preview")?.focus();
              }}
            >
              {t("explain")}
            </Button>
            <Button
              variant="filled"
              loading={change.isPending}
              disabled={!mayCreate}
              title={mayCreate ? undefined : words("readOnlyRole")}
              onClick={() => void create()}
            >
              {t("createShort")}
            </Button>
          </>
        }
      />
      <ModelApiForm
        form={form}
        readOnly={mayCreate ? undefined : words("readOnlyRole")}
        pane={pane}
        onPane={(next) =>
          void navigate({ to: ".", search: (before) => ({ ...before, pane: next }), replace: true })
        }
        explain={<UnsavedExplain />}
        onUseCase={choose}
        onSubmit={() => void create()}
        above={
          <>
            {offer}
            {change.isError && <ErrorPanel title={t("createFailed")} error={change.error} />}
          </>
        }
      />
    </>
  );
}

function CancelLink() {
  const t = useMessages(formMessages);
  return (
    <Button variant="subtle" renderRoot={(props) => <Link to="/model-apis" {...props} />}>
      {t("cancel")}
    </Button>
  );
}

/** Creates what the form says, or shows what is wrong and goes there. */
function useCreate(form: ReturnType<typeof useForm>, forget: () => void) {
  const t = useMessages(formMessages);
  const navigate = useNavigate();
  const change = useChange("model-apis");
  const create = async (): Promise<void> => {
    form.submit();
    const [first] = form.blocking;
    if (first !== undefined) {
      goToField(first.path);
      return;
    }
    try {
      const made = await change.mutateAsync({ action: "create", body: form.body });
      forget();
      notifications.show({
        message: (
          <>
            {t("created", { name: made.name })} {/* The toast stands outside of the router. */}
            <a
              href={`/model-apis/${made.name}/debug`}
              className="link"
              onClick={(event) => {
                event.preventDefault();
                void navigate({ to: "/model-apis/$name/debug", params: { name: made.name } });
              }}
            >
              {t("debugNow")}
            </a>
          </>
        ),
      });
      await navigate({ to: "/model-apis/$name", params: { name: made.name } });
    } catch {
      // The error stands over the form.
    }
  };
  return { create, change };
}
