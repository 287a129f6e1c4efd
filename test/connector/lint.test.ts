import assert from "node:assert/strict";

import { describe, test } from "node:test";
import fc from "fast-check";
import type { Json } from "../../src/connector/json.ts";
import { type ConnectorFiles, lintConnector, rules } from "../../src/connector/lint/lint.ts";
import { defaultConnector } from "../../src/connector/options.ts";
import { connectorPackage } from "../../src/connector/package.ts";
import { connector2020 } from "./connector2020.ts";
import { add, all, change, copyOf, type Edit, put, remove } from "./edit.ts";

/** Our own package, changed by hand before it is looked at. */
function ours(edits: { readonly definition?: Edit; readonly properties?: Edit } = {}): ConnectorFiles {
  const files = new Map(
    connectorPackage({
      ...defaultConnector,
      contact: { ...defaultConnector.contact, email: "help@contoso.com" },
      tenantId: "contoso.com",
      clientId: "11111111-2222-3333-4444-555555555555",
    }).map(({ path, content }) => [path, content]),
  );
  const text = (name: string, edit: Edit = document => document): string =>
    JSON.stringify(edit(JSON.parse(String(files.get(name))) as Json), null, 4);
  return {
    definition: text("apiDefinition.swagger.json", edits.definition),
    properties: text("apiProperties.json", edits.properties),
    readme: String(files.get("README.md")),
    script: undefined,
    icon: Buffer.from(files.get("icon.png") as Uint8Array),
  };
}

const found = (files: ConnectorFiles): string[] => [...new Set(lintConnector(files).map(({ rule }) => rule))];
const users = "/users/{userID}/authentication/phoneMethods";

test("the package that is built has no error, and of the rest only the stackOwner that is left out on purpose", () => {
  assert.deepEqual(
    lintConnector(ours()).map(({ level, rule }) => [level, rule]),
    [["certification", "StackOwnerMissing"]],
  );
});

test("what is still to be filled in is said", () => {
  const files = connectorPackage(defaultConnector);
  const content = (name: string): string => String(files.find(({ path }) => path === name)?.content);
  assert.deepEqual(
    found({
      ...ours(),
      definition: content("apiDefinition.swagger.json"),
      properties: content("apiProperties.json"),
    }).toSorted(),
    ["ClientIdToFillIn", "ContactToFillIn", "SignInAdmitsEveryTenant", "StackOwnerMissing"],
  );
});

describe("the connector of 2020", () => {
  const findings = lintConnector(connector2020());
  const times = (rule: string): number => findings.filter(finding => finding.rule === rule).length;

  const faults: readonly (readonly [fault: string, rule: string, times: number])[] = [
    ["all four paths are below beta", "ProductionStatusOnBetaService", 4],
    ["Update is a PUT, which v1.0 does not have", "GraphMethodUnknown", 1],
    ["Update requires the type, which cannot be changed", "GraphBodyNeedsTooMuch", 1],
    ["the title has 31 characters", "TitleTooLong", 1],
    ["five operations have no answer of success", "OperationShouldHaveSuccessfulResponse", 5],
    ["their only answer is default", "DefaultResponseAlone", 5],
    ["six defaults carry a schema", "DefaultResponseHasSchema", 6],
    ["Get has two schemas", "OperationHasManyResponsesWithSchema", 1],
    ["Delete and Disable have an empty schema", "EmptyResponseSchema", 2],
    ["no operation names an error", "NoErrorResponse", 7],
    ["answers are described as 200, 201 and default", "ResponseDescriptionSaysNothing", 8],
    ["ten parameters of the path are not encoded", "PathParameterMissingEncoding", 10],
    ["ten parameters show their raw name", "ParameterSummaryMissing", 10],
    ["one parameter has no description", "ParameterDescriptionMissing", 1],
    ["phones and types are chosen by id", "EnumWithoutLabels", 5],
    ["enable and disable hold the id in their path", "IdWrittenInPath", 2],
    ["the body of Create is optional, its members are not", "BodyOptionalButHasRequired", 1],
    ["descriptions of parameters are no sentences", "ParameterDescriptionNotASentence", 9],
    ["texts hold two spaces", "DoubleSpaces", 2],
    ["summaries are in camel case", "SummaryNotTranslatable", 5],
    ["there is no contact", "ContactIncomplete", 1],
    ["there is no metadata", "MetadataMissing", 1],
    ["four sections are empty", "EmptySection", 4],
    ["consumes is empty", "ConsumesMissing", 1],
    ["there is no connection test", "NoTestConnection", 1],
    ["the token URL is the authorization URL", "TokenUrlIsAuthorizationUrl", 1],
    ["the sign-in host is the old one", "OldSignInHost", 1],
    ["in the properties, too", "OldSignInHostInProperties", 1],
    ["accounts of every tenant may sign in", "SignInAdmitsEveryTenant", 1],
    ["no scope is named", "ScopesNotNamed", 1],
    ["nor in the properties", "ScopesNotNamedInProperties", 1],
    ["the redirect URL is the shared one", "RedirectNotPerConnector", 1],
    ["the README speaks of another service", "ReadmeOfAnotherConnector", 1],
    ["there is no icon", "IconMissing", 1],
  ];
  for (const [fault, rule, expected] of faults) {
    test(fault, () => assert.equal(times(rule), expected, rule));
  }

  test("properties are described by their names and have no label", () => {
    assert.ok(times("PropertyDescriptionRepeatsName") > 10);
    assert.ok(times("PropertySummaryMissing") > 10);
  });
});

