// The learning curve: a line with its band, the same as a sentence and as a table.
import { useElementSize } from "@mantine/hooks";
import type { CurvePoint } from "../../../../../src/control/routing/routing-answers.ts";
import { formatCount, formatMoney } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { curvePicture, curveSize } from "../curve-picture.ts";
import classes from "./learning.module.css";
import { learningMessages } from "./learning-messages.ts";
import { inPoints } from "./point-text.ts";

const widest = 720;

export function LearningCurve({ curve }: { readonly curve: readonly CurvePoint[] }) {
  const t = useMessages(learningMessages);
  const { ref, width } = useElementSize();
  const isKnown = curvePicture(curve, widest) !== undefined;
  const known = curve.filter(({ judged }) => judged > 0);
  const [first, last] = [known[0], known.at(-1)];
  if (!isKnown || first === undefined || last === undefined) return <p className="soft">{t("noCurve")}</p>;
  const sentence = t("curveText", {
    first: inPoints(first.quality.value),
    last: inPoints(last.quality.value),
    n: last.prompts,
  });
  return (
    <>
      <p className="soft" style={{ margin: "0 0 6px" }}>
        {sentence}
      </p>
      {/* Drawn as wide as there is room, so that its texts keep their size. */}
      <div ref={ref} className={classes["curve"]}>
        {width > 0 && <Drawing curve={curve} width={width} label={`${t("curve")}: ${sentence}`} />}
      </div>
      <details>
        <summary className="small dim" style={{ cursor: "pointer" }}>
          {t("asTable")}
        </summary>
        <DataTable
          label={t("curveTable")}
          rowHeight={31}
          rows={curve}
          rowKey={({ prompts }) => String(prompts)}
          columns={curveColumns(t)}
        />
      </details>
    </>
  );
}

type Words = ReturnType<typeof useMessages<typeof learningMessages.en>>;

function curveColumns(t: Words): Column<CurvePoint>[] {
  return [
    {
      key: "prompts",
      head: t("prompts"),
      right: true,
      cell: ({ prompts }) => <span className="num">{formatCount(prompts)}</span>,
    },
    {
      key: "quality",
      head: t("quality"),
      right: true,
      cell: ({ quality, judged }) => (
        <span className="num">{judged === 0 ? "—" : inPoints(quality.value)}</span>
      ),
    },
    {
      key: "bounds",
      head: t("bounds"),
      right: true,
      cell: ({ quality, judged }) => (
        <span className="num">
          {judged === 0 ? "—" : `${inPoints(quality.low)} – ${inPoints(quality.high)}`}
        </span>
      ),
    },
    {
      key: "cost",
      head: t("costEach"),
      right: true,
      cell: ({ costUsd }) => <span className="num">{formatMoney(costUsd, { estimated: true })}</span>,
    },
  ];
}

function Drawing({
  curve,
  width,
  label,
}: {
  readonly curve: readonly CurvePoint[];
  readonly width: number;
  readonly label: string;
}) {
  const { height, left, right, bottom } = curveSize;
  const picture = curvePicture(curve, width);
  if (picture === undefined) return null;
  return (
    <svg width={width} height={height} role="img" aria-label={label}>
      {picture.rows.map(({ y, value }) => (
        <g key={value}>
          <line className={classes["grid"]} x1={left} x2={width - right} y1={y} y2={y} />
          <text className={classes["axis"]} x={left - 8} y={y + 4} textAnchor="end">
            {(value * 100).toFixed(0)}
          </text>
        </g>
      ))}
      {picture.columns.map(({ x, prompts }) => (
        <text
          key={prompts}
          className={classes["axis"]}
          x={x}
          y={height - bottom + 18}
          textAnchor={x > width - right - 1 ? "end" : x < left + 1 ? "start" : "middle"}
        >
          {formatCount(prompts)}
        </text>
      ))}
      <polygon className={classes["band"]} points={picture.band} />
      <polyline className={classes["line"]} points={picture.line} />
      {picture.points.map(({ x, y, prompts }) => (
        <circle key={prompts} className={classes["point"]} cx={x} cy={y} r={3} />
      ))}
    </svg>
  );
}
