// The columns of the users: name, how he signs in, roles, standing, last sign-in, and what may be done or why not.
import { Lock } from "lucide-react";
import type { User } from "../../api/resources.ts";
import { formatTime } from "../../i18n/format.ts";
import { useLanguage, useMessages } from "../../i18n/language.tsx";
import type { Column } from "../../ui/data-table.tsx";
import { Moon, type Phase } from "../../ui/moon.tsx";
import { RowButtons } from "../../ui/row-buttons.tsx";
import { uiMessages } from "../../ui/ui-messages.ts";
import type { WriteRight } from "../../ui/use-may-write.ts";
import { accessMessages } from "./access-messages.ts";
import { RoleTags } from "./role-tags.tsx";
import {
  heldOf,
  obstacleTo,
  obstacleToTaking,
  standingOf,
  type Me,
  type Obstacle,
  type UserStanding,
} from "./user-rules.ts";

export type UserAction = "edit" | "toggle" | "reset" | "sessions" | "delete";

interface UserFacts {
  readonly me: Me;
  readonly now: Date;
  readonly isLast: (user: User) => boolean;
  readonly run: (action: UserAction, user: User) => void;
}

const phases: Readonly<Record<UserStanding, Phase>> = {
  active: "full",
  disabled: "ring",
  noWayIn: "half",
  noRole: "half",
};

const hints = { noWayIn: "noWayInText", noRole: "noRoleText" } as const;

export function useUserColumns(facts: UserFacts): readonly Column<User>[] {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const { language } = useLanguage();
  const { me, now } = facts;
  return [
    {
      key: "name",
      head: t("name"),
      cell: ({ name, managedBy }) => (
        <span className="row g6">
          <span className="strong">{name}</span>
          {name === me.name && <span className="tag tag-pond">{t("you")}</span>}
          {managedBy === "file" && <Lock size={12} role="img" aria-label={ui("fromFile")} className="dim" />}
        </span>
      ),
    },
    { key: "source", head: t("source"), wide: true, cell: (user) => <Source user={user} /> },
    { key: "roles", head: t("roles"), cell: (user) => <RoleTags held={heldOf(user)} /> },
    { key: "status", head: t("status"), cell: (user) => <Standing standing={standingOf(user)} /> },
    {
      key: "last",
      head: t("lastSignIn"),
      wide: true,
      cell: ({ lastSignInAt, openSessions = 0 }) =>
        typeof lastSignInAt === "string" ? (
          <div className="num" title={lastSignInAt}>
            {formatTime(new Date(lastSignInAt), language, now)}
            {openSessions > 0 && <div className="dim small">{t("openSessions", { n: openSessions })}</div>}
          </div>
        ) : (
          <span className="dim">—</span>
        ),
    },
    { key: "actions", head: t("actions"), right: true, cell: (user) => <Actions user={user} {...facts} /> },
  ];
}

function Source({ user: { password, oidc } }: { readonly user: User }) {
  const t = useMessages(accessMessages);
  if (oidc === undefined)
    return (
      <span className={password === undefined ? "dim" : "soft"}>
        {t(password === undefined ? "sourceNone" : "sourcePassword")}
      </span>
    );
  return (
    <span className="soft" title={`${oidc.issuer}\n${oidc.subject}`}>
      {oidc.provider}
    </span>
  );
}

function Standing({ standing }: { readonly standing: UserStanding }) {
  const t = useMessages(accessMessages);
  const hint = standing === "noWayIn" || standing === "noRole" ? t(hints[standing]) : undefined;
  return (
    <span className="row g6 nowrap" title={hint}>
      <Moon phase={phases[standing]} size={10} />
      {t(standing)}
    </span>
  );
}

function Actions({ user, me, isLast, run }: UserFacts & { readonly user: User }) {
  const t = useMessages(accessMessages);
  const ui = useMessages(uiMessages);
  const right = (obstacle: Obstacle | undefined): WriteRight => ({
    allowed: obstacle === undefined,
    reason: obstacle === undefined ? "" : obstacle === "fromFile" ? ui("fromFileHelp") : t(obstacle),
  });
  const { name, enabled } = user;
  const any = right(obstacleTo(user, me));
  const taking = right(obstacleToTaking(user, me, isLast(user)));
  const ofProvider = user.oidc === undefined ? any : { allowed: false, reason: t("noPasswordBeside") };
  const own = name === me.name ? { allowed: false, reason: t("ownPassword") } : ofProvider;
  return (
    <RowButtons
      menuLabel={t("more", { name })}
      actions={[{ text: t("edit"), label: t("editOf", { name }), right: any, run: () => run("edit", user) }]}
      menu={[
        {
          text: t(enabled ? "disable" : "enable"),
          right: enabled ? taking : any,
          run: () => run("toggle", user),
        },
        { text: t("resetPassword"), right: own, run: () => run("reset", user) },
        {
          text: t("endSessions"),
          right: user.managedBy === "file" ? { allowed: true, reason: "" } : any,
          run: () => run("sessions", user),
        },
        { text: t("delete"), right: taking, run: () => run("delete", user) },
      ]}
    />
  );
}
