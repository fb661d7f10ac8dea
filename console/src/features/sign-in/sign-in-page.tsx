// Signing in with name and password, and back to where one came from.
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getRouteApi, useRouter } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { ApiError } from "../../api/client.ts";
import { sessionQuery, signIn, signInWaysQuery } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Door } from "./door.tsx";
import classes from "./door.module.css";
import { PasswordField } from "./password-field.tsx";
import { ProviderButtons, ProviderFailure } from "./provider-buttons.tsx";
import { safeReturn } from "./safe-return.ts";
import { signInMessages } from "./sign-in-messages.ts";
import { useWait } from "./use-wait.ts";

const route = getRouteApi("/sign-in");

export function SignInPage() {
  const t = useMessages(signInMessages);
  const { to, error } = route.useSearch();
  // Until it is known, and where it cannot be asked, the form is there.
  const ways = useQuery(signInWaysQuery).data ?? { password: true, providers: [] };
  const client = useQueryClient();
  const router = useRouter();
  const name = useRef<HTMLInputElement>(null);
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const [incomplete, setIncomplete] = useState(false);
  const attempt = useMutation({
    mutationFn: () => signIn(username.trim(), password),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.push(safeReturn(to));
    },
  });
  const wait = useWait(attempt.error);
  return (
    <Door title={t("signIn")} foot={ways.password ? t("lost") : undefined}>
      {attempt.error === null && <ProviderFailure code={error} />}
      {ways.password && (
        <form
          className={classes["form"]}
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            const missing = username.trim() === "" || password === "";
            setIncomplete(missing);
            if (missing) name.current?.focus();
            else if (wait === 0 && !attempt.isPending) attempt.mutate();
          }}
        >
          <TextInput
            ref={name}
            label={t("userName")}
            value={username}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordField
            label={t("password")}
            value={password}
            autoComplete="current-password"
            onChange={setPassword}
          />
          <Refusal error={attempt.error} wait={wait} incomplete={incomplete} />
          <Button type="submit" variant="filled" fullWidth loading={attempt.isPending} disabled={wait > 0}>
            {t("signIn")}
          </Button>
        </form>
      )}
      <ProviderButtons ways={ways} to={safeReturn(to)} />
    </Door>
  );
}

/** Why the last try did not work, where a screen reader hears it. */
function Refusal({
  error,
  wait,
  incomplete,
}: {
  readonly error: unknown;
  readonly wait: number;
  readonly incomplete: boolean;
}) {
  const t = useMessages(signInMessages);
  const status = error instanceof ApiError ? error.status : null;
  const known = status === 401 || status === 429;
  if (error !== null && !known && !incomplete) return <ErrorPanel title={t("failed")} error={error} />;
  const text = incomplete
    ? t("empty")
    : status === 401
      ? t("wrong")
      : status === 429
        ? wait > 0
          ? t("tooOften", { seconds: wait })
          : t("tryNow")
        : "";
  return (
    <p className={text === "" || (wait === 0 && status === 429) ? "small" : "small bad"} role="alert">
      {text}
    </p>
  );
}
