// The settings: one address for each section.
import { Link, useParams } from "@tanstack/react-router";
import { lazy, Suspense, type ComponentType } from "react";
import { useMessages } from "../../i18n/language.tsx";
import type { PlainKey } from "../../i18n/messages.ts";
import { LoadingRows } from "../../ui/loading.tsx";
import { PageBody, PageHead } from "../../ui/page.tsx";
import { DeliverySection } from "./delivery/delivery-section.tsx";
import { GeneralSection } from "./general-section.tsx";
import { ImportExportSection } from "./import-export-section.tsx";
import { RevisionsSection } from "./revisions-section.tsx";
import { settingsMessages } from "./settings-messages.ts";
import classes from "./settings.module.css";
import { TokensSection } from "./tokens-section.tsx";

interface Section {
  readonly key: string;
  readonly text: PlainKey<typeof settingsMessages>;
  readonly Content: ComponentType;
}

const PricesSection = lazy(async () => ({
  default: (await import("../prices/prices-section.tsx")).PricesSection,
}));

const UsersSection = lazy(async () => ({
  default: (await import("../access/users-section.tsx")).UsersSection,
}));

const SignInSection = lazy(async () => ({
  default: (await import("../access/sign-in/sign-in-section.tsx")).SignInSection,
}));

const AuditSection = lazy(async () => ({
  default: (await import("../audit/audit-section.tsx")).AuditSection,
}));

const general: Section = { key: "general", text: "general", Content: GeneralSection };
const sections: readonly Section[] = [
  general,
  { key: "import-export", text: "importExport", Content: ImportExportSection },
  { key: "delivery", text: "delivery", Content: DeliverySection },
  { key: "users", text: "users", Content: UsersSection },
  { key: "tokens", text: "tokens", Content: TokensSection },
  { key: "sign-in", text: "signIn", Content: SignInSection },
  { key: "audit", text: "audit", Content: AuditSection },
  { key: "prices", text: "prices", Content: PricesSection },
  { key: "revisions", text: "revisions", Content: RevisionsSection },
];

export function SettingsPage() {
  const t = useMessages(settingsMessages);
  const { section: wanted } = useParams({ strict: false });
  const { key: open, text, Content } = sections.find(({ key }) => key === wanted) ?? general;
  return (
    <>
      <PageHead title={t("title")} documentTitle={`${t(text)} · ${t("title")}`} />
      <nav className={classes["tabs"]} aria-label={t("sections")}>
        {sections.map(({ key, text: word }) => (
          <Link
            key={key}
            to="/settings/$section"
            params={{ section: key }}
            aria-current={key === open ? "page" : undefined}
          >
            {t(word)}
          </Link>
        ))}
      </nav>
      <PageBody>
        <div className={classes["content"]}>
          <Suspense fallback={<LoadingRows rows={8} />}>
            <Content />
          </Suspense>
        </div>
      </PageBody>
    </>
  );
}
