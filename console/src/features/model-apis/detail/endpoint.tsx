// Where clients call a Model API: an address per protocol and domain, and code that calls it.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listQuery, type ModelApi } from "../../../api/resources.ts";
import { statusQuery } from "../../../api/state.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import { CopyButton } from "../../../ui/copy.tsx";
import { baseUrlOf } from "../api-facts.ts";
import { protocolNames } from "../api-words.ts";
import { clientUrl, sampleModel, snippetsOf } from "../snippets.ts";
import { detailMessages } from "./detail-messages.ts";
import classes from "./detail.module.css";

export function Endpoint({ api }: { readonly api: ModelApi }) {
  const t = useMessages(detailMessages);
  const { data: status } = useQuery(statusQuery);
  if (status === undefined) return <section aria-label={t("endpoint")} />;
  const urlOf = (domain: string): string =>
    baseUrlOf(domain, api.basePath, status.gateway, globalThis.location.hostname);
  const rows = api.protocols.flatMap((protocol) =>
    api.domains.map((domain) => ({ protocol, domain, url: clientUrl(protocol, urlOf(domain)) })),
  );
  const wildcard = api.domains.find((domain) => domain.startsWith("*."));
  return (
    <section aria-label={t("endpoint")}>
      <h2>{t("endpoint")}</h2>
      <div className={classes["endpoints"]}>
        {rows.map(({ protocol, domain, url }) => (
          <div key={`${protocol} ${domain}`} className={classes["endpoint"]}>
            <span className="tag">{protocolNames[protocol]}</span>
            <span className="mono cut" title={url}>
              {url}
            </span>
            <CopyButton text={url} label={t("baseUrl", { protocol: protocolNames[protocol] })} />
          </div>
        ))}
      </div>
      {api.domains.includes("*") && <p className="small dim">{t("anyHost")}</p>}
      {wildcard !== undefined && <p className="small dim">{t("wildcard", { domain: wildcard.slice(2) })}</p>}
      <Snippets api={api} baseUrl={urlOf(api.domains[0] ?? "*")} />
    </section>
  );
}

function Snippets({ api, baseUrl }: { readonly api: ModelApi; readonly baseUrl: string }) {
  const t = useMessages(detailMessages);
  const { data: services } = useQuery(listQuery("services"));
  const [wantedProtocol, setProtocol] = useState(api.protocols[0]);
  const [wantedLabel, setLabel] = useState("cURL");
  const protocol = api.protocols.find((each) => each === wantedProtocol) ?? api.protocols[0];
  if (protocol === undefined) return null;
  const model = sampleModel(api, services?.items);
  const snippets = snippetsOf({ api, protocol, baseUrl, model });
  const shown = snippets.find(({ label }) => label === wantedLabel) ?? snippets[0];
  return (
    <div style={{ marginTop: 8 }}>
      <div className="row wrap" style={{ marginBottom: 8 }}>
        {api.protocols.length > 1 && (
          <SegmentedControl
            aria-label={t("endpoint")}
            value={protocol}
            onChange={(value) => setProtocol(api.protocols.find((each) => each === value))}
            data={api.protocols.map((value) => ({ value, label: protocolNames[value] }))}
          />
        )}
        {snippets.length > 1 && shown !== undefined && (
          <SegmentedControl
            aria-label={t("snippet", { protocol: protocolNames[protocol] })}
            value={shown.label}
            onChange={setLabel}
            data={snippets.map(({ label }) => label)}
          />
        )}
      </div>
      {shown === undefined ? (
        <p className="small dim">{t("noSnippet")}</p>
      ) : (
        <CodeBlock code={shown.code} label={t("snippet", { protocol: protocolNames[protocol] })} />
      )}
    </div>
  );
}
