import { jsonText } from "../json.ts";
import { type ConnectorOptions, defaultConnector } from "../options.ts";
import type { MadeFile } from "../package.ts";
import { workflowDefinition } from "./definition.ts";
import { type Dialect, logicApp, logicAppIdentity, powerAutomate } from "./dialect.ts";
import { legacyPackage } from "./legacyPackage.ts";
import { logicAppIdentityTemplate, logicAppTemplate } from "./logicAppTemplate.ts";
import type { FlowOptions } from "./options.ts";
import { connectorSolution, flowSolution } from "./solution.ts";

/** What a flow can be built as. */
export type FlowFormat = "legacy" | "solution" | "logicapp" | "logicapp-identity";

/** The files of a flow in one format; `out` is the file, or the folder of the two solutions. */
export function flowFiles(
  format: FlowFormat,
  options: FlowOptions,
  out: string,
  connector: ConnectorOptions = defaultConnector,
): readonly MadeFile[] {
  switch (format) {
    case "legacy":
      return [{ path: out, content: legacyPackage(options) }];
    case "solution":
      return [
        { path: `${out}/1-connector.zip`, content: connectorSolution(connector) },
        { path: `${out}/2-flow.zip`, content: flowSolution(options) },
      ];
    case "logicapp":
      return [{ path: out, content: jsonText(logicAppTemplate(options, connector)) }];
    case "logicapp-identity":
      return [{ path: out, content: jsonText(logicAppIdentityTemplate(options)) }];
  }
}

/** The bare workflow definition of a format, as text. */
export function flowDefinition(format: FlowFormat, options: FlowOptions): string {
  return jsonText(workflowDefinition(options, dialects[format](options)));
}

const dialects: Readonly<Record<FlowFormat, (options: FlowOptions) => Dialect>> = {
  legacy: powerAutomate,
  solution: powerAutomate,
  logicapp: logicApp,
  "logicapp-identity": logicAppIdentity,
};
