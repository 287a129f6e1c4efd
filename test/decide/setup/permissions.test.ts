import assert from "node:assert/strict";
import { test } from "node:test";
import { choosePermissions, documentedOffer } from "../../../src/decide/setup/permissions.ts";
import { PrepopError } from "../../../src/model/errors.ts";
import { type SetupFeature, setupFeatures } from "../../../src/model/setup.ts";

const offer = documentedOffer();
/** The same cloud without some permissions. */
function without(...names: readonly string[]) {
  const kept = (all: ReadonlyMap<string, string>) =>
    new Map([...all].filter(([name]) => !names.some(each => name.startsWith(each))));
  return { roles: kept(offer.roles), scopes: kept(offer.scopes) };
}

const narrow = "UserAuthMethod-Phone.ReadWrite.All";
const wide = "UserAuthenticationMethod.ReadWrite.All";
const appCore = [narrow, "User.Read.All", "Organization.Read.All"];
const personCore = [narrow, "User.Read.All", "User.Read"];

type Row = {
  readonly features: readonly SetupFeature[];
  readonly application: readonly string[];
  readonly delegated: readonly string[];
};

const rows: Readonly<Record<string, Row>> = {
  "the main job": { features: [], application: appCore, delegated: personCore },
  policies: {
    features: ["policy"],
    application: [...appCore, "Policy.Read.AuthenticationMethod"],
    delegated: [...personCore, "Policy.Read.AuthenticationMethod"],
  },
  "groups and the report": {
    features: ["groups", "report"],
    application: [...appCore, "GroupMember.Read.All", "AuditLog.Read.All"],
    delegated: [...personCore, "GroupMember.Read.All", "AuditLog.Read.All"],
  },
  "roles, where the report is closed": {
    features: ["roles"],
    application: [...appCore, "RoleManagement.Read.Directory"],
    delegated: [...personCore, "RoleManagement.Read.Directory"],
  },
  "the other methods": {
    features: ["methods"],
    application: [...appCore, "UserAuthenticationMethod.Read.All"],
    delegated: [...personCore, "UserAuthenticationMethod.Read.All"],
  },
  "the default method, which takes the wide one in the place of two narrow ones": {
    features: ["methods", "default-method"],
    application: ["User.Read.All", "Organization.Read.All", wide],
    delegated: ["User.Read.All", "User.Read", wide],
  },
  "lists, which people read through the workbook": {
    features: ["lists"],
    application: [...appCore, "Files.Read.All", "Sites.Read.All"],
    delegated: [...personCore, "Files.ReadWrite.All"],
  },
};

for (const [name, { features, ...wanted }] of Object.entries(rows)) {
  for (const mode of ["application", "delegated"] as const) {
    test(`${name}, ${mode}`, () => {
      const { permissions, without: missing } = choosePermissions(mode, features, offer);
      assert.deepEqual(
        permissions.map(each => each.name),
        wanted[mode],
      );
      assert.deepEqual(missing, []);
      const ids = mode === "application" ? offer.roles : offer.scopes;
      for (const { name: each, id } of permissions) assert.equal(id, ids.get(each));
    });
  }
}

test("where there are no permissions for phones alone, the wide one comes once and covers the methods too", () => {
  const { permissions } = choosePermissions("application", ["methods"], without("UserAuthMethod-Phone"));
  assert.deepEqual(
    permissions.map(({ name }) => name),
    [wide, "User.Read.All", "Organization.Read.All"],
  );
});

test("what a cloud has no permission for is named and left out", () => {
  const { permissions, without: missing } = choosePermissions(
    "application",
    setupFeatures,
    without("Policy.", "Files."),
  );
  assert.deepEqual(missing, ["see the policies for SMS and voice", "lists in SharePoint and OneDrive"]);
  assert.ok(!permissions.some(({ name }) => /Policy|Files/.test(name)));
});

test("a cloud in which nobody may write phones is refused", () => {
  assert.throws(
    () => choosePermissions("delegated", [], without("UserAuth")),
    (error: unknown) => error instanceof PrepopError && error.code === "PREPOP_CLOUD_LACKS",
  );
});
