// Who uses an object: asked before it is deleted, as a deletion would be refused. One operation per kind that has users.
import { jsonAnswer } from "../answer.ts";
import type { Configuration } from "../configuration.ts";
import { dependantsOf, namedKinds, shownDependants } from "../dependants.ts";
import { findObject } from "../objects.ts";
import { configurationFor } from "../scoped-configuration.ts";
import type { Operation } from "../operation.ts";
import { arrayOf, integer, objectOf, text } from "./answer-schema.ts";
import type { DependantsAnswer } from "./console-answers.ts";
import { schemaNames } from "./resource-schemas.ts";

const schema = objectOf({
  items: {
    ...arrayOf(objectOf({ kind: text, name: text, paths: arrayOf(text) })),
    description: "At most 1,000; only those that you may see.",
  },
  total: { ...integer, description: "How many there are, those that are not listed too." },
});

export function dependantOperations(configuration: Configuration): Operation[] {
  return namedKinds.map((kind) => ({
    method: "get",
    path: `/api/v1/${kind}/{name}/dependants`,
    id: `list${schemaNames(kind).output}Dependants`,
    summary: "List the objects that name this one, and so keep it from being deleted.",
    tag: kind,
    access: "read",
    reach: "groups",
    status: 200,
    response: { description: "Its users.", mediaTypes: ["application/json"], schema },
    errors: ["not_found"],
    handle: ({ param, principal }) => {
      const { working } = configurationFor(configuration, principal);
      const { name } = findObject(working, kind, param("name"));
      const all = dependantsOf(configuration.working.resources, kind, name);
      const answer: DependantsAnswer = shownDependants(all, principal.roles, working.resources);
      return jsonAnswer(answer);
    },
  }));
}
