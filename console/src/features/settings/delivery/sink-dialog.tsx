// The dialog that makes a sink or changes one: its fields, a test with what stands in them, and saving.
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { useChange, type Sink } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { testUnsavedSink } from "./delivery-calls.ts";
import { deliveryMessages } from "./delivery-messages.ts";
import { sinkBody, sinkFaults, type SinkDraft } from "./sink-draft.ts";
import { CommonFields, faultText, SinkFields } from "./sink-fields.tsx";
import { SinkTestResult } from "./sink-test-result.tsx";

/** @param sink the stored one; null for a new one */
export function SinkDialog({
  sink,
  start,
  taken,
  onClose,
}: {
  readonly sink: Sink | null;
  readonly start: SinkDraft;
  readonly taken: readonly string[];
  readonly onClose: () => void;
}) {
  const t = useMessages(deliveryMessages);
  const ui = useMessages(uiMessages);
  const [draft, setDraft] = useState(start);
  const [isTried, setTried] = useState(false);
  const save = useChange("sinks");
  const test = useMutation({ mutationFn: () => testUnsavedSink(sinkBody(draft)) });
  const faults = sinkFaults(draft, taken);
  const fields = {
    draft,
    change: (changed: Partial<SinkDraft>) => setDraft({ ...draft, ...changed }),
    faultOf: (field: Parameters<typeof faults.get>[0]) => (isTried ? faults.get(field) : undefined),
  };
  /** Runs it when nothing is wrong; else what is wrong is said from now on. */
  const whenRight = (act: () => void): void => {
    setTried(true);
    if (faults.size === 0) act();
  };
  const submit = (): void =>
    save.mutate(
      sink === null
        ? { action: "create", body: sinkBody(draft) }
        : { action: "replace", name: sink.name, body: sinkBody(draft), revision: sink.revision },
      {
        onSuccess: () => {
          notifications.show({ message: t(sink === null ? "created" : "changed", { name: draft.name }) });
          onClose();
        },
      },
    );
  const nameFault = fields.faultOf("name");
  return (
    <Modal
      opened
      onClose={onClose}
      title={
        sink === null ? t("newTitle", { type: t(`type_${draft.type}`) }) : t("editTitle", { name: sink.name })
      }
      size={560}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <form
        className="col g12"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!save.isPending) whenRight(submit);
        }}
      >
        <TextInput
          data-autofocus={sink === null || undefined}
          label={t("name")}
          value={draft.name}
          disabled={sink !== null}
          error={nameFault === undefined ? null : faultText(t, nameFault)}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => fields.change({ name: event.currentTarget.value })}
        />
        <SinkFields {...fields} />
        <CommonFields {...fields} />
        <SinkTestResult result={test.data} error={test.error} isPending={test.isPending} />
        {save.error !== null && <ErrorPanel title={t("writeFailed")} error={save.error} />}
        <div className="row g8" style={{ justifyContent: "flex-end" }}>
          <Button loading={test.isPending} onClick={() => whenRight(() => test.mutate())}>
            {t("test")}
          </Button>
          <span className="grow" />
          <Button variant="subtle" onClick={onClose}>
            {ui("cancel")}
          </Button>
          <Button type="submit" variant="filled" loading={save.isPending}>
            {t(sink === null ? "create" : "change")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
