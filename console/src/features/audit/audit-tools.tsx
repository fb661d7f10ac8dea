// What is done with the whole audit log: a download, and the verdict whether it is as it was written.
import { Button, Menu } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { Download, ShieldCheck } from "lucide-react";
import { formatClock } from "../../i18n/format.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Moon } from "../../ui/moon.tsx";
import { useRight } from "../../ui/use-may-write.ts";
import { exportAddress, verifyLog, type AuditVerdict } from "./audit-calls.ts";
import type { AuditQuestion } from "./audit-filter.ts";
import { auditMessages } from "./audit-messages.ts";
import { faultWords } from "./audit-words.ts";
import classes from "./audit.module.css";

export function AuditTools({
  question,
  mayVerify,
}: {
  readonly question: AuditQuestion;
  readonly mayVerify: boolean;
}) {
  const t = useMessages(auditMessages);
  const right = useRight("audit", "everywhere");
  const verify = useMutation({
    mutationFn: async () => ({ verdict: await verifyLog(), at: new Date() }),
  });
  return (
    <>
      <Button
        leftSection={<ShieldCheck size={14} />}
        disabled={!mayVerify}
        title={right.reason}
        loading={verify.isPending}
        onClick={() => verify.mutate()}
      >
        {t("verify")}
      </Button>
      <Menu position="bottom-end">
        <Menu.Target>
          <Button leftSection={<Download size={14} />}>{t("export")}</Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{t("exportText")}</Menu.Label>
          <Menu.Item component="a" href={exportAddress(question, "jsonl")} download>
            {t("exportJsonl")}
          </Menu.Item>
          <Menu.Item component="a" href={exportAddress(question, "csv")} download>
            {t("exportCsv")}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <div className={classes["verdict"]} aria-live="polite">
        {verify.error !== null && <ErrorPanel title={t("verifyFailed")} error={verify.error} />}
        {verify.data !== undefined && <Verdict {...verify.data} />}
      </div>
    </>
  );
}

function Verdict({ verdict, at }: { readonly verdict: AuditVerdict; readonly at: Date }) {
  const t = useMessages(auditMessages);
  const time = formatClock(at);
  const { ok, entries, firstNumber, lastNumber, firstBad } = verdict;
  const why = faultWords[firstBad?.reason ?? ""];
  const text = !ok
    ? t("broken", {
        time,
        number: String(firstBad?.number ?? "—"),
        why: why === undefined ? "" : t(why),
      })
    : firstNumber === null || lastNumber === null
      ? t("verifiedNone", { time })
      : t("verified", { time, n: entries, first: String(firstNumber), last: String(lastNumber) });
  return (
    <p className={`note ${ok ? "note-info" : "note-bad"}`}>
      <span style={{ flex: "none", marginTop: 3 }}>
        <Moon phase={ok ? "full" : "struck"} size={12} />
      </span>
      {text}
    </p>
  );
}
