import { apiDefinition } from "../definition.ts";
import type { Json, JsonObject } from "../json.ts";
import type { ConnectorOptions } from "../options.ts";
import { brandColor, defaultConnector } from "../options.ts";
import { apiProperties } from "../properties.ts";
import { workflowDefinition } from "./definition.ts";
import { excelConnection, logicApp, logicAppIdentity, phoneConnection } from "./dialect.ts";
import type { FlowOptions } from "./options.ts";

const schema = "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#";
const managedApis = "/providers/Microsoft.Web/locations/', parameters('location'), '/managedApis/";

/**
 * An ARM template: a Logic App that writes phones as itself, with its managed identity and plain HTTP. Only the workbook is
 * read through a connection, which a person authorises after the deployment.
 */
export function logicAppIdentityTemplate(options: FlowOptions): JsonObject {
  return {
    $schema: schema,
    contentVersion: "1.0.0.0",
    parameters: { ...commonParameters(options), graph: { type: "string", defaultValue: options.graph } },
    resources: [
      excelConnectionResource(),
      {
        type: "Microsoft.Logic/workflows",
        apiVersion: "2019-05-01",
        name: "[parameters('workflowName')]",
        location: "[parameters('location')]",
        identity: { type: "SystemAssigned" },
        dependsOn: [connectionId(excelConnection)],
        properties: {
          state: "Enabled",
          definition: escaped(workflowDefinition(options, logicAppIdentity(options))),
          parameters: workflowParameters([excelConnection], ["graph"]),
        },
      },
    ],
    outputs: {
      principalId: {
        type: "string",
        value:
          "[reference(resourceId('Microsoft.Logic/workflows', parameters('workflowName')), '2019-05-01', 'Full').identity.principalId]",
      },
    },
  };
}

/** An ARM template: the connector, its connections and the Logic App that uses them. The secret is asked for. */
export function logicAppTemplate(
  options: FlowOptions,
  connector: ConnectorOptions = defaultConnector,
): JsonObject {
  return {
    $schema: schema,
    contentVersion: "1.0.0.0",
    parameters: {
      ...commonParameters(options),
      tenantId: { type: "string", defaultValue: "[subscription().tenantId]" },
      clientId: {
        type: "string",
        metadata: { description: "The application registration of the connector." },
      },
      clientSecret: { type: "securestring", metadata: { description: "Its client secret." } },
    },
    variables: { connectorName: connector.title.replaceAll(" ", "-") },
    resources: [
      customApi(connector),
      excelConnectionResource(),
      phoneConnectionResource(connector),
      {
        type: "Microsoft.Logic/workflows",
        apiVersion: "2017-07-01",
        name: "[parameters('workflowName')]",
        location: "[parameters('location')]",
        dependsOn: [connectionId(excelConnection), connectionId(phoneConnection)],
        properties: {
          state: "Enabled",
          definition: escaped(workflowDefinition(options, logicApp(options))),
          parameters: workflowParameters([excelConnection, phoneConnection], []),
        },
      },
    ],
  };
}

function commonParameters({ workbook }: FlowOptions): JsonObject {
  const place = (defaultValue: string, description: string): JsonObject => ({
    type: "string",
    defaultValue,
    metadata: { description },
  });
  return {
    workflowName: place("phones-to-entra", "The name of the Logic App."),
    location: place("[resourceGroup().location]", "Where everything is made."),
    source: place(workbook.source, "Where the workbook is: me, or sites/HOST,SITE,WEB."),
    drive: place(workbook.drive, "The id of the drive."),
    file: place(workbook.file, "The id of the workbook."),
    table: place(workbook.table, "The name or id of the table."),
  };
}

function excelConnectionResource(): JsonObject {
  return {
    type: "Microsoft.Web/connections",
    apiVersion: "2016-06-01",
    name: excelConnection,
    location: "[parameters('location')]",
    properties: {
      displayName: "The workbook with the phones",
      api: { id: `[concat(subscription().id, '${managedApis}${excelConnection}')]` },
    },
  };
}

function phoneConnectionResource({ title }: ConnectorOptions): JsonObject {
  const api = "resourceId('Microsoft.Web/customApis', variables('connectorName'))";
  return {
    type: "Microsoft.Web/connections",
    apiVersion: "2016-06-01",
    name: phoneConnection,
    location: "[parameters('location')]",
    dependsOn: [`[${api}]`],
    properties: { displayName: title, api: { id: `[${api}]` } },
  };
}

function customApi(connector: ConnectorOptions): JsonObject {
  const definition = apiDefinition(connector);
  const settings = oauthSettings(apiProperties(connector));
  return {
    type: "Microsoft.Web/customApis",
    apiVersion: "2016-06-01",
    name: "[variables('connectorName')]",
    location: "[parameters('location')]",
    properties: {
      apiType: "Rest",
      displayName: connector.title,
      description: (definition.info as JsonObject).description ?? "",
      iconUri: "",
      brandColor,
      capabilities: [],
      backendService: { serviceUrl: `https://${String(definition.host)}${String(definition.basePath)}` },
      connectionParameters: {
        token: {
          type: "oauthSetting",
          oAuthSettings: {
            ...settings,
            clientId: "[parameters('clientId')]",
            clientSecret: "[parameters('clientSecret')]",
            customParameters: {
              ...(settings.customParameters as JsonObject),
              tenantId: { value: "[parameters('tenantId')]" },
            },
          },
        },
      },
      swagger: escaped(definition),
    },
  };
}

function oauthSettings(properties: JsonObject): JsonObject {
  const parameters = (properties.properties as JsonObject).connectionParameters as JsonObject;
  return (parameters.token as JsonObject).oAuthSettings as JsonObject;
}

function workflowParameters(connections: readonly string[], more: readonly string[]): JsonObject {
  const given = ["source", "drive", "file", "table", ...more];
  return {
    $connections: {
      value: Object.fromEntries(
        connections.map(name => [
          name,
          {
            connectionId: connectionId(name),
            connectionName: name,
            id:
              name === excelConnection
                ? `[concat(subscription().id, '${managedApis}${excelConnection}')]`
                : "[resourceId('Microsoft.Web/customApis', variables('connectorName'))]",
          },
        ]),
      ),
    },
    ...Object.fromEntries(given.map(name => [name, { value: `[parameters('${name}')]` }])),
  };
}

function connectionId(name: string): string {
  return `[resourceId('Microsoft.Web/connections', '${name}')]`;
}

/** ARM takes a text that begins with [ for an expression of its own; a second [ says that it is not. */
function escaped(value: JsonObject): JsonObject {
  const walk = (each: Json): Json => {
    if (typeof each === "string") return each.startsWith("[") ? `[${each}` : each;
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value) as JsonObject;
}
