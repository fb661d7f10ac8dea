// The page's title; its content follows.
import { PageHead } from "../../ui/page.tsx";

export function SignInPage() {
  return <PageHead title="Sign in" />;
}
