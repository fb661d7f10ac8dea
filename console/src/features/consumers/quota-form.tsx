// The dialog that adds or changes a quota. Faults of the control plane stand at their field.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent } from "react";
import type { Quota } from "../../../../src/resources/quota.ts";
import { ApiError } from "../../api/client.ts";
import { freeName } from "../../api/object-name.ts";
import { useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { collectionOf, type Owner } from "./owner.ts";
import { draftOf, newDraft, problemsOf, quotaOf, withQuota } from "./quota-draft.ts";
import { QuotaFields } from "./quota-fields.tsx";
import { quotaMessages } from "./quota-messages.ts";
import { faultsBelow } from "./field-faults.ts";

/** @param quota undefined: a new one */
export function QuotaForm({
  owner,
  quota,
  onClose,
}: {
  readonly owner: Owner;
  readonly quota: Quota | undefined;
  readonly onClose: () => void;
}) {
  const t = useMessages(quotaMessages);
  const ui = useMessages(uiMessages);
  const client = useQueryClient();
  const collection = collectionOf(owner);
  const change = useChange(collection);
  const names = owner.quotas.map(({ name }) => name);
  const [draft, setDraft] = useState(() =>
    quota === undefined ? newDraft(freeName("monthly", names)) : draftOf(quota),
  );
  const [isChecked, setChecked] = useState(false);
  const problems = problemsOf(
    draft,
    names.filter((name) => name !== quota?.name),
  );
  const isStale = change.error instanceof ApiError && change.error.status === 412;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setChecked(true);
    if (problems.size > 0 || change.isPending) return;
    change.mutate(
      {
        action: "patch",
        name: owner.name,
        revision: owner.revision,
        body: { quotas: withQuota(owner.quotas, quota?.name, quotaOf(draft)) },
      },
      {
        onSuccess: () => {
          notifications.show({ message: t("saved", { name: draft.name }) });
          onClose();
        },
        onError: () => void client.invalidateQueries({ queryKey: [collection, "one", owner.name] }),
      },
    );
  };
  const at = quota === undefined ? names.length : names.indexOf(quota.name);
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        quota === undefined ? t("addTitle", { owner: owner.name }) : t("editTitle", { name: quota.name })
      }
      size={560}
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <form className="col g16" onSubmit={submit} noValidate>
        <QuotaFields
          draft={draft}
          isNew={quota === undefined}
          problems={isChecked ? problems : new Set()}
          faults={faultsBelow(change.error, `quotas[${at}]`)}
          onChange={(values) => setDraft((before) => ({ ...before, ...values }))}
        />
        {isStale ? (
          <p className="note" role="alert">
            {t("stale")}
          </p>
        ) : (
          change.error !== null && <ErrorPanel title={t("saveFailed")} error={change.error} />
        )}
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button type="submit" variant="filled" loading={change.isPending}>
            {quota === undefined ? t("add") : t("save")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
