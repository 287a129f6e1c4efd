import { apiDefinition } from "../definition.ts";
import { icon } from "../icon.ts";
import { type JsonObject, jsonText } from "../json.ts";
import { brandColor, type ConnectorOptions, defaultConnector } from "../options.ts";
import type { MadeFile } from "../package.ts";
import { apiProperties } from "../properties.ts";
import { zipOf } from "../zip.ts";
import { workflowDefinition } from "./definition.ts";
import { excelApi, powerAutomate } from "./dialect.ts";
import { guidOf } from "./guid.ts";
import type { FlowOptions } from "./options.ts";

/**
 * Two Dataverse solutions. The one with the connector must be imported first and alone; its internal id is another in
 * every environment, so the one with the flow is made for the environment, with that id.
 */
export function connectorSolution(connector: ConnectorOptions = defaultConnector): Buffer {
  return zipOf(connectorSolutionFiles(connector));
}

export function flowSolution(options: FlowOptions): Buffer {
  return zipOf(flowSolutionFiles(options));
}

const version = "2.0.0.0";
const prefix = "prepop";
const schemaName = `${prefix}_entraphonemethods`;
const excelReference = `${prefix}_excelonlinebusiness`;
const phoneReference = `${prefix}_entraphonemethods_connection`;

export function connectorSolutionFiles(connector: ConnectorOptions): readonly MadeFile[] {
  const id = guidOf("solution", "connector");
  const definition = apiDefinition(connector);
  const properties = apiProperties(connector).properties as JsonObject;
  const file = (name: string): string => `Connector/${schemaName}_${name}`;
  const root = `<RootComponent type="372" schemaName="${schemaName}" behavior="0" />`;
  const body = `<Workflows />
  <Connectors>
    <Connector>
      <connectorid>{${id}}</connectorid>
      <connectorinternalid>${schemaName}</connectorinternalid>
      <connectortype>1</connectortype>
      <description>${xml(String((definition.info as JsonObject).description))}</description>
      <displayname>${xml(connector.title)}</displayname>
      <iconbrandcolor>${brandColor}</iconbrandcolor>
      <introducedversion>${version}</introducedversion>
      <name>${schemaName}</name>
      <openapidefinition>/${file("openapidefinition.json")}</openapidefinition>
      <connectionparameters>/${file("connectionparameters.json")}</connectionparameters>
      <policytemplateinstances>/${file("policytemplateinstances.json")}</policytemplateinstances>
      <iconblob>/${file("iconblob.Png")}</iconblob>
    </Connector>
  </Connectors>`;
  return [
    contentTypes(["xml", "json", "Png"]),
    solutionXml("prepop_connector", "Entra phone methods: connector", root),
    customizationsXml(body),
    { path: file("openapidefinition.json"), content: jsonText(definition) },
    {
      path: file("connectionparameters.json"),
      content: jsonText(properties.connectionParameters as JsonObject),
    },
    { path: file("policytemplateinstances.json"), content: "[]\n" },
    { path: file("iconblob.Png"), content: icon() },
  ];
}

