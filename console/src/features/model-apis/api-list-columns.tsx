// The columns of the list of Model APIs: what each cell shows of a row.
import { Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link } from "@tanstack/react-router";
import { ArrowDown, ArrowUp, Lock, LockOpen } from "lucide-react";
import type { ModelApi } from "../../api/resources.ts";
import { formatShare } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Moon } from "../../ui/moon.tsx";
import { SparkLine } from "../../ui/spark-line.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { entryOf, fallbackTargets, grantedConsumers, type ApiState } from "./api-facts.ts";
import classes from "./api-list.module.css";
import { ApiMenu } from "./api-menu.tsx";
import { protocolNames, caseIcons, caseWords } from "./api-words.ts";
import type { ApiRow, Sort, SortKey } from "./list-filter.ts";
import { listMessages } from "./list-messages.ts";
import type { ListView, OptionalColumn } from "./list-view.ts";

const chartColours = [1, 2, 3, 4, 5, 6, 7].map((n) => `var(--mg-c${n})`);

interface Wishes {
  readonly view: ListView;
  readonly sort: Sort | undefined;
  readonly onSort: (key: SortKey) => void;
  readonly onFailure: (title: string, error: unknown) => void;
}

export function useApiColumns({ view, sort, onSort, onFailure }: Wishes): Column<ApiRow>[] {
  const t = useMessages(listMessages);
  const phone = useMediaQuery("(max-width: 640px)") ?? false;
  const head = (key: SortKey, text: string) => (
    <SortHead text={text} active={sort?.key === key ? sort : undefined} onClick={() => onSort(key)} />
  );
  const sorted = (key: SortKey) =>
    sort?.key === key ? { sorted: sort.down ? ("descending" as const) : ("ascending" as const) } : {};
  const columns: (Column<ApiRow> & { readonly optional?: OptionalColumn })[] = [
    {
      key: "icon",
      head: "",
      name: t("useCase"),
      width: 28,
      wide: true,
      cell: ({ api }) => <UseCaseIcon api={api} />,
    },
    {
      key: "name",
      head: head("name", t("name")),
      ...sorted("name"),
      cell: (row) => <NameCell row={row} dense={view.dense} />,
    },
    {
      key: "entry",
      optional: "entry",
      head: t("entry"),
      wide: true,
      cell: ({ api }) => <EntryCell api={api} />,
    },
    {
      key: "modelService",
      optional: "modelService",
      head: t("modelService"),
      wide: true,
      cell: ({ api }) => <ModelServiceCell api={api} dense={view.dense} />,
    },
    {
      key: "fallback",
      optional: "fallback",
      head: t("fallback"),
      wide: true,
      cell: ({ api }) => <FallbackCell api={api} />,
    },
    {
      key: "access",
      optional: "access",
      head: t("access"),
      wide: true,
      cell: ({ api }) => <AccessCell api={api} />,
    },
    {
      key: "group",
      optional: "group",
      head: t("group"),
      wide: true,
      cell: ({ api }) => <span className="soft">{api.resourceGroup}</span>,
    },
    {
      key: "traffic",
      optional: "traffic",
      head: <span className={classes["trafficHead"]}>{head("traffic", t("traffic"))}</span>,
      ...sorted("traffic"),
      right: true,
      wide: true,
      cell: (row) => <TrafficCell row={row} />,
    },
    {
      key: "status",
      optional: "status",
      head: head("status", t("status")),
      ...sorted("status"),
      cell: ({ state }) => <StateCell state={state} />,
    },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: ({ api }) => <ActionsCell api={api} phone={phone} onFailure={onFailure} />,
    },
  ];
  return columns.filter(({ optional }) => optional === undefined || !view.hidden.includes(optional));
}

function SortHead({
  text,
  active,
  onClick,
}: {
  readonly text: string;
  readonly active: Sort | undefined;
  readonly onClick: () => void;
}) {
  const t = useMessages(listMessages);
  return (
    <button type="button" className={classes["sort"]} title={t("sortBy", { name: text })} onClick={onClick}>
      {text}
      {active !== undefined &&
        (active.down ? <ArrowDown size={12} aria-hidden /> : <ArrowUp size={12} aria-hidden />)}
    </button>
  );
}

function UseCaseIcon({ api }: { readonly api: ModelApi }) {
  const words = useMessages(caseWords);
  const Icon = caseIcons[api.useCase];
  return <Icon size={17} strokeWidth={1.75} className="dim" aria-label={words(api.useCase)} role="img" />;
}

function NameCell({ row: { api, simulated }, dense }: { readonly row: ApiRow; readonly dense: boolean }) {
  const words = useMessages(caseWords);
  const ui = useMessages(uiMessages);
  return (
    <div className={dense ? classes["dense"] : undefined}>
      <div className={classes["name"]}>
        <Link to="/model-apis/$name" params={{ name: api.name }} title={api.description || undefined}>
          {api.name}
        </Link>
        {api.managedBy === "file" && (
          <Tooltip label={ui("fromFile")}>
            <Lock size={13} strokeWidth={1.75} className="dim" role="img" aria-label={ui("fromFile")} />
          </Tooltip>
        )}
        {simulated && <span className="tag tag-outline tiny">{ui("simulated")}</span>}
      </div>
      <div className={`tiny dim ${classes["sub"]}`}>
        {words(api.useCase)} · {api.protocols.map((protocol) => protocolNames[protocol]).join(", ")}
      </div>
    </div>
  );
}

