import assert from "node:assert/strict";
import { after, test } from "node:test";
import {
  type Asking,
  asPerson,
  type PersonSettings,
  signInPerson,
} from "../../../src/graph/signIn/person.ts";
import { commandLineTools } from "../../../src/model/profile.ts";
import type { Sandbox } from "../../../src/sandbox/sandbox.ts";
import { browse } from "../../support/browser.ts";
import { aTrustedSandbox } from "../../support/trustedSandbox.ts";
import { aStore, claimsOf } from "./place.ts";

const graph = "https://graph.microsoft.com";
const scope = `${graph}/.default`;
const scopes = ["UserAuthMethod-Phone.ReadWrite.All", "User.Read.All"];

const sandbox = await aTrustedSandbox();
after(() => sandbox.close());

function settingsFor({ signIn }: Sandbox, given: Partial<PersonSettings> = {}): PersonSettings {
  const { authority } = signIn;
  const place = { authority, tenantId: "organizations", clientId: commandLineTools };
  return { ...place, scopes, profile: "contoso", store: aStore(), ...given };
}

const byBrowser: Asking = {
  kind: "browser",
  open: async url => {
    await browse(url);
  },
};
const never = new AbortController().signal;
const tokenRequests = () => sandbox.signIn.log.filter(({ endpoint }) => endpoint === "token").length;

test("a person signs in with the browser, and the library says for which tenant", async () => {
  const settings = settingsFor(sandbox);
  const who = await signInPerson(settings, byBrowser, graph, never);
  assert.equal(who.tenantId, sandbox.tenantId);
  assert.equal(who.user, "admin@contoso.com");
  const answer = await asPerson({ ...settings, tenantId: who.tenantId }, who.account).getToken(scope);
  assert.equal(answer?.tenantId, sandbox.tenantId);
  assert.equal(claimsOf(answer?.token ?? "").scp, scopes.join(" "));
});

test("a person signs in with a code on another device", async () => {
  const shown: string[] = [];
  const asking: Asking = { kind: "deviceCode", show: ({ url, code }) => shown.push(url, code) };
  const who = await signInPerson(settingsFor(sandbox), asking, graph, never);
  assert.equal(who.user, "admin@contoso.com");
  assert.equal(shown[0], `${sandbox.signIn.authority}/devicelogin`);
  assert.match(shown[1] ?? "", /^[A-Z0-9]{9}$/);
});

test("the next process asks nobody and sends nothing until the token has to be a new one", async () => {
  const store = aStore();
  const settings = settingsFor(sandbox, { store });
  const who = await signInPerson(settings, byBrowser, graph, never);
  const from = tokenRequests();
  const later = asPerson({ ...settings, store: aStore(store.text()) }, who.account);
  const first = await later.getToken(scope);
  assert.equal(tokenRequests(), from);
  const second = await later.getToken(scope, { forceRefresh: true });
  assert.equal(tokenRequests(), from + 1);
  assert.notEqual(second?.token, first?.token);
});

test("what is kept holds the tokens of the person and no secret of an application", async () => {
  const store = aStore();
  await signInPerson(settingsFor(sandbox, { store }), byBrowser, graph, never);
  assert.match(store.text() ?? "", /"RefreshToken"/);
  assert.ok(!store.text()?.includes(sandbox.signIn.clientSecret));
});

test("a refresh token is not sent to another authority than its own", async () => {
  const other = await aTrustedSandbox();
  const store = aStore();
  const settings = settingsFor(sandbox, { store });
  const { account } = await signInPerson(settings, byBrowser, graph, never);
  const elsewhere = asPerson({ ...settingsFor(other), store }, account);
  await assert.rejects(elsewhere.getToken(scope), { code: "PREPOP_AUTH_SIGN_IN_AGAIN" });
  assert.deepEqual(other.signIn.log, []);
  await other.close();
});

test("a sign-in that the service has ended says which command begins a new one", async () => {
  const ended = await aTrustedSandbox();
  const store = aStore();
  const settings = settingsFor(ended, { store });
  const { account } = await signInPerson(settings, byBrowser, graph, never);
  ended.reset();
  await assert.rejects(asPerson(settings, account).getToken(scope, { forceRefresh: true }), {
    code: "PREPOP_AUTH_SIGN_IN_AGAIN",
    message: /^The sign-in of profile contoso is over: AADSTS70000/,
    hint: "Sign in again with `prepop login --profile contoso`.",
  });
  await ended.close();
});

test("kept tokens that are damaged are no crash", async () => {
  const settings = settingsFor(sandbox, { store: aStore("{ not json") });
  await assert.rejects(asPerson(settings, "nobody").getToken(scope), { code: "PREPOP_AUTH_SIGN_IN_AGAIN" });
});

for (const [name, config, code] of [
  ["declines in the browser", { browser: "decline" }, /AADSTS70018|declined|access_denied/],
  [
    "lacks the consent of an administrator",
    { clients: [{ clientId: commandLineTools, scopes: ["User.Read"] }] },
    /AADSTS65001/,
  ],
] as const) {
  test(`a person who ${name} is not signed in`, async () => {
    const refusing = await aTrustedSandbox({ signIn: config });
    const store = aStore();
    await assert.rejects(signInPerson(settingsFor(refusing, { store }), byBrowser, graph, never), {
      code: "PREPOP_AUTH_SIGN_IN_FAILED",
      message: code,
    });
    assert.ok(!store.text()?.includes("secret"));
    await refusing.close();
  });
}

test("a device code that is refused at the start is told as the service tells it", async () => {
  const unknown = settingsFor(sandbox, { clientId: "7a1e0f0e-0000-4000-8000-000000000009" });
  const asking: Asking = { kind: "deviceCode", show: () => assert.fail("no code was to be shown") };
  await assert.rejects(signInPerson(unknown, asking, graph, never), { message: /AADSTS700016/ });
});

test("whoever interrupts does not wait for a browser that never comes back", async () => {
  const stop = new AbortController();
  const asking: Asking = { kind: "browser", open: async () => stop.abort(new Error("stopped")) };
  await assert.rejects(signInPerson(settingsFor(sandbox), asking, graph, stop.signal), /stopped/);
});
