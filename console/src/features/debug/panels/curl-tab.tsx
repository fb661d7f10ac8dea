// The request as a client's command or code; runs as pasted.
import { SegmentedControl, Switch } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { ModelApi } from "../../../api/resources.ts";
import { statusQuery } from "../../../api/state.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { CodeBlock } from "../../../ui/code-block.tsx";
import type { JsonRequest } from "../chat-request.ts";
import { gatewayPlace } from "../gateway-place.ts";
import { panelMessages } from "../panel-messages.ts";
import type { RequestForm } from "../request-forms.ts";
import { anthropicSnippet, curlCommand, nodeSnippet, pythonSnippet } from "../snippets.ts";
import classes from "./side-tabs.module.css";

const clients = ["curl", "python", "node", "anthropic"] as const;
type Client = (typeof clients)[number];
const labels: Readonly<Record<Client, string>> = {
  curl: "cURL",
  python: "Python",
  node: "Node",
  anthropic: "Anthropic",
};

export function CurlTab({
  api,
  form,
  request,
}: {
  readonly api: ModelApi;
  readonly form: RequestForm;
  readonly request: JsonRequest;
}) {
  const t = useMessages(panelMessages);
  const status = useQuery(statusQuery);
  const [chosen, setChosen] = useState<Client>("curl");
  const [oneLine, setOneLine] = useState(false);
  const [byHost, setByHost] = useState(true);
  const offered = clientsOf(form);
  const client = offered.includes(chosen) ? chosen : "curl";
  if (status.data === undefined) return null;
  const domain = request.domain ?? api.domains[0] ?? "*";
  const place = gatewayPlace(status.data.gateway, domain, {
    browserHost: location.hostname,
    byHost: byHost || domain.includes("*"),
    hasAuth: api.auth.enabled,
    keyHeader: form.protocol === "anthropic" ? "x-api-key" : "authorization",
  });
  const code =
    client === "curl"
      ? curlCommand(request, place, oneLine)
      : client === "python"
        ? pythonSnippet(request, place, api.basePath)
        : client === "node"
          ? nodeSnippet(request, place, api.basePath)
          : anthropicSnippet(request, place, api.basePath);
  return (
    <div className={classes["pad"]}>
      {offered.length > 1 && (
        <SegmentedControl
          aria-label={t("client")}
          value={client}
          data={offered.map((value) => ({ value, label: labels[value] }))}
          onChange={(value) => setChosen(clients.find((name) => name === value) ?? "curl")}
        />
      )}
      <CodeBlock code={code} label={labels[client]} />
      {api.auth.enabled && <p className="small dim">{t("keyHint", { name: "MOONGATE_KEY" })}</p>}
      {client === "curl" && <Toggle label={t("oneLine")} checked={oneLine} onChange={setOneLine} />}
      {!domain.includes("*") && <Toggle label={t("byHost")} checked={byHost} onChange={setByHost} />}
    </div>
  );
}

function Toggle({
  label,
  checked,
  onChange,
}: {
  readonly label: string;
  readonly checked: boolean;
  readonly onChange: (checked: boolean) => void;
}) {
  return (
    <Switch
      label={label}
      styles={{ label: { fontSize: 13, paddingInlineStart: 8 } }}
      checked={checked}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** Client libraries that can send this very request. */
function clientsOf({ protocol, path, kind }: RequestForm): readonly Client[] {
  if (kind !== "chat") return ["curl"];
  if (protocol === "anthropic") return ["curl", "anthropic"];
  return path.endsWith("/v1/chat/completions") ? ["curl", "python", "node"] : ["curl"];
}