function EntryCell({ api }: { readonly api: ModelApi }) {
  const t = useMessages(listMessages);
  const [first = "*", ...others] = api.domains;
  const rest = others.map((domain) => entryOf(domain, api.basePath)).join(", ");
  return (
    <span className="row g6">
      <span className={`mono cut ${classes["entry"]}`} title={entryOf(first, api.basePath)}>
        {entryOf(first, api.basePath)}
      </span>
      {others.length > 0 && (
        <span className="tag num" title={t("moreEntries", { n: others.length, list: rest })}>
          +{others.length}
        </span>
      )}
    </span>
  );
}

/** The mode in a few words. */
export function useModeText(): (api: Pick<ModelApi, "modelService">) => string {
  const t = useMessages(listMessages);
  return ({ modelService: mode }) => {
    switch (mode.mode) {
      case "single":
        return mode.target.service;
      case "by-weight":
        return t("byWeight", { n: mode.targets.length });
      case "by-metrics":
        return t("byMetrics", { goal: t(mode.goal) });
      case "by-model-name":
        return t("byModel", { n: mode.rules.length });
      case "intelligent":
        return t("intelligent", { n: mode.candidates.length });
    }
  };
}

function ModelServiceCell({ api, dense }: { readonly api: ModelApi; readonly dense: boolean }) {
  const modeText = useModeText();
  const { modelService } = api;
  return (
    <>
      <div className="soft nowrap">{modeText(api)}</div>
      {modelService.mode === "by-weight" && !dense && (
        <div className={classes["share"]}>
          <ShareBar weights={modelService.targets.map(({ weight }) => weight)} />
        </div>
      )}
    </>
  );
}

/** Parts of a whole in chart colours; the numbers stand elsewhere in words. */
export function ShareBar({ weights }: { readonly weights: readonly number[] }) {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return (
    <span className="bar" aria-hidden>
      {weights.map((weight, index) => (
        <i
          key={index}
          style={{
            width: `${total === 0 ? 0 : (weight / total) * 100}%`,
            background: chartColours[index] ?? "var(--mg-rest)",
          }}
        />
      ))}
    </span>
  );
}

function FallbackCell({ api }: { readonly api: ModelApi }) {
  const t = useMessages(listMessages);
  const targets = fallbackTargets(api);
  if (targets.length === 0) return <span className="dim">{t("off")}</span>;
  return <span className="soft">{targets.map(({ service }) => service).join(" › ")}</span>;
}

function AccessCell({ api }: { readonly api: ModelApi }) {
  const t = useMessages(listMessages);
  if (api.auth.enabled)
    return <span className="soft nowrap">{t("consumers", { n: grantedConsumers(api).length })}</span>;
  return (
    <span className="row g4 warn">
      <LockOpen size={13} strokeWidth={1.75} aria-hidden />
      {t("open")}
    </span>
  );
}

function TrafficCell({ row: { traffic } }: { readonly row: ApiRow }) {
  const t = useMessages(listMessages);
  if (traffic === undefined || traffic.requests === 0)
    return <span className={`${classes["traffic"]} dim`}>—</span>;
  return (
    <div className={classes["traffic"]} title={t("requests", { n: traffic.requests })}>
      <SparkLine values={traffic.series} name={t("requests", { n: traffic.requests })} />
      <span className={`num ${classes["success"]}`}>
        {formatShare(traffic.succeeded / traffic.requests, 2)}
      </span>
    </div>
  );
}

const phases = { enabled: "full", degraded: "half", disabled: "ring" } as const;
const tones = { enabled: "", degraded: "warn", disabled: "dim" } as const;

/** Moon and word of how a Model API stands. */
export function StateCell({ state }: { readonly state: ApiState }) {
  const t = useMessages(listMessages);
  return (
    <span className="row g6 nowrap">
      <Moon phase={phases[state]} size={11} />
      <span className={tones[state]}>{t(state)}</span>
    </span>
  );
}

function ActionsCell({
  api,
  phone,
  onFailure,
}: {
  readonly api: ModelApi;
  readonly phone: boolean;
  readonly onFailure: (title: string, error: unknown) => void;
}) {
  const t = useMessages(listMessages);
  return (
    <span className={classes["actions"]}>
      {!phone && (
        <>
          <Link
            className="link"
            to="/model-apis/$name/debug"
            params={{ name: api.name }}
            aria-label={`${t("debug")} ${api.name}`}
          >
            {t("debug")}
          </Link>
          <Link
            className="link"
            to="/model-apis/$name/edit"
            params={{ name: api.name }}
            aria-label={`${t("edit")} ${api.name}`}
          >
            {t("edit")}
          </Link>
        </>
      )}
      <ApiMenu api={api} links={phone} size={phone ? 36 : 26} onFailure={onFailure} />
    </span>
  );
}
