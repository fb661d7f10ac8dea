// What stands round the list: chips that count, span of time, columns, views with a name, export.
import { Button, Checkbox, Menu, Popover, SegmentedControl, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Bookmark, Columns3, Download, X } from "lucide-react";
import { useState } from "react";
import type { LogFacet } from "../../../../src/control/routes/console-answers.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { FilterChip } from "../../ui/filter-chip.tsx";
import { addView, readViews, removeView, type SavedView } from "./kept-choices.ts";
import { exportAddress } from "./log-calls.ts";
import { logColumns, usualColumns } from "./log-columns.tsx";
import { logsMessages } from "./logs-messages.ts";
import classes from "./logs.module.css";
import { facetFieldOf, facetWords, type FacetWord } from "./query-fields.ts";
import { wantedValues, withWanted, type Term } from "./query-text.ts";
import { fromFieldTime, ranges, toFieldTime, type Bounds, type Span } from "./time-range.ts";

/** @param before what a chip counted when it was not set yet: its other values with their counts */
export function FacetChips({
  terms,
  facets,
  before,
  onChange,
}: {
  readonly terms: readonly Term[];
  readonly facets: readonly LogFacet[];
  readonly before: (word: FacetWord) => readonly LogFacet[] | undefined;
  readonly onChange: (terms: readonly Term[]) => void;
}) {
  const t = useMessages(logsMessages);
  const label = (word: FacetWord, value: string): string =>
    value === ""
      ? t("noValue")
      : (word === "stream" || word === "fallback") && (value === "true" || value === "false")
        ? t(value === "true" ? "yes" : "no")
        : value;
  return (
    <div className={classes["facets"]} role="group" aria-label={t("filters")}>
      {facetWords.map((word) => {
        const values = wantedValues(terms, word);
        const isFacet = ({ field }: LogFacet): boolean => field === facetFieldOf[word];
        const counted = (values.length > 0 ? before(word) : undefined) ?? facets;
        const listed = counted.find(isFacet)?.values ?? [];
        const options = [
          ...listed.map(({ value, count }) => ({ value, label: label(word, value), count })),
          ...values
            .filter((value) => !listed.some((option) => option.value === value))
            .map((value) => ({ value, label: label(word, value) })),
        ];
        if (options.length === 0) return null;
        return (
          <FilterChip
            key={word}
            label={t(`facet_${word}`)}
            options={options}
            values={values}
            onChange={(next) =>
              // A flag is one or the other.
              onChange(
                withWanted(terms, word, word === "stream" || word === "fallback" ? next.slice(-1) : next),
              )
            }
          />
        );
      })}
    </div>
  );
}

export function SpanPicker({
  span,
  bounds,
  onChange,
}: {
  readonly span: Span;
  readonly bounds: Bounds;
  readonly onChange: (span: Span) => void;
}) {
  const t = useMessages(logsMessages);
  const { language } = useLanguage();
  const [now] = useState(() => new Date());
  const isOwn = span.kind === "own";
  return (
    <div className="row g6">
      <SegmentedControl
        aria-label={t("range")}
        value={isOwn ? "" : span.range}
        data={ranges.map((range) => ({ value: range, label: t(`range_${range}`) }))}
        onChange={(value) => {
          const range = ranges.find((each) => each === value);
          if (range !== undefined) onChange({ kind: "relative", range });
        }}
      />
      <OwnSpan bounds={bounds} isSet={isOwn} onChange={onChange}>
        {isOwn
          ? `${formatTime(new Date(bounds.fromMs), language, now)} – ${formatTime(new Date(bounds.toMs), language, now)}`
          : t("own")}
      </OwnSpan>
      {isOwn && (
        <button
          type="button"
          className="chip chip-set"
          style={{ padding: "0 6px" }}
          aria-label={t("backToRelative")}
          title={t("backToRelative")}
          onClick={() => onChange({ kind: "relative", range: "1h" })}
        >
          <X size={13} aria-hidden />
        </button>
      )}
    </div>
  );
}

function OwnSpan({
  bounds,
  isSet,
  onChange,
  children,
}: {
  readonly bounds: Bounds;
  readonly isSet: boolean;
  readonly onChange: (span: Span) => void;
  readonly children: string;
}) {
  const t = useMessages(logsMessages);
  const [isOpen, setOpen] = useState(false);
  const [from, setFrom] = useState("");
  const [to, setTo] = useState("");
  const fromMs = fromFieldTime(from);
  const toMs = fromFieldTime(to);
  const isRight = fromMs !== undefined && toMs !== undefined && fromMs < toMs;
  const open = (next: boolean): void => {
    if (next) {
      setFrom(toFieldTime(bounds.fromMs));
      setTo(toFieldTime(bounds.toMs));
    }
    setOpen(next);
  };
  return (
    <Popover opened={isOpen} onChange={open} position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={`chip num ${isSet ? "chip-set" : ""}`}
          aria-label={isSet ? `${t("ownSpan")}: ${children}` : t("ownSpan")}
          onClick={() => open(!isOpen)}
        >
          {children}
        </button>
      </Popover.Target>
      <Popover.Dropdown p={14} aria-label={t("ownSpan")}>
        <form
          className="col g12"
          onSubmit={(event) => {
            event.preventDefault();
            if (!isRight) return;
            setOpen(false);
            onChange({ kind: "own", fromMs, toMs });
          }}
        >
          <TextInput
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
            error={isRight || to === "" ? null : t("ownWrong")}
            onChange={(event) => setTo(event.currentTarget.value)}
          />
          <Button type="submit" variant="filled" disabled={!isRight}>
            {t("apply")}
          </Button>
        </form>
      </Popover.Dropdown>
    </Popover>
  );
}

