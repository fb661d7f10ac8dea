// The dialog that rotates a credential: a new secret takes its place, the old one is taken beside it for a while.
import { Button, Modal, Select } from "@mantine/core";
import { useState, type FormEvent } from "react";
import type { Consumer } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { overlapEnd, type Credential } from "./credentials.ts";
import { keyMessages } from "./key-messages.ts";
import { ShownKey } from "./shown-key.tsx";
import { useRotateKey } from "./use-keys.ts";

const overlaps = [0, 300, 3_600, 86_400, 604_800] as const;
const usualOverlap = 86_400;

export function RotateKeyModal({
  consumer,
  credential,
  onClose,
}: {
  readonly consumer: Consumer;
  readonly credential: Credential;
  readonly onClose: () => void;
}) {
  const t = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const rotate = useRotateKey(consumer.name);
  const { name } = credential;
  const isShown = rotate.data !== undefined;
  return (
    <Modal
      opened
      onClose={onClose}
      title={isShown ? t("shownTitle", { name }) : t("rotateTitle", { name })}
      size={560}
      closeOnClickOutside={!isShown}
      closeOnEscape={!isShown}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      {rotate.data !== undefined ? (
        <ShownKey consumer={consumer} issued={rotate.data} onDone={onClose} />
      ) : (
        <RotateForm credential={credential} rotate={rotate} onClose={onClose} />
      )}
    </Modal>
  );
}

function RotateForm({
  credential,
  rotate,
  onClose,
}: {
  readonly credential: Credential;
  readonly rotate: ReturnType<typeof useRotateKey>;
  readonly onClose: () => void;
}) {
  const t = useMessages(keyMessages);
  const ui = useMessages(uiMessages);
  const { language } = useLanguage();
  const [now] = useState(() => Date.now());
  const [overlap, setOverlap] = useState<number>(usualOverlap);
  // Another day than any that is shown: times are written with theirs.
  const timeText = (time: number | string): string => formatTime(new Date(time), language, new Date(0));
  const earlier = overlapEnd(credential, now);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (rotate.isPending) return;
    const { type, name } = credential;
    rotate.mutate({
      type,
      name,
      ...(credential.type === "hmac" ? { accessKey: credential.accessKey } : {}),
      overlapSeconds: overlap,
    });
  };
  return (
    <form className="col g16" onSubmit={submit}>
      <p className="soft">{t("rotateHelp")}</p>
      <Select
        data-autofocus
        label={t("overlap")}
        data={overlaps.map((seconds) => ({ value: String(seconds), label: overlapText(seconds, t) }))}
        value={String(overlap)}
        onChange={(value) => setOverlap(Number(value ?? usualOverlap))}
      />
      <p className={overlap === 0 ? "warn" : "soft"} aria-live="polite">
        {overlap === 0 ? t("overlapNone") : t("overlapEnds", { time: timeText(now + overlap * 1000) })}
        {earlier !== undefined && ` ${t("overlapBefore", { time: timeText(earlier) })}`}
      </p>
      {rotate.error !== null && <ErrorPanel title={t("rotateFailed")} error={rotate.error} />}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="subtle" onClick={onClose}>
          {ui("cancel")}
        </Button>
        <Button type="submit" variant="filled" loading={rotate.isPending}>
          {t("rotate")}
        </Button>
      </div>
    </form>
  );
}

function overlapText(
  seconds: (typeof overlaps)[number],
  t: ReturnType<typeof useMessages<(typeof keyMessages)["en"]>>,
): string {
  switch (seconds) {
    case 0:
      return t("atOnce");
    case 300:
      return t("minutes", { n: 5 });
    case 604_800:
      return t("inDays", { n: 7 });
    default:
      return t("hours", { n: seconds / 3_600 });
  }
}
