// Texts of explain: what would become of a request.
import { defineMessages } from "../../i18n/messages.ts";

export const explainMessages = defineMessages(
  {
    unsaved:
      "Explain tells where the gateway would send a request, and why, without calling a service. It works on the saved Model API: create this one first.",
  },
  {
    unsaved: "路由解释说明网关会把请求发往哪里以及原因，不会调用任何服务。它针对已保存的模型 API：请先创建。",
  },
);
