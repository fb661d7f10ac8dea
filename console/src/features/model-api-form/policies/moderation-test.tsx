// The box to try a text out: judged by the checks as the form has them, with the places of what was found.
import { Button, Textarea } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { call } from "../../../api/client.ts";
import { useMessages } from "../../../i18n/language.tsx";
import type { Translate } from "../../../i18n/messages.ts";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon, type Phase } from "../../../ui/moon.tsx";
import { useFormContext } from "../form-context.tsx";
import { dimensions } from "./check-fields.ts";
import { markedPieces } from "./marked-text.ts";
import { moderationMessages } from "./moderation-messages.ts";
import { ChoicePart, TextPart } from "./parts.tsx";
import classes from "./policies.module.css";

interface Tested {
  readonly verdict: "pass" | "observe" | "mask" | "block";
  readonly findings: readonly {
    readonly check: string;
    readonly dimension: string;
    readonly risk: "low" | "medium" | "high";
    readonly label: string;
    readonly action: "block" | "mask" | "observe";
    readonly start: number;
    readonly end: number;
    readonly rule: number | null;
  }[];
  readonly errors: readonly { readonly check: string; readonly reason: string }[];
  readonly masked: string | null;
}

interface Judged {
  readonly text: string;
  readonly answer: Tested;
}

const directions = ["request", "response"] as const;
const verdictPhases: Readonly<Record<Tested["verdict"], Phase>> = {
  pass: "full",
  observe: "crescent",
  mask: "half",
  block: "struck",
};
const maxText = 100_000;

export function ModerationTest() {
  const t = useMessages(moderationMessages);
  const { editing, readOnly, body } = useFormContext();
  const [text, setText] = useState("");
  const [direction, setDirection] = useState<(typeof directions)[number]>("request");
  const [consumer, setConsumer] = useState("");
  const judge = useMutation({
    mutationFn: async (): Promise<Judged> => ({
      text,
      answer: await call<Tested>("POST", `/model-apis/${encodeURIComponent(editing ?? "")}/moderation/test`, {
        body: { text, direction, consumer, moderation: body["moderation"] },
      }),
    }),
  });
  const why = editing === undefined ? t("testLater") : readOnly === undefined ? undefined : t("testReadOnly");
  return (
    <section aria-label={t("test")} className={`panel sunken col g12`} style={{ padding: 12 }}>
      <div>
        <h4 className="medium" style={{ margin: 0, fontSize: 12.5 }}>
          {t("test")}
        </h4>
        <p className="small dim" style={{ margin: 0 }}>
          {why ?? t("testHint")}
        </p>
      </div>
      {why === undefined && (
        <>
          <Textarea
            label={t("testText")}
            value={text}
            maxLength={maxText}
            autosize
            minRows={2}
            maxRows={8}
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div className={classes["grid"]} style={{ alignItems: "end" }}>
            <ChoicePart
              path="try.direction"
              label={t("direction")}
              value={direction}
              options={directions.map((each) => ({
                value: each,
                label: t(each === "request" ? "asRequest" : "asAnswer"),
              }))}
              onChange={setDirection}
            />
            <TextPart
              path="try.consumer"
              label={t("asConsumer")}
              placeholder={t("asConsumerHint")}
              value={consumer}
              maxLength={128}
              onChange={setConsumer}
            />
            <Button
              disabled={text === ""}
              loading={judge.isPending}
              onClick={() => judge.mutate()}
              style={{ justifySelf: "start" }}
            >
              {t("run")}
            </Button>
          </div>
          {judge.isError && <ErrorPanel title={t("testFailed")} error={judge.error} />}
          <div aria-live="polite">{judge.data !== undefined && <Verdict judged={judge.data} />}</div>
        </>
      )}
    </section>
  );
}

function Verdict({ judged: { text, answer } }: { readonly judged: Judged }) {
  const t = useMessages(moderationMessages);
  const { verdict, findings, errors, masked } = answer;
  return (
    <div className="col g12">
      <p className="row g6 medium" style={{ margin: 0 }}>
        <Moon phase={verdictPhases[verdict]} size={12} />
        {t(`verdict-${verdict}`)}
      </p>
      {findings.length > 0 && (
        <>
          <Findings findings={findings} />
          <Part title={t("marked")}>
            {markedPieces(text, findings).map((piece) =>
              piece.checks.length === 0 ? (
                <span key={piece.start}>{piece.text}</span>
              ) : (
                <mark key={piece.start} data-action={piece.action} title={piece.checks.join(", ")}>
                  {piece.text}
                </mark>
              ),
            )}
          </Part>
          {verdict === "mask" && masked !== null && <Part title={t("masked")}>{masked}</Part>}
        </>
      )}
      {errors.length > 0 && (
        <div>
          <p className="small medium warn" style={{ margin: 0 }}>
            {t("errors")}
          </p>
          <ul className="small soft" style={{ margin: "4px 0 0", paddingLeft: 18 }}>
            {errors.map(({ check, reason }) => (
              <li key={check}>
                {check}: <span lang="en">{reason}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <div>
      <p className="small medium" style={{ margin: "0 0 4px" }}>
        {title}
      </p>
      <p className={classes["marked"]}>{children}</p>
    </div>
  );
}

type Finding = Tested["findings"][number];

function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  const t = useMessages(moderationMessages);
  return (
    <DataTable
      label={t("findings")}
      rowHeight={34}
      rows={findings.map((finding, index) => ({ ...finding, index }))}
      rowKey={({ index }) => String(index)}
      columns={findingColumns(t)}
    />
  );
}

function findingColumns(t: Translate<(typeof moderationMessages)["en"]>): Column<Finding>[] {
  const dimensionOf = (name: string): string => {
    const known = dimensions.find((each) => each === name);
    return known === undefined ? name : t(known);
  };
  return [
    { key: "check", head: t("check"), cell: ({ check }) => <span className="medium">{check}</span> },
    { key: "dimension", head: t("dimension"), cell: ({ dimension }) => dimensionOf(dimension) },
    { key: "risk", head: t("risk"), cell: ({ risk }) => t(risk) },
    { key: "label", head: t("label"), cell: ({ label }) => <span className="mono">{label}</span> },
    { key: "action", head: t("followed"), cell: ({ action }) => t(`action-${action}`) },
    {
      key: "rule",
      head: t("rule"),
      cell: ({ rule }) => (rule === null ? t("noRule") : t("ruleN", { n: rule + 1 })),
    },
  ];
}
