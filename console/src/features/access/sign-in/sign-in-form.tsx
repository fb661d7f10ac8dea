// The form of how people sign in, with the bar of unsaved changes; asks before passwords go off.
import { Button, Modal, Switch, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Lock, Plus, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { HeldRole } from "../../../../../src/resources/held-role.ts";
import { ApiError, call } from "../../../api/client.ts";
import { listQuery } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { showUndo } from "../../model-apis/detail/undo-notice.tsx";
import { LeaveGuard } from "../../services/leave-guard.tsx";
import type { Instance } from "../../settings/settings-calls.ts";
import { accessMessages } from "../access-messages.ts";
import { ProviderCard } from "./provider-card.tsx";
import { bodyOf, draftOf, faultsOf, makesOwners, newProvider, type SignInDraft } from "./sign-in-draft.ts";
import { signInSettingsMessages } from "./sign-in-settings-messages.ts";
import classes from "./sign-in.module.css";

export function SignInForm({
  instance,
  own,
  locked,
}: {
  readonly instance: Instance;
  readonly own: readonly HeldRole[];
  /** Why nothing can be changed; empty when it can. */
  readonly locked: string;
}) {
  const t = useMessages(signInSettingsMessages);
  const [initial] = useState(() => draftOf(instance.signIn));
  const [draft, setDraft] = useState(initial);
  const [insist, setInsist] = useState(false);
  const [asking, setAsking] = useState(false);
  const save = useSave(instance);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(initial);
  const errorAt = useErrors(draft, insist, save.error);
  const submit = (): void => {
    setInsist(true);
    if (!isDirty || save.isPending || faultsOf(draft).size > 0) return;
    if (initial.password && !draft.password && !asking) setAsking(true);
    else save.mutate(bodyOf(draft));
  };
  const change = (fields: Partial<SignInDraft>): void => {
    setDraft({ ...draft, ...fields });
    if (save.isError) save.reset();
  };
  const isLocked = locked !== "";
  return (
    <form
      className={classes["form"]}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <LeaveGuard isDirty={() => isDirty && !save.isSuccess} />
      {isLocked && (
        <p className="note note-info">
          <Lock size={15} aria-hidden style={{ flex: "none" }} />
          {locked}
        </p>
      )}
      <Ways draft={draft} isLocked={isLocked} errorAt={errorAt} onChange={change} />
      <section className={classes["section"]}>
        <h2>{t("providers")}</h2>
        <p className="soft">{t("providersText")}</p>
        {draft.providers.length === 0 && <p className="dim">{t("noProviders")}</p>}
        {draft.providers.map((provider, index) => (
          <ProviderCard
            key={provider.key}
            provider={provider}
            publicUrl={draft.publicUrl}
            own={own}
            insist={insist}
            isLocked={isLocked}
            errorAt={(field) => errorAt(`oidc[${index}].${field}`)}
            onChange={(next) => change({ providers: draft.providers.with(index, next) })}
            onRemove={() => change({ providers: draft.providers.toSpliced(index, 1) })}
          />
        ))}
        <Button
          className={classes["start"]}
          leftSection={<Plus size={14} />}
          disabled={isLocked}
          title={locked}
          onClick={() => {
            const key = Math.max(-1, ...draft.providers.map((each) => each.key)) + 1;
            const publicUrl = draft.publicUrl === "" ? location.origin : draft.publicUrl;
            change({ publicUrl, providers: [...draft.providers, newProvider(key)] });
          }}
        >
          {t("addProvider")}
        </Button>
      </section>
      {save.error !== null && <ErrorPanel title={t("saveFailed")} error={save.error} />}
      {isDirty && (
        <div className={classes["bar"]} role="region" aria-label={t("unsaved")}>
          <span className="medium grow">{t("unsaved")}</span>
          <Button variant="subtle" onClick={() => setDraft(initial)}>
            {t("discard")}
          </Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {t("save")}
          </Button>
        </div>
      )}
      {asking && (
        <PasswordsOff
          draft={draft}
          busy={save.isPending}
          onClose={() => setAsking(false)}
          onConfirm={() => {
            setAsking(false);
            save.mutate(bodyOf(draft));
          }}
        />
      )}
    </form>
  );
}

function Ways({
  draft,
  isLocked,
  errorAt,
  onChange,
}: {
  readonly draft: SignInDraft;
  readonly isLocked: boolean;
  readonly errorAt: (field: string) => string | null;
  readonly onChange: (fields: Partial<SignInDraft>) => void;
}) {
  const t = useMessages(signInSettingsMessages);
  const needsPassword = draft.providers.length === 0;
  return (
    <section className={classes["section"]}>
      <h2>{t("title")}</h2>
      <p className="soft">{t.rich("text")}</p>
      <Switch
        label={t("password")}
        description={t(needsPassword && draft.password ? "passwordNeedsProvider" : "passwordHelp")}
        checked={draft.password}
        disabled={isLocked || (needsPassword && draft.password)}
        error={errorAt("password")}
        onChange={(event) => onChange({ password: event.currentTarget.checked })}
      />
      <TextInput
        label={t("publicUrl")}
        description={t("publicUrlHelp")}
        maw={520}
        value={draft.publicUrl}
        disabled={isLocked}
        error={errorAt("publicUrl")}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => onChange({ publicUrl: event.currentTarget.value })}
      />
      {draft.publicUrl.trim() === "" && !isLocked && (
        <button
          type="button"
          className={`textlink small ${classes["start"]}`}
          onClick={() => onChange({ publicUrl: location.origin })}
        >
          {t("useThis", { address: location.origin })}
        </button>
      )}
    </section>
  );
}

