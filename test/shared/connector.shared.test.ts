import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import Ajv4 from "ajv-draft-04";
import { apiDefinition } from "../../src/connector/definition.ts";
import { at, type Json, type JsonObject, listAt, objectAt, textAt } from "../../src/connector/json.ts";
import { defaultConnector } from "../../src/connector/options.ts";
import { apiProperties } from "../../src/connector/properties.ts";
import { connector2020 } from "../connector/connector2020.ts";
import { all, change, remove } from "../connector/edit.ts";

const shared = process.env.PREPOP_SHARED;

if (shared === undefined) {
  test("Microsoft's schemas for connectors", { skip: "PREPOP_SHARED is not set" }, () => undefined);
} else {
  const read = (name: string): JsonObject => looseJson(readFileSync(join(shared, "data", name), "utf8"));
  const definition = apiDefinition(defaultConnector);

  test("the definition fits Microsoft's schema for connectors", () => {
    const schema = read("paconn-apiDefinition.swagger.schema.json");
    const ajv = new Ajv4.default({ strict: false, validateFormats: false });
    const check = ajv.compile(schema);
    assert.ok(check(structuredClone(definition)), ajv.errorsText(check.errors));
    const old: unknown = JSON.parse(connector2020().definition ?? "");
    assert.ok(check(old), "the schema alone does not see the faults of 2020");
  });

  test("the properties fit Microsoft's schema, where it is not older than the service", () => {
    const { id: _old, ...schema } = read("paconn-apiProperties.schema.json");
    const ajv = new Ajv({ strict: false, validateFormats: false });
    const check = ajv.compile(schema);
    const settings = "properties.connectionParameters.token.oAuthSettings";
    const asThen = all(
      change(settings, { redirectMode: "Global" }),
      remove(`${settings}.customParameters.enableOnbehalfOfLogin`),
    );
    assert.ok(check(asThen(apiProperties(defaultConnector))), ajv.errorsText(check.errors));
  });

  const extract = read("graph-openapi-phone.json");
  for (const [path, item] of Object.entries(objectAt(extract, "paths") ?? {})) {
    for (const [method, operation] of Object.entries(objectAt({ item }, "item") ?? {})) {
      // The qualified spelling of the two actions and the count have no page; nobody calls them.
      if (/\$count$|microsoft\.graph\./.test(path)) continue;
      test(`the definition agrees with Graph's own on ${method.toUpperCase()} ${path}`, () => {
        const own = path
          .replace("{user-id}", "{userID}")
          .replace("{phoneAuthenticationMethod-id}", "{phonemethodID}");
        const made = at(definition, "paths", own, method);
        assert.ok(made, "it is missing");
        const success = Object.keys(objectAt(made, "responses") ?? {}).filter(status =>
          status.startsWith("2"),
        );
        assert.deepEqual(success, [String(at(operation, "x-documented-status"))]);
        const body = listAt(made, "parameters").find(parameter => at(parameter, "in") === "body");
        assert.equal(body !== undefined, at(operation, "requestBody") !== undefined, "body");
        if (body === undefined) return;
        const name = (textAt(body, "schema", "$ref") ?? "").split("/").at(-1) ?? "";
        const schema = objectAt(definition, "definitions", name);
        const documented = listAt(operation, "x-required-body-properties");
        if (documented.length > 0) assert.deepEqual(listAt(schema, "required"), documented);
        const known = propertiesOf(extract, "microsoft.graph.phoneAuthenticationMethod");
        for (const property of Object.keys(objectAt(schema, "properties") ?? {})) {
          assert.ok(known.has(property), property);
        }
        for (const forbidden of listAt(operation, "x-forbidden-body-properties")) {
          assert.equal(at(schema, "properties", String(forbidden)), undefined);
        }
      });
    }
  }

  test("every operation on phones that the definition has is one of Graph's own", () => {
    const paths = Object.keys(objectAt(definition, "paths") ?? {}).filter(path => path !== "/me");
    for (const path of paths) {
      const theirs = path
        .replace("{userID}", "{user-id}")
        .replace("{phonemethodID}", "{phoneAuthenticationMethod-id}");
      const methods = Object.keys(objectAt(definition, "paths", path) ?? {});
      for (const method of methods) assert.ok(at(extract, "paths", theirs, method), `${method} ${path}`);
    }
  });
}

/** The properties of a schema and of those it is made of. */
function propertiesOf(document: Json, name: string): ReadonlySet<string> {
  const own = at(document, "components", "schemas", name);
  const parts = [own, ...listAt(own, "allOf")];
  return new Set(
    parts.flatMap(part => {
      const parent = textAt(part, "$ref")?.split("/").at(-1);
      return [
        ...Object.keys(objectAt(part, "properties") ?? {}),
        ...(parent === undefined ? [] : propertiesOf(document, parent)),
      ];
    }),
  );
}

/** Two of the schemas hold a comment or a comma too many. */
function looseJson(text: string): JsonObject {
  const bare = text.replace(/[ \t]\/\/[^"\n]*$/gm, "").replace(/,(\s*[}\]])/g, "$1");
  return JSON.parse(bare) as JsonObject;
}
