// The dialog that gives a user another password: made here and shown once, or typed.
import { Button, Modal, Radio } from "@mantine/core";
import "@mantine/core/styles/Radio.layer.css";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useChange, type User } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { isComplete, NewPassword } from "../sign-in/new-password.tsx";
import { accessMessages } from "./access-messages.ts";
import { newPassword, noPassword, ShownPassword } from "./password-choice.tsx";

export function ResetPassword({ user, onClose }: { readonly user: User; readonly onClose: () => void }) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("users");
  const [how, setHow] = useState("generated");
  const [typed, setTyped] = useState(noPassword);
  const [insist, setInsist] = useState(false);
  const [shown, setShown] = useState<string>();
  const { name } = user;
  const submit = (): void => {
    setInsist(true);
    if (change.isPending || (how === "typed" && !isComplete(typed))) return;
    const password = how === "typed" ? typed.next : newPassword();
    change.mutate(
      { action: "patch", name, body: { password } },
      {
        onSuccess: () => {
          if (how === "generated") setShown(password);
          else {
            notifications.show({ message: t("resetDone", { name }) });
            onClose();
          }
        },
      },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={shown === undefined}
      closeOnEscape={shown === undefined}
      title={shown === undefined ? t("resetTitle", { name }) : t("shownTitle", { name })}
      size={480}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {shown !== undefined ? (
        <ShownPassword name={name} password={shown} onDone={onClose} />
      ) : (
        <form
          className="col g12"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            submit();
          }}
        >
          <p className="soft">{t("resetText", { name })}</p>
          <Radio.Group aria-label={t("password")} value={how} onChange={setHow}>
            <div className="col g8">
              <Radio value="generated" label={t("howGenerated")} data-autofocus />
              <Radio value="typed" label={t("howTyped")} />
            </div>
          </Radio.Group>
          {how === "typed" && <NewPassword value={typed} insist={insist} onChange={setTyped} />}
          {change.error !== null && <ErrorPanel title={t("resetFailed")} error={change.error} />}
          <div className="row" style={{ justifyContent: "flex-end" }}>
            <Button variant="subtle" onClick={onClose}>
              {ui("cancel")}
            </Button>
            <Button type="submit" variant="filled" loading={change.isPending}>
              {t("resetConfirm")}
            </Button>
          </div>
        </form>
      )}
    </Modal>
  );
}
