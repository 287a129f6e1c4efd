import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { PrepopError } from "../../model/errors.ts";
import { type ConnectorFiles, connectorOf, fileNames } from "./connector.ts";
import { documentRules } from "./documentRules.ts";
import { extensionRules, securityRules } from "./extensionRules.ts";
import { fileRules } from "./fileRules.ts";
import type { Finding, Level, Rule } from "./finding.ts";
import { graphRules } from "./graphRules.ts";
import { iconRules } from "./iconRules.ts";
import { operationRules } from "./operationRules.ts";
import { parameterRules, referenceRule } from "./parameterRules.ts";
import { pathRules } from "./pathRules.ts";
import { propertiesRules } from "./propertiesRules.ts";
import { reachRules } from "./reachRules.ts";
import { schemaRules } from "./schemaRules.ts";

export type { ConnectorFiles } from "./connector.ts";
export type { Finding } from "./finding.ts";

/** Rules of the definition alone, which is what the service's validation looks at. */
export const definitionRules: readonly Rule[] = [
  ...documentRules,
  referenceRule,
  ...pathRules,
  ...operationRules,
  ...parameterRules,
  ...schemaRules,
  ...extensionRules,
  ...reachRules,
  ...securityRules,
  ...graphRules,
];

/** Every rule. */
export const rules: readonly Rule[] = [...fileRules, ...definitionRules, ...propertiesRules, ...iconRules];

const levels: readonly Level[] = ["error", "certification", "advice"];

/** Everything the rules find in a connector, errors first. Any files at all may be given. */
export function lintConnector(files: ConnectorFiles): readonly Finding[] {
  const connector = connectorOf(files);
  const findings = rules.flatMap(({ id, level, source, find }) =>
    [...find(connector)].map(({ where, message }): Finding => ({ level, rule: id, where, message, source })),
  );
  return findings.toSorted((left, right) => levels.indexOf(left.level) - levels.indexOf(right.level));
}

/**
 * Reads the files of a connector folder.
 * @throws PrepopError PREPOP_CONNECTOR_NOT_FOUND when the folder holds none of them or cannot be read
 */
export async function readConnector(folder: string): Promise<ConnectorFiles> {
  const names = await readdir(folder).catch((cause: unknown) => refuse(folder, reason(cause), cause));
  const read = async (wanted: string): Promise<Buffer | undefined> => {
    const name = names.find(each => each.toLowerCase() === wanted.toLowerCase());
    return name === undefined
      ? undefined
      : await readFile(join(folder, name)).catch((cause: unknown) =>
          refuse(folder, `${name}: ${reason(cause)}`, cause),
        );
  };
  const [definition, properties, readme, script, icon] = await Promise.all([
    read(fileNames.definition),
    read(fileNames.properties),
    read(fileNames.readme),
    read(fileNames.script),
    read(fileNames.icon),
  ]);
  if (definition === undefined && properties === undefined) {
    refuse(folder, `there is no ${fileNames.definition} and no ${fileNames.properties}`);
  }
  return {
    definition: definition?.toString("utf8"),
    properties: properties?.toString("utf8"),
    readme: readme?.toString("utf8"),
    script: script?.toString("utf8"),
    icon,
  };
}

function refuse(folder: string, why: string, cause?: unknown): never {
  throw new PrepopError("PREPOP_CONNECTOR_NOT_FOUND", { folder: basename(folder), why }, cause);
}

function reason(cause: unknown): string {
  return cause instanceof Error && "code" in cause ? String(cause.code) : String(cause);
}
