// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function SetupPage() {
  return <PageHead title="Set up" />;
}
