// The live preview beside the form: the way in one sentence with its routes, the YAML, a first call.
import { Checkbox, SegmentedControl } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, type ReactNode } from "react";
import { defaultRoutesOf } from "../../../../src/resources/default-routes.ts";
import { statusQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { CodeBlock } from "../../ui/code-block.tsx";
import { useFormContext } from "./form-context.tsx";
import { formMessages } from "./form-messages.ts";
import classes from "./form.module.css";
import { protocolName } from "./protocol-names.ts";
import type { Pane } from "./form-search.ts";
import { isRouteOn, servedRoutes, withRoute } from "./routes-of-draft.ts";
import { curlOf, pathBelow, sampleBody, sampleMethod, samplePath } from "./sample-call.ts";
import { WaySentence } from "./way-sentence.tsx";

const YamlPreview = lazy(async () => ({ default: (await import("./yaml-preview.tsx")).YamlPreview }));

export function Preview({
  pane,
  onPane,
  explain,
}: {
  readonly pane: Pane;
  readonly onPane: (pane: Pane) => void;
  /** What explain can say now. */
  readonly explain: ReactNode;
}) {
  const t = useMessages(formMessages);
  return (
    <aside className={classes["preview"]} aria-label={t("preview")} tabIndex={-1} id="preview">
      <div className="row wrap" style={{ justifyContent: "space-between" }}>
        <h2>{t("preview")}</h2>
        <SegmentedControl
          aria-label={t("preview")}
          value={pane}
          onChange={onPane}
          data={[
            { value: "way", label: t("tabWay") },
            { value: "yaml", label: t("tabYaml") },
            { value: "curl", label: t("tabCurl") },
            { value: "explain", label: t("tabExplain") },
          ]}
        />
      </div>
      {pane === "way" && <WayPreview />}
      {pane === "yaml" && (
        <Suspense fallback={null}>
          <YamlPreview />
        </Suspense>
      )}
      {pane === "curl" && <CurlPreview />}
      {pane === "explain" && <div style={{ marginTop: 16 }}>{explain}</div>}
    </aside>
  );
}

function WayPreview() {
  const t = useMessages(formMessages);
  const { draft } = useFormContext();
  return (
    <>
      <p className={classes["sentence"]}>
        <WaySentence draft={draft} />
      </p>
      <h3 className={classes["sub"]}>{t("clientsCall")}</h3>
      {servedRoutes(draft).length === 0 && <p className="small bad">{t("noRoute")}</p>}
      <RouteChecks extra={false} />
      <Suspense fallback={null}>
        <YamlPreview />
      </Suspense>
    </>
  );
}

/** Default routes with their switches. @param extra those that are off unless switched on */
export function RouteChecks({ extra }: { readonly extra: boolean }) {
  const { draft, set, readOnly } = useFormContext();
  const rows = defaultRoutesOf(draft.useCase, draft.protocols).filter(
    ({ beyondSeeds }) => (beyondSeeds === true) === extra,
  );
  if (rows.length === 0) return null;
  const base = draft.basePath === "/" ? "" : draft.basePath;
  return (
    <ul className={classes["routeList"]}>
      {rows.map((row) => {
        const on = isRouteOn(draft, row);
        return (
          <li key={`${row.protocol} ${row.name}`} className={classes["routeRow"]}>
            <Checkbox
              checked={on}
              disabled={readOnly !== undefined}
              aria-label={`${row.name} ${base}${row.path}`}
              onChange={(event) => set(withRoute(draft, row, event.currentTarget.checked))}
            />
            <span className="grow">
              <span
                className={`mono cut ${on ? "" : "dim"}`}
                style={{ display: "block" }}
                title={base + row.path}
              >
                <span className="dim">{base}</span>
                {row.path}
              </span>
              <span className="tiny dim cut" style={{ display: "block" }} title={row.description}>
                {row.name}
                {row.alias === undefined ? "" : ` · ${row.alias}`}
              </span>
            </span>
            <span className="tag">{protocolName(row.speaks ?? row.protocol)}</span>
          </li>
        );
      })}
    </ul>
  );
}

function CurlPreview() {
  const t = useMessages(formMessages);
  const { draft } = useFormContext();
  const status = useQuery(statusQuery);
  const [route] = servedRoutes(draft);
  if (route === undefined) return <p className={`small bad ${classes["sentence"]}`}>{t("noRoute")}</p>;
  const method = sampleMethod(route);
  const body = method === "POST" ? sampleBody(route, { model: firstModel(draft), stream: true }) : undefined;
  const code = curlOf({
    gatewayUrl: status.data?.gateway.url ?? "http://127.0.0.1:8080",
    domain: draft.domains[0] ?? "*",
    method,
    path: pathBelow(draft.basePath, samplePath(route)),
    body,
    key: draft.authOn,
    stream: body !== undefined && "stream" in body,
  });
  return (
    <>
      <h3 className={classes["sub"]}>{t("curlTitle")}</h3>
      <CodeBlock code={code} label={t("curlTitle")} />
      <p className={classes["hint"]} style={{ marginTop: 8 }}>
        {t("curlHint")}
      </p>
    </>
  );
}

/** A model name that a first call would find something under. */
function firstModel(draft: ReturnType<typeof useFormContext>["draft"]): string {
  if (draft.mode === "by-model-name") return draft.rules[0]?.pattern.replaceAll(/[?*]/gu, "") || "MODEL";
  return draft.mode === "intelligent" ? "auto" : "MODEL";
}
