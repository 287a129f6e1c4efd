import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, test } from "node:test";
import { fromBuffer } from "yauzl";
import { flowDefinition, flowFiles } from "../../../src/connector/flow/build.ts";
import { workflowDefinition } from "../../../src/connector/flow/definition.ts";
import { powerAutomate } from "../../../src/connector/flow/dialect.ts";
import { legacyPackage } from "../../../src/connector/flow/legacyPackage.ts";
import { logicAppIdentityTemplate, logicAppTemplate } from "../../../src/connector/flow/logicAppTemplate.ts";
import { defaultFlow } from "../../../src/connector/flow/options.ts";
import { connectorSolution, flowSolution } from "../../../src/connector/flow/solution.ts";
import { at, type Json, type JsonObject, listAt, objectAt } from "../../../src/connector/json.ts";
import { runCli } from "../../support/cli.ts";
import { filesOf, temporaryFolder } from "../../support/ledgerData.ts";

/** The files of an archive as somebody else's reader finds them, checksums included. */
async function unzip(archive: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const zip = await new Promise<import("yauzl").ZipFile>((resolve, reject) => {
    fromBuffer(
      archive,
      { lazyEntries: true, validateEntrySizes: true, strictFileNames: true },
      (error, opened) => (error ? reject(error) : resolve(opened)),
    );
  });
  await new Promise<void>((resolve, reject) => {
    zip.on("error", reject);
    zip.on("end", () => resolve());
    zip.on("entry", entry => {
      zip.openReadStream(entry, (error, stream) => {
        if (error) return reject(error);
        const parts: Buffer[] = [];
        stream.on("data", (part: Buffer) => parts.push(part));
        stream.on("error", reject);
        stream.on("end", () => {
          files.set(entry.fileName, Buffer.concat(parts));
          zip.readEntry();
        });
      });
    });
    zip.readEntry();
  });
  return files;
}

const json = (files: Map<string, Buffer>, name: string): JsonObject => {
  const found = files.get(name);
  assert.ok(found, name);
  return JSON.parse(found.toString("utf8")) as JsonObject;
};
const keys = (value: Json | undefined): string[] =>
  Object.keys(objectAt({ value: value ?? null }, "value") ?? {}).toSorted();

