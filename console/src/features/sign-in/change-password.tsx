// One's own password, changed in a dialog.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import { changePassword } from "../../api/session.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { isComplete, NewPassword } from "./new-password.tsx";
import { PasswordField } from "./password-field.tsx";
import { signInMessages } from "./sign-in-messages.ts";
import { useWait } from "./use-wait.ts";

export function ChangePassword({ onClose }: { readonly onClose: () => void }) {
  const t = useMessages(signInMessages);
  const ui = useMessages(uiMessages);
  const [current, setCurrent] = useState("");
  const [typed, setTyped] = useState({ next: "", again: "" });
  const [insist, setInsist] = useState(false);
  const change = useMutation({
    mutationFn: () => changePassword(current, typed.next),
    onSuccess: () => {
      notifications.show({ message: t("changed") });
      onClose();
    },
  });
  const wait = useWait(change.error);
  const isWrong =
    change.error instanceof ApiError && change.error.details.some(({ path }) => path === "current");
  const isThrottled = change.error instanceof ApiError && change.error.status === 429;
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("changeTitle")}
      closeButtonProps={{ "aria-label": ui("close") }}
      size={400}
    >
      <form
        className="col g12"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setInsist(true);
          if (current !== "" && isComplete(typed) && wait === 0 && !change.isPending) change.mutate();
        }}
      >
        <p className="soft">{t("changeText")}</p>
        <PasswordField
          label={t("current")}
          value={current}
          autoComplete="current-password"
          autoFocus
          error={isWrong ? t("currentWrong") : null}
          onChange={(value) => {
            setCurrent(value);
            if (isWrong) change.reset();
          }}
        />
        <NewPassword value={typed} insist={insist} onChange={setTyped} />
        {isThrottled && (
          <p className="small bad" role="alert">
            {wait > 0 ? t("tooOften", { seconds: wait }) : t("tryNow")}
          </p>
        )}
        {change.error !== null && !isWrong && !isThrottled && (
          <ErrorPanel title={t("changeFailed")} error={change.error} />
        )}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button type="submit" variant="filled" loading={change.isPending} disabled={wait > 0}>
            {t("change")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
