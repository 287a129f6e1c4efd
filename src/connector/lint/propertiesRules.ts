import { at, below, isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../json.ts";
import { clientIdToFillIn } from "../options.ts";
import { type Connector, entries, fileNames } from "./connector.ts";
import { type Level, type Problem, type Rule, sources } from "./finding.ts";

/** Rules of apiProperties.json. */
export const propertiesRules: readonly Rule[] = [
  onProperties("PropertiesMissing", "error", sources.schemas, function* (properties, { properties: file }) {
    if (objectAt(file, "properties") === undefined) {
      yield { where: `${fileNames.properties}#`, message: "The file has no object called properties." };
    } else if (
      !isObject(properties.connectionParameters) &&
      properties.connectionParameterSets === undefined
    ) {
      yield problem(["connectionParameters"], "There are no connection parameters.");
    }
  }),
  onProperties("BrandColorNotValid", "certification", sources.submission, function* (properties) {
    const color = textAt(properties, "iconBrandColor");
    if (color === undefined || !/^#[0-9a-f]{6}$/i.test(color)) {
      yield problem(["iconBrandColor"], "iconBrandColor must be given as #rrggbb.");
    } else if (/^#(007ee5|ffffff)$/i.test(color)) {
      yield problem(["iconBrandColor"], `${color} is the default or white; choose a colour of your own.`);
    }
  }),
  onProperties("PublisherMissing", "certification", sources.submission, function* (properties) {
    if (!textAt(properties, "publisher")) yield problem(["publisher"], "There is no publisher.");
  }),
  onProperties("StackOwnerMissing", "certification", sources.submission, function* (properties) {
    if (!textAt(properties, "stackOwner")) {
      yield problem(
        ["stackOwner"],
        "There is no stackOwner. Add it only in the copy for certification: paconn cannot update a connector that has one.",
      );
    }
  }),
  onProperties("StackOwnerStopsPaconn", "advice", sources.paconn, function* (properties) {
    if (properties.stackOwner !== undefined) {
      yield problem(["stackOwner"], "paconn cannot update a connector that has a stackOwner.");
    }
  }),
  onProperties(
    "PolicyOperationUnknown",
    "certification",
    sources.schemas,
    function* (properties, { operations }) {
      const ids = new Set(operations.map(({ value }) => value.operationId));
      for (const [index, policy] of listAt(properties, "policyTemplateInstances").entries()) {
        for (const id of listAt(policy, "parameters", "x-ms-apimTemplate-operationName")) {
          if (!ids.has(id)) {
            yield problem(["policyTemplateInstances", String(index)], `There is no operation ${String(id)}.`);
          }
        }
      }
    },
  ),
  onProperties("PolicyTemplateUnknown", "advice", sources.schemas, function* (properties) {
    for (const [index, policy] of listAt(properties, "policyTemplateInstances").entries()) {
      const id = textAt(policy, "templateId");
      if (id === undefined || !templates.includes(id.toLowerCase())) {
        yield problem(
          ["policyTemplateInstances", String(index)],
          `${String(id)} is not a policy that is known.`,
        );
      }
    }
  }),
  onProperties("ScriptMissing", "error", sources.code, function* (properties, { files }) {
    if (listAt(properties, "scriptOperations").length > 0 && files.script === undefined) {
      yield problem(
        ["scriptOperations"],
        "scriptOperations needs script.csx; the service refuses it without.",
      );
    }
  }),
  onOauthSettings("SecretInFile", "error", sources.paconn, settings =>
    textAt(settings, "clientSecret")
      ? ["clientSecret", "A secret stands in the file; it is given when the connector is created."]
      : undefined,
  ),
  onOauthSettings("ClientIdToFillIn", "advice", sources.practice, settings => {
    const id = textAt(settings, "clientId");
    return id === undefined || id === clientIdToFillIn || /[<>{}[\]\s]/.test(id) || id === ""
      ? ["clientId", "The application id is still to be filled in."]
      : undefined;
  }),
  onOauthSettings("RedirectNotPerConnector", "certification", sources.practice, settings =>
    settings.redirectMode !== "GlobalPerConnector"
      ? [
          "redirectMode",
          "redirectMode should be GlobalPerConnector: the shared redirect URL is no longer accepted for new connectors.",
        ]
      : undefined,
  ),
  onOauthSettings("ScopesNotNamedInProperties", "advice", sources.practice, settings =>
    listAt(settings, "scopes").length === 0
      ? ["scopes", "scopes is empty: nobody sees what is consented to."]
      : undefined,
  ),
  onOauthSettings("OldSignInHostInProperties", "advice", sources.practice, settings =>
    /\blogin\.windows\.net\b/.test(textAt(settings, "customParameters", "loginUri", "value") ?? "")
      ? ["customParameters/loginUri", "login.windows.net is the old host; use login.microsoftonline.com."]
      : undefined,
  ),
  onOauthSettings("SignInAdmitsEveryTenant", "advice", sources.practice, settings => {
    const tenant = textAt(settings, "customParameters", "tenantId", "value");
    return textAt(settings, "identityProvider") === "aad" &&
      (tenant === undefined || /^(common|organizations)$/.test(tenant))
      ? ["customParameters/tenantId", "Accounts of every tenant may sign in; name your tenant."]
      : undefined;
  }),
];

const templates = [
  "convertarraytoobject",
  "convertobjecttoarray",
  "dynamichosturl",
  "encodepropertyvalue",
  "pollingtrigger",
  "routerequesttoendpoint",
  "setheader",
  "setproperty",
  "setqueryparameter",
  "setvaluefromurl",
  "stringreplace",
  "stringtoarray",
  "updatenextlink",
];

const top = `${fileNames.properties}#/properties`;

function problem(path: readonly string[], message: string): Problem {
  return { where: below(top, ...path), message };
}

function onProperties(
  id: string,
  level: Level,
  source: string,
  find: (properties: JsonObject, connector: Connector) => Iterable<Problem>,
): Rule {
  return {
    id,
    level,
    source,
    find: connector =>
      connector.properties === undefined
        ? []
        : find(objectAt(connector.properties, "properties") ?? {}, connector),
  };
}

/** A rule of every oAuthSettings, of connectionParameters and of connectionParameterSets. */
function onOauthSettings(
  id: string,
  level: Level,
  source: string,
  judge: (settings: JsonObject) => readonly [path: string, message: string] | undefined,
): Rule {
  return onProperties(id, level, source, function* (properties) {
    for (const { where, settings } of oauthSettingsIn(properties)) {
      const found = judge(settings);
      if (found !== undefined) yield { where: below(where, ...found[0].split("/")), message: found[1] };
    }
  });
}

function oauthSettingsIn(properties: JsonObject) {
  const holders: { readonly where: string; readonly parameters: Json | undefined }[] = [
    { where: below(top, "connectionParameters"), parameters: properties.connectionParameters },
    ...listAt(properties, "connectionParameterSets", "values").map((set, index) => ({
      where: below(top, "connectionParameterSets", "values", index, "parameters"),
      parameters: at(set, "parameters"),
    })),
  ];
  return holders.flatMap(({ where, parameters }) =>
    entries(parameters).flatMap(([name, parameter]) => {
      const settings = objectAt(parameter, "oAuthSettings");
      return settings === undefined ? [] : [{ where: below(where, name, "oAuthSettings"), settings }];
    }),
  );
}
