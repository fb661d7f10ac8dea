// The resource group of a Model API, with a small dialog to make one in place.
import { Button, Select } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { reaches, useMayWrite, useReach } from "../../ui/use-may-write.ts";
import { useFieldNotes, useFormContext } from "./form-context.tsx";
import { formMessages } from "./form-messages.ts";
import classes from "./form.module.css";
import { SmallCreate } from "./small-create.tsx";

export function GroupSelect() {
  const t = useMessages(formMessages);
  const { draft, set, readOnly } = useFormContext();
  const groups = useQuery(listQuery("resource-groups"));
  const [adding, setAdding] = useState(false);
  const reach = useReach("write");
  const mayAdd = useMayWrite("api", "everywhere");
  const names = new Set([
    draft.resourceGroup,
    ...["default", ...(groups.data?.items ?? []).map(({ name }) => name)].filter((group) =>
      reaches(reach, { group }),
    ),
  ]);
  const notes = useFieldNotes("resourceGroup");
  return (
    <>
      <div className={classes["beside"]}>
        <Select
          {...notes}
          label={t("resourceGroup")}
          data={[...names]}
          value={draft.resourceGroup}
          searchable
          disabled={readOnly !== undefined}
          onChange={(name) => set({ resourceGroup: name ?? "default" })}
        />
        <Button
          variant="subtle"
          className={classes["inPlace"]}
          leftSection={<Plus size={13} />}
          size="xs"
          disabled={readOnly !== undefined || !mayAdd.allowed}
          title={mayAdd.reason}
          onClick={() => setAdding(true)}
        >
          {t("newGroup")}
        </Button>
      </div>
      {adding && (
        <SmallCreate
          collection="resource-groups"
          title={t("createGroup")}
          label={t("groupName")}
          hint={t("groupNameHint")}
          failure={t("groupFailed")}
          onClose={() => setAdding(false)}
          onCreated={(name) => set({ resourceGroup: name })}
        />
      )}
    </>
  );
}
