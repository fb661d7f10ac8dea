// The dialog before a credential is revoked: names what stops.
import { notifications } from "@mantine/notifications";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { listQuery, type Consumer } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ConfirmDelete } from "../../ui/confirm-delete.tsx";
import { ObjectLink } from "../../ui/object-link.tsx";
import classes from "./consumers.module.css";
import { hasEnded, overlapEnd, type Credential } from "./credentials.ts";
import { grantedApis } from "./grants.ts";
import { keyMessages } from "./key-messages.ts";
import { consumerOwner } from "./owner.ts";
import { useRevokeKey } from "./use-keys.ts";

export function RevokeKey({
  consumer,
  credential,
  onClose,
}: {
  readonly consumer: Consumer;
  readonly credential: Credential;
  readonly onClose: () => void;
}) {
  const t = useMessages(keyMessages);
  const revoke = useRevokeKey(consumer.name);
  const apis = useQuery(listQuery("model-apis"));
  const [now] = useState(() => Date.now());
  const { name } = credential;
  const works = consumer.enabled && !hasEnded(credential, now);
  const stopped = works ? grantedApis(apis.data?.items ?? [], consumerOwner(consumer)) : [];
  const isLast = consumer.credentials.every((each) => each.name === name || hasEnded(each, now));
  const confirm = (): void =>
    revoke.mutate(name, {
      onSuccess: () => {
        notifications.show({ message: t("revoked", { name }) });
        onClose();
      },
    });
  return (
    <ConfirmDelete
      name={name}
      title={t("revokeTitle", { name })}
      confirm={t("revoke")}
      failure={t("revokeFailed")}
      error={revoke.error}
      busy={revoke.isPending}
      onConfirm={confirm}
      onClose={onClose}
    >
      <p>
        {t("revokeHelp")}
        {overlapEnd(credential, now) !== undefined && ` ${t("revokeBoth")}`}
      </p>
      {stopped.length > 0 && (
        <>
          <p>{t("revokeStops")}</p>
          <ul className={classes["names"]}>
            {stopped.map((api) => (
              <li key={api}>
                <ObjectLink kind="model-apis" name={api} />
              </li>
            ))}
          </ul>
          {isLast && <p className="warn">{t("revokeLast", { consumer: consumer.name })}</p>}
        </>
      )}
    </ConfirmDelete>
  );
}
