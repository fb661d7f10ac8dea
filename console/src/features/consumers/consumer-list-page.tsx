// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function ConsumerListPage() {
  return <PageHead title="Consumers" />;
}
