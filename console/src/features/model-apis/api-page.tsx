// One Model API: head, tabs as addresses, and the tab that is open. Each tab reads what it needs itself.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { Lock, Pencil, Play } from "lucide-react";
import { lazy, Suspense, useState, type ComponentType } from "react";
import { ApiError } from "../../api/client.ts";
import { listQuery, objectQuery, type ModelApi } from "../../api/resources.ts";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { isSimulated, stateOf } from "./api-facts.ts";
import { StateCell } from "./api-list-columns.tsx";
import { ApiMenu } from "./api-menu.tsx";
import { caseNames, protocolNames } from "./api-words.ts";
import { detailMessages } from "./detail/detail-messages.ts";
import classes from "./detail/detail.module.css";
import type { TabProps } from "./detail/tab-props.ts";

const tabs = ["way", "routes", "service", "routing", "policies", "access", "history", "yaml"] as const;
type Tab = (typeof tabs)[number];

const tabPages: Readonly<Record<Tab, ComponentType<TabProps>>> = {
  way: lazy(() => import("./detail/way-tab.tsx").then(({ WayTab }) => ({ default: WayTab }))),
  routes: lazy(() => import("./detail/routes-tab.tsx").then(({ RoutesTab }) => ({ default: RoutesTab }))),
  history: lazy(() => import("./detail/history-tab.tsx").then(({ HistoryTab }) => ({ default: HistoryTab }))),
  yaml: lazy(() => import("./detail/yaml-tab.tsx").then(({ YamlTab }) => ({ default: YamlTab }))),
  policies: lazy(() =>
    import("./detail/policies-tab.tsx").then(({ PoliciesTab }) => ({ default: PoliciesTab })),
  ),
  access: lazy(() => import("./detail/access-tab.tsx").then(({ AccessTab }) => ({ default: AccessTab }))),
  routing: lazy(() =>
    import("../routing/learning/learning-tab.tsx").then(({ LearningTab }) => ({ default: LearningTab })),
  ),
  service: lazy(() => import("./detail/service-tab.tsx").then(({ ServiceTab }) => ({ default: ServiceTab }))),
};

export function ApiPage() {
  const t = useMessages(detailMessages);
  const params = useParams({ strict: false });
  const name = params.name ?? "";
  const tab = tabs.find((known) => known === params.tab) ?? "way";
  const object = useQuery(objectQuery("model-apis", name));
  if (object.data !== undefined) return <Loaded api={object.data} tab={tab} />;
  if (object.error instanceof ApiError && object.error.status === 404) return <NoSuchApi name={name} />;
  return (
    <>
      <PageHead title={name} />
      <PageBody>
        {object.isError ? (
          <ErrorPanel
            title={t("loadFailed", { name })}
            error={object.error}
            retry={() => void object.refetch()}
          />
        ) : (
          <LoadingRows />
        )}
      </PageBody>
    </>
  );
}

function NoSuchApi({ name }: { readonly name: string }) {
  const t = useMessages(detailMessages);
  return (
    <>
      <PageHead title={name} />
      <PageBody>
        <EmptyState
          title={t("missing", { name })}
          actions={
            <Button component={Link} to="/model-apis" variant="filled">
              {t("toList")}
            </Button>
          }
        >
          {t("missingText")}
        </EmptyState>
      </PageBody>
    </>
  );
}

function Loaded({ api, tab }: { readonly api: ModelApi; readonly tab: Tab }) {
  const t = useMessages(detailMessages);
  const [failure, setFailure] = useState<{ title: string; error: unknown }>();
  const TabPage = tabPages[tab];
  // What is learnt belongs to one mode; a link that leads there is answered in any.
  const shownTabs = tabs.filter(
    (each) => each !== "routing" || each === tab || api.modelService.mode === "intelligent",
  );
  return (
    <>
      <PageHead
        title={api.name}
        beside={<Beside api={api} />}
        actions={<Actions api={api} onFailure={(title, error) => setFailure({ title, error })} />}
      />
      <nav className={classes["tabs"]} aria-label={t("tabs", { name: api.name })}>
        {shownTabs.map((each) => (
          <Link
            key={each}
            to="/model-apis/$name/$tab"
            params={{ name: api.name, tab: each }}
            aria-current={each === tab ? "page" : undefined}
          >
            {t(each)}
          </Link>
        ))}
      </nav>
      <PageBody>
        <div className={classes["body"]}>
          {failure !== undefined && <ErrorPanel title={failure.title} error={failure.error} />}
          <Suspense fallback={<LoadingRows />}>
            <TabPage key={api.name} api={api} />
          </Suspense>
        </div>
      </PageBody>
    </>
  );
}

function Beside({ api }: { readonly api: ModelApi }) {
  const caseName = useMessages(caseNames);
  const ui = useMessages(uiMessages);
  const status = useQuery(statusQuery);
  const services = useQuery(listQuery("services"));
  return (
    <>
      <StateCell state={stateOf(api, status.data?.services)} />
      {isSimulated(api, services.data?.items) && <span className="tag tag-outline">{ui("simulated")}</span>}
      <span className={classes["wideOnly"]}>
        <span className="tag">{caseName(api.useCase)}</span>
        {api.protocols.map((protocol) => (
          <span key={protocol} className="tag">
            {protocolNames[protocol]}
          </span>
        ))}
        {api.managedBy === "file" && (
          <span className="tag" title={ui("fromFileHelp")}>
            <Lock size={12} aria-hidden /> {ui("fromFile")}
          </span>
        )}
      </span>
    </>
  );
}

function Actions({
  api,
  onFailure,
}: {
  readonly api: ModelApi;
  readonly onFailure: (title: string, error: unknown) => void;
}) {
  const t = useMessages(detailMessages);
  const navigate = useNavigate();
  const params = { name: api.name };
  return (
    <span className="row">
      <Button
        leftSection={<Pencil size={15} strokeWidth={1.75} />}
        renderRoot={(root) => <Link to="/model-apis/$name/edit" params={params} {...root} />}
      >
        {t("edit")}
      </Button>
      <Button
        variant="filled"
        leftSection={<Play size={15} strokeWidth={1.75} />}
        renderRoot={(root) => <Link to="/model-apis/$name/debug" params={params} {...root} />}
      >
        {t("debug")}
      </Button>
      <ApiMenu
        api={api}
        size={32}
        variant="default"
        onFailure={onFailure}
        onDeleted={() => void navigate({ to: "/model-apis" })}
      />
    </span>
  );
}
