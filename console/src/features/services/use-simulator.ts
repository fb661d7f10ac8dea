// Makes a service of the built-in simulator, the way to a first answer that needs no key.
import { notifications } from "@mantine/notifications";
import { freeName } from "../../api/object-name.ts";
import { useChange } from "../../api/resources.ts";
import { useMessages } from "../../i18n/language.tsx";
import { serviceMessages } from "./service-messages.ts";

/** @param taken names of the services that are there */
export function useSimulator(taken: readonly string[], onMade: (name: string) => void) {
  const t = useMessages(serviceMessages);
  const change = useChange("services");
  const make = (): void => {
    const name = freeName("simulator", taken);
    change.mutate(
      { action: "create", body: { name, provider: "simulator" } },
      {
        onSuccess: () => {
          notifications.show({ message: t("simulatorMade", { name }) });
          onMade(name);
        },
      },
    );
  };
  return { make, isPending: change.isPending, error: change.error };
}