export function ColumnChooser({
  shown,
  onChange,
}: {
  readonly shown: readonly string[];
  readonly onChange: (keys: readonly string[]) => void;
}) {
  const t = useMessages(logsMessages);
  const toggle = (key: string): void =>
    onChange(shown.includes(key) ? shown.filter((other) => other !== key) : [...shown, key]);
  return (
    <Popover position="bottom-end" trapFocus returnFocus>
      <Popover.Target>
        <Button size="xs" variant="subtle" leftSection={<Columns3 size={14} />}>
          {t("columns")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={12} aria-label={t("columns")}>
        <fieldset className={classes["choices"]}>
          <legend className="sr-only">{t("columns")}</legend>
          {logColumns.map(({ key, head }) => (
            <Checkbox key={key} label={t(head)} checked={shown.includes(key)} onChange={() => toggle(key)} />
          ))}
        </fieldset>
        <div className="row g8" style={{ justifyContent: "space-between", paddingTop: 8 }}>
          <span className="small dim">{t("columnsText")}</span>
          <Button size="xs" variant="subtle" onClick={() => onChange(usualColumns)}>
            {t("usual")}
          </Button>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

export function ExportMenu({ terms, bounds }: { readonly terms: readonly Term[]; readonly bounds: Bounds }) {
  const t = useMessages(logsMessages);
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button size="xs" variant="subtle" leftSection={<Download size={14} />}>
          {t("export")}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{t("exportText")}</Menu.Label>
        {(["jsonl", "csv"] as const).map((format) => (
          <Menu.Item
            key={format}
            component="a"
            href={exportAddress(terms, bounds, format)}
            download={`moongate-logs.${format}`}
          >
            {t(format === "csv" ? "exportCsv" : "exportJsonl")}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** @param view what would be saved now */
export function SavedViews({
  view,
  onOpen,
}: {
  readonly view: Omit<SavedView, "name">;
  readonly onOpen: (view: SavedView) => void;
}) {
  const t = useMessages(logsMessages);
  const [isOpen, setOpen] = useState(false);
  const [views, setViews] = useState<readonly SavedView[]>([]);
  const [name, setName] = useState("");
  const open = (next: boolean): void => {
    if (next) setViews(readViews());
    setOpen(next);
  };
  return (
    <Popover opened={isOpen} onChange={open} position="bottom-end" trapFocus returnFocus width={300}>
      <Popover.Target>
        <Button variant="subtle" leftSection={<Bookmark size={15} />} onClick={() => open(!isOpen)}>
          {t("views")}
        </Button>
      </Popover.Target>
      <Popover.Dropdown p={12} aria-label={t("views")}>
        <div className="col g8">
          {views.length === 0 && <p className="dim">{t("noViews")}</p>}
          <ul>
            {views.map((saved) => (
              <li key={saved.name} className="row g4">
                <button
                  type="button"
                  className={`grow ${classes["view"]}`}
                  onClick={() => {
                    setOpen(false);
                    onOpen(saved);
                  }}
                >
                  <span className="medium cut">{saved.name}</span>
                  <span className="mono dim cut">{saved.q}</span>
                </button>
                <Button
                  size="xs"
                  variant="subtle"
                  aria-label={t("deleteView", { name: saved.name })}
                  onClick={() => setViews(removeView(saved.name))}
                >
                  <X size={13} aria-hidden />
                </Button>
              </li>
            ))}
          </ul>
          <form
            className="row g8"
            style={{ alignItems: "flex-end" }}
            onSubmit={(event) => {
              event.preventDefault();
              const wanted = name.trim();
              if (wanted === "") return;
              setViews(addView({ name: wanted, ...view }));
              setName("");
              notifications.show({ message: t("viewSaved", { name: wanted }) });
            }}
          >
            <TextInput
              className="grow"
              label={t("saveView")}
              placeholder={t("viewName")}
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Button type="submit" disabled={name.trim() === ""}>
              {t("save")}
            </Button>
          </form>
          <p className="small dim">{t("viewsText")}</p>
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
