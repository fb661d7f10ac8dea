// Where clients call a Model API: an address per protocol and domain, and code that calls it.
import { useQuery } from "@tanstack/react-query";
import type { ModelApi } from "../../../api/resources.ts";
import { statusQuery } from "../../../api/state.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { CopyButton } from "../../../ui/copy.tsx";
import { baseUrlOf } from "../api-facts.ts";
import { protocolNames } from "../api-words.ts";
import { ClientSnippets } from "../client-snippets.tsx";
import { clientUrl } from "../snippets.ts";
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
      <ClientSnippets api={api} baseUrl={urlOf(api.domains[0] ?? "*")} />
    </section>
  );
}
