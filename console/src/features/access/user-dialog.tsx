// The dialog that adds a user, or changes the roles of one.
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import { isObjectName } from "../../api/object-name.ts";
import { listQuery, useChange, type User } from "../../api/resources.ts";
import { heldBy, sessionQuery } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { isComplete } from "../sign-in/new-password.tsx";
import { accessMessages } from "./access-messages.ts";
import { newPassword, ShownPassword } from "./password-choice.tsx";
import { firstPlace, RolesEditor } from "./roles-editor.tsx";
import { heldOf, isLastOwner, mayGiveRole, obstacleToTaking } from "./user-rules.ts";
import { firstWay, WayIn, type WayDraft } from "./way-in.tsx";

const noNames: readonly string[] = [];
const noUsers: readonly User[] = [];

interface UserDialogProps {
  /** Absent: a new one. */
  readonly user?: User;
  readonly taken?: readonly string[];
  readonly onClose: () => void;
}

export function UserDialog(props: UserDialogProps) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const { user, onClose } = props;
  const [shown, setShown] = useState<{ readonly name: string; readonly password: string }>();
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={shown === undefined}
      closeOnEscape={shown === undefined}
      title={
        shown !== undefined
          ? t("shownTitle", { name: shown.name })
          : user === undefined
            ? t("addTitle")
            : t("editTitle", { name: user.name })
      }
      size={600}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {shown === undefined ? (
        <UserForm {...props} onShow={setShown} />
      ) : (
        <ShownPassword {...shown} onDone={onClose} />
      )}
    </Modal>
  );
}

function UserForm({
  user,
  taken = noNames,
  onClose,
  onShow,
}: UserDialogProps & { readonly onShow: (made: { name: string; password: string }) => void }) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("users");
  const { data: session } = useQuery(sessionQuery);
  const own = session ? heldBy(session) : [];
  const [name, setName] = useState(user?.name ?? "");
  const [way, setWay] = useState<WayDraft>(firstWay);
  const [roles, setRoles] = useState(() =>
    user === undefined ? [firstPlace(own, mayGiveRole(own, "editor") ? "editor" : "viewer")] : heldOf(user),
  );
  const [insist, setInsist] = useState(false);
  const locked = useLockedRoles(user);
  const nameFault = !isObjectName(name)
    ? t("nameProblem")
    : user === undefined && taken.includes(name)
      ? t("exists", { name })
      : null;
  const isReady =
    nameFault === null &&
    roles.every(({ resourceGroups }) => resourceGroups?.length !== 0) &&
    (user !== undefined || isWayComplete(way));
  const submit = (): void => {
    setInsist(true);
    if (!isReady || change.isPending) return;
    const password = way.how === "typed" ? way.typed.next : newPassword();
    const body = {
      roles: roles.map(({ role, resourceGroups }) =>
        resourceGroups === null ? { role } : { role, resourceGroups },
      ),
      ...(user === undefined && way.how === "oidc"
        ? { oidc: { provider: way.provider, issuer: way.issuer, subject: way.subject.trim() } }
        : {}),
      ...(user === undefined && way.how !== "oidc" ? { password } : {}),
    };
    change.mutate(
      user === undefined
        ? { action: "create", body: { name, ...body } }
        : { action: "patch", name, revision: user.revision, body },
      {
        onSuccess: () => {
          if (user === undefined && way.how === "generated") {
            onShow({ name, password });
            return;
          }
          notifications.show({ message: t(user === undefined ? "added" : "saved", { name }) });
          onClose();
        },
      },
    );
  };
  const isTaken = change.error instanceof ApiError && change.error.code === "conflict";
  return (
    <form
      className="col g16"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {user === undefined && (
        <>
          <TextInput
            data-autofocus
            label={t("name")}
            description={t("nameHint")}
            value={name}
            error={isTaken ? t("exists", { name }) : insist || name !== "" ? nameFault : null}
            maxLength={64}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            onChange={(event) => {
              setName(event.currentTarget.value);
              if (isTaken) change.reset();
            }}
          />
          <WayIn way={way} insist={insist} onChange={setWay} />
        </>
      )}
      <RolesEditor roles={roles} own={own} insist={insist} disabledReason={locked} onChange={setRoles} />
      {change.error !== null && !isTaken && (
        <ErrorPanel title={t(user === undefined ? "addFailed" : "saveFailed")} error={change.error} />
      )}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="subtle" onClick={onClose}>
          {ui("cancel")}
        </Button>
        <Button type="submit" variant="filled" loading={change.isPending} disabled={locked !== ""}>
          {t(user === undefined ? "add" : "save")}
        </Button>
      </div>
    </form>
  );
}

function isWayComplete({ how, typed, provider, subject }: WayDraft): boolean {
  if (how === "typed") return isComplete(typed);
  return how === "generated" || (provider !== "" && subject.trim() !== "");
}

/** Why this user's roles stay as they are; empty when they need not. */
function useLockedRoles(user: User | undefined): string {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const { data: session } = useQuery(sessionQuery);
  const users = useQuery(listQuery("users"));
  const tokens = useQuery(listQuery("tokens"));
  if (user === undefined || !session) return "";
  const isLast = isLastOwner(
    user,
    users.data?.items ?? noUsers,
    tokens.data?.items ?? [],
    tokens.dataUpdatedAt,
  );
  const me = { name: session.user.name, held: heldBy(session) };
  const obstacle = obstacleToTaking(user, me, isLast);
  if (obstacle === undefined) return "";
  return obstacle === "fromFile" ? ui("fromFileHelp") : t(obstacle);
}
