// Which time is shown and how often it is read anew: ranges, an own span, comparison, refresh.
import { Button, Menu, Popover, SegmentedControl, TextInput } from "@mantine/core";
import { CalendarRange, GitCompareArrows, RefreshCw } from "lucide-react";
import { useId, useState } from "react";
import { useMessages } from "../../i18n/language.tsx";
import { offsetOf } from "../../ui/chart/scale.ts";
import { metricsMessages } from "./metrics-messages.ts";
import { ranges, type MetricsRange, type MetricsSearch } from "./metrics-search.ts";
import { fieldTime, readFieldTime, usualRange, type TimeSpan } from "./metrics-span.ts";

export interface RangeToolsProps {
  readonly search: MetricsSearch;
  readonly span: () => TimeSpan;
  readonly onChange: (change: MetricsSearch) => void;
  readonly onRefresh: () => void;
}

export function RangeTools(props: RangeToolsProps) {
  const t = useMessages(metricsMessages);
  const { search, onChange } = props;
  const isOwn = search.from !== undefined;
  return (
    <>
      <button
        type="button"
        className={`chip ${search.compare === true ? "chip-set" : ""}`}
        aria-pressed={search.compare === true}
        onClick={() => onChange({ compare: search.compare === true ? undefined : true })}
      >
        <GitCompareArrows size={14} aria-hidden />
        {t("compare")}
      </button>
      <SegmentedControl
        aria-label={t("range")}
        value={isOwn ? "" : (search.range ?? usualRange)}
        data={ranges.map((range) => ({ value: range, label: t(`range${range}`) }))}
        onChange={(range) => onChange(rangeChange(ranges.find((each) => each === range)))}
      />
      <OwnSpan {...props} />
      <Refresh {...props} />
    </>
  );
}

const rangeChange = (range: MetricsRange | undefined): MetricsSearch => ({
  range,
  from: undefined,
  to: undefined,
  markFrom: undefined,
  markTo: undefined,
});

function OwnSpan({ search, span, onChange }: RangeToolsProps) {
  const t = useMessages(metricsMessages);
  const [isOpen, setOpen] = useState(false);
  return (
    <Popover position="bottom-end" withinPortal trapFocus opened={isOpen} onChange={setOpen}>
      <Popover.Target>
        <Button
          aria-label={t("ownTitle")}
          variant={search.from === undefined ? "default" : "light"}
          leftSection={<CalendarRange size={15} />}
          onClick={() => setOpen(!isOpen)}
        >
          {t("own")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={14}>
        {isOpen && (
          <OwnForm
            span={span()}
            isUtc={search.utc === true}
            onApply={({ fromMs, toMs }) => {
              setOpen(false);
              onChange({ from: fromMs, to: toMs, range: undefined, markFrom: undefined, markTo: undefined });
            }}
          />
        )}
      </Popover.Dropdown>
    </Popover>
  );
}

function OwnForm({
  span,
  isUtc,
  onApply,
}: {
  readonly span: TimeSpan;
  readonly isUtc: boolean;
  readonly onApply: (span: TimeSpan) => void;
}) {
  const t = useMessages(metricsMessages);
  const id = useId();
  const offset = (ms: number): number => offsetOf(ms, isUtc);
  const [from, setFrom] = useState(fieldTime(span.fromMs, offset(span.fromMs)));
  const [to, setTo] = useState(fieldTime(span.toMs, offset(span.toMs)));
  const [fromMs, toMs] = [readFieldTime(from, offset), readFieldTime(to, offset)];
  const isGood = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
  return (
    <form
      className="col g12"
      aria-labelledby={id}
      onSubmit={(event) => {
        event.preventDefault();
        if (isGood) onApply({ fromMs, toMs });
      }}
    >
      <h3 id={id}>{t("ownTitle")}</h3>
      <TextInput
        data-autofocus
        type="datetime-local"
        step={1}
        label={t("from")}
        value={from}
        onChange={(event) => setFrom(event.currentTarget.value)}
      />
      <TextInput
        type="datetime-local"
        step={1}
        label={t("to")}
        value={to}
        error={isGood ? undefined : t("ownProblem")}
        onChange={(event) => setTo(event.currentTarget.value)}
      />
      <Button type="submit" variant="filled" disabled={!isGood}>
        {t("apply")}
      </Button>
    </form>
  );
}

const every = [undefined, 10, 60] as const;

function Refresh({ search, onChange, onRefresh }: RangeToolsProps) {
  const t = useMessages(metricsMessages);
  const word = (seconds: 10 | 60 | undefined): string =>
    seconds === undefined ? t("refreshOff") : t(`refresh${seconds}`);
  const isOff = search.refresh === undefined;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          leftSection={<RefreshCw size={14} />}
          aria-label={isOff ? t("refreshIsOff") : t("refreshEvery", { every: word(search.refresh) })}
        >
          {isOff ? t("refreshIsOff") : word(search.refresh)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onRefresh}>{t("refreshNow")}</Menu.Item>
        {every.map((seconds) => (
          <Menu.Item
            key={seconds ?? 0}
            aria-current={seconds === search.refresh || undefined}
            onClick={() => onChange({ refresh: seconds })}
          >
            {t("refreshEvery", { every: word(seconds) })}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
