// Deleting a Model API: what hangs on it, the typed name, and the way back while the notice stands.
import { Button } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { call } from "../../api/client.ts";
import { dependantsQuery, useChange, type ModelApi } from "../../api/resources.ts";
import { trafficQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ConfirmDelete } from "../../ui/confirm-delete.tsx";
import { useErrorText } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { grantedConsumers, ownFields } from "./api-facts.ts";
import { deleteMessages } from "./list-messages.ts";

/** How long the notice with Undo stands. */
const undoMs = 12_000;

/** @param onDone called after the deletion, before the notice */
export function DeleteApi({
  api,
  onClose,
  onDone,
}: {
  readonly api: ModelApi;
  readonly onClose: () => void;
  readonly onDone?: () => void;
}) {
  const t = useMessages(deleteMessages);
  const ui = useMessages(uiMessages);
  const remove = useChange("model-apis");
  const dependants = useQuery(dependantsQuery("model-apis", api.name));
  const blocked = (dependants.data?.total ?? 0) > 0;
  const confirm = (): void => {
    remove.mutate(
      { action: "delete", name: api.name, revision: api.revision },
      {
        onSuccess: () => {
          offerUndo(api, t("done", { name: api.name }), ui("close"));
          onClose();
          onDone?.();
        },
      },
    );
  };
  return (
    <ConfirmDelete
      name={api.name}
      title={t("title", { name: api.name })}
      failure={t("failed")}
      error={remove.error}
      busy={remove.isPending}
      blocked={blocked}
      onConfirm={confirm}
      onClose={onClose}
    >
      <Consequences api={api} />
      {blocked && (
        <>
          <p>{t("usedBy")}</p>
          <ul>
            {dependants.data?.items.map(({ kind, name, paths }) => (
              <li key={`${kind}/${name}`} className="mono">
                {kind}/{name} {paths.join(", ")}
              </li>
            ))}
          </ul>
        </>
      )}
    </ConfirmDelete>
  );
}

function Consequences({ api }: { readonly api: ModelApi }) {
  const t = useMessages(deleteMessages);
  const traffic = useQuery(trafficQuery("24h"));
  if (traffic.data === undefined) return <p>{t("unknown")}</p>;
  const requests = traffic.data.apis.find((each) => each.api === api.name)?.requests ?? 0;
  if (requests === 0) return <p>{t("idle")}</p>;
  if (!api.auth.enabled) return <p>{t("servedOpen", { n: requests })}</p>;
  return <p>{t("served", { n: requests, consumers: grantedConsumers(api).length })}</p>;
}

/** A Model API holds no secret, so what was shown is all of it and can be written anew. */
function offerUndo(api: ModelApi, message: string, close: string): void {
  const id = `deleted-${api.name}-${api.revision}`;
  notifications.show({
    id,
    autoClose: undoMs,
    closeButtonProps: { "aria-label": close },
    message: <UndoNotice id={id} api={api} text={message} />,
  });
}

function UndoNotice({
  id,
  api,
  text,
}: {
  readonly id: string;
  readonly api: ModelApi;
  readonly text: string;
}) {
  const t = useMessages(deleteMessages);
  const client = useQueryClient();
  const undo = async (): Promise<void> => {
    try {
      await call("POST", "/model-apis", { body: ownFields(api) });
      notifications.update({ id, autoClose: 5_000, message: t("undone", { name: api.name }) });
    } catch (error) {
      notifications.update({ id, autoClose: false, message: <UndoFailure name={api.name} error={error} /> });
    }
    await client.invalidateQueries({ predicate: (query) => query.queryKey[0] !== "session" });
  };
  return (
    <span className="row g12">
      <span className="grow">{text}</span>
      <Button size="xs" variant="subtle" onClick={() => void undo()}>
        {t("undo")}
      </Button>
    </span>
  );
}

function UndoFailure({ name, error }: { readonly name: string; readonly error: unknown }) {
  const t = useMessages(deleteMessages);
  const reason = useErrorText(error);
  return <>{t("undoFailed", { name, reason })}</>;
}
