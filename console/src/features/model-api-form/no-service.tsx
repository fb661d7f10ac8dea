// Where no service can serve yet: the simulator in one click, or the way to add one.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Plus } from "lucide-react";
import { listQuery, useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import type { Draft } from "./draft.ts";
import { useFormContext } from "./form-context.tsx";
import { freeName } from "./resource-body.ts";
import { serviceMessages } from "./service-messages.ts";

/** Puts a service wherever the draft has none yet. */
export function withService(draft: Draft, service: string): Partial<Draft> {
  const fill = <Target extends { readonly service: string }>(target: Target): Target =>
    target.service === "" ? { ...target, service } : target;
  return {
    single: fill(draft.single),
    rules: draft.rules.map(fill),
    weighted: draft.weighted.map(fill),
    measured: draft.measured.map(fill),
    routing: { ...draft.routing, candidates: draft.routing.candidates.map(fill) },
  };
}

export function NoService() {
  const t = useMessages(serviceMessages);
  const { draft, set, readOnly } = useFormContext();
  const services = useQuery(listQuery("services"));
  const change = useChange("services");
  const names = services.data?.items.map(({ name }) => name) ?? [];
  const use = async (): Promise<void> => {
    const name = names.includes("simulator") ? freeName("simulator", names) : "simulator";
    try {
      await change.mutateAsync({ action: "create", body: { name, provider: "simulator" } });
      set(withService(draft, name));
      notifications.show({ message: t("simulatorMade", { name }) });
    } catch {
      // The error shows below the buttons.
    }
  };
  if (services.isPending) return null;
  if (services.isError)
    return (
      <ErrorPanel title={t("servicesFailed")} error={services.error} retry={() => void services.refetch()} />
    );
  return (
    <div className="panel col g8" style={{ padding: "14px 16px" }}>
      <h3>{t(names.length === 0 ? "noService" : "noFittingService")}</h3>
      <p className="soft">{t("noServiceText")}</p>
      <div className="row g12 wrap">
        <Button
          variant="filled"
          loading={change.isPending}
          disabled={readOnly !== undefined}
          onClick={() => void use()}
        >
          {t("useSimulator")}
        </Button>
        <Button
          leftSection={<Plus size={14} />}
          renderRoot={(props) => <Link to="/services/new" {...props} />}
        >
          {t("addService")}
        </Button>
      </div>
      {change.isError && <ErrorPanel title={t("simulatorFailed")} error={change.error} />}
    </div>
  );
}
