import { type JsonObject, jsonText } from "../json.ts";
import type { MadeFile } from "../package.ts";
import { zipOf } from "../zip.ts";
import { workflowDefinition } from "./definition.ts";
import { excelApi, powerAutomate } from "./dialect.ts";
import { guidOf } from "./guid.ts";
import type { FlowOptions } from "./options.ts";

/**
 * The package that "My flows > Import > Import Package (Legacy)" takes: no Dataverse is needed, and the importer asks
 * which connector and which connections of the environment to use.
 */
export function legacyPackage(options: FlowOptions): Buffer {
  return zipOf(legacyFiles(options));
}

/** A fixed moment: the same options give the same bytes. */
const createdTime = "2026-01-01T00:00:00.0000000Z";
const apis = "/providers/Microsoft.PowerApps/apis/";
const flows = "Microsoft.Flow/flows";

export function legacyFiles(options: FlowOptions): readonly MadeFile[] {
  const id = (what: string): string => guidOf("legacy", options.name, options.policy, what);
  const flow = id("flow");
  const keys = [
    { key: excelApi, api: id("excel api"), connection: id("excel connection") },
    { key: options.connectorId, api: id("phone api"), connection: id("phone connection") },
  ];
  const file = (path: string, content: JsonObject): MadeFile => ({ path, content: jsonText(content) });
  return [
    file("manifest.json", {
      schema: "1.0",
      details: {
        displayName: options.name,
        description: "Reads a table of users and phones and writes the phones to Microsoft Entra.",
        createdTime,
        packageTelemetryId: id("package"),
        creator: "N/A",
        sourceEnvironment: "",
      },
      resources: resources(options, flow, keys),
    }),
    file(`${flows}/manifest.json`, { packageSchemaVersion: "1.0", flowAssets: { assetPaths: [flow] } }),
    file(`${flows}/${flow}/definition.json`, {
      name: flow,
      id: `/providers/Microsoft.Flow/flows/${flow}`,
      type: flows,
      properties: {
        apiId: `${apis}shared_logicflows`,
        displayName: options.name,
        definition: workflowDefinition(options, powerAutomate(options)),
        connectionReferences: Object.fromEntries(
          keys.map(({ key }) => [
            key,
            { connectionName: key, source: "Embedded", id: `${apis}${key}`, tier: "NotSpecified" },
          ]),
        ),
        flowFailureAlertSubscribed: false,
      },
    }),
    file(`${flows}/${flow}/apisMap.json`, Object.fromEntries(keys.map(({ key, api }) => [key, api]))),
    file(
      `${flows}/${flow}/connectionsMap.json`,
      Object.fromEntries(keys.map(({ key, connection }) => [key, connection])),
    ),
  ];
}

type Key = { readonly key: string; readonly api: string; readonly connection: string };

function resources(options: FlowOptions, flow: string, keys: readonly Key[]): JsonObject {
  const made: Record<string, JsonObject> = {
    [flow]: {
      type: flows,
      suggestedCreationType: "New",
      creationType: "Existing, New, Update",
      details: { displayName: options.name },
      configurableBy: "User",
      hierarchy: "Root",
      dependsOn: keys.flatMap(({ api, connection }) => [api, connection]),
    },
  };
  for (const { key, api, connection } of keys) {
    const title = key === excelApi ? "Excel Online (Business)" : options.connectorTitle;
    made[api] = {
      // A connector of Microsoft's is found by its name; ours has another in every environment and is picked.
      ...(key === excelApi ? { id: `${apis}${key}`, name: key } : {}),
      type: "Microsoft.PowerApps/apis",
      suggestedCreationType: "Existing",
      ...(key === excelApi ? {} : { creationType: "Existing" }),
      details: { displayName: title, iconUri: "" },
      configurableBy: key === excelApi ? "System" : "User",
      hierarchy: "Child",
      dependsOn: [],
    };
    made[connection] = {
      type: "Microsoft.PowerApps/apis/connections",
      suggestedCreationType: "Existing",
      creationType: "Existing",
      details: { displayName: title, iconUri: "" },
      configurableBy: "User",
      hierarchy: "Child",
      dependsOn: [api],
    };
  }
  return made;
}
