// What differs between two runs: request, headers, answer, times.
import type { ReactNode } from "react";
import { formatDuration } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { prettyJson } from "../json.ts";
import type { StoredRun } from "../history.ts";
import { factsOf } from "../run-facts.ts";
import type { RunView } from "../run-view.ts";
import { TextDiff } from "./text-diff.tsx";
import { toolsMessages } from "./tools-messages.ts";

export function RunDiff({ one, other }: { readonly one: StoredRun; readonly other: StoredRun }) {
  const t = useMessages(toolsMessages);
  const parts: readonly {
    readonly title: string;
    readonly by: "words" | "lines";
    readonly text: (view: RunView) => string;
  }[] = [
    { title: t("diffRequest"), by: "lines", text: requestText },
    { title: t("diffAnswer"), by: "words", text: answerText },
    { title: t("diffTimes"), by: "lines", text: timesText },
    { title: t("diffHeaders"), by: "lines", text: headersText },
  ];
  return (
    <div className="col g16">
      {parts.map(({ title, by, text }) => (
        <Part key={title} title={title}>
          <TextDiff before={text(one.view)} after={text(other.view)} by={by} />
        </Part>
      ))}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className="col g6">
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function requestText({ request }: RunView): string {
  return `${request.method} ${request.path}\n${JSON.stringify(request.body ?? {}, null, 2)}\n`;
}

function answerText({ answer, body }: RunView): string {
  return answer.text === "" ? prettyJson(body) : answer.text;
}

function headersText({ headers }: RunView): string {
  return headers.map(([name, value]) => `${name}: ${value}\n`).join("");
}

function timesText(view: RunView): string {
  const { ttftMs, elapsedMs, overheadMs } = factsOf(view);
  const time = (ms: number | null): string => (ms === null ? "—" : formatDuration(ms));
  return `TTFT ${time(ttftMs)}\nTotal ${time(elapsedMs)}\nOverhead ${time(overheadMs)}\n`;
}
