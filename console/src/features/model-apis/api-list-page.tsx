// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function ApiListPage() {
  return <PageHead title="Model APIs" />;
}
