import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { Ajv } from "ajv";
import Ajv4 from "ajv-draft-04";
import { workflowDefinition } from "../../src/connector/flow/definition.ts";
import { logicApp, logicAppIdentity, powerAutomate } from "../../src/connector/flow/dialect.ts";
import { logicAppIdentityTemplate, logicAppTemplate } from "../../src/connector/flow/logicAppTemplate.ts";
import { defaultFlow } from "../../src/connector/flow/options.ts";
import { at, type Json, type JsonObject, listAt } from "../../src/connector/json.ts";

const shared = process.env.PREPOP_SHARED;

if (shared === undefined) {
  test("the schemas of workflows and Azure resources", { skip: "PREPOP_SHARED is not set" }, () => undefined);
} else {
  const read = (name: string): JsonObject =>
    JSON.parse(readFileSync(join(shared, "data", name), "utf8")) as JsonObject;

  const workflow = new Ajv({ strict: false }).compile(read("logicapps-workflowdefinition.schema.json"));
  for (const [kind, dialect] of Object.entries({ powerAutomate, logicApp, logicAppIdentity })) {
    for (const policy of ["add", "update"] as const) {
      test(`the definition of ${kind}, ${policy}, fits the schema of workflow definitions`, () => {
        const options = { ...defaultFlow, policy };
        const made = JSON.parse(JSON.stringify(workflowDefinition(options, dialect(options)))) as Json;
        assert.ok(workflow(made), JSON.stringify(workflow.errors, null, 1));
      });
    }
  }

  test("the schema of workflow definitions sees a fault", () => {
    const made = workflowDefinition(defaultFlow, powerAutomate(defaultFlow));
    assert.equal(workflow({ ...made, triggers: undefined, steps: {} }), false);
  });

  const schemas = ["arm-Microsoft.Web-2016-06-01.json", "arm-Microsoft.Logic-2017-07-01.json"].map(read);
  const common = read("arm-common-definitions.json");
  const templates = {
    logicapp: logicAppTemplate(defaultFlow),
    "logicapp-identity": logicAppIdentityTemplate(defaultFlow),
  };
  for (const [format, template] of Object.entries(templates)) {
    for (const resource of listAt(template, "resources")) {
      const type = String(at(resource, "type"));
      const [, name = ""] = type.split("/");
      const { tested, note } = asPublished(resource);
      const version = String(at(tested, "apiVersion"));
      const schema = schemas.find(each => String(each.id).includes(`${version}/${type.split("/")[0]}`));
      test(`${format}: ${type} fits the schema of Azure resources${note}`, () => {
        assert.ok(schema, `there is no schema of ${version} here`);
        const ajv = new Ajv4.default({ strict: false, validateFormats: false });
        ajv.addSchema({
          ...common,
          id: "https://schema.management.azure.com/schemas/common/definitions.json",
        });
        ajv.addSchema({ ...schema }, String(schema.id));
        const check = ajv.getSchema(`${String(schema.id).replace(/#$/, "")}#/resourceDefinitions/${name}`);
        assert.ok(check, "the schema has no such resource");
        assert.ok(check(tested), JSON.stringify(check.errors, null, 1));
      });
    }
  }
}

/**
 * A workflow with an identity needs the API version 2019-05-01, whose schema is not at hand. All but the identity is as
 * in 2017-07-01, so that is what is checked; of the identity, that it is the machine's own.
 */
function asPublished(resource: Json): { readonly tested: Json; readonly note: string } {
  if (at(resource, "apiVersion") !== "2019-05-01") return { tested: resource, note: "" };
  const { identity, ...rest } = resource as JsonObject;
  assert.deepEqual(identity, { type: "SystemAssigned" });
  return { tested: { ...rest, apiVersion: "2017-07-01" }, note: " of 2017-07-01 but for its identity" };
}
