// The way to the first answer in four steps, each ticked by what the gateway has; a slim line once all are done.
import { ActionIcon, Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { X } from "lucide-react";
import { useState, type ReactNode } from "react";
import { listQuery, type ModelApi } from "../../api/resources.ts";
import { useMayWrite } from "../../ui/use-may-write.ts";
import { statusQuery, trafficQuery } from "../../api/state.ts";
import { useMessages } from "../../i18n/language.tsx";
import { ErrorPanel } from "../../ui/error-panel.tsx";
import { Moon } from "../../ui/moon.tsx";
import { useCreateDemo } from "../model-apis/demo-api.ts";
import { overviewMessages } from "./overview-messages.ts";
import classes from "./first-run.module.css";

const storageKey = "moongate-setup-hidden";

interface Step {
  readonly key: string;
  readonly title: string;
  readonly text: string;
  readonly done: boolean;
  readonly action: (variant: "filled" | "default") => ReactNode;
}

/** @param apis undefined while they are not known */
export function FirstRun({ apis }: { readonly apis: readonly ModelApi[] | undefined }) {
  const [hidden, setHidden] = useState(() => localStorage.getItem(storageKey) === "yes");
  const steps = useSteps(apis, !hidden);
  if (hidden || steps === undefined) return null;
  const hide = (): void => {
    localStorage.setItem(storageKey, "yes");
    setHidden(true);
  };
  return steps.every(({ done }) => done) ? <Complete steps={steps} onHide={hide} /> : <ToDo steps={steps} />;
}

function useSteps(apis: readonly ModelApi[] | undefined, enabled: boolean): Step[] | undefined {
  const t = useMessages(overviewMessages);
  const status = useQuery(statusQuery);
  // The longest window, so that a step once done stays done for a while.
  const traffic = useQuery({ ...trafficQuery("7d"), enabled, refetchInterval: false });
  const hasConsumers = (status.data?.counts.consumers ?? 0) > 0;
  const consumers = useQuery({ ...listQuery("consumers"), enabled: enabled && hasConsumers });
  const ready = status.data !== undefined && apis !== undefined && (!hasConsumers || !consumers.isPending);
  if (!ready) return undefined;
  const api = apis.find(({ enabled: on }) => on) ?? apis[0];
  const consumer = consumers.data?.items[0];
  return [
    {
      key: "service",
      title: t("stepService"),
      text: t("stepServiceText"),
      done: status.data.counts.services > 0,
      action: (variant) => (
        <Button component={Link} to="/services/new" size="xs" variant={variant}>
          {t("addService")}
        </Button>
      ),
    },
    {
      key: "api",
      title: t("stepApi"),
      text: t("stepApiText"),
      done: apis.length > 0,
      action: (variant) => (
        <Button component={Link} to="/model-apis/new" size="xs" variant={variant}>
          {t("createApi")}
        </Button>
      ),
    },
    {
      key: "debug",
      title: t("stepDebug"),
      text: t("stepDebugText"),
      done: (traffic.data?.total.requests ?? 0) > 0,
      action: (variant) =>
        api === undefined ? null : (
          <Button
            renderRoot={(props) => (
              <Link to="/model-apis/$name/debug" params={{ name: api.name }} {...props} />
            )}
            size="xs"
            variant={variant}
          >
            {t("debug", { name: api.name })}
          </Button>
        ),
    },
    {
      key: "key",
      title: t("stepKey"),
      text: t("stepKeyText"),
      done: consumers.data?.items.some(({ credentials }) => credentials.length > 0) === true,
      action: (variant) =>
        consumer === undefined ? (
          <Button
            renderRoot={(props) => <Link to="/consumers" search={{ add: true }} {...props} />}
            size="xs"
            variant={variant}
          >
            {t("createConsumer")}
          </Button>
        ) : (
          <Button
            renderRoot={(props) => <Link to="/consumers/$name" params={{ name: consumer.name }} {...props} />}
            size="xs"
            variant={variant}
          >
            {t("openConsumer", { name: consumer.name })}
          </Button>
        ),
    },
  ];
}

function Complete({ steps, onHide }: { readonly steps: readonly Step[]; readonly onHide: () => void }) {
  const t = useMessages(overviewMessages);
  return (
    <section className={classes["complete"]} aria-label={t("setUpDone")}>
      <span className="medium">{t("setUpDone")}</span>
      <ul>
        {steps.map(({ key, title }) => (
          <li key={key}>
            <Moon phase="full" size={10} />
            <span>{title}</span>
          </li>
        ))}
      </ul>
      <span className="grow" />
      <ActionIcon variant="subtle" size={26} aria-label={t("setUpClose")} onClick={onHide}>
        <X size={14} />
      </ActionIcon>
    </section>
  );
}

function ToDo({ steps }: { readonly steps: readonly Step[] }) {
  const t = useMessages(overviewMessages);
  const right = useMayWrite();
  const canWrite = right.allowed;
  const next = steps.findIndex(({ done }) => !done);
  return (
    <section className={classes["panel"]} aria-labelledby="first-run-title">
      <div className={classes["head"]}>
        <div className="grow">
          <h2 id="first-run-title">{t("setUp")}</h2>
          <p className="soft small">{canWrite ? t("setUpText") : right.reason}</p>
        </div>
        {canWrite && next < 2 && <UseSimulator />}
      </div>
      <ol className={classes["steps"]}>
        {steps.map(({ key, title, text, done, action }, index) => (
          <li key={key} data-done={done || undefined} aria-current={index === next ? "step" : undefined}>
            <Moon phase={done ? "full" : "ring"} size={14} label={t(done ? "done" : "toDo")} />
            <div className="grow">
              <div className="medium">{title}</div>
              <div className="small dim">{text}</div>
            </div>
            {!done && canWrite && action(index === next ? "filled" : "default")}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** The way that needs nothing: leads to the debug panel of what it made. */
function UseSimulator() {
  const t = useMessages(overviewMessages);
  const navigate = useNavigate();
  const demo = useCreateDemo();
  return (
    <div className="col g8">
      <Button
        size="xs"
        loading={demo.isPending}
        onClick={() =>
          demo.mutate(undefined, {
            onSuccess: (name) => void navigate({ to: "/model-apis/$name/debug", params: { name } }),
          })
        }
      >
        {t("simulator")}
      </Button>
      {demo.error !== null && <ErrorPanel title={t("simulatorFailed")} error={demo.error} />}
    </div>
  );
}
