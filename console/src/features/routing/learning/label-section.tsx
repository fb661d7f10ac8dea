// Labels by model and source, with the ways to bring some and to forget those of one source.
import { Button, Modal, Select } from "@mantine/core";
import { useState } from "react";
import type { LabelSource, RoutingState } from "../../../../../src/control/routing/routing-answers.ts";
import { formatCount } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { ImportLabels } from "./import-labels.tsx";
import { labelRows, sourceNames, usedSources, type LabelRow } from "./label-rows.ts";
import { useLearningAct } from "./learning-calls.ts";
import classes from "./learning.module.css";
import { learningMessages } from "./learning-messages.ts";

type Labels = RoutingState["labels"];

export function LabelSection({
  api,
  labels,
  candidates,
  locked,
}: {
  readonly api: string;
  readonly labels: Labels;
  readonly candidates: readonly string[];
  readonly locked: string | undefined;
}) {
  const t = useMessages(learningMessages);
  const [open, setOpen] = useState<"import" | "clear">();
  return (
    <section aria-label={t("labels")}>
      <div className={classes["head"]}>
        <h2>{t("labels")}</h2>
        <p className="small dim">{t("labelsHint")}</p>
        <Button size="xs" disabled={locked !== undefined} title={locked} onClick={() => setOpen("import")}>
          {t("import_")}
        </Button>
        <Button
          size="xs"
          disabled={locked !== undefined || labels.total === 0}
          title={locked}
          onClick={() => setOpen("clear")}
        >
          {t("clear")}
        </Button>
      </div>
      {labels.unusable > 0 && (
        <p className="small soft">{t("unusableLabels", { n: formatCount(labels.unusable) })}</p>
      )}
      {labels.total === 0 ? (
        <p className="soft">{t("noLabels")}</p>
      ) : (
        <DataTable
          label={t("labelTable")}
          rowHeight={34}
          columns={labelColumns(t)}
          rows={labelRows(labels.items, candidates)}
          rowKey={({ model }) => model}
        />
      )}
      {open === "import" && <ImportLabels api={api} onClose={() => setOpen(undefined)} />}
      {open === "clear" && <ClearLabels api={api} labels={labels} onClose={() => setOpen(undefined)} />}
    </section>
  );
}

type Words = ReturnType<typeof useMessages<typeof learningMessages.en>>;

function labelColumns(t: Words): Column<LabelRow>[] {
  const count = (value: number) => <span className="num">{value === 0 ? "—" : formatCount(value)}</span>;
  return [
    {
      key: "model",
      head: t("model"),
      cell: ({ model, isCandidate }) => (
        <span className="row g6">
          <span className="mono">{model}</span>
          {!isCandidate && <span className="tag tag-outline">{t("notCandidate")}</span>}
        </span>
      ),
    },
    ...sourceNames.map((source): Column<LabelRow> => ({
      key: source,
      head: t(source),
      right: true,
      cell: ({ counts }) => count(counts[source]),
    })),
    { key: "total", head: t("total"), right: true, cell: ({ total }) => count(total) },
  ];
}

function ClearLabels({
  api,
  labels,
  onClose,
}: {
  readonly api: string;
  readonly labels: Labels;
  readonly onClose: () => void;
}) {
  const t = useMessages(learningMessages);
  const ui = useMessages(uiMessages);
  const act = useLearningAct(api);
  const used = usedSources(labels.items);
  const [source, setSource] = useState<LabelSource | undefined>(used[0]);
  const count = labels.items
    .filter((item) => item.source === source)
    .reduce((sum, item) => sum + item.count, 0);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("clearTitle")}
      size={440}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g12">
        <p className="soft" style={{ margin: 0 }}>
          {t("clearText")}
        </p>
        <Select
          data-autofocus
          label={t("source")}
          data={used.map((value) => ({ value, label: t(value) }))}
          value={source ?? null}
          onChange={(value) => setSource(used.find((each) => each === value))}
        />
        {act.isError && <ErrorPanel title={t("actFailed")} error={act.error} />}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("keep")}
          </Button>
          <Button
            variant="outline"
            color="red"
            loading={act.isPending}
            disabled={source === undefined}
            onClick={() => {
              if (source !== undefined) act.mutate({ act: "clear", source }, { onSuccess: onClose });
            }}
          >
            {t("clearConfirm", { n: count })}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
