// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function OverviewPage() {
  return <PageHead title="Overview" />;
}