describe("the legacy package", async () => {
  const files = await unzip(legacyPackage(defaultFlow));
  const manifest = json(files, "manifest.json");
  const resources = objectAt(manifest, "resources") ?? {};
  const flow =
    Object.entries(resources).find(([, each]) => at(each, "type") === "Microsoft.Flow/flows")?.[0] ?? "";
  const definition = json(files, `Microsoft.Flow/flows/${flow}/definition.json`);

  test("has the files and members that real ones have", () => {
    assert.deepEqual(
      [...files.keys()],
      [
        "manifest.json",
        "Microsoft.Flow/flows/manifest.json",
        `Microsoft.Flow/flows/${flow}/definition.json`,
        `Microsoft.Flow/flows/${flow}/apisMap.json`,
        `Microsoft.Flow/flows/${flow}/connectionsMap.json`,
      ],
    );
    assert.deepEqual(keys(manifest), ["details", "resources", "schema"]);
    assert.deepEqual(keys(manifest.details), [
      "createdTime",
      "creator",
      "description",
      "displayName",
      "packageTelemetryId",
      "sourceEnvironment",
    ]);
    assert.deepEqual(keys(definition), ["id", "name", "properties", "type"]);
    assert.deepEqual(keys(definition.properties), [
      "apiId",
      "connectionReferences",
      "definition",
      "displayName",
      "flowFailureAlertSubscribed",
    ]);
    assert.deepEqual(listAt(json(files, "Microsoft.Flow/flows/manifest.json"), "flowAssets", "assetPaths"), [
      flow,
    ]);
  });

  test("every dependency is a resource, and both connections are asked for", () => {
    for (const [id, resource] of Object.entries(resources)) {
      for (const other of listAt(resource, "dependsOn"))
        assert.ok(String(other) in resources, `${id} ${String(other)}`);
    }
    const maps = ["apisMap", "connectionsMap"].map(name =>
      json(files, `Microsoft.Flow/flows/${flow}/${name}.json`),
    );
    const connections = keys(at(definition, "properties", "connectionReferences"));
    assert.equal(connections.length, 2);
    for (const map of maps) {
      assert.deepEqual(keys(map), connections);
      for (const id of Object.values(map)) assert.ok(String(id) in resources);
    }
  });

  test("our connector is picked by whoever imports, Microsoft's is found by name", () => {
    const apis = Object.values(resources).filter(each => at(each, "type") === "Microsoft.PowerApps/apis");
    assert.deepEqual(
      apis.map(each => [
        at(each, "configurableBy"),
        at(each, "name") ?? null,
        at(each, "creationType") ?? null,
      ]),
      [
        ["System", "shared_excelonlinebusiness", null],
        ["User", null, "Existing"],
      ],
    );
  });

  test("every action's connection is one of those", () => {
    const text = JSON.stringify(at(definition, "properties", "definition"));
    const used = new Set([...text.matchAll(/"connectionName":"([^"]+)"/g)].map(match => match[1]));
    assert.deepEqual(used, new Set(keys(at(definition, "properties", "connectionReferences"))));
  });
});

describe("the solutions", () => {
  test("the connector stands alone in its own, in the folder that an import looks in", async () => {
    const files = await unzip(connectorSolution());
    assert.deepEqual(
      [...files.keys()],
      [
        "[Content_Types].xml",
        "solution.xml",
        "customizations.xml",
        "Connector/prepop_entraphonemethods_openapidefinition.json",
        "Connector/prepop_entraphonemethods_connectionparameters.json",
        "Connector/prepop_entraphonemethods_policytemplateinstances.json",
        "Connector/prepop_entraphonemethods_iconblob.Png",
      ],
    );
    assert.match(String(files.get("solution.xml")), /RootComponent type="372"/);
    for (const [name] of files) {
      if (!name.startsWith("Connector/")) continue;
      assert.ok(String(files.get("customizations.xml")).includes(`>/${name}<`), name);
    }
    assert.doesNotMatch(String(files.get("customizations.xml")), /clientSecret/);
  });

  test("the flow is made for the connector of one environment", async () => {
    const files = await unzip(
      flowSolution({ ...defaultFlow, connectorId: "shared_new-5fphones-5f0123456789abcdef" }),
    );
    const [workflow = ""] = [...files.keys()].filter(name => name.startsWith("Workflows/"));
    assert.match(workflow, /^Workflows\/\w+-[0-9A-F-]{36}\.json$/);
    assert.match(String(files.get("solution.xml")), /RootComponent type="29"/);
    const customizations = String(files.get("customizations.xml"));
    assert.ok(customizations.includes(`/${workflow}<`));
    assert.ok(customizations.includes("apis/shared_new-5fphones-5f0123456789abcdef<"));
    const references = objectAt(json(files, workflow), "properties", "connectionReferences") ?? {};
    for (const each of Object.values(references)) {
      const name = String(at(each, "connection", "connectionReferenceLogicalName"));
      assert.ok(customizations.includes(`connectionreferencelogicalname="${name}"`), name);
    }
  });
});

describe("the ARM templates", () => {
  const templates = {
    logicapp: logicAppTemplate(defaultFlow),
    "logicapp-identity": logicAppIdentityTemplate(defaultFlow),
  };
  for (const [format, template] of Object.entries(templates)) {
    const text = JSON.stringify(template);
    const workflow = listAt(template, "resources").find(
      each => at(each, "type") === "Microsoft.Logic/workflows",
    );
    const definition = at(workflow, "properties", "definition");

    test(`${format}: every parameter that is asked for is defined`, () => {
      const asked = [...text.matchAll(/"\[[^"]*?parameters\('(\w+)'\)/g)].map(match => match[1] ?? "");
      for (const name of asked) assert.ok(at(template, "parameters", name), name);
      const own = [...JSON.stringify(definition).matchAll(/parameters\('([$\w]+)'\)/g)].map(
        match => match[1] ?? "",
      );
      for (const name of own) {
        assert.ok(at(definition, "parameters", name), name);
        assert.ok(at(workflow, "properties", "parameters", name), name);
      }
    });

    test(`${format}: every connection that an action uses is given`, () => {
      const used = [...JSON.stringify(definition).matchAll(/\['(\w+)'\]\['connectionId'\]/g)].map(
        match => match[1] ?? "",
      );
      const given = keys(at(workflow, "properties", "parameters", "$connections", "value"));
      assert.deepEqual([...new Set(used)].toSorted(), given);
    });
  }

  test("the one with an identity calls Graph as itself and keeps no secret", () => {
    const text = JSON.stringify(templates["logicapp-identity"]);
    assert.match(text, /"identity":\{"type":"SystemAssigned"\}/);
    assert.match(
      text,
      /"authentication":\{"type":"ManagedServiceIdentity","audience":"@parameters\('graph'\)"\}/,
    );
    assert.doesNotMatch(text, /secret|customApis/i);
  });

  test("the one with the connector asks for its secret and writes it nowhere", () => {
    const template = templates.logicapp;
    assert.equal(at(template, "parameters", "clientSecret", "type"), "securestring");
    assert.equal(at(template, "parameters", "clientSecret", "defaultValue"), undefined);
  });
});

