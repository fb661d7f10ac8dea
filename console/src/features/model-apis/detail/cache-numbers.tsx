// What reuse of answers came to in the last 24 hours, and the button that forgets them.
import { Button, Modal } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../../api/client.ts";
import type { ModelApi } from "../../../api/resources.ts";
import { formatCount, formatMoney } from "../../../i18n/format.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { cacheMessages } from "../../model-api-form/policies/cache-messages.ts";
import { askMetrics, answersOf, type Ask } from "../../metrics/metrics-query.ts";
import classes from "./detail.module.css";

const dayMs = 86_400_000;
const asks = (["cache_hits", "cache_misses", "saved_tokens", "saved_cost"] as const).map((name): Ask => ({
  name,
}));

export function CacheNumbers({
  api,
  locked,
}: {
  readonly api: ModelApi;
  readonly locked: string | undefined;
}) {
  const t = useMessages(cacheMessages);
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const key = ["metrics", "cache", api.name];
  const numbers = useQuery({
    queryKey: key,
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const span = { fromMs: now - dayMs, toMs: now };
      const found = answersOf(asks, await askMetrics(asks, span, { filters: { api: [api.name] }, signal }));
      return asks.map((ask) => found(ask).series[0]?.total ?? null);
    },
  });
  const purge = useMutation({
    mutationFn: () => call("DELETE", `/model-apis/${encodeURIComponent(api.name)}/cache`),
    onSuccess: async () => {
      setAsking(false);
      notifications.show({ message: t("purged", { name: api.name }) });
      await client.invalidateQueries({ queryKey: key });
    },
  });
  const [hits, misses, tokens, cost] = numbers.data ?? [];
  const count = (value: number | null | undefined): string =>
    value === null || value === undefined ? "—" : formatCount(value);
  return (
    <section aria-label={t("last24")} className="panel sunken" style={{ padding: 12 }}>
      <div className="row wrap" style={{ marginBottom: 8 }}>
        <h3 className="medium grow" style={{ margin: 0, fontSize: 12.5 }}>
          {t("last24")}
        </h3>
        <Link
          className="link small"
          to="/observe/logs"
          search={{ q: `api:${api.name} cache:hit`, range: "24h" }}
        >
          {t("toLogs")}
        </Link>
        <Button size="xs" disabled={locked !== undefined} title={locked} onClick={() => setAsking(true)}>
          {t("purge")}
        </Button>
      </div>
      {numbers.isError && <ErrorPanel title={t("numbersFailed")} error={numbers.error} />}
      <dl className={classes["facts"]}>
        <dt>{t("hits")}</dt>
        <dd className="num">{count(hits)}</dd>
        <dt>{t("misses")}</dt>
        <dd className="num">{count(misses)}</dd>
        <dt>{t("savedTokens")}</dt>
        <dd className="num">{count(tokens)}</dd>
        <dt>{t("savedCost")}</dt>
        <dd className="num">{cost === null || cost === undefined ? "—" : formatMoney(cost)}</dd>
      </dl>
      {asking && (
        <PurgeDialog
          name={api.name}
          busy={purge.isPending}
          error={purge.error}
          onPurge={() => purge.mutate()}
          onClose={() => setAsking(false)}
        />
      )}
    </section>
  );
}

function PurgeDialog({
  name,
  busy,
  error,
  onPurge,
  onClose,
}: {
  readonly name: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onPurge: () => void;
  readonly onClose: () => void;
}) {
  const t = useMessages(cacheMessages);
  const ui = useMessages(uiMessages);
  return (
    <Modal
      opened
      onClose={onClose}
      title={t("purgeTitle", { name })}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <p className="soft" style={{ margin: "0 0 16px" }}>
        {t("purgeText")}
      </p>
      {error !== null && <ErrorPanel title={t("purgeFailed")} error={error} />}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <Button variant="subtle" onClick={onClose}>
          {t("cancel")}
        </Button>
        <Button variant="filled" loading={busy} onClick={onPurge} data-autofocus>
          {t("purge")}
        </Button>
      </div>
    </Modal>
  );
}
