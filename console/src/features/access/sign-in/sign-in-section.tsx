// How people sign in: passwords, the console's address, providers. What is edited is saved as one.
import { useQuery } from "@tanstack/react-query";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { LoadingRows } from "../../../ui/loading.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { useRight } from "../../../ui/use-may-write.ts";
import { heldBy, sessionQuery } from "../../../api/session.ts";
import { instanceQuery, type Instance } from "../../settings/settings-calls.ts";
import { mayGiveAll } from "./sign-in-draft.ts";
import { SignInForm } from "./sign-in-form.tsx";
import { signInSettingsMessages } from "./sign-in-settings-messages.ts";

export function SignInSection() {
  const t = useMessages(signInSettingsMessages);
  const instances = useQuery(instanceQuery);
  const instance = instances.data?.items[0];
  if (instances.isError)
    return <ErrorPanel title={t("failed")} error={instances.error} retry={() => void instances.refetch()} />;
  if (instance === undefined) return <LoadingRows rows={5} />;
  return <Loaded instance={instance} />;
}

function Loaded({ instance }: { readonly instance: Instance }) {
  const t = useMessages(signInSettingsMessages);
  const ui = useMessages(uiMessages);
  const { data: session } = useQuery(sessionQuery);
  const right = useRight("manage-access", "everywhere");
  const own = session ? heldBy(session) : [];
  const locked = !right.allowed
    ? right.reason
    : instance.managedBy === "file"
      ? ui("fromFileHelp")
      : mayGiveAll(own, instance.signIn)
        ? ""
        : t("needsAccess");
  return <SignInForm key={instance.revision} instance={instance} own={own} locked={locked} />;
}