/** What stands under a field: the gateway's refusal of it, else what is seen to be wrong here. */
function useErrors(
  draft: SignInDraft,
  insist: boolean,
  error: Error | null,
): (field: string) => string | null {
  const t = useMessages(signInSettingsMessages);
  const access = useMessages(accessMessages);
  const faults = faultsOf(draft);
  return (field) => {
    const told = error instanceof ApiError ? error.details : [];
    const refused = told.find(({ path }) => path.endsWith(`signIn.${field}`));
    if (refused !== undefined) return refused.message;
    const fault = insist ? faults.get(field) : undefined;
    if (fault === undefined) return null;
    return fault === "groupsMissing" ? access("groupsMissing") : t(fault);
  };
}

/** Saves, and offers a way back where that is possible: a secret that went with its provider is gone. */
function useSave(instance: Instance) {
  const t = useMessages(signInSettingsMessages);
  const ui = useMessages(uiMessages);
  const client = useQueryClient();
  const path = `/instances/${encodeURIComponent(instance.name)}`;
  const write = (signIn: object, revision?: number): Promise<Instance> =>
    call("PATCH", path, { body: { signIn }, ...(revision === undefined ? {} : { ifMatch: revision }) });
  const refresh = (): Promise<void> =>
    client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
  const back = useMutation({
    mutationFn: () => write(bodyOf(draftOf(instance.signIn))),
    onSuccess: () => {
      notifications.show({ message: t("undone") });
      return refresh();
    },
    onError: (error) => notifications.show({ message: `${t("saveFailed")}: ${error.message}` }),
  });
  return useMutation({
    mutationFn: (body: object) => write(body, instance.revision),
    onSuccess: (saved) => {
      const kept = new Set(saved.signIn.oidc.map(({ name }) => name));
      const lost = instance.signIn.oidc.some(
        ({ name, clientSecret }) => clientSecret !== undefined && !kept.has(name),
      );
      if (lost) notifications.show({ message: t("saved") });
      else showUndo({ text: t("saved"), undo: t("undo"), close: ui("close") }, () => back.mutate());
      return refresh();
    },
  });
}

function PasswordsOff({
  draft,
  busy,
  onClose,
  onConfirm,
}: {
  readonly draft: SignInDraft;
  readonly busy: boolean;
  readonly onClose: () => void;
  readonly onConfirm: () => void;
}) {
  const t = useMessages(signInSettingsMessages);
  const ui = useMessages(uiMessages);
  const users = useQuery(listQuery("users"));
  const hasOwner = users.data?.items.some(
    ({ enabled, oidc, roles }) =>
      enabled &&
      oidc !== undefined &&
      roles.some(({ role, resourceGroups }) => role === "owner" && !resourceGroups),
  );
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("offTitle")}
      size={480}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <div className="col g12">
        <p className="soft">{t.rich("offText")}</p>
        {hasOwner === false && !makesOwners(draft) && (
          <p className="note note-bad">
            <TriangleAlert size={15} aria-hidden style={{ flex: "none" }} />
            {t("offOwner")}
          </p>
        )}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" data-autofocus onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button variant="outline" color="red" loading={busy} onClick={onConfirm}>
            {t("offConfirm")}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
