// Where short confirmations appear; loaded after the page, as none is due before somebody has done something.
import { Notifications } from "@mantine/notifications";

const shownMs = 5_000;

export function Notices() {
  return <Notifications position="top-center" autoClose={shownMs} />;
}
