import { workflowDefinition } from "../src/connector/flow/definition.ts";
import { powerAutomate } from "../src/connector/flow/dialect.ts";
import { defaultFlow } from "../src/connector/flow/options.ts";
import type { Json } from "../src/connector/json.ts";
import { flowDiagram } from "./flowDiagram.ts";

/** The flow that `prepop flow build --policy update` makes, as a picture. */
export function flowPicture(): string {
  const options = { ...defaultFlow, policy: "update" as const };
  // As it is written: what is undefined is left out.
  const definition = JSON.parse(JSON.stringify(workflowDefinition(options, powerAutomate(options)))) as Json;
  return flowDiagram(definition, `${options.name} (--policy update)`);
}
