import assert from "node:assert/strict";
import { test } from "node:test";
import {
  chooseTenant,
  domainOf,
  mayDisagree,
  type TenantSources,
  withDomainsOfUsers,
} from "../../src/decide/tenant.ts";
import { PrepopError } from "../../src/model/errors.ts";
import type { Tenant } from "../../src/model/user.ts";

const organization: Tenant = {
  id: "T-1",
  domain: "contoso.com",
  domains: ["contoso.com", "Contoso.onmicrosoft.com"],
  displayName: "Contoso",
  source: "organization",
};

const chosen: readonly (readonly [string, TenantSources, Tenant])[] = [
  ["nobody knows", {}, { id: "unknown", source: "unknown" }],
  ["the sign-in knows", { signIn: "T-1" }, { id: "T-1", source: "signIn" }],
  [
    "the sign-in and the answer agree",
    { signIn: "t-1", organization },
    { ...organization, id: "t-1", source: "signIn" },
  ],
  ["only the answer", { organization }, organization],
  ["the answer before the environment", { organization, environment: "t-1" }, organization],
  ["only the environment", { environment: "T-1" }, { id: "T-1", source: "environment" }],
  ["a token may veto, never confirm", { tokenTenant: "T-1" }, { id: "unknown", source: "unknown" }],
  [
    "a profile names, it does not confirm",
    { profile: { name: "home", tenantId: "T-1" } },
    { id: "unknown", source: "unknown" },
  ],
  [
    "a plan of an unknown tenant vetoes nothing",
    { signIn: "T-1", expected: { what: "The plan", tenantId: "unknown" } },
    { id: "T-1", source: "signIn" },
  ],
  [
    "all agree, in whatever case",
    {
      signIn: "T-1",
      environment: "t-1",
      tokenTenant: "t-1",
      profile: { name: "home", tenantId: "t-1" },
      expected: { what: "The plan", tenantId: "t-1" },
    },
    { id: "T-1", source: "signIn" },
  ],
  [
    "AZURE_TENANT_ID is a domain of the tenant, in whatever case",
    { organization, environment: "contoso.ONMICROSOFT.com" },
    organization,
  ],
  [
    "AZURE_TENANT_ID is a domain, and which ones the tenant has is not known",
    { signIn: "T-1", environment: "fabrikam.com" },
    { id: "T-1", source: "signIn" },
  ],
  [
    "AZURE_TENANT_ID is a domain, and the tenant told none",
    { organization: { id: "T-1", domains: [], source: "organization" }, environment: "fabrikam.com" },
    { id: "T-1", domains: [], source: "organization" },
  ],
];

for (const [name, sources, tenant] of chosen) {
  test(`${name}: ${tenant.id} by ${tenant.source}`, () => {
    assert.deepEqual(chooseTenant(sources), tenant);
  });
}

/** Which two do not agree: what the message says first, and what it is held against. */
const mismatches: readonly (readonly [string, TenantSources, Readonly<Record<string, string>>])[] = [
  [
    "another tenant answered than was signed in to",
    { signIn: "T-2", organization },
    { left: "The tenant that answered", leftTenant: "T-1", right: "the sign-in", rightTenant: "T-2" },
  ],
  [
    "AZURE_TENANT_ID names another",
    { organization, environment: "T-2" },
    { left: "AZURE_TENANT_ID", leftTenant: "T-2", right: "the tenant that answered", rightTenant: "T-1" },
  ],
  [
    "AZURE_TENANT_ID is a domain of another",
    { organization, environment: "fabrikam.com" },
    {
      left: "AZURE_TENANT_ID",
      leftTenant: "fabrikam.com",
      right: "the tenant that answered",
      rightTenant: "T-1",
    },
  ],
  [
    "the token is for another",
    { environment: "T-1", tokenTenant: "T-2" },
    { left: "The token", leftTenant: "T-2", right: "AZURE_TENANT_ID", rightTenant: "T-1" },
  ],
  [
    "the token and the profile differ, and nobody else knows",
    { tokenTenant: "T-2", profile: { name: "home", tenantId: "T-1" } },
    { left: "The profile home", leftTenant: "T-1", right: "the token", rightTenant: "T-2" },
  ],
  [
    "the profile names another",
    { signIn: "T-1", profile: { name: "home", tenantId: "T-2" } },
    { left: "The profile home", leftTenant: "T-2", right: "the sign-in", rightTenant: "T-1" },
  ],
  [
    "the plan was made for another",
    { signIn: "T-1", expected: { what: "The plan", tenantId: "T-2" } },
    { left: "The plan", leftTenant: "T-2", right: "the sign-in", rightTenant: "T-1" },
  ],
];

for (const [name, sources, facts] of mismatches) {
  test(`${name}: everything stops`, () => {
    assert.throws(
      () => chooseTenant(sources),
      (error: unknown) => {
        assert.ok(error instanceof PrepopError);
        assert.equal(error.code, "PREPOP_TENANT_MISMATCH");
        assert.deepEqual(error.facts, facts);
        return true;
      },
    );
  });
}

const unanswered: readonly (readonly [string, TenantSources, boolean])[] = [
  ["nothing names a tenant", {}, false],
  ["only the token does", { tokenTenant: "T-1" }, true],
  ["only AZURE_TENANT_ID does", { environment: "T-1" }, true],
  ["only the profile does", { profile: { name: "home", tenantId: "T-1" } }, true],
  ["only the plan does", { expected: { what: "The plan", tenantId: "T-1" } }, true],
  ["the plan is of an unknown tenant", { expected: { what: "The plan", tenantId: "unknown" } }, false],
  ["the sign-in does, and the token too", { signIn: "T-1", tokenTenant: "T-1" }, false],
  ["AZURE_TENANT_ID is a domain", { signIn: "T-1", environment: "contoso.com" }, true],
];
for (const [name, sources, may] of unanswered) {
  test(`before the tenant has answered, ${name}: ${may ? "it may still disagree" : "nothing can disagree"}`, () => {
    assert.equal(mayDisagree(sources), may);
  });
}

const found = new Map([
  ["fabrikam.com", 2],
  ["contoso.com", 5],
  ["contoso.de", 3],
]);
const silent: Tenant = { id: "T-1", source: "signIn" };

test("a tenant that tells no domain has those of its users, the commonest first", () => {
  assert.deepEqual(withDomainsOfUsers(silent, found), {
    ...silent,
    domain: "contoso.com",
    domains: ["contoso.com", "contoso.de", "fabrikam.com"],
  });
});

test("a tenant that tells its domain, or of which nobody was found, stays as it is", () => {
  assert.equal(withDomainsOfUsers(organization, found), organization);
  assert.equal(withDomainsOfUsers(silent, new Map()), silent);
});

for (const [userPrincipalName, domain] of [
  ["Adele@Contoso.com", "contoso.com"],
  ["adele@home@contoso.com", "contoso.com"],
  ["@contoso.com", "contoso.com"],
  ["adele@", undefined],
  ["adele", undefined],
  ["", undefined],
] as const) {
  test(`the domain of ${JSON.stringify(userPrincipalName)} is ${domain ?? "none"}`, () => {
    assert.equal(domainOf(userPrincipalName), domain);
  });
}
