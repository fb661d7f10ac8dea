// How well the examples of a draft's domains are told apart, and which of them look misplaced.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { call } from "../../../api/client.ts";
import { formatCount, formatShare } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { DataTable, type Column } from "../../../ui/data-table.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { useFormContext } from "../form-context.tsx";
import { useDomainNames } from "./domain-names.ts";
import classes from "./intelligent.module.css";
import { PartsHead } from "./known-parts.tsx";
import type { RoutingDomain } from "./routing-draft.ts";
import { ruleMessages } from "./rule-messages.ts";

interface JudgedDomain {
  readonly name: string;
  readonly examples: number;
  /** 0 to 1; null without examples. */
  readonly accuracy: number | null;
  readonly takenFor: readonly { readonly name: string; readonly examples: number }[];
}

interface Judged {
  readonly examples: number;
  readonly accuracy: number | null;
  readonly domains: readonly JudgedDomain[];
  readonly misplaced: readonly {
    readonly domain: string;
    readonly example: number;
    readonly takenFor: string;
  }[];
}

const shownMisplaced = 8;
const shownMistaken = 3;

export function DomainAccuracy() {
  const t = useMessages(ruleMessages);
  const { draft, editing, readOnly } = useFormContext();
  const { routing } = draft;
  const domains = routing.domains.map(({ domain }) => domain).filter(({ name }) => name !== "");
  const judge = useMutation({
    mutationFn: async () => ({
      asked: domains,
      answer: await call<Judged>(
        "POST",
        `/model-apis/${encodeURIComponent(editing ?? "")}/routing/domains/accuracy`,
        {
          body: {
            builtInDomains: routing.builtInDomains,
            domains: domains.map(({ name, examples }) => ({ name, examples })),
          },
        },
      ),
    }),
  });
  const why =
    editing === undefined ? t("accuracyLater") : readOnly === undefined ? undefined : t("accuracyReadOnly");
  return (
    <section className="panel sunken col g8" style={{ padding: 12 }} aria-label={t("accuracy")}>
      <PartsHead title={t("accuracy")} hint={t("accuracyHint")} />
      <div className="row wrap">
        <Button
          size="xs"
          disabled={why !== undefined}
          loading={judge.isPending}
          onClick={() => judge.mutate()}
        >
          {t("accuracyRun")}
        </Button>
        {why !== undefined && <span className="small dim">{why}</span>}
      </div>
      {judge.isError && <ErrorPanel title={t("accuracyFailed")} error={judge.error} />}
      <div aria-live="polite">
        {judge.data !== undefined && <Result answer={judge.data.answer} asked={judge.data.asked} />}
      </div>
    </section>
  );
}

function Result({ answer, asked }: { readonly answer: Judged; readonly asked: readonly RoutingDomain[] }) {
  const t = useMessages(ruleMessages);
  const names = useDomainNames();
  const labelOf = (name: string): string => names.get(name) ?? name;
  const misplaced = answer.misplaced.slice(0, shownMisplaced).map((row) => ({
    ...row,
    text: asked.find(({ name }) => name === row.domain)?.examples[row.example] ?? "",
  }));
  return (
    <div className="col g8">
      {answer.accuracy !== null && (
        <p style={{ margin: 0 }}>
          {t("accuracyOf", { share: formatShare(answer.accuracy, 0), n: answer.examples })}
        </p>
      )}
      <DataTable
        label={t("accuracyTable")}
        rowHeight={31}
        rows={answer.domains}
        rowKey={({ name }) => name}
        columns={accuracyColumns(t, labelOf)}
      />
      {misplaced.length === 0 ? (
        <p className="small soft" style={{ margin: 0 }}>
          {t("noMisplaced")}
        </p>
      ) : (
        <div>
          <p className="small medium" style={{ margin: 0 }}>
            {t("misplaced")}
          </p>
          <ul className={classes["misplaced"]}>
            {misplaced.map(({ domain, example, takenFor, text }) => (
              <li key={`${domain} ${example}`}>
                {text} <span className="dim">{t("looksLike", { domain: labelOf(takenFor) })}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  );
}

type Words = ReturnType<typeof useMessages<typeof ruleMessages.en>>;

function accuracyColumns(t: Words, labelOf: (name: string) => string): Column<JudgedDomain>[] {
  return [
    { key: "domain", head: t("domain"), cell: ({ name }) => labelOf(name) },
    {
      key: "examples",
      head: t("judged"),
      right: true,
      cell: ({ examples }) => <span className="num">{formatCount(examples)}</span>,
    },
    {
      key: "accuracy",
      head: t("right"),
      right: true,
      cell: ({ accuracy }) => (
        <span className="num">{accuracy === null ? "—" : formatShare(accuracy, 0)}</span>
      ),
    },
    {
      key: "takenFor",
      head: t("mistakenFor"),
      cell: ({ takenFor }) => (
        <span className="small">
          {takenFor
            .slice(0, shownMistaken)
            .map(({ name, examples }) => `${labelOf(name)} ${formatCount(examples)}`)
            .join(" · ") || "—"}
        </span>
      ),
    },
  ];
}
