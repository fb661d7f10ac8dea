// Where short confirmations appear; loaded after the page, as none is due before somebody has done something.
import { MantineThemeProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { useMemo } from "react";
import { useMessages } from "../i18n/language.tsx";
import { uiMessages } from "../ui/ui-messages.ts";

const shownMs = 5_000;

export function Notices() {
  const t = useMessages(uiMessages);
  // Its button to close has a sign alone.
  const theme = useMemo(
    () => ({
      components: { Notification: { defaultProps: { closeButtonProps: { "aria-label": t("close") } } } },
    }),
    [t],
  );
  return (
    <MantineThemeProvider inherit theme={theme}>
      <Notifications position="top-center" autoClose={shownMs} />
    </MantineThemeProvider>
  );
}
