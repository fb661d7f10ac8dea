// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function ApiPage() {
  return <PageHead title="Model API" />;
}
