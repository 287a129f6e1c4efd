import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, test } from "node:test";
import { inflateSync } from "node:zlib";
import { validate } from "@readme/openapi-parser";
import { iconPixels, iconSize } from "../../script/icon.ts";
import { apiDefinition, place } from "../../src/connector/definition.ts";
import { icon } from "../../src/connector/icon.ts";
import { at, type Json, listAt, objectAt, textAt } from "../../src/connector/json.ts";
import { connectorOf } from "../../src/connector/lint/connector.ts";
import { defaultConnector } from "../../src/connector/options.ts";
import { connectorPackage } from "../../src/connector/package.ts";
import { apiProperties } from "../../src/connector/properties.ts";
import { type OfferedName, words } from "../../src/connector/words.ts";
import { operations } from "../../src/model/operations.ts";
import { runCli } from "../support/cli.ts";
import { filesOf, temporaryFolder } from "../support/ledgerData.ts";

const named = {
  ...defaultConnector,
  tenantId: "contoso.com",
  clientId: "11111111-2222-3333-4444-555555555555",
};
const definition = apiDefinition(named);
const views = connectorOf({
  definition: JSON.stringify(definition),
  properties: undefined,
  readme: undefined,
  script: undefined,
  icon: undefined,
}).operations;
const view = (operationId: string) => {
  const found = views.find(({ value }) => value.operationId === operationId);
  assert.ok(found, operationId);
  return found;
};

test("the definition is valid OpenAPI 2.0", async () => {
  const result = await validate(structuredClone(definition) as never);
  assert.deepEqual(result, { valid: true, warnings: [], specification: "Swagger" });
});

test("flows of 2020 find their operations and parameters under the old names", () => {
  const shown = views
    .filter(({ value }) => value["x-ms-visibility"] !== "internal")
    .map(({ value, parameters }) => {
      const names = parameters.flatMap(({ value: own }) =>
        own.in === "body"
          ? Object.keys(objectAt(definition, "definitions", refName(own), "properties") ?? {}).map(
              name => `body/${name}`,
            )
          : [String(own.name)],
      );
      return [value.operationId, names];
    });
  assert.deepEqual(Object.fromEntries(shown), {
    ListPhonemethods: ["userID"],
    CreatePhoneauthenticationmethod: ["userID", "body/phoneNumber", "body/phoneType"],
    GetPhonemethod: ["userID", "phonemethodID"],
    UpdatePhoneauthenticationmethod: ["userID", "phonemethodID", "body/phoneNumber", "body/phoneType"],
    DeletePhoneauthenticationmethod: ["userID", "phonemethodID"],
    EnableSmsSignin: ["userID", "phonemethodID"],
    DisableSmsSignin: ["userID", "phonemethodID"],
  });
});

function refName(parameter: Json): string {
  return (textAt(parameter, "schema", "$ref") ?? "").split("/").at(-1) ?? "";
}

describe("each operation is the one of the table that the client uses", () => {
  for (const name of Object.keys(words) as OfferedName[]) {
    test(name, () => {
      const { method, path, success, ...more } = operations[name];
      const own = view(words[name].operationId);
      const full = `${textAt(definition, "basePath")}${own.path}`;
      assert.equal(full.replace("{userID}", "{user}").replace("{phonemethodID}", "{method}"), path);
      assert.equal(own.method, method.toLowerCase());
      assert.deepEqual(place(name), { path: own.path, method: own.method });
      const succeeding = own.responses.filter(({ status }) => status.startsWith("2"));
      assert.deepEqual(
        succeeding.map(({ status }) => status),
        [String(success)],
      );
      const body = own.parameters.find(({ value }) => value.in === "body")?.value;
      const required = body && listAt(definition, "definitions", refName(body), "required");
      assert.deepEqual(required, "body" in more ? more.body.required : undefined);
    });
  }
});

test("phones are chosen by label", () => {
  const labels = (value: Json | undefined) =>
    listAt(value, "x-ms-enum-values").map(each => textAt(each, "displayName"));
  const expected = ["Mobile", "Alternate mobile", "Office"];
  assert.deepEqual(labels(at(definition, "parameters", "phonemethodID")), expected);
  assert.deepEqual(labels(at(definition, "definitions", "NewPhone", "properties", "phoneType")), expected);
});

test("SMS sign-in asks for no phone: the mobile is filled in out of sight", () => {
  const [, phone] = view("EnableSmsSignin").parameters;
  assert.equal(phone?.value.default, "3179e48a-750b-4051-897c-87b9720928f7");
  assert.equal(phone?.value["x-ms-visibility"], "internal");
});

test("only accounts of the named tenant may sign in", () => {
  assert.equal(
    textAt(definition, "securityDefinitions", "oauth2_auth", "authorizationUrl"),
    "https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize",
  );
  const token = at(apiProperties(named), "properties", "connectionParameters", "token", "oAuthSettings");
  assert.equal(textAt(token, "customParameters", "tenantId", "value"), "contoso.com");
  assert.equal(textAt(token, "redirectMode"), "GlobalPerConnector");
  assert.deepEqual(listAt(token, "scopes"), ["UserAuthMethod-Phone.ReadWrite.All", "User.Read"]);
  assert.equal(at(token, "clientSecret"), undefined);
});

test("every file is ASCII without a byte order mark, and the same each time", () => {
  const first = connectorPackage(named);
  assert.deepEqual(first, connectorPackage(named));
  for (const { path, content } of first) {
    if (typeof content === "string") assert.match(content, /^[\x20-\x7e\n]+\n$/, path);
  }
});

