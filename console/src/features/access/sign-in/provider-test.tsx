// The button that asks a provider who it is, and what came of it in words.
import { Button } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import type { CheckedProvider } from "../../../../../src/control/oidc/check-provider.ts";
import { call } from "../../../api/client.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { Moon } from "../../../ui/moon.tsx";
import type { ProviderDraft } from "./sign-in-draft.ts";
import { signInSettingsMessages } from "./sign-in-settings-messages.ts";
import classes from "./sign-in.module.css";

export function ProviderTest({
  provider: { issuer },
  isLocked,
}: {
  readonly provider: ProviderDraft;
  readonly isLocked: boolean;
}) {
  const t = useMessages(signInSettingsMessages);
  const test = useMutation({
    mutationFn: () => call<CheckedProvider>("POST", "/sign-in/test", { body: { issuer: issuer.trim() } }),
  });
  return (
    <div className="col g8">
      <Button
        size="xs"
        className={classes["start"]}
        disabled={isLocked || issuer.trim() === ""}
        loading={test.isPending}
        onClick={() => test.mutate()}
      >
        {t("test")}
      </Button>
      <div aria-live="polite">
        {test.error !== null && <ErrorPanel title={t("testFailed")} error={test.error} />}
        {test.data !== undefined && <Said said={test.data} />}
      </div>
    </div>
  );
}

function Said({ said }: { readonly said: CheckedProvider }) {
  const t = useMessages(signInSettingsMessages);
  return (
    <p className={`note ${said.ok ? "note-info" : "note-bad"} small`}>
      <span style={{ flex: "none", marginTop: 3 }}>
        <Moon phase={said.ok ? "full" : "struck"} size={11} />
      </span>
      {said.ok ? (
        <span className={classes["said"]}>
          {t("testOk", { n: said.keys })}
          {said.claims.length > 0 && ` ${t("testClaims", { claims: said.claims.slice(0, 20).join(", ") })}`}
        </span>
      ) : (
        <span className={classes["said"]}>{t("testBad", { error: said.message })}</span>
      )}
    </p>
  );
}
