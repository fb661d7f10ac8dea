// Versions of what was learnt: what each one is worth beside what was in use, which is in use, and the step back.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import type {
  RouterVersion,
  RoutingState,
  Verdict,
} from "../../../../../src/control/routing/routing-answers.ts";
import { formatCount, formatTime } from "../../../i18n/format.ts";
import { useLanguage, useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon, type Phase } from "../../../ui/moon.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { useLearningAct } from "./learning-calls.ts";
import classes from "./learning.module.css";
import { learningMessages } from "./learning-messages.ts";
import { changeText, difference } from "./point-text.ts";

const phases: Readonly<Record<Verdict, Phase>> = { better: "full", "not-better": "ring", unknown: "half" };

export function VersionSection({
  api,
  state,
  locked,
}: {
  readonly api: string;
  readonly state: RoutingState;
  readonly locked: string | undefined;
}) {
  const t = useMessages(learningMessages);
  const { language } = useLanguage();
  const act = useLearningAct(api);
  const [now] = useState(() => new Date());
  const [isAsking, setIsAsking] = useState(false);
  const { versions, published } = state;
  const whyNot = ({ usable, verdict, reason, against }: RouterVersion): string | undefined => {
    if (locked !== undefined) return locked;
    if (!usable) return t("notUsable");
    if (verdict !== "better") return t("publishNot", { reason });
    return against === published.version ? undefined : t("publishStale");
  };
  const publish = (version: number): void =>
    act.mutate(
      { act: "publish", version },
      { onSuccess: () => notifications.show({ message: t("publishedNow", { n: String(version) }) }) },
    );
  return (
    <section aria-label={t("versions")}>
      <div className={classes["head"]}>
        <h2>{t("versions")}</h2>
        <span className="grow" />
        <Button
          size="xs"
          disabled={locked !== undefined || published.version === 0}
          title={locked ?? (published.version === 0 ? t("rollbackNone") : undefined)}
          onClick={() => setIsAsking(true)}
        >
          {t("rollback")}
        </Button>
      </div>
      {act.isError && <ErrorPanel title={t("actFailed")} error={act.error} />}
      {versions.length === 0 ? (
        <p className="soft">{t("noVersions")}</p>
      ) : (
        <DataTable
          label={t("versionTable")}
          rowHeight={59}
          rows={versions}
          rowKey={({ version }) => String(version)}
          columns={[
            ...factColumns(t, (at) => formatTime(new Date(at), language, now)),
            publishColumn(t, (row) => ({
              isUsed: row.version === published.version,
              why: whyNot(row),
              isBusy: act.isPending,
              onPublish: () => publish(row.version),
            })),
          ]}
        />
      )}
      {isAsking && <RollBack api={api} published={published} onClose={() => setIsAsking(false)} />}
    </section>
  );
}

type Words = ReturnType<typeof useMessages<typeof learningMessages.en>>;

interface Publishing {
  readonly isUsed: boolean;
  /** Why it cannot be put into use; undefined: it can. */
  readonly why: string | undefined;
  readonly isBusy: boolean;
  readonly onPublish: () => void;
}

function publishColumn(t: Words, of: (row: RouterVersion) => Publishing): Column<RouterVersion> {
  return {
    key: "publish",
    head: "",
    name: t("publish"),
    right: true,
    cell: (row) => {
      const { isUsed, why, isBusy, onPublish } = of(row);
      if (isUsed) return <span className="small ok">{t("published")}</span>;
      return (
        <Button
          size="xs"
          aria-label={`${t("publish")}: ${t("version")} ${row.version}`}
          disabled={why !== undefined || isBusy}
          title={why}
          onClick={onPublish}
        >
          {t("publish")}
        </Button>
      );
    },
  };
}

function factColumns(t: Words, time: (at: string) => string): Column<RouterVersion>[] {
  return [
    {
      key: "version",
      head: t("version"),
      cell: ({ version }) => <span className="num strong">{version}</span>,
    },
    {
      key: "made",
      head: t("made"),
      cell: ({ at, by }) => (
        <span className="col">
          <time dateTime={at} className="nowrap">
            {time(at)}
          </time>
          <span className="tiny dim">{by}</span>
        </span>
      ),
    },
    {
      key: "labels",
      head: t("labels"),
      right: true,
      cell: ({ labels }) => <span className="num">{formatCount(labels)}</span>,
    },
    {
      key: "verdict",
      head: t("verdict"),
      cell: ({ verdict, reason, overCurrent: { prompts, differ, direct } }) => (
        <span className="col">
          <span className="row g6 nowrap" title={reason}>
            <Moon phase={phases[verdict]} size={10} />
            {t(verdict)}
          </span>
          <span className="tiny dim">
            {t("differ", {
              prompts: formatCount(prompts),
              differ: formatCount(differ),
              direct: formatCount(direct),
            })}
          </span>
        </span>
      ),
    },
    {
      key: "utility",
      head: t("utility"),
      right: true,
      cell: ({ overCurrent: { utility }, against }) => (
        <span className="col">
          <span className="num nowrap">
            {t("points", {
              value: difference(utility.value),
              low: difference(utility.low),
              high: difference(utility.high),
            })}
          </span>
          <span className="tiny dim nowrap">
            {against === 0 ? t("againstNone") : t("against", { n: String(against) })}
          </span>
        </span>
      ),
    },
    {
      key: "cost",
      head: t("cost"),
      right: true,
      cell: ({ overCurrent: { costUsd } }) => (
        <span className="num nowrap">{changeText(costUsd.current, costUsd.candidate) ?? "—"}</span>
      ),
    },
  ];
}

function RollBack({
  api,
  published,
  onClose,
}: {
  readonly api: string;
  readonly published: RoutingState["published"];
  readonly onClose: () => void;
}) {
  const t = useMessages(learningMessages);
  const ui = useMessages(uiMessages);
  const act = useLearningAct(api);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("rollbackTitle", { n: String(published.version) })}
      size={440}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g12">
        <p className="soft" style={{ margin: 0 }}>
          {published.former === 0 ? t("rollbackToNone") : t("rollbackTo", { n: String(published.former) })}
        </p>
        {act.isError && <ErrorPanel title={t("actFailed")} error={act.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("keep")}
          </Button>
          <Button
            data-autofocus
            variant="filled"
            loading={act.isPending}
            onClick={() =>
              act.mutate(
                { act: "rollback" },
                {
                  onSuccess: () => {
                    notifications.show({ message: t("rolledBack") });
                    onClose();
                  },
                },
              )
            }
          >
            {t("rollback")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