test("the icon is what its script draws", () => {
  const bytes = Buffer.from(icon());
  const rows = inflateSync(bytes.subarray(bytes.indexOf("IDAT") + 4, bytes.indexOf("IEND") - 8));
  const pixels = iconPixels();
  const width = iconSize * 3;
  for (let y = 0; y < iconSize; y++) {
    const row = rows.subarray(y * (width + 1), (y + 1) * (width + 1));
    assert.deepEqual([...row], [0, ...pixels.subarray(y * width, (y + 1) * width)], `row ${y}`);
  }
});

test("connector build writes a folder in which connector lint finds no error", async () => {
  const folder = join(temporaryFolder(), "made");
  const place = { env: {} };
  const built = await runCli(
    ["connector", "build", "--out", folder, "--tenant", "contoso.com", "--json"],
    place,
  );
  assert.equal(built.exitCode, 0, built.stderr);
  assert.deepEqual(
    built.of("file").map(({ path }) => path),
    ["apiDefinition.swagger.json", "apiProperties.json", "icon.png", "README.md"],
  );
  assert.deepEqual([...filesOf(folder).keys()].length, 4);
  const linted = await runCli(["connector", "lint", folder, "--json"], place);
  assert.equal(linted.exitCode, 0);
  assert.deepEqual(linted.summary.counts, { error: 0, certification: 1, advice: 2 });
  for (const line of linted.of("finding")) {
    assert.deepEqual(Object.keys(line), ["type", "level", "rule", "where", "message", "source"]);
  }
});

test("connector lint ends with 3 where there are errors", async () => {
  const folder = temporaryFolder();
  const { writeFiles } = await import("../../src/connector/package.ts");
  await writeFiles(folder, [{ path: "apiDefinition.swagger.json", content: '{"swagger":"3.0"}' }]);
  const linted = await runCli(["connector", "lint", folder, "--json"], { env: {} });
  assert.equal(linted.exitCode, 3);
  assert.equal(linted.summary.exitCode, 3);
  assert.ok(linted.of("finding").some(({ rule }) => rule === "SpecificationVersionIncorrect"));
});

describe("connector lint takes any folder", () => {
  const built = connectorPackage(named);
  const text = (path: string): string => String(built.find(each => each.path === path)?.content);
  const swagger = "apiDefinition.swagger.json";
  const properties = "apiProperties.json";
  type Folder = Readonly<Record<string, string | Uint8Array>>;
  const folders: readonly (readonly [what: string, files: Folder, exitCode: number, rule: string])[] = [
    ["with a definition that breaks off", { [swagger]: text(swagger).slice(0, 900) }, 3, "FileNotJson"],
    ["with an empty definition", { [swagger]: "", [properties]: text(properties) }, 3, "FileNotJson"],
    ["with a definition that is a list", { [swagger]: "[]" }, 3, "FileNotJson"],
    ["with properties that are no JSON", { [swagger]: text(swagger), [properties]: "{,}" }, 3, "FileNotJson"],
    ["with a byte order mark", { [swagger]: `\ufeff${text(swagger)}` }, 3, "ByteOrderMark"],
    ["in UTF-16", { [swagger]: Buffer.from(`\ufeff${text(swagger)}`, "utf16le") }, 3, "FileNotJson"],
    ["without properties", { [swagger]: text(swagger) }, 3, "FileMissing"],
    ["without a definition", { [properties]: text(properties) }, 3, "FileMissing"],
    [
      "with names in capitals",
      { [swagger.toUpperCase()]: '{"swagger":"3.0"}' },
      3,
      "SpecificationVersionIncorrect",
    ],
    ["with an icon that is none", { [swagger]: text(swagger), "icon.png": "GIF89a" }, 3, "IconNotPng"],
  ];
  for (const [what, files, exitCode, rule] of folders) {
    test(what, async () => {
      const folder = temporaryFolder();
      for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
      const linted = await runCli(["connector", "lint", folder, "--json"], { env: {} });
      assert.ok(
        linted.of("finding").some(each => each.rule === rule),
        linted.stdout,
      );
      assert.deepEqual([linted.exitCode, linted.summary.exitCode], [exitCode, exitCode]);
      const told = await runCli(["connector", "lint", folder], { env: {} });
      assert.equal(told.exitCode, exitCode);
      assert.match(told.stdout, new RegExp(`${rule}\n`));
    });
  }

  test("and does not repeat a part of a file that is no JSON, which may be a secret", async () => {
    const folder = temporaryFolder();
    const broken = '{"clientSecret": planted~secret}';
    writeFileSync(join(folder, swagger), broken);
    writeFileSync(join(folder, properties), broken);
    const linted = await runCli(["connector", "lint", folder], { env: {} });
    assert.match(linted.stdout, /FileNotJson/);
    assert.doesNotMatch(linted.stdout, /planted|Secret"/);
  });

  test("but one that holds no connector", async () => {
    const folder = temporaryFolder();
    const linted = await runCli(["connector", "lint", folder, "--json"], { env: {} });
    assert.deepEqual([linted.exitCode, linted.of("error")[0]?.code], [1, "PREPOP_CONNECTOR_NOT_FOUND"]);
  });
});

const refusals: readonly (readonly [string, readonly string[], string])[] = [
  ["a folder that is not there", ["connector", "lint", "no-such-folder"], "PREPOP_CONNECTOR_NOT_FOUND"],
  ["a client id that is none", ["connector", "build", "--client-id", "secret~value"], "PREPOP_USAGE"],
  ["a tenant that is none", ["connector", "build", "--tenant", "https://contoso.com"], "PREPOP_USAGE"],
];
for (const [what, argv, code] of refusals) {
  test(`${what} is refused by name`, async () => {
    const run = await runCli([...argv, "--json"], { env: {} });
    assert.equal(run.exitCode, 1);
    assert.equal(run.of("error")[0]?.code, code);
  });
}
