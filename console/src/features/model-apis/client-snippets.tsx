// Code that calls a Model API, by protocol and by what a client is written in.
import { SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listQuery, type ModelApi } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { protocolNames } from "./api-words.ts";
import { detailMessages } from "./detail/detail-messages.ts";
import { sampleModel, snippetsOf } from "./snippets.ts";

/** @param baseUrl with base path, without a trailing slash */
export function ClientSnippets({ api, baseUrl }: { readonly api: ModelApi; readonly baseUrl: string }) {
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
