// The columns of the list of services, two lines a row.
import { Link } from "@tanstack/react-router";
import { Lock } from "lucide-react";
import type { KeyStanding } from "../../../../src/control/routes/console-answers.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { protocolLabels } from "./protocol-labels.ts";
import { providerLabel } from "./provider-texts.ts";
import { ServiceMenu } from "./service-actions.tsx";
import { serviceMessages } from "./service-messages.ts";
import type { ServiceRow } from "./service-rows.ts";
import { keyStandingsOf } from "./service-standing.ts";
import { KeysCount, StandingMark, useStandingReason } from "./standing.tsx";

/** @param onTest somebody has asked for a test of the service */
export function useServiceColumns(
  keys: readonly KeyStanding[] | undefined,
  onTest: (name: string) => void,
): readonly Column<ServiceRow>[] {
  const t = useMessages(serviceMessages);
  return [
    { key: "name", head: t("name"), cell: (row) => <NameCell row={row} /> },
    { key: "address", head: t("address"), wide: true, cell: (row) => <AddressCell row={row} /> },
    {
      key: "keys",
      head: t("keysModels"),
      wide: true,
      cell: ({ service }) => (
        <>
          <KeysCount service={service} standings={keyStandingsOf(service.name, keys)} />
          <div className="dim small num nowrap">
            {service.models.length === 0 ? t("anyModel") : t("models", { n: service.models.length })}
          </div>
        </>
      ),
    },
    { key: "standing", head: t("standing"), cell: (row) => <StandingCell row={row} /> },
    { key: "usedBy", head: t("usedBy"), wide: true, cell: (row) => <UsageCell row={row} /> },
    {
      key: "actions",
      head: t("actions"),
      right: true,
      cell: ({ service }) => (
        <span className="row g4" style={{ justifyContent: "flex-end" }}>
          <button
            type="button"
            className="link"
            style={{ padding: "0 5px" }}
            aria-label={t("testOf", { name: service.name })}
            onClick={() => onTest(service.name)}
          >
            {t("test")}
          </button>
          <Link
            to="/services/$name"
            params={{ name: service.name }}
            className="link"
            style={{ padding: "0 5px" }}
            aria-label={t("editOf", { name: service.name })}
          >
            {t("edit")}
          </Link>
          <ServiceMenu service={service} />
        </span>
      ),
    },
  ];
}

function NameCell({ row: { service, provider } }: { readonly row: ServiceRow }) {
  const ui = useMessages(uiMessages);
  const { language } = useLanguage();
  return (
    <div style={{ maxWidth: "clamp(140px, 100vw - 1180px, 260px)" }}>
      <div className="row g6">
        <Link
          to="/services/$name"
          params={{ name: service.name }}
          className="strong cut"
          title={service.description === "" ? service.name : `${service.name}: ${service.description}`}
        >
          {service.name}
        </Link>
        {service.managedBy === "file" && (
          <Lock size={12} role="img" aria-label={ui("fromFile")} className="dim" style={{ flex: "none" }} />
        )}
      </div>
      <div className="dim small cut">
        {provider === undefined ? service.provider : providerLabel(provider, language)}
      </div>
    </div>
  );
}

function AddressCell({ row: { baseUrl, protocols } }: { readonly row: ServiceRow }) {
  const t = useMessages(serviceMessages);
  return (
    <div style={{ maxWidth: "clamp(140px, 100vw - 1150px, 300px)" }}>
      {baseUrl === "" ? (
        <span className="dim">{t("builtIn")}</span>
      ) : (
        <div className="mono cut" title={baseUrl}>
          {baseUrl}
        </div>
      )}
      <div className="dim small cut" title={protocols.map((each) => protocolLabels[each]).join(", ")}>
        {protocols.map((each) => protocolLabels[each]).join(", ")}
      </div>
    </div>
  );
}

function StandingCell({ row: { service, standing } }: { readonly row: ServiceRow }) {
  const reason = useStandingReason(service, standing);
  return (
    <div style={{ maxWidth: "clamp(120px, 100vw - 1200px, 220px)" }}>
      <StandingMark standing={standing} />
      {reason !== "" && (
        <div className="dim small cut" title={reason}>
          {reason}
        </div>
      )}
    </div>
  );
}

function UsageCell({ row: { service, usedBy } }: { readonly row: ServiceRow }) {
  const t = useMessages(serviceMessages);
  return (
    <>
      {usedBy.length === 0 ? (
        <span className="dim nowrap">{t("unused")}</span>
      ) : (
        <Link
          to="/model-apis"
          search={{ service: [service.name] }}
          className="textlink num nowrap"
          title={usedBy.join(", ")}
        >
          {t("usedByCount", { n: usedBy.length })}
        </Link>
      )}
      <div className="dim small nowrap">{t("inGroup", { group: service.resourceGroup })}</div>
    </>
  );
}
