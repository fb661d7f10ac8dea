// docs/access.md from the tables of roles and of kinds.
import { roleAllows } from "../../src/resources/held-role.ts";
import type { Permission } from "../../src/resources/held-role.ts";
import { sphereTable } from "../../src/control/spheres.ts";
import { kindTable } from "../../src/resources/kinds.ts";
import { roles } from "../../src/resources/user.ts";
import { code, page, table } from "./markdown.ts";

const permissions: readonly (readonly [Permission, string])[] = [
  ["read", "see resources (never their secrets), logs, metrics, traffic, usage"],
  ["write", "change resources and consumers, give and revoke their credentials, test, debug, give feedback"],
  ["content", "see and search recorded request and response content"],
  ["audit", "see the audit log"],
  ["configure", "plan, apply, export and roll back the whole configuration"],
  ["manage-access", "see and change users and tokens"],
];

const seenTexts = { all: "everybody who may read", own: "in one's resource groups" } as const;
const changedTexts = { everywhere: "a role that holds everywhere", own: "in one's resource groups" } as const;

export function accessPage(): string {
  const roleRows = permissions.map(([permission, meaning]) => [
    code(permission),
    meaning,
    ...roles.map((role) => (roleAllows(role, permission) ? "yes" : "")),
  ]);
  const kindRows = kindTable.map(({ kind, label }) => {
    const { belongs, seen, changed } = sphereTable[kind];
    return [label, belongs, seenTexts[seen], changedTexts[changed]];
  });
  return page("Access to the console and the admin API", [
    "Users sign in with a name and a password or through an identity provider; programs send a bearer token. Both hold roles. What they did is in the audit log.",
    "## Roles",
    table(["Permission", "Allows to", ...roles.map((role) => code(role))], roleRows),
    "Only an owner makes, changes or removes owners, their passwords and their tokens. Nobody gives what he does not have, where he does not have it. The last owner who can sign in, or the last token of an owner, stays; `MOONGATE_ADMIN_TOKEN` is an owner too.",
    "## Resource groups",
    ofGroups,
    table(["Kind", "Belongs", "Seen", "Changed"], kindRows),
    beyond,
    "## Tokens",
    tokens,
    "## Users",
    users,
  ]);
}

const ofGroups = `A role holds everywhere, or in the resource groups that are listed with it:

\`\`\`yaml
users:
  - name: ana
    password: "\${env:ANA}"
    roles:
      - { role: editor, resourceGroups: [team-a] }
      - { role: viewer, resourceGroups: [shared] }
      - { role: auditor } # everywhere
\`\`\`

Without \`resourceGroups\` a role holds everywhere; an empty list is nowhere. A user's roles add up, each where it holds. An object belongs to all resource groups of its row below, and a role must hold in all of them; what belongs to the whole gateway needs a role that holds everywhere.`;

const beyond = `What is beyond one's resource groups is not there. It is missing from lists, searches, counts and histories, answers 404 to every call, and is not named in errors and warnings: these speak of "an object you may not see". Three things remain to be seen, as they cannot be hidden: that a name is taken, that an address or a key is taken, and how many unseen objects keep one from being deleted.

- Nothing is moved in or out: \`resourceGroup\` must be, and stay, one of one's own. Whoever holds roles in single resource groups must write it, since \`default\` is a group like any other.
- What cannot be seen cannot be named: a Model API sends only to services that its author sees. What an administrator has let it name stays.
- A consumer joins a consumer group only if all Model APIs that the group may call may be changed by whoever adds it.
- Logs, single exchanges, recorded content, feedback, the live tail, exports, traces, metrics, usage, traffic and alerts tell of the Model APIs of one's resource groups, whatever is filtered. Requests that came to no Model API are told to roles that hold everywhere. Content is shown, and searched, where one may see content.
- Documents (\`config/plan\`, \`config/apply\`, \`config/export\`), the history as a whole, rollbacks, \`/metrics\`, the state of the log store and sinks need a role that holds everywhere. The history of one object is for whoever sees it, back to when it came into his resource groups.
- Tests and debug calls take what saving takes, and use stored keys only of what one may change.
- An operation says in the API description what it needs: \`x-permission\`, and as \`x-reach\` whether that may be held in \`groups\` or must be held \`everywhere\`.

Domains and their base paths are shared: a Model API with a longer base path takes requests from one with a shorter path on the same domain. Give teams that must not do this to each other a domain each, and review who may write.`;

const tokens = `\`\`\`sh
npx moongate token create ci --role editor --resource-group team-a --expires-at 2027-01-01T00:00:00Z
npx moongate token list
npx moongate token revoke ci
\`\`\`

A token has one role, everywhere or in its resource groups, and may have an end. It is shown once and kept as a hash. Role and resource groups are fixed; expiry can be changed. A token that is revoked or has ended opens nothing from that moment, in answers that still run too.`;

const users = `A user without a password, with \`enabled: false\` or without a role cannot sign in. A session ends after 30 minutes without use, 12 hours after the sign-in (\`signIn.sessions\` of the instance says otherwise), when its user is disabled or deleted, or when the password changes; one's own change keeps the session it was made in. Roles count from the next request: a live tail or an export ends when they change. An admin of resource groups sees and changes the users and tokens all of whose roles hold within his groups, and no others. A token keeps what it was given, whatever becomes of whoever made it: \`createdBy\` tells whose tokens to look through when somebody leaves. Who may see an object is told who made and changed it, whatever that somebody's resource groups are; of the audit log, a group is not shown what was moved in or out.`;
