// How a new user signs in: a password that is made or typed, or his identity at a provider.
import { Radio, Select, TextInput } from "@mantine/core";
import "@mantine/core/styles/Radio.layer.css";
import { useQuery } from "@tanstack/react-query";
import { useMessages } from "../../i18n/language.tsx";
import { instanceQuery } from "../settings/settings-calls.ts";
import { NewPassword, type TypedPassword } from "../sign-in/new-password.tsx";
import { accessMessages } from "./access-messages.ts";
import { noPassword } from "./password-choice.tsx";

export interface WayDraft {
  readonly how: "generated" | "typed" | "oidc";
  readonly typed: TypedPassword;
  readonly provider: string;
  readonly issuer: string;
  readonly subject: string;
}

export const firstWay: WayDraft = {
  how: "generated",
  typed: noPassword,
  provider: "",
  issuer: "",
  subject: "",
};

export function WayIn({
  way,
  insist,
  onChange,
}: {
  readonly way: WayDraft;
  readonly insist: boolean;
  readonly onChange: (way: WayDraft) => void;
}) {
  const t = useMessages(accessMessages);
  const instances = useQuery(instanceQuery);
  const providers = instances.data?.items[0]?.signIn.oidc ?? [];
  const first = providers[0];
  const choose = (how: string): void => {
    if (how === "generated" || how === "typed") onChange({ ...way, how });
    else if (first !== undefined)
      onChange({ ...way, how: "oidc", provider: first.name, issuer: first.issuer });
  };
  return (
    <div className="col g8">
      <Radio.Group label={t("how")} value={way.how} onChange={choose}>
        <div className="col g8" style={{ paddingTop: 6 }}>
          <Radio value="generated" label={t("howGenerated")} />
          <Radio value="typed" label={t("howTyped")} />
          <Radio
            value="oidc"
            label={t("howOidc")}
            disabled={first === undefined}
            description={first === undefined ? t("noProvider") : undefined}
          />
        </div>
      </Radio.Group>
      {way.how === "typed" && (
        <NewPassword value={way.typed} insist={insist} onChange={(typed) => onChange({ ...way, typed })} />
      )}
      {way.how === "oidc" && (
        <>
          <p className="small soft">{t("oidcNote")}</p>
          <Select
            label={t("provider")}
            value={way.provider}
            data={providers.map(({ name, label }) => ({ value: name, label: label ?? name }))}
            onChange={(name) => {
              const found = providers.find((each) => each.name === name);
              if (found !== undefined) onChange({ ...way, provider: found.name, issuer: found.issuer });
            }}
          />
          <TextInput
            label={t("subject")}
            description={t.rich("subjectHint")}
            value={way.subject}
            maxLength={255}
            autoComplete="off"
            spellCheck={false}
            error={insist && way.subject.trim() === "" ? t("subjectMissing") : null}
            onChange={(event) => onChange({ ...way, subject: event.currentTarget.value })}
          />
        </>
      )}
    </div>
  );
}
