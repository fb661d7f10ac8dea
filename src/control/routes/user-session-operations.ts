// Sessions that run: one's own, and those of users whom one may change. Knows no id of a session, only what names it.
import { isoTime } from "../../lib/iso-time.ts";
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { ControlError } from "../control-error.ts";
import { guardGrants } from "../grants.ts";
import { findObject } from "../objects.ts";
import type { Call, JsonSchema, Operation } from "../operation.ts";
import { configurationFor } from "../scoped-configuration.ts";
import { sessionIdOf } from "../session-cookie.ts";
import { sessionHandle } from "../sessions.ts";
import type { RunningSession } from "../sessions.ts";
import type { SignedInUsers } from "../signed-in.ts";
import { arrayOf, objectOf, text } from "./answer-schema.ts";

const json = ["application/json"];
const kind = "users";
const ofUser = "/api/v1/users/{name}/sessions";
const own = "/api/v1/session/sessions";

const time: JsonSchema = { type: "string", format: "date-time" };

const sessionList: JsonSchema = objectOf({
  items: arrayOf(
    objectOf({
      session: { ...text, description: "Names it; it opens nothing." },
      startedAt: time,
      lastSeenAt: time,
      address: { ...text, description: "Where it was opened." },
      agent: { ...text, description: "What the browser said of itself, cut after 256 characters." },
      current: { type: "boolean", description: "Whether it is the one that asks." },
    }),
  ),
});

/** Of others: to see them takes seeing the user, to end them what changing him takes. */
export function userSessionOperations(configuration: Configuration, users: SignedInUsers): Operation[] {
  const seen = (call: Call): string =>
    findObject(configurationFor(configuration, call.principal).working, kind, call.param("name")).name;
  const changed = (call: Call): string => {
    const name = seen(call);
    const { working } = configurationFor(configuration, call.principal, "write");
    findObject(working, kind, name);
    guardGrants(call.principal, kind, name, {})?.(working);
    return name;
  };
  const shared = { tag: kind, access: "manage-access", reach: "groups" } as const;
  return [
    {
      ...shared,
      ...listing(
        ofUser,
        "listUserSessions",
        "List the sessions of a user, the one that was used last first.",
      ),
      errors: ["not_found"],
      handle: (call) => jsonAnswer(viewOf(users, seen(call), call)),
    },
    {
      ...shared,
      ...ending(ofUser, "endUserSessions", "End all sessions of a user."),
      errors: ["not_found"],
      handle: async (call) => {
        await users.closeAllOf(changed(call));
        return ended();
      },
    },
    {
      ...shared,
      ...ending(`${ofUser}/{session}`, "endUserSession", "End a session of a user."),
      errors: ["not_found"],
      handle: async (call) => endOne(users, changed(call), call.param("session")),
    },
  ];
}

/** One's own, for whoever is signed in. */
export function ownSessionOperations(users: SignedInUsers): Operation[] {
  const nameOf = ({ header }: Call): string => {
    const name = users.find(sessionIdOf(header) ?? "")?.name;
    if (name === undefined) throw new ControlError("unauthorized");
    return name;
  };
  const shared = { tag: "session", access: "session" } as const;
  return [
    {
      ...shared,
      ...listing(own, "listOwnSessions", "List one's own sessions, the one that was used last first."),
      errors: [],
      handle: (call) => jsonAnswer(viewOf(users, nameOf(call), call)),
    },
    {
      ...shared,
      ...ending(own, "endOtherSessions", "End all of one's own sessions but this one."),
      errors: [],
      handle: async (call) => {
        const current = handleOf(call);
        await users.closeAllOf(nameOf(call), ({ handle }) => handle !== current);
        return ended();
      },
    },
    {
      ...shared,
      ...ending(`${own}/{session}`, "endOwnSession", "End one of one's own sessions."),
      errors: ["not_found"],
      handle: (call) => endOne(users, nameOf(call), call.param("session")),
    },
  ];
}

function listing(path: string, id: string, summary: string) {
  const response = { description: "Those that have not ended.", mediaTypes: json, schema: sessionList };
  return { method: "get", path, id, summary, status: 200, response } as const;
}

function ending(path: string, id: string, summary: string) {
  return { method: "delete", path, id, summary, status: 204, response: { description: "Ended." } } as const;
}

async function endOne(users: SignedInUsers, name: string, session: string): Promise<Response> {
  if (!users.sessionsOf(name).some(({ handle }) => handle === session))
    throw new ControlError("not_found", "There is no such session; it may have ended.");
  await users.closeAllOf(name, ({ handle }) => handle === session);
  return ended();
}

function viewOf(users: SignedInUsers, name: string, call: Call) {
  const current = handleOf(call);
  return {
    items: users.sessionsOf(name).map(({ handle, createdMs, seenMs, address, agent }: RunningSession) => ({
      session: handle,
      startedAt: isoTime(createdMs),
      lastSeenAt: isoTime(seenMs),
      address,
      agent,
      current: handle === current,
    })),
  };
}

function handleOf({ header }: Call): string | undefined {
  const id = sessionIdOf(header);
  return id === undefined ? undefined : sessionHandle(id);
}

function ended(): Response {
  return new Response(null, { status: 204 });
}