describe("each rule sees the fault that it is about", () => {
  const ofDefinition: Readonly<Record<string, Edit>> = {
    SpecificationVersionIncorrect: change("", { swagger: "3.0" }),
    TitleMissing: remove("info.title"),
    TitleTooLong: change("info", { title: "x".repeat(31) }),
    TitleHasRestrictedWords: change("info", { title: "Phone API" }),
    TitleMustEndWithAlphanumeric: change("info", { title: "Phones!" }),
    DescriptionMissing: remove("info.description"),
    DescriptionLength: change("info", { description: "Short." }),
    DescriptionHasRestrictedWords: change("info", {
      description: "Manages phones of users for Power Automate.",
    }),
    ContactIncomplete: remove("info.contact.email"),
    ContactEmailNotValid: change("info.contact", { email: "nobody" }),
    ContactToFillIn: change("info.contact", { email: "a@example.com" }),
    UrlNotValid: change("info.contact", { url: "contoso" }),
    HostNameNotValid: change("", { host: "https://graph.microsoft.com" }),
    BasePathNotValid: change("", { basePath: "v1.0" }),
    SchemesNotValid: change("", { schemes: ["ws"] }),
    ConsumesMissing: remove("consumes"),
    MediaTypeNotSupported: change("", { produces: ["text/html"] }),
    EmptySection: change("", { responses: {} }),
    TagsPresent: change("", { tags: [{ name: "a" }, { name: "a" }] }),
    MetadataMissing: remove("x-ms-connector-metadata.2"),
    CategoryNotValid: change("x-ms-connector-metadata.2", { propertyValue: "Phones" }),
    SectionOrder: all(
      change("", { tags: [{ name: "a" }], host: copyOf("host") }),
      remove("host"),
      change("", { host: "graph.microsoft.com" }),
    ),
    DoubleSpaces: change(`paths.${users}.get`, { description: "Two  spaces." }),
    ReferenceNotFound: add(`paths.${users}.get.parameters`, { $ref: "#/parameters/none" }),
    PathNotValid: change("paths", { "users#": copyOf("paths./me") }),
    PathRedefined: change("paths", { "/ME": copyOf("paths./me") }),
    DuplicateOperationPath: change("paths", {
      "/users/{id}/authentication/phoneMethods": copyOf(`paths.${users}`),
    }),
    PartialDuplicateOperationPath: change("paths", {
      [`${users}/count`]: { get: copyOf(`paths.${users}.get`) },
    }),
    ProductionStatusOnBetaService: change("", { basePath: "/beta" }),
    IdWrittenInPath: change("paths", { "/x/3179e48a-750b-4051-897c-87b9720928f7": copyOf("paths./me") }),
    OperationsMissing: change("", { paths: {} }),
    OperationIdRequired: remove(`paths.${users}.get.operationId`),
    OperationIdNotUnique: change(`paths.${users}.get`, { operationId: "TestConnection" }),
    OperationIdSanitized: change(`paths.${users}.get`, { operationId: "List_phones" }),
    OperationIdNotPascalCase: change(`paths.${users}.get`, { operationId: "listPhones" }),
    SummaryMissing: remove(`paths.${users}.get.summary`),
    SummaryTooLong: change(`paths.${users}.get`, { summary: "A".repeat(81) }),
    RestrictedCharactersInSummary: change(`paths.${users}.get`, { summary: "List/get phones" }),
    SummaryMustEndWithAlphanumeric: change(`paths.${users}.get`, { summary: "List phones." }),
    SummaryNotTranslatable: change(`paths.${users}.get`, { summary: "List phoneMethods" }),
    SummaryNotSentenceCase: change(`paths.${users}.get`, { summary: "list phones" }),
    OperationDescriptionMissing: remove(`paths.${users}.get.description`),
    OperationDescriptionSameAsSummary: change(`paths.${users}.get`, { description: "List phone methods." }),
    OperationDescriptionNotASentence: change(`paths.${users}.get`, { description: "Lists the phones" }),
    ResponsesMissing: change(`paths.${users}.get`, { responses: {} }),
    OperationShouldHaveSuccessfulResponse: remove(`paths.${users}.get.responses.200`),
    DefaultResponseAlone: change(`paths.${users}.get`, { responses: { default: { description: "Any." } } }),
    NoErrorResponse: change(`paths.${users}.get`, { responses: { 200: { description: "Fine." } } }),
    DefaultResponseHasSchema: change(`paths.${users}.get.responses`, {
      default: { description: "Any.", schema: { type: "string" } },
    }),
    SchemaDefinitionSetIncorrectly: change(`paths.${users}.get.responses.400`, {
      schema: { type: "string" },
    }),
    OperationHasManyResponsesWithSchema: change(`paths.${users}.get.responses.400`, {
      schema: { type: "string" },
    }),
    EmptyResponseSchema: change(`paths.${users}.get.responses.200`, { schema: {} }),
    ResponseDescriptionMissing: remove(`paths.${users}.get.responses.400.description`),
    ResponseDescriptionSaysNothing: change(`paths.${users}.get.responses.400`, { description: "400" }),
    GetHasBody: add(`paths.${users}.get.parameters`, {
      name: "body",
      in: "body",
      schema: { type: "object" },
    }),
    ManyBodies: add(`paths.${users}.post.parameters`, {
      name: "more",
      in: "body",
      schema: { type: "object" },
    }),
    ParameterTypeMissing: remove("parameters.userID.type"),
    ParameterPlaceNotValid: change("parameters.userID", { in: "cookie" }),
    BodyWithoutSchema: remove(`paths.${users}.post.parameters.1.schema`),
    PathParameterNotRequired: remove("parameters.userID.required"),
    PathParameterNotInPath: change("parameters.userID", { name: "user" }),
    PathParameterNotDefined: change(`paths.${users}.get`, { parameters: [] }),
    PathParameterMissingEncoding: remove("parameters.userID.x-ms-url-encoding"),
    QueryParameterWithEncoding: change("parameters.userID", { in: "query" }),
    ParameterSummaryMissing: remove("parameters.userID.x-ms-summary"),
    ParameterSummaryTooLong: change("parameters.userID", { "x-ms-summary": "U".repeat(81) }),
    ParameterSummaryNotTitleCase: change("parameters.userID", { "x-ms-summary": "the user" }),
    ParameterDescriptionMissing: remove("parameters.userID.description"),
    ParameterDescriptionNotASentence: change("parameters.userID", { description: "The user" }),
    ParameterNamedConnectionId: change("parameters.userID", { name: "connectionId" }),
    CollectionFormatMulti: change("parameters.userID", { collectionFormat: "multi" }),
    UniqueItemsNotSupported: change("parameters.userID", { uniqueItems: true }),
    InternalWithoutDefault: remove("parameters.mobileMethodID.default"),
    PropertyMustBeRequired: change("parameters.mobileMethodID", { required: false }),
    BodyOptionalButHasRequired: change(`paths.${users}.post.parameters.1`, {
      required: false,
      schema: copyOf("definitions.NewPhone"),
    }),
    RepeatedParameter: change("parameters", { again: copyOf("parameters.userID") }),
    ArrayWithoutItems: remove("definitions.PhoneMethodList.properties.value.items"),
    TypeMissing: remove("definitions.PhoneMethod.type"),
    RequiredEmpty: change("definitions.NewPhone", { required: [] }),
    RequiredNotDefined: add("definitions.NewPhone.required", "country"),
    ReadOnlyRequired: change("definitions.NewPhone.properties.phoneNumber", { readOnly: true }),
    ReferenceWithSiblings: change(`paths.${users}.get.responses.200.schema`, { description: "More." }),
    EnumEmpty: change("parameters.phonemethodID", { enum: [] }),
    EnumValueOfWrongType: add("parameters.phonemethodID.enum", 4),
    EnumLabelsDoNotFit: add("parameters.phonemethodID.x-ms-enum-values", {
      value: "fax",
      displayName: "Fax",
    }),
    EnumWithoutLabels: remove("parameters.phonemethodID.x-ms-enum-values"),
    DefaultDoesNotFit: change("parameters.mobileMethodID", { default: "fax" }),
    RangeNotValid: change("parameters.userID", { minLength: 4, maxLength: 3 }),
    PatternNotValid: change("parameters.userID", { pattern: "(" }),
    PropertySummaryMissing: remove("definitions.Profile.properties.id.x-ms-summary"),
    PropertySummaryOnlyTitle: all(
      remove("definitions.Profile.properties.id.x-ms-summary"),
      change("definitions.Profile.properties.id", { title: "Id" }),
    ),
    PropertyDescriptionMissing: remove("definitions.Profile.properties.id.description"),
    PropertyDescriptionSameAsSummary: change("definitions.Profile.properties.userPrincipalName", {
      description: "User principal name.",
    }),
    PropertyDescriptionRepeatsName: change("definitions.Profile.properties.id", { description: "id" }),
    ExtensionUnknown: change(`paths.${users}.get`, { "x-ms-visbility": "important" }),
    DynamicOperationUnknown: change("parameters.userID", {
      "x-ms-dynamic-values": { operationId: "ListUsers" },
    }),
    DynamicCollectionNotArray: change("parameters.userID", {
      "x-ms-dynamic-values": {
        operationId: "GetPhonemethod",
        "value-collection": "phoneNumber",
        "value-path": "id",
        "value-title": "id",
      },
    }),
    TooManySchemas: change(
      "definitions.PhoneMethod.properties",
      Object.fromEntries(Array.from({ length: 520 }, (_, n) => [`p${n}`, { type: "string" }])),
    ),
    NextLinkNameNotValid: change(`paths.${users}.get`, { "x-ms-pageable": { nextLinkName: "next" } }),
    NoTestConnection: remove("x-ms-capabilities"),
    TestConnectionNotUsable: change("x-ms-capabilities.testConnection", { operationId: "ListPhonemethods" }),
    SecurityRequirementUnknown: add("security", { key: [] }),
    ScopeUnknown: add("security.0.oauth2_auth", "Mail.Read"),
    ScopesNotNamed: change("securityDefinitions.oauth2_auth", { scopes: {} }),
    TokenUrlIsAuthorizationUrl: change("securityDefinitions.oauth2_auth", {
      tokenUrl: copyOf("securityDefinitions.oauth2_auth.authorizationUrl"),
    }),
    OldSignInHost: change("securityDefinitions.oauth2_auth", { tokenUrl: "https://login.windows.net/x" }),
    GraphMethodUnknown: change(`paths.${users}`, { put: copyOf(`paths.${users}.get`) }),
    GraphStatusUnknown: change(`paths.${users}.get.responses`, { 204: { description: "Nothing." } }),
    GraphBodyNeedsTooMuch: add("definitions.ChangedPhone.required", "phoneType"),
    TooManyOperations: change(
      "paths",
      Object.fromEntries(Array.from({ length: 260 }, (_, n) => [`/me/${n}`, copyOf("paths./me")])),
    ),
  };
  const ofProperties: Readonly<Record<string, Edit>> = {
    PropertiesMissing: remove("properties"),
    BrandColorNotValid: change("properties", { iconBrandColor: "#ffffff" }),
    PublisherMissing: remove("properties.publisher"),
    StackOwnerStopsPaconn: change("properties", { stackOwner: "Contoso" }),
    PolicyOperationUnknown: change("properties", {
      policyTemplateInstances: [
        { templateId: "setheader", parameters: { "x-ms-apimTemplate-operationName": ["None"] } },
      ],
    }),
    PolicyTemplateUnknown: change("properties", { policyTemplateInstances: [{ templateId: "setheaders" }] }),
    ScriptMissing: change("properties", { scriptOperations: ["ListPhonemethods"] }),
    SecretInFile: change("properties.connectionParameters.token.oAuthSettings", {
      clientSecret: "not-a-real-secret",
    }),
    ClientIdToFillIn: change("properties.connectionParameters.token.oAuthSettings", {
      clientId: "<<client id>>",
    }),
    RedirectNotPerConnector: change("properties.connectionParameters.token.oAuthSettings", {
      redirectMode: "Global",
    }),
    ScopesNotNamedInProperties: change("properties.connectionParameters.token.oAuthSettings", { scopes: [] }),
    OldSignInHostInProperties: change(
      "properties.connectionParameters.token.oAuthSettings.customParameters",
      { loginUri: { value: "https://login.windows.net" } },
    ),
    SignInAdmitsEveryTenant: remove(
      "properties.connectionParameters.token.oAuthSettings.customParameters.tenantId",
    ),
    IconBackground: change("properties", { iconBrandColor: "#123456" }),
  };
  const pixel = (header: string): Buffer =>
    Buffer.concat([
      Buffer.from("89504e470d0a1a0a0000000d49484452", "hex"),
      Buffer.from(header, "hex"),
      Buffer.alloc(4),
    ]);
  const ofFiles: Readonly<Record<string, (files: ConnectorFiles) => ConnectorFiles>> = {
    FileMissing: files => ({ ...files, properties: undefined }),
    FileNotJson: files => ({ ...files, definition: "{" }),
    FileTooLarge: files => ({ ...files, definition: `${files.definition}${" ".repeat(1_048_576)}` }),
    ByteOrderMark: files => ({ ...files, properties: `\ufeff${files.properties}` }),
    NotAscii: files => ({
      ...files,
      definition: (files.definition ?? "").replace("Manages", "Manag\u00e9s"),
    }),
    Indentation: files => ({ ...files, definition: `{\n  "swagger": "2.0"\n}` }),
    ReadmeMissing: files => ({ ...files, readme: undefined }),
    ReadmeHeadingMissing: files => ({ ...files, readme: "# Phones" }),
    ReadmeOfAnotherConnector: files => ({ ...files, readme: `${files.readme} Azure Key Vault` }),
    ScriptClassMissing: files => ({ ...files, script: "public class Program {}" }),
    ScriptTooLarge: files => ({ ...files, script: " ".repeat(1_048_576) }),
    IconMissing: files => ({ ...files, icon: undefined }),
    IconNotPng: files => ({ ...files, icon: Buffer.from("GIF89a") }),
    IconSize: files => ({ ...files, icon: pixel("00000064000000640802000000") }),
    IconTransparent: files => ({ ...files, icon: pixel("000000e6000000e60806000000") }),
    StackOwnerMissing: files => files,
  };

  const cases: Readonly<Record<string, ConnectorFiles>> = {
    ...Object.fromEntries(Object.entries(ofDefinition).map(([id, definition]) => [id, ours({ definition })])),
    ...Object.fromEntries(Object.entries(ofProperties).map(([id, properties]) => [id, ours({ properties })])),
    ...Object.fromEntries(Object.entries(ofFiles).map(([id, change]) => [id, change(ours())])),
  };
  const clean = found(ours());
  for (const { id } of rules) {
    test(id, () => {
      const files = cases[id];
      assert.ok(files, "no case shows this rule");
      assert.ok(found(files).includes(id));
      if (id !== "StackOwnerMissing") assert.ok(!clean.includes(id), "it also fires without the fault");
    });
  }
});

