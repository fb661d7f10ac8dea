// The fields of a consumer that are neither its name nor its keys: description, resource group, consumer groups.
import { Checkbox, Select, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { listQuery } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import { reaches, useReach } from "../../ui/use-may-write.ts";
import { consumerMessages } from "./consumer-messages.ts";
import classes from "./consumers.module.css";

export interface ConsumerValues {
  readonly description: string;
  readonly resourceGroup: string;
  readonly groups: readonly string[];
}

export function ConsumerFields({
  values,
  onChange,
}: {
  readonly values: ConsumerValues;
  readonly onChange: (values: ConsumerValues) => void;
}) {
  const t = useMessages(consumerMessages);
  const ui = useMessages(uiMessages);
  const resourceGroups = useQuery(listQuery("resource-groups"));
  const groups = useQuery(listQuery("consumer-groups"));
  const reach = useReach("write");
  const own = (resourceGroups.data?.items ?? [])
    .map(({ name }) => name)
    .filter((group) => reaches(reach, { group }));
  const names = new Set([...own, values.resourceGroup]);
  return (
    <>
      <TextInput
        label={
          <>
            {t("description")} <span className="dim">({ui("optional")})</span>
          </>
        }
        value={values.description}
        maxLength={1024}
        onChange={(event) => onChange({ ...values, description: event.currentTarget.value })}
      />
      <Select
        label={t("group")}
        data={[...names].toSorted()}
        value={values.resourceGroup}
        onChange={(group) => group !== null && onChange({ ...values, resourceGroup: group })}
      />
      {(groups.data?.items.length ?? 0) > 0 && (
        <fieldset className={classes["group"]}>
          <legend>
            {t("chooseGroups")} <span className="dim">({ui("optional")})</span>
          </legend>
          <div className="col g8" style={{ maxHeight: 160, overflow: "auto", padding: 2 }}>
            {groups.data?.items.map(({ name }) => (
              <Checkbox
                key={name}
                label={name}
                checked={values.groups.includes(name)}
                onChange={(event) =>
                  onChange({
                    ...values,
                    groups: event.currentTarget.checked
                      ? [...values.groups, name]
                      : values.groups.filter((each) => each !== name),
                  })
                }
              />
            ))}
          </div>
        </fieldset>
      )}
    </>
  );
}
