// The line under the grants that gives one more consumer access, for ever or until a day.
import { Button, Select, TextInput } from "@mantine/core";
import { Plus } from "lucide-react";
import { useState } from "react";
import type { Consumer, ModelApi } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { accessMessages } from "./access-messages.ts";
import { ungranted } from "./grant-rows.ts";

export interface NewGrant {
  readonly consumer: string;
  readonly expiresAt?: string;
}

/** @param locked why nothing can be changed */
export function AddGrant({
  api,
  consumers,
  locked,
  onAdd,
}: {
  readonly api: ModelApi;
  readonly consumers: readonly Consumer[];
  readonly locked: string | undefined;
  readonly onAdd: (grant: NewGrant) => void;
}) {
  const t = useMessages(accessMessages);
  const [consumer, setConsumer] = useState<string | null>(null);
  const [until, setUntil] = useState("");
  const choices = ungranted(api, consumers);
  const chosen = choices.find((name) => name === consumer);
  return (
    <form
      className="row g12 wrap"
      style={{ alignItems: "flex-end", marginTop: 16 }}
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen === undefined) return;
        onAdd({
          consumer: chosen,
          // Through the end of that day, where this browser is.
          ...(until === "" ? {} : { expiresAt: new Date(`${until}T23:59:59`).toISOString() }),
        });
        setConsumer(null);
        setUntil("");
      }}
    >
      <Select
        searchable
        label={t("addLabel")}
        placeholder={choices.length === 0 && consumers.length > 0 ? t("allGranted") : t("choose")}
        data={choices}
        value={chosen ?? null}
        disabled={locked !== undefined || choices.length === 0}
        onChange={setConsumer}
        style={{ width: 260 }}
      />
      <TextInput
        type="date"
        label={t("addExpires")}
        value={until}
        disabled={locked !== undefined || choices.length === 0}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
      <Button
        type="submit"
        leftSection={<Plus size={15} />}
        disabled={locked !== undefined || chosen === undefined}
        title={locked}
      >
        {t("add")}
      </Button>
    </form>
  );
}
