// Under a test: takes the models over that the service has listed.
import { Button } from "@mantine/core";
import { ListPlus } from "lucide-react";
import type { ServiceTestReport } from "../../../../src/control/routes/try-out.ts";
import { useMessages } from "../../i18n/language.tsx";
import { testMessages } from "./test-messages.ts";

export function TestModels({
  report,
  present,
  locked,
  onAdd,
}: {
  readonly report: ServiceTestReport;
  readonly present: readonly string[];
  readonly locked: boolean;
  readonly onAdd: (names: readonly string[]) => void;
}) {
  const t = useMessages(testMessages);
  const here = new Set(present);
  const missing = report.models.filter((name) => !here.has(name));
  if (report.models.length === 0 || locked) return null;
  if (missing.length === 0) return <p className="small dim">{t("added", { n: report.models.length })}</p>;
  return (
    <div>
      <Button size="xs" leftSection={<ListPlus size={14} />} onClick={() => onAdd(missing)}>
        {t("addModels", { n: missing.length })}
      </Button>
    </div>
  );
}
