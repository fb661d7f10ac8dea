// A button for each provider to sign in by, and why the last try by one did not work. Leaves the page: the gateway sends
// the browser on to the provider.
import { Button, Divider } from "@mantine/core";
import "@mantine/core/styles/Divider.layer.css";
import type { SignInWays } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import classes from "./door.module.css";
import { signInMessages } from "./sign-in-messages.ts";

export function ProviderButtons({ ways, to }: { readonly ways: SignInWays; readonly to: string }) {
  const t = useMessages(signInMessages);
  if (ways.providers.length === 0) return null;
  return (
    <div className={classes["form"]}>
      {ways.password && <Divider label={t("or")} />}
      {ways.providers.map(({ name, label }) => (
        <Button
          key={name}
          component="a"
          href={`/api/v1/session/oidc/${name}/start?returnTo=${encodeURIComponent(to)}`}
          variant={ways.password ? "default" : "filled"}
          fullWidth
        >
          {t("signInBy", { provider: label })}
        </Button>
      ))}
    </div>
  );
}

const failures = {
  oidc_unknown: "oidcUnknown",
  oidc_unreachable: "oidcUnreachable",
  oidc_expired: "oidcExpired",
  oidc_denied: "oidcDenied",
  oidc_failed: "oidcFailed",
  oidc_no_role: "oidcNoRole",
  oidc_disabled: "oidcDisabled",
  oidc_busy: "oidcBusy",
} as const;

/** @param code from the address; what is none of ours is told in general words, never shown */
export function ProviderFailure({ code }: { readonly code: string | undefined }) {
  const t = useMessages(signInMessages);
  if (code === undefined) return null;
  const known = Object.entries(failures).find(([name]) => name === code);
  return (
    <p className="small bad" role="alert">
      {t(known === undefined ? "oidcFailed" : known[1])}
    </p>
  );
}
