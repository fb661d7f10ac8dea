// The dialog that adds a domain, from the list of domains or from the form of a Model API. Knows no caller.
import { Button, Modal, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { Info } from "lucide-react";
import { useState, type FormEvent } from "react";
import { ApiError } from "../../api/client.ts";
import { useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { domainMessages } from "./domain-messages.ts";
import { readHostName } from "./host-name.ts";

interface AddDomainProps {
  readonly opened: boolean;
  readonly onClose: () => void;
  /** Called with the name as it is stored. */
  readonly onAdded: (name: string) => void;
}

export function AddDomainModal({ opened, onClose, onAdded }: AddDomainProps) {
  const t = useMessages(domainMessages);
  const ui = useMessages(uiMessages);
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={t("addTitle")}
      closeButtonProps={{ "aria-label": ui("close") }}
      size={480}
    >
      <AddDomainForm onClose={onClose} onAdded={onAdded} />
    </Modal>
  );
}

/** Lives as long as the dialog is open, so that each opening starts afresh. */
function AddDomainForm({ onClose, onAdded }: Omit<AddDomainProps, "opened">) {
  const t = useMessages(domainMessages);
  const ui = useMessages(uiMessages);
  const change = useChange("domains");
  const [typed, setTyped] = useState("");
  const [description, setDescription] = useState("");
  const [isChecked, setChecked] = useState(false);
  const read = readHostName(typed);
  const isTaken = change.error instanceof ApiError && change.error.status === 409;
  const takenName = change.variables?.action === "create" ? Reflect.get(change.variables.body, "name") : null;
  const error = !isChecked
    ? undefined
    : !read.ok
      ? t(read.problem)
      : isTaken && takenName === read.host
        ? t("exists", { name: read.host })
        : undefined;
  const submit = async (event: FormEvent): Promise<void> => {
    // The form may stand inside another one, of which this is no part.
    event.preventDefault();
    event.stopPropagation();
    setChecked(true);
    if (!read.ok || change.isPending) return;
    try {
      const added = await change.mutateAsync({ action: "create", body: { name: read.host, description } });
      notifications.show({ message: t("added", { name: added.name }) });
      onAdded(added.name);
      onClose();
    } catch {
      // Shown from the mutation's state.
    }
  };
  return (
    <form className="col g16" onSubmit={(event) => void submit(event)} noValidate>
      <TextInput
        data-autofocus
        label={t("name")}
        description={error === undefined ? <HostNote typed={typed} /> : undefined}
        value={typed}
        error={error}
        maxLength={300}
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        onBlur={() => typed !== "" && setChecked(true)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        classNames={{ input: "mono" }}
      />
      <TextInput
        label={
          <>
            {t("description")} <span className="dim">({ui("optional")})</span>
          </>
        }
        value={description}
        maxLength={1024}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <p className="note note-info small">
        <Info size={15} aria-hidden style={{ flex: "none" }} />
        {t("noHttps")}
      </p>
      {change.error !== null && !isTaken && <ErrorPanel title={t("addFailed")} error={change.error} />}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="subtle" onClick={onClose}>
          {ui("cancel")}
        </Button>
        <Button type="submit" variant="filled" loading={change.isPending}>
          {t("add")}
        </Button>
      </div>
    </form>
  );
}

/** What will become of the text: the form in which it is stored, or what a wildcard covers. */
function HostNote({ typed }: { readonly typed: string }) {
  const t = useMessages(domainMessages);
  const read = readHostName(typed);
  if (!read.ok) return t("nameHint");
  if (read.host === "*") return t("anyHost");
  const stored = read.host === typed.trim() ? "" : t("storedAs", { host: read.host });
  const covers = read.host.startsWith("*.") ? t("covers", { host: read.host.slice(2) }) : "";
  return [stored, covers].filter((text) => text !== "").join(" ") || t("nameHint");
}