test("each rule has one name and a source", () => {
  assert.equal(new Set(rules.map(({ id }) => id)).size, rules.length);
  for (const { id, source } of rules) assert.ok(source.length > 10, id);
});

test("a finding of a path names its place as a JSON pointer", () => {
  const finding = lintConnector(ours({ definition: remove(`paths.${users}.get.summary`) })).find(
    ({ rule }) => rule === "SummaryMissing",
  );
  assert.equal(
    finding?.where,
    "apiDefinition.swagger.json#/paths/~1users~1{userID}~1authentication~1phoneMethods/get",
  );
});

test("a list of values is found through references, and a schema that holds itself is counted once", () => {
  const fine = ours({
    definition: all(
      change("parameters.userID", {
        "x-ms-dynamic-values": { operationId: "ListPhonemethods", "value-collection": "value" },
      }),
      change("definitions.PhoneMethod.properties", { parent: { $ref: "#/definitions/PhoneMethod" } }),
    ),
  });
  const rulesFound = found(fine);
  for (const rule of ["DynamicCollectionNotArray", "TooManySchemas"]) assert.ok(!rulesFound.includes(rule));
});

test("a label of an extension as a property's name is data, not a misspelt extension", () => {
  assert.ok(
    !found(
      ours({
        definition: change("definitions.Profile.properties", {
          "x-ms-thing": { type: "string", "x-ms-summary": "Thing", description: "A header of a blob." },
        }),
      }),
    ).includes("ExtensionUnknown"),
  );
});

test("any JSON at all is judged, and nothing is thrown", () => {
  const start = JSON.parse(ours().definition ?? "") as Json;
  const places = pathsIn(start);
  fc.assert(
    fc.property(fc.constantFrom(...places), fc.jsonValue({ maxDepth: 3 }), (place, value) => {
      lintConnector(ours({ definition: put(place, value as Json) }));
    }),
    { numRuns: 150, seed: 6 },
  );
});

function pathsIn(value: Json, above: readonly string[] = []): string[][] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, each]) => [
    [...above, name],
    ...pathsIn(each as Json, [...above, name]),
  ]);
}