export function flowSolutionFiles(options: FlowOptions): readonly MadeFile[] {
  const id = guidOf("solution", "flow", options.name, options.policy);
  const name = options.name.replace(/[^A-Za-z0-9]/g, "");
  const path = `Workflows/${name}-${id.toUpperCase()}.json`;
  const reference = (api: string, logicalName: string): JsonObject => ({
    runtimeSource: "embedded",
    connection: { connectionReferenceLogicalName: logicalName },
    api: { name: api },
  });
  const flow: JsonObject = {
    properties: {
      connectionReferences: {
        [excelApi]: reference(excelApi, excelReference),
        [options.connectorId]: reference(options.connectorId, phoneReference),
      },
      definition: workflowDefinition(options, powerAutomate(options)),
      templateName: "",
    },
    schemaVersion: "1.0.0.0",
  };
  const root = `<RootComponent type="29" id="{${id}}" behavior="0" />`;
  const body = `<Workflows>
    <Workflow WorkflowId="{${id}}" Name="${xml(options.name)}">
      <JsonFileName>/${path}</JsonFileName>
      <Type>1</Type>
      <Subprocess>0</Subprocess>
      <Category>5</Category>
      <Mode>0</Mode>
      <Scope>4</Scope>
      <OnDemand>0</OnDemand>
      <TriggerOnCreate>0</TriggerOnCreate>
      <TriggerOnDelete>0</TriggerOnDelete>
      <AsyncAutodelete>0</AsyncAutodelete>
      <SyncWorkflowLogOnFailure>0</SyncWorkflowLogOnFailure>
      <StateCode>0</StateCode>
      <StatusCode>1</StatusCode>
      <RunAs>1</RunAs>
      <IsTransacted>1</IsTransacted>
      <IntroducedVersion>${version}</IntroducedVersion>
      <IsCustomizable>1</IsCustomizable>
      <PrimaryEntity>none</PrimaryEntity>
      <LocalizedNames>
        <LocalizedName languagecode="1033" description="${xml(options.name)}" />
      </LocalizedNames>
    </Workflow>
  </Workflows>
  <connectionreferences>
    ${connectionReference(excelReference, "Excel Online (Business)", excelApi)}
    ${connectionReference(phoneReference, options.connectorTitle, options.connectorId)}
  </connectionreferences>`;
  return [
    contentTypes(["xml", "json"]),
    solutionXml("prepop_flow", "Entra phone methods: flow", root),
    customizationsXml(body),
    { path, content: jsonText(flow) },
  ];
}

function connectionReference(logicalName: string, displayName: string, api: string): string {
  return `<connectionreference connectionreferencelogicalname="${logicalName}">
      <connectionreferencedisplayname>${xml(displayName)}</connectionreferencedisplayname>
      <connectorid>/providers/Microsoft.PowerApps/apis/${api}</connectorid>
      <iscustomizable>1</iscustomizable>
      <promptingbehavior>0</promptingbehavior>
      <statecode>0</statecode>
      <statuscode>1</statuscode>
    </connectionreference>`;
}

function contentTypes(extensions: readonly string[]): MadeFile {
  const defaults = extensions.map(
    each => `<Default Extension="${each}" ContentType="application/octet-stream" />`,
  );
  return {
    path: "[Content_Types].xml",
    content: `<?xml version="1.0" encoding="utf-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">${defaults.join("")}</Types>
`,
  };
}

function solutionXml(uniqueName: string, title: string, root: string): MadeFile {
  return {
    path: "solution.xml",
    content: `<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml version="9.2.0.0" SolutionPackageVersion="9.2" languagecode="1033" generatedBy="CrmLive" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <SolutionManifest>
    <UniqueName>${uniqueName}</UniqueName>
    <LocalizedNames>
      <LocalizedName description="${xml(title)}" languagecode="1033" />
    </LocalizedNames>
    <Descriptions />
    <Version>${version}</Version>
    <Managed>0</Managed>
    <Publisher>
      <UniqueName>${prefix}</UniqueName>
      <LocalizedNames>
        <LocalizedName description="${prefix}" languagecode="1033" />
      </LocalizedNames>
      <Descriptions />
      <EMailAddress xsi:nil="true"></EMailAddress>
      <SupportingWebsiteUrl xsi:nil="true"></SupportingWebsiteUrl>
      <CustomizationPrefix>${prefix}</CustomizationPrefix>
      <CustomizationOptionValuePrefix>47110</CustomizationOptionValuePrefix>
      <Addresses />
    </Publisher>
    <RootComponents>
      ${root}
    </RootComponents>
    <MissingDependencies />
  </SolutionManifest>
</ImportExportXml>
`,
  };
}

function customizationsXml(body: string): MadeFile {
  return {
    path: "customizations.xml",
    content: `<?xml version="1.0" encoding="utf-8"?>
<ImportExportXml xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <Entities />
  <Roles />
  ${body}
  <FieldSecurityProfiles />
  <Templates />
  <EntityMaps />
  <EntityRelationships />
  <OrganizationSettings />
  <optionsets />
  <CustomControls />
  <EntityDataProviders />
  <Languages>
    <Language>1033</Language>
  </Languages>
</ImportExportXml>
`,
  };
}

function xml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
