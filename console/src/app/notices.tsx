// The corner where short confirmations appear. A file of its own, so that the first load does without it.
import { Notifications } from "@mantine/notifications";

export function Notices() {
  return <Notifications position="bottom-right" autoClose={5_000} />;
}
