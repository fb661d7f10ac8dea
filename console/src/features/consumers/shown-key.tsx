// A new credential, shown once: to copy, to download as a file for an application's environment, and how to call with it.
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Download, TriangleAlert } from "lucide-react";
import { listQuery, type Consumer, type ModelApi } from "../../api/resources.ts";
import { statusQuery } from "../../api/state.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { baseUrlOf } from "../model-apis/api-facts.ts";
import { ClientSnippets } from "../model-apis/client-snippets.tsx";
import { sampleModel } from "../model-apis/snippets.ts";
import classes from "./consumers.module.css";
import type { CredentialDraft } from "./credential-draft.ts";
import { envFile } from "./credentials.ts";
import { grantOf } from "./grants.ts";
import { keyMessages } from "./key-messages.ts";
import { consumerOwner } from "./owner.ts";
import { signedCall, signedLines } from "./key-snippets.ts";
import type { NewKey } from "./use-keys.ts";

/** @param draft of a token: what was set, as it has no secret to show */
export function ShownKey({
  consumer,
  issued,
  draft,
  onDone,
}: {
  readonly consumer: Consumer;
  readonly issued: NewKey;
  readonly draft?: CredentialDraft;
  readonly onDone: () => void;
}) {
  const t = useMessages(keyMessages);
  const { name, type, value, accessKey } = issued;
  return (
    <div className="col g16">
      {value === undefined ? (
        <p className="reading" role="status">
          {t("tokenReady", {
            issuer: draft?.issuer ?? "",
            claim: draft?.claim ?? "",
            value: draft?.claimValue ?? "",
          })}
        </p>
      ) : (
        <>
          <p className="note" role="alert">
            <TriangleAlert size={15} aria-hidden style={{ flex: "none" }} />
            {t(type === "hmac" ? "shownOnceSecret" : "shownOnce")}
          </p>
          {accessKey !== undefined && (
            <div>
              <div className="small dim">{t("accessKey")}</div>
              <CodeBlock code={accessKey} label={t("accessKey")} />
            </div>
          )}
          <div>
            {type === "hmac" && <div className="small dim">{t("secretKey")}</div>}
            <CodeBlock code={value} label={type === "hmac" ? t("secretKey") : t("key")} />
          </div>
        </>
      )}
      <OldOne issued={issued} />
      <FirstCall consumer={consumer} type={type} />
      <div className="row" style={{ justifyContent: "flex-end" }}>
        {value !== undefined && (
          <Button
            leftSection={<Download size={14} />}
            onClick={() =>
              saveFile(
                `${consumer.name}.env`,
                envFile(consumer.name, name, { value, ...(accessKey === undefined ? {} : { accessKey }) }),
              )
            }
          >
            {t("download")}
          </Button>
        )}
        <Button variant="filled" onClick={onDone}>
          {t("done")}
        </Button>
      </div>
    </div>
  );
}

function saveFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}

/** Of a rotation: what becomes of the one before. */
function OldOne({ issued }: { readonly issued: NewKey }) {
  const t = useMessages(keyMessages);
  const { language } = useLanguage();
  const { previousExpiresAt } = issued;
  if (previousExpiresAt === undefined) return null;
  return (
    <p className="soft">
      {t("rotated", { time: formatTime(new Date(previousExpiresAt), language, new Date(0)) })}
    </p>
  );
}

function FirstCall({ consumer, type }: { readonly consumer: Consumer; readonly type: NewKey["type"] }) {
  const t = useMessages(keyMessages);
  const { data: apis } = useQuery(listQuery("model-apis"));
  const { data: status } = useQuery(statusQuery);
  const api = callable(apis?.items ?? [], consumerOwner(consumer));
  if (apis === undefined || status === undefined || type === "jwt") return null;
  if (api === undefined) return <p className="soft">{t("noApiGranted")}</p>;
  const baseUrl = baseUrlOf(
    api.domains[0] ?? "*",
    api.basePath,
    status.gateway,
    globalThis.location.hostname,
  );
  return (
    <section className={classes["section"]} aria-label={t("snippets")}>
      <h3>{type === "hmac" ? t("signing") : t("snippets")}</h3>
      {type === "hmac" ? (
        <Signing api={api} baseUrl={baseUrl} />
      ) : (
        <>
          <p className="small dim">{t("forApi", { api: api.name })}</p>
          <ClientSnippets api={api} baseUrl={baseUrl} />
        </>
      )}
    </section>
  );
}

function Signing({ api, baseUrl }: { readonly api: ModelApi; readonly baseUrl: string }) {
  const t = useMessages(keyMessages);
  const { data: services } = useQuery(listQuery("services"));
  return (
    <>
      <p className="small dim">{t("signingText")}</p>
      <CodeBlock code={signedLines} label={t("signingCode")} />
      {api.useCase === "text-generation" && (
        <CodeBlock code={signedCall(baseUrl, sampleModel(api, services?.items))} label={t("signingShell")} />
      )}
    </>
  );
}

/** The first Model API that lets the consumer in and is on. */
function callable(apis: readonly ModelApi[], owner: Parameters<typeof grantOf>[1]): ModelApi | undefined {
  const granted = apis.filter((api) => api.enabled && api.auth.enabled && grantOf(api, owner) !== undefined);
  return granted.find(({ useCase }) => useCase === "text-generation") ?? granted[0];
}
