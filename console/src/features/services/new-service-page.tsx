// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function NewServicePage() {
  return <PageHead title="New service" />;
}
