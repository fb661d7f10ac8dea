// Every frame of the stream with its time, or the body of a plain answer. Only rows in sight are drawn.
import { ActionIcon, TextInput, Tooltip } from "@mantine/core";
import { Download, Filter } from "lucide-react";
import { useState, type KeyboardEvent } from "react";
import { formatBytes, formatCount, formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { CopyButton } from "../../../ui/copy.tsx";
import { saveText } from "../save-file.ts";
import { prettyJson } from "../json.ts";
import { panelMessages } from "../panel-messages.ts";
import { frameLine, rawRows, streamText, type RawRow } from "../raw-rows.ts";
import { isRunning, headerOf, type RunView } from "../run-view.ts";
import { FrameRow } from "./frame-row.tsx";
import classes from "./side-tabs.module.css";
import { Waterfall } from "./waterfall.tsx";

const rowHeight = 26;
const overscan = 10;
const windowRows = 60;

export function RawTab({ view }: { readonly view: RunView | null }) {
  const t = useMessages(panelMessages);
  if (view === null) return <p className={`dim ${classes["pad"]}`}>{t("noRunRaw")}</p>;
  return (
    <>
      <div className={classes["timing"]}>
        <div className="row small">
          <span className="medium grow">{t("timing")}</span>
          <span className="dim num">
            {isRunning(view)
              ? t("now", { time: formatDuration(view.elapsedMs) })
              : formatDuration(view.elapsedMs)}
          </span>
        </div>
        <Waterfall view={view} />
      </div>
      {view.frames.length > 0 ? <Frames view={view} /> : <PlainBody view={view} />}
      {view.isCut && <p className={`small warn ${classes["pad"]}`}>{t("keptPart")}</p>}
    </>
  );
}

function Frames({ view }: { readonly view: RunView }) {
  const t = useMessages(panelMessages);
  const [filter, setFilter] = useState("");
  const [top, setTop] = useState(0);
  const [selected, setSelected] = useState<string>();
  const rows = rawRows(view, filter);
  const first = Math.max(0, Math.floor(top / rowHeight) - overscan);
  const seen = rows.slice(first, first + windowRows + 2 * overscan);
  const open = rows.find((row) => row.key === selected);
  const text = (): string => streamText(view.frames);
  const frames = rows.filter((row) => row.kind === "frame");
  const move = (event: KeyboardEvent<HTMLDivElement>): void => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const at = frames.findIndex(({ key }) => key === selected);
    const next = frames[Math.min(frames.length - 1, Math.max(0, at + step))];
    if (next === undefined) return;
    setSelected(next.key);
    const list = event.currentTarget;
    const offset = rows.indexOf(next) * rowHeight;
    if (offset < list.scrollTop) list.scrollTop = offset;
    else if (offset + rowHeight > list.scrollTop + list.clientHeight) {
      list.scrollTop = offset + rowHeight - list.clientHeight;
    }
  };
  return (
    <>
      <div className={classes["tools"]}>
        <TextInput
          size="xs"
          className="grow"
          aria-label={t("filterFrames")}
          placeholder={t("filterFrames")}
          leftSection={<Filter size={13} />}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        {filter !== "" && (
          <span className="small dim num" role="status">
            {t("framesShown", { shown: frames.length, all: view.frames.length })}
          </span>
        )}
        <Tooltip label={t("download")}>
          <ActionIcon
            variant="subtle"
            size={28}
            aria-label={t("download")}
            onClick={() => saveText(`${view.requestId || view.id}.sse`, text(), "text/event-stream")}
          >
            <Download size={15} />
          </ActionIcon>
        </Tooltip>
        <CopyButton text={isRunning(view) ? "" : text()} label={t("copyFrames")} />
      </div>
      <div className={classes["frameHead"]} aria-hidden>
        <span className={classes["offset"]}>{t("offset")}</span>
        <span className="grow">{t("data")}</span>
        <span>{t("bytes")}</span>
      </div>
      <div
        className={classes["frames"]}
        role="listbox"
        aria-label={t("frames")}
        aria-activedescendant={selected === undefined ? undefined : `debug-${selected.replace(" ", "-")}`}
        tabIndex={0}
        onKeyDown={move}
        onScroll={(event) => setTop(event.currentTarget.scrollTop)}
      >
        <div className={classes["spacer"]} style={{ height: rows.length * rowHeight }}>
          {seen.map((row, index) => (
            <FrameRow
              key={row.key}
              row={row}
              top={(first + index) * rowHeight}
              isSelected={row.key === selected}
              onSelect={setSelected}
            />
          ))}
        </div>
      </div>
      {open?.kind === "frame" && <Detail row={open} />}
    </>
  );
}

function Detail({ row: { frame } }: { readonly row: Extract<RawRow, { kind: "frame" }> }) {
  const t = useMessages(panelMessages);
  const label = t("frameDetail", { at: formatCount(Math.round(frame.offsetMs)) });
  const { data } = frame;
  return (
    <section className={classes["detail"]} aria-label={label}>
      <p className="small dim">{label}</p>
      <CodeBlock code={data === undefined ? frameLine(frame) : prettyJson(data)} label={label} />
    </section>
  );
}

/** The longest text that is drawn with colours; what is longer is cut here and whole in the download. */
const mostShown = 200_000;

function PlainBody({ view }: { readonly view: RunView }) {
  const t = useMessages(panelMessages);
  const { body, blob } = view;
  if (blob !== null) {
    return (
      <p className={classes["pad"]}>
        {t("binary", { type: headerOf(view, "content-type"), size: formatBytes(blob.size) })}
      </p>
    );
  }
  if (body === "") return null;
  return (
    <div className={classes["pad"]}>
      <CodeBlock code={prettyJson(body).slice(0, mostShown)} label={t("body")} />
    </div>
  );
}
