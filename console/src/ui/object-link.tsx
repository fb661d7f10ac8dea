// A link to the page of any object, and a short list of them. Knows which kinds have a page.
import { Link } from "@tanstack/react-router";
import type { Kind } from "../../../src/resources/kinds.ts";

export function ObjectLink({ kind, name }: { readonly kind: Kind; readonly name: string }) {
  if (kind === "model-apis") {
    return (
      <Link to="/model-apis/$name" params={{ name }} className="textlink">
        {name}
      </Link>
    );
  }
  if (kind === "services") {
    return (
      <Link to="/services/$name" params={{ name }} className="textlink">
        {name}
      </Link>
    );
  }
  if (kind === "consumers") {
    return (
      <Link to="/consumers/$name" params={{ name }} className="textlink">
        {name}
      </Link>
    );
  }
  if (kind === "consumer-groups") {
    return (
      <Link to="/consumer-groups/$name" params={{ name }} className="textlink">
        {name}
      </Link>
    );
  }
  if (kind === "alerts") {
    return (
      <Link to="/observe/alerts/$name" params={{ name }} className="textlink">
        {name}
      </Link>
    );
  }
  if (kind === "users") {
    return (
      <Link
        to="/settings/$section"
        params={{ section: "users" }}
        search={{ edit: name }}
        className="textlink"
      >
        {name}
      </Link>
    );
  }
  return <span>{name}</span>;
}

/** The first few as links, then how many more there are. */
export function ObjectLinks({
  kind,
  names,
  most = 3,
}: {
  readonly kind: Kind;
  readonly names: readonly string[];
  readonly most?: number;
}) {
  return (
    <span className="row wrap g8" style={{ rowGap: 0 }}>
      {names.slice(0, most).map((name) => (
        <ObjectLink key={name} kind={kind} name={name} />
      ))}
      {names.length > most && (
        <span className="tag num" title={names.slice(most).join(", ")}>
          +{names.length - most}
        </span>
      )}
    </span>
  );
}
