// The providers to choose from, in groups, with a search; each is a link to its form.
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { Provider } from "../../../../src/control/routes/console-answers.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { PlainKey } from "../../i18n/messages.ts";
import { ListSearch } from "../../ui/list-search.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import classes from "./form.module.css";
import { protocolLabels } from "./protocol-labels.ts";
import { groupedProviders, type ProviderGroup } from "./provider-groups.ts";
import { providerLabel, providerNote } from "./provider-texts.ts";
import { serviceFormMessages } from "./service-form-messages.ts";

const groupTexts: Readonly<Record<ProviderGroup, PlainKey<typeof serviceFormMessages>>> = {
  "built-in": "groupBuiltIn",
  compatible: "groupCompatible",
  global: "groupGlobal",
  china: "groupChina",
  own: "groupOwn",
};

export function ProviderGrid({ providers }: { readonly providers: readonly Provider[] }) {
  const t = useMessages(serviceFormMessages);
  const [text, setText] = useState("");
  const groups = groupedProviders(providers, text);
  return (
    <div className="col g20" style={{ maxWidth: 1040 }}>
      <div className="row g16 wrap">
        <h2>{t("chooseTitle")}</h2>
        <ListSearch label={t("searchProviders")} value={text} onChange={setText} />
      </div>
      {groups.length === 0 && <p className="soft">{t("noProvider", { text })}</p>}
      {groups.map(({ group, providers: rows }) => (
        <section key={group} className="col g8">
          <h3 className="small dim">{t(groupTexts[group])}</h3>
          <ul className={classes["grid"]}>
            {rows.map((provider) => (
              <li key={provider.id}>
                <ProviderCard provider={provider} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}

function ProviderCard({ provider }: { readonly provider: Provider }) {
  const t = useMessages(serviceFormMessages);
  const ui = useMessages(uiMessages);
  const protocols = provider.endpoints.map(({ protocol }) => protocolLabels[protocol]);
  const isSimulated = provider.id === "simulator";
  const { language } = useLanguage();
  const note = providerNote(provider, language);
  return (
    <Link
      to="/services/new"
      search={{ provider: provider.id }}
      className={`choice ${classes["card"]}`}
      title={note}
    >
      <span className="row g6" style={{ maxWidth: "100%" }}>
        <span className="strong cut">
          {providerLabel(provider, language).replace(/ ?[(（].*[)）]$/u, isSimulated ? "" : "$&")}
        </span>
        {isSimulated && <span className="tag tag-moon">{ui("simulated")}</span>}
        {isLimited(provider) && <span className="tag tag-warn">{t("limited")}</span>}
      </span>
      <span className="dim small cut" style={{ maxWidth: "100%" }}>
        {protocols.join(", ")}
      </span>
      {note !== "" && <span className={`dim tiny ${classes["note"]}`}>{note}</span>}
    </Link>
  );
}

/** The catalogue's note says so where something of a provider is not served. */
function isLimited({ note, endpoints }: Provider): boolean {
  return endpoints.length === 0 || note.includes("not served yet");
}
