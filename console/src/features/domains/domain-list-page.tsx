// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function DomainListPage() {
  return <PageHead title="Domains" />;
}
