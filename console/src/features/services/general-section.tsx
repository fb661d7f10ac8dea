// Name, description and resource group of a service.
import { Button, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { reaches, useMayWrite, useReach } from "../../ui/use-may-write.ts";
import { AddGroupModal } from "../resource-groups/add-group-modal.tsx";
import classes from "./form.module.css";
import { serviceFormMessages } from "./service-form-messages.ts";
import { fieldId, type ServiceForm } from "./service-form-state.ts";

export function GeneralSection({ form, isNew }: { readonly form: ServiceForm; readonly isNew: boolean }) {
  const t = useMessages(serviceFormMessages);
  const ui = useMessages(uiMessages);
  const groups = useQuery(listQuery("resource-groups"));
  const [isAdding, setAdding] = useState(false);
  const { draft } = form;
  const reach = useReach("write");
  const mayAdd = useMayWrite("api", "everywhere");
  const own = (groups.data?.items ?? []).map(({ name }) => name).filter((group) => reaches(reach, { group }));
  const names = new Set([...own, draft.resourceGroup]);
  return (
    <section className={classes["section"]} aria-labelledby="section-general">
      <h2 id="section-general">{t("general")}</h2>
      {isNew && (
        <TextInput
          id={fieldId("name")}
          label={t("name")}
          description={form.errorOf("name") === undefined ? t("nameHint") : undefined}
          value={draft.name}
          error={form.errorOf("name")}
          maxLength={64}
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          onBlur={() => form.touch("name")}
          onChange={(event) => form.change({ name: event.currentTarget.value })}
        />
      )}
      <TextInput
        label={
          <>
            {t("description")} <span className="dim">({ui("optional")})</span>
          </>
        }
        value={draft.description}
        maxLength={1024}
        onChange={(event) => form.change({ description: event.currentTarget.value })}
      />
      <div className="row" style={{ alignItems: "flex-end" }}>
        <Select
          className="grow"
          label={t("group")}
          data={[...names].toSorted()}
          value={draft.resourceGroup}
          onChange={(group) => group !== null && form.change({ resourceGroup: group })}
        />
        <Button
          h={34}
          leftSection={<Plus size={14} />}
          disabled={!mayAdd.allowed}
          title={mayAdd.reason}
          onClick={() => setAdding(true)}
        >
          {t("newGroup")}
        </Button>
      </div>
      <AddGroupModal
        opened={isAdding}
        onClose={() => setAdding(false)}
        onAdded={(resourceGroup) => form.change({ resourceGroup })}
      />
    </section>
  );
}
