// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function ServicePage() {
  return <PageHead title="Service" />;
}
