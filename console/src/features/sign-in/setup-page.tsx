// The first owner, made with the token of the set-up link. The token stands behind "#", and leaves the address bar at once.
import { Button, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useEffect, useState, type ReactNode } from "react";
import { ApiError } from "../../api/client.ts";
import { isObjectName } from "../../api/object-name.ts";
import { sessionQuery, setUp, setupQuery } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { LoadingRows } from "../../ui/loading.tsx";
import { Door } from "./door.tsx";
import classes from "./door.module.css";
import { isComplete, NewPassword } from "./new-password.tsx";
import { signInMessages } from "./sign-in-messages.ts";
import { useWait } from "./use-wait.ts";

/** Read once and kept here, as the address loses it. */
function tokenOfAddress(): string {
  return new URLSearchParams(location.hash.slice(1)).get("token") ?? "";
}

export function SetupPage() {
  const t = useMessages(signInMessages);
  const [token, setToken] = useState(tokenOfAddress);
  const state = useQuery(setupQuery);
  useEffect(() => {
    const take = (): void => {
      const found = tokenOfAddress();
      if (found === "") return;
      setToken(found);
      history.replaceState(history.state, "", location.pathname);
    };
    take();
    // A second link pasted into the same tab changes nothing but the fragment.
    window.addEventListener("hashchange", take);
    return () => window.removeEventListener("hashchange", take);
  }, []);
  if (state.isPending) {
    return (
      <Door title={t("setUpTitle")}>
        <LoadingRows rows={3} />
      </Door>
    );
  }
  if (state.isError) {
    return (
      <Door title={t("setUpTitle")}>
        <ErrorPanel title={t("checkFailed")} error={state.error} retry={() => void state.refetch()} />
      </Door>
    );
  }
  if (!state.data.needed) return <Notice title={t("linkUsed")} text={t("linkUsedText")} toSignIn />;
  if (token === "") return <Notice title={t("linkMissing")} text={t.rich("linkMissingText")} />;
  return <OwnerForm key={token} token={token} />;
}

function Notice({
  title,
  text,
  toSignIn = false,
}: {
  readonly title: string;
  readonly text: ReactNode;
  readonly toSignIn?: boolean;
}) {
  const t = useMessages(signInMessages);
  return (
    <Door title={title}>
      <p className="reading soft">{text}</p>
      {toSignIn && (
        <Button component={Link} to="/sign-in" variant="filled" fullWidth mt={16}>
          {t("toSignIn")}
        </Button>
      )}
    </Door>
  );
}

function OwnerForm({ token }: { readonly token: string }) {
  const t = useMessages(signInMessages);
  const client = useQueryClient();
  const router = useRouter();
  const [username, setUsername] = useState("admin");
  const [typed, setTyped] = useState({ next: "", again: "" });
  const [insist, setInsist] = useState(false);
  const create = useMutation({
    mutationFn: () => setUp(token, username, typed.next),
    onSuccess: (session) => {
      client.setQueryData(sessionQuery.queryKey, session);
      router.history.push("/overview");
      return client.invalidateQueries({ queryKey: setupQuery.queryKey });
    },
  });
  const wait = useWait(create.error);
  const status = create.error instanceof ApiError ? create.error.status : null;
  if (status === 403) return <Notice title={t("linkStale")} text={t("linkStaleText")} />;
  if (status === 409) return <Notice title={t("linkUsed")} text={t("linkUsedText")} toSignIn />;
  const nameFits = isObjectName(username);
  return (
    <Door title={t("setUpTitle")}>
      <p className="soft">{t("setUpText")}</p>
      <form
        className={classes["form"]}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setInsist(true);
          if (nameFits && isComplete(typed) && wait === 0 && !create.isPending) create.mutate();
        }}
      >
        <TextInput
          label={t("userName")}
          value={username}
          autoComplete="username"
          autoCapitalize="none"
          spellCheck={false}
          error={nameFits ? null : t("badName")}
          onChange={(event) => setUsername(event.currentTarget.value)}
        />
        <NewPassword value={typed} insist={insist} onChange={setTyped} />
        {status === 429 ? (
          <p className="small bad" role="alert">
            {wait > 0 ? t("tooOften", { seconds: wait }) : t("tryNow")}
          </p>
        ) : (
          create.error !== null && <ErrorPanel title={t("setUpFailed")} error={create.error} />
        )}
        <Button type="submit" variant="filled" fullWidth loading={create.isPending} disabled={wait > 0}>
          {t("create")}
        </Button>
      </form>
    </Door>
  );
}
