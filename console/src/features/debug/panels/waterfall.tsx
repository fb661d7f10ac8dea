// The attempts of a run on a line of time: waiting pale, answering solid, failed dashed; a moon mark at the first data.
import { formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { panelMessages } from "../panel-messages.ts";
import type { RunView } from "../run-view.ts";
import { whyFailed } from "../trace-sentence.ts";

const width = 420;
const left = 108;
const rowHeight = 24;

export function Waterfall({ view }: { readonly view: RunView }) {
  const t = useMessages(panelMessages);
  const { record } = view;
  const whole = Math.max(record?.durationMs ?? 0, view.elapsedMs, 1);
  const x = (ms: number): number => left + (Math.max(0, Math.min(ms, whole)) / whole) * (width - left - 6);
  const start = record === null ? 0 : Date.parse(record.time);
  const attempts = record?.attempts ?? [];
  const rows = Math.max(1, attempts.length) + 1;
  const height = rows * rowHeight + 22;
  return (
    <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={t("timing")}>
      {ticks(whole).map((ms) => (
        <g key={ms}>
          <path d={`M${x(ms)} 0v${height - 20}`} stroke="var(--mg-hair)" />
          <text x={x(ms)} y={height - 5} textAnchor={ms === 0 ? "start" : "middle"} fill="var(--mg-ink-3)">
            {ms === 0 ? "0" : formatTick(ms)}
          </text>
        </g>
      ))}
      <text x="0" y="16" fill="var(--mg-ink-2)">
        {t("gateway")}
      </text>
      <rect x={left} y="4" width="2.5" height="16" rx="1" fill="var(--mg-ink-3)" />
      <text x={left + 8} y="16" fill="var(--mg-ink-3)">
        {record === null ? "—" : formatDuration(record.overheadMs)}
      </text>
      {attempts.map((attempt, index) => {
        const from = Date.parse(attempt.startedAt) - start;
        const until = from + attempt.durationMs;
        const y = (index + 1) * rowHeight + 4;
        const isOk = attempt.outcome === "ok" || attempt.ttftMs !== null;
        const first = attempt.ttftMs === null ? until : from + attempt.ttftMs;
        return (
          <g key={attempt.startedAt + attempt.service}>
            <text x="0" y={y + 12} fill="var(--mg-ink-2)">
              {cut(`${index + 1} ${attempt.service}`)}
            </text>
            <rect
              x={x(from)}
              y={y}
              width={Math.max(1.5, x(first) - x(from))}
              height="16"
              rx="2"
              fill={isOk ? "var(--mg-pond-soft)" : "var(--mg-bad-soft)"}
              stroke={isOk ? "var(--mg-pond-line)" : "var(--mg-bad)"}
              strokeDasharray={isOk ? undefined : "3 2.5"}
            />
            {isOk && (
              <>
                <rect
                  x={x(first)}
                  y={y}
                  width={Math.max(1.5, x(until) - x(first))}
                  height="16"
                  rx="2"
                  fill="var(--mg-pond)"
                />
                <path d={`M${x(first)} ${y - 3}v22`} stroke="var(--mg-moon)" strokeWidth="2" />
              </>
            )}
            {!isOk && (
              <text x={x(from) + 8} y={y + 12} fill="var(--mg-bad)">
                {attempt.reason === "first-packet-timeout"
                  ? t("noFirstPacket", { time: formatDuration(attempt.durationMs) })
                  : attempt.status === 0
                    ? attempt.detail
                    : String(attempt.status)}
              </text>
            )}
            <title>{isOk ? formatDuration(attempt.durationMs) : whyFailed(t, attempt)}</title>
          </g>
        );
      })}
      {record === null && <LiveBar view={view} x={x} />}
    </svg>
  );
}

/** Before the record is there: what this browser has seen. */
function LiveBar({ view, x }: { readonly view: RunView; readonly x: (ms: number) => number }) {
  const y = rowHeight + 4;
  const first = view.firstMs ?? view.elapsedMs;
  return (
    <>
      <rect
        x={x(0)}
        y={y}
        width={Math.max(1.5, x(first) - x(0))}
        height="16"
        rx="2"
        fill="var(--mg-pond-soft)"
        stroke="var(--mg-pond-line)"
      />
      {view.firstMs !== null && (
        <>
          <rect
            x={x(first)}
            y={y}
            width={Math.max(1.5, x(view.elapsedMs) - x(first))}
            height="16"
            rx="2"
            fill="var(--mg-pond)"
          />
          <path d={`M${x(first)} ${y - 3}v22`} stroke="var(--mg-moon)" strokeWidth="2" />
        </>
      )}
    </>
  );
}

/** Three or four round times. */
function ticks(whole: number): number[] {
  const rough = whole / 3;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * power).find((size) => size >= rough) ?? power * 10;
  return [0, 1, 2, 3].map((index) => index * step).filter((ms) => ms <= whole);
}

function formatTick(ms: number): string {
  return ms >= 1_000 ? `${Number((ms / 1_000).toFixed(1))} s` : `${Number(ms.toFixed(1))} ms`;
}

function cut(text: string): string {
  return text.length > 17 ? `${text.slice(0, 16)}…` : text;
}
