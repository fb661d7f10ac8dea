// What every tab of a Model API is given. Types only.
import type { ModelApi } from "../../../api/resources.ts";

export interface TabProps {
  readonly api: ModelApi;
}
