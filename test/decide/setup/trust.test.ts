import assert from "node:assert/strict";
import { test } from "node:test";
import { foreignIn } from "../../../src/decide/setup/trust.ts";
import type { Application } from "../../../src/model/application.ts";

const bare: Application = {
  id: "1",
  appId: "2",
  displayName: "prepop phone methods",
  tags: [],
  webRedirectUris: [],
  publicRedirectUris: [],
  isPublic: false,
  requiredAccess: [],
  keys: [],
  secrets: [],
};
const key = (certificate: string | undefined) => ({ keyId: "k", certificate, asGiven: {} });
const seen = { owners: ["me"], federated: 0, me: "me", certificate: "MINE" } as const;

type Row = {
  readonly has?: Partial<Application>;
  readonly seen?: Partial<Parameters<typeof foreignIn>[1]>;
  readonly foreign: readonly string[];
};

const rows: Readonly<Record<string, Row>> = {
  "one's own, just registered": { foreign: [] },
  "nobody's": { seen: { owners: [] }, foreign: [] },
  "one's own, with this machine's certificate": { has: { keys: [key("MINE")] }, foreign: [] },
  "one that people sign in to, as a setup makes it": {
    has: { publicRedirectUris: ["http://localhost"], isPublic: true },
    foreign: [],
  },
  "another machine's": { has: { keys: [key("MINE"), key("OTHER")] }, foreign: ["1 certificate"] },
  "one whose certificates are not shown": { has: { keys: [key(undefined)] }, foreign: ["1 certificate"] },
  "with certificates where this machine has none": {
    has: { keys: [key("A"), key(undefined)] },
    seen: { certificate: undefined },
    foreign: ["2 certificates"],
  },
  "with a secret": {
    has: { secrets: [{ keyId: "s", displayName: undefined }] },
    foreign: ["1 secret"],
  },
  "with pages of others": {
    has: { webRedirectUris: ["https://a.example"], publicRedirectUris: ["http://localhost", "myapp://b"] },
    foreign: ["2 redirect URLs"],
  },
  "with another owner": { seen: { owners: ["me", "mallory"] }, foreign: ["1 owner"] },
  "of a sign-in that does not say who it is": { seen: { me: undefined }, foreign: ["1 owner"] },
  "with federated credentials": { seen: { federated: 2 }, foreign: ["2 federated credentials"] },
  "where nothing more can be read": {
    seen: { owners: undefined, federated: undefined },
    foreign: ["federated credentials that cannot be read", "owners who cannot be read"],
  },
};

for (const [name, { has = {}, seen: other = {}, foreign }] of Object.entries(rows)) {
  test(`an application ${name}: ${foreign.join(", ") || "nobody else has anything in it"}`, () => {
    assert.deepEqual(foreignIn({ ...bare, ...has }, { ...seen, ...other }), foreign);
  });
}
