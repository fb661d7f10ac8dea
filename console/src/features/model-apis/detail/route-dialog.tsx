// The small dialog that adds a route of one's own to a Model API, or changes one.
import { Button, Checkbox, Modal, Select, TextInput } from "@mantine/core";
import { useState } from "react";
import { ApiError } from "../../../api/client.ts";
import type { ModelApi } from "../../../api/resources.ts";
import { useMessages } from "../../../i18n/language.tsx";
import { ErrorPanel } from "../../../ui/error-panel.tsx";
import { uiMessages } from "../../../ui/ui-messages.ts";
import { protocolNames } from "../api-words.ts";
import { clientPath, routeRows } from "./route-rows.ts";
import { routesMessages } from "./routes-messages.ts";
import { usePatch } from "./use-patch.ts";

const methods = ["GET", "POST", "PUT", "PATCH", "DELETE"] as const;
const matches = ["auto", "exact", "template", "prefix"] as const;

type Route = ModelApi["routes"]["custom"][number];

/** @param name of the route to change; undefined: a new one */
export function RouteDialog({
  api,
  name,
  onClose,
}: {
  readonly api: ModelApi;
  readonly name: string | undefined;
  readonly onClose: () => void;
}) {
  const t = useMessages(routesMessages);
  const ui = useMessages(uiMessages);
  const existing = api.routes.custom.find((route) => route.name === name);
  const [route, setRoute] = useState<Route>(existing ?? { name: "", path: "/v1/", methods: ["POST"] });
  const { patch, error, busy } = usePatch(api);
  const others = api.routes.custom.filter((other) => other.name !== name);
  const custom =
    existing === undefined
      ? [...others, route]
      : api.routes.custom.map((each) => (each.name === name ? route : each));
  const clash = routeRows({ ...api, routes: { ...api.routes, custom } }).find(
    (row) => row.sort === "custom" && row.name === route.name,
  )?.clash;
  const faults = faultsOf(error, custom.indexOf(route));
  const change = (fields: Partial<Route>): void => setRoute({ ...route, ...fields });
  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      title={name === undefined ? t("titleAdd") : t("titleEdit", { name })}
      closeButtonProps={{ "aria-label": ui("close") }}
    >
      <form
        className="col g12"
        onSubmit={(event) => {
          event.preventDefault();
          if (route.methods.length > 0) patch({ body: { routes: { custom } }, onDone: onClose });
        }}
      >
        {error !== null && faults.size === 0 && <ErrorPanel title={t("failed")} error={error} />}
        <TextInput
          data-autofocus
          required
          withAsterisk={false}
          label={t("routeName")}
          description={t("routeNameHint")}
          value={route.name}
          maxLength={64}
          error={faults.get("name")}
          onChange={(event) => change({ name: event.currentTarget.value })}
        />
        <TextInput
          required
          withAsterisk={false}
          classNames={{ input: "mono" }}
          label={t("routePath")}
          description={t("routePathHint", { example: "/v1/jobs/{id}" })}
          value={route.path}
          error={faults.get("path") ?? (clash === undefined ? undefined : t("clash", { other: clash }))}
          onChange={(event) => change({ path: event.currentTarget.value })}
        />
        <p className="small dim">
          {t.rich("clientSees", {
            path: <span className="mono">{clientPath(api.basePath, route.path)}</span>,
          })}
        </p>
        <Checkbox.Group
          label={t("methods")}
          value={[...route.methods]}
          error={route.methods.length === 0 ? t("needMethod") : faults.get("methods")}
          onChange={(values) => change({ methods: methods.filter((each) => values.includes(each)) })}
        >
          <div className="row g16 wrap" style={{ padding: "4px 0" }}>
            {methods.map((method) => (
              <Checkbox key={method} value={method} label={<span className="mono">{method}</span>} />
            ))}
          </div>
        </Checkbox.Group>
        <Choices api={api} route={route} faults={faults} onChange={setRoute} />
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <Button variant="subtle" onClick={onClose}>
            {t("cancel")}
          </Button>
          <Button type="submit" variant="filled" loading={busy}>
            {t("save")}
          </Button>
        </div>
      </form>
    </Modal>
  );
}

function Choices({
  api,
  route,
  faults,
  onChange,
}: {
  readonly api: ModelApi;
  readonly route: Route;
  readonly faults: ReadonlyMap<string, string>;
  readonly onChange: (route: Route) => void;
}) {
  const t = useMessages(routesMessages);
  const { match: _match, protocol: _protocol, ...bare } = route;
  const choose = (
    match: (typeof matches)[number] | undefined,
    protocol: ModelApi["protocols"][number] | undefined,
  ): void =>
    onChange({
      ...bare,
      ...(match === undefined || match === "auto" ? {} : { match }),
      ...(protocol === undefined ? {} : { protocol }),
    });
  return (
    <div className="row g12" style={{ alignItems: "flex-start" }}>
      <Select
        className="grow"
        label={t("match")}
        description={route.match === undefined ? t("autoHint") : undefined}
        value={route.match ?? "auto"}
        error={faults.get("match")}
        data={matches.map((value) => ({ value, label: t(value) }))}
        onChange={(value) =>
          choose(
            matches.find((each) => each === value),
            route.protocol,
          )
        }
      />
      {api.protocols.length > 1 && (
        <Select
          className="grow"
          label={t("protocol")}
          value={route.protocol ?? api.protocols[0] ?? null}
          error={faults.get("protocol")}
          data={api.protocols.map((value) => ({ value, label: protocolNames[value] }))}
          onChange={(value) =>
            choose(
              route.match,
              api.protocols.find((each) => each === value),
            )
          }
        />
      )}
    </div>
  );
}

/** What the admin API said of this route's fields. */
function faultsOf(error: Error | null, index: number): ReadonlyMap<string, string> {
  const faults = new Map<string, string>();
  if (!(error instanceof ApiError)) return faults;
  for (const { path, message } of error.details) {
    const field = /routes\.custom\[(\d+)\]\.(\w+)/u.exec(path.replace(/\.(\d+)(?=\.|$)/gu, "[$1]"));
    if (field !== null && Number(field[1]) === index) faults.set(field[2] ?? "", message);
  }
  return faults;
}
