import { connectorOf } from "./connector.ts";
import { definitionRules } from "./lint.ts";

/**
 * Judges a connector's document as the service's validation does: undefined for a good one, else one line a finding.
 * Without the rules of certification only what is an error counts.
 */
export function judgeSwagger(swagger: string, certification: boolean): string | undefined {
  const connector = connectorOf({
    definition: swagger,
    properties: undefined,
    readme: undefined,
    script: undefined,
    icon: undefined,
  });
  if (connector.definition === undefined) return "The swagger is not a JSON object.";
  const found = definitionRules
    .filter(({ level }) => level === "error" || (certification && level === "certification"))
    .flatMap(({ id, find }) =>
      [...find(connector)].map(({ where, message }) => `${id}: ${where}: ${message}`),
    );
  return found.length === 0 ? undefined : found.join("\r\n");
}