describe("the definition keeps to the service's limits", () => {
  for (const policy of ["add", "update"] as const) {
    const definition = workflowDefinition(
      { ...defaultFlow, policy },
      powerAutomate({ ...defaultFlow, policy }),
    );
    const actions = actionsIn(definition, 1);

    test(policy, () => {
      assert.ok(actions.length < 500);
      assert.ok(actions.every(({ name }) => name.length <= 80));
      assert.ok(actions.every(({ depth }) => depth <= 8));
      assert.equal(new Set(actions.map(({ name }) => name)).size, actions.length, "a name is used twice");
      assert.doesNotMatch(JSON.stringify(definition), /Variable/);
      const longest = Math.max(
        ...[...JSON.stringify(definition).matchAll(/"@[^"]*"/g)].map(([each]) => each.length),
      );
      assert.ok(longest < 8192, `an expression has ${longest} characters`);
    });

    test(`${policy}: every step that sends or reads numbers hides them, and says how it is repeated`, () => {
      for (const { name, action } of actions) {
        if (action.type !== "OpenApiConnection") continue;
        assert.ok(
          listAt(action, "runtimeConfiguration", "secureData", "properties").includes("outputs"),
          name,
        );
        assert.equal(at(action, "inputs", "retryPolicy", "type"), "exponential", name);
      }
    });
  }
});

type Found = { readonly name: string; readonly action: JsonObject; readonly depth: number };

function actionsIn(holder: Json | undefined, depth: number): readonly Found[] {
  return Object.entries(objectAt(holder, "actions") ?? {}).flatMap(([name, action]) => [
    { name, action: action as JsonObject, depth },
    ...actionsIn(action, depth + 1),
    ...actionsIn(at(action, "else"), depth + 1),
  ]);
}

test("the same options give the same bytes, other options others", () => {
  for (const format of ["legacy", "solution", "logicapp", "logicapp-identity"] as const) {
    assert.deepEqual(flowFiles(format, defaultFlow, "out"), flowFiles(format, defaultFlow, "out"));
    assert.notDeepEqual(
      flowFiles(format, { ...defaultFlow, policy: "update" }, "out").at(-1),
      flowFiles(format, defaultFlow, "out").at(-1),
    );
  }
});

describe("flow build", () => {
  const formats = [
    ["legacy", "a.zip", ["a.zip"]],
    ["solution", "two", ["two/1-connector.zip", "two/2-flow.zip"]],
    ["logicapp", "a.json", ["a.json"]],
    ["logicapp-identity", "b.json", ["b.json"]],
  ] as const;
  for (const [format, out, expected] of formats) {
    test(`writes ${format}, and the bare definition`, async () => {
      const folder = temporaryFolder();
      const definition = join(folder, "definition.json");
      const argv = ["flow", "build", "--format", format, "--policy", "update", "--out", join(folder, out)];
      const run = await runCli([...argv, "--definition", definition, "--json"], { env: {} });
      assert.equal(run.exitCode, 0, run.stderr);
      assert.deepEqual(
        [...filesOf(folder).keys()].map(name => name.replaceAll("\\", "/")),
        [...expected, "definition.json"].toSorted(),
      );
      assert.equal(
        filesOf(folder).get("definition.json")?.toString(),
        flowDefinition(format, { ...defaultFlow, policy: "update" }),
      );
      assert.match(run.stderr, /not yet been imported into a real tenant/);
      assert.equal(run.summary.policy, "update");
    });
  }

  test("with nothing but the format writes two solutions, and says what is still to be done", async () => {
    const folder = join(temporaryFolder(), "solutions");
    const run = await runCli(["flow", "build", "--format", "solution", "--out", folder], { env: {} });
    assert.equal(run.exitCode, 0, run.stderr);
    for (const said of [/--tenant/, /--client-id/, /Import .*1-connector\.zip first/, /--connector-id/]) {
      assert.match(run.stderr, said);
    }
    const made = filesOf(folder);
    const connector = await unzip(made.get("1-connector.zip") ?? Buffer.alloc(0));
    const flow = await unzip(made.get("2-flow.zip") ?? Buffer.alloc(0));
    for (const files of [connector, flow]) {
      assert.deepEqual([...files.keys()].slice(0, 3), [
        "[Content_Types].xml",
        "solution.xml",
        "customizations.xml",
      ]);
      // The parts of a package are found by their type: every extension must have one.
      const types = String(files.get("[Content_Types].xml"));
      for (const name of files.keys()) {
        const extension = name.split(".").at(-1) ?? "";
        assert.ok(types.includes(`Extension="${extension}"`), name);
      }
    }
  });

  test("makes the connector of the solution and of the Logic App for the tenant that is named", async () => {
    const clientId = "11111111-2222-3333-4444-555555555555";
    const signIn = ["--tenant", "contoso.com", "--client-id", clientId];
    const folder = temporaryFolder();
    for (const [format, out] of [
      ["solution", "two"],
      ["logicapp", "a.json"],
    ] as const) {
      const argv = ["flow", "build", "--format", format, "--out", join(folder, out), ...signIn];
      const run = await runCli(argv, { env: {} });
      assert.doesNotMatch(run.stderr, /--client-id|--tenant/);
    }
    const files = await unzip(filesOf(folder).get(join("two", "1-connector.zip")) ?? Buffer.alloc(0));
    const parameters = json(files, "Connector/prepop_entraphonemethods_connectionparameters.json");
    assert.equal(at(parameters, "token", "oAuthSettings", "clientId"), clientId);
    const texts = [...files.values(), filesOf(folder).get("a.json")].map(String);
    assert.equal(texts.filter(text => text.includes("login.microsoftonline.com/contoso.com/")).length, 2);
  });

  test("refuses what is not a connector's id", async () => {
    const run = await runCli(["flow", "build", "--connector-id", "my connector", "--json"], { env: {} });
    assert.equal(run.exitCode, 1);
    assert.equal(run.of("error")[0]?.code, "PREPOP_USAGE");
  });
});
