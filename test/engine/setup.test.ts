import assert from "node:assert/strict";
import { test } from "node:test";
import { choosePermissions, documentedOffer } from "../../src/decide/setup/permissions.ts";
import { planSetup } from "../../src/decide/setup/plan.ts";
import { tagOf } from "../../src/decide/setup/registration.ts";
import type { SetupEdges } from "../../src/engine/setup/ensure.ts";
import { setUp } from "../../src/engine/setup/setUp.ts";
import { PrepopError } from "../../src/model/errors.ts";
import { graphAppId } from "../../src/model/graphPermissions.ts";
import type { SetupWish } from "../../src/model/setup.ts";
import { connected } from "../graph/connected.ts";
import type { Reply, Script } from "../support/scriptedGraph.ts";
import { virtualClock } from "../support/virtualClock.ts";

const wish: SetupWish = {
  displayName: "phones",
  mode: "application",
  features: [],
  credential: "certificate",
};
const offer = { principalId: "graph", ...documentedOffer() };
const { permissions } = choosePermissions("application", [], offer);
const nothing = {
  application: undefined,
  principal: undefined,
  roles: [],
  grant: undefined,
  certificate: undefined,
};

/** The registration as a setup makes it, with what somebody has kept in it. */
function registration(more: object = {}) {
  return {
    id: "application",
    appId: "app-id",
    displayName: wish.displayName,
    tags: [tagOf(wish.displayName)],
    requiredResourceAccess: [
      { resourceAppId: graphAppId, resourceAccess: permissions.map(({ id }) => ({ id, type: "Role" })) },
    ],
    ...more,
  };
}

/** Runs a setup in an empty tenant against a scripted Graph; what it came to, and what was written. */
async function outcome(script: Script) {
  await using place = await connected(script);
  const clock = virtualClock();
  const edges: SetupEdges = {
    origin: place.graph.origin,
    refreshToken: () => place.graph.refreshToken(),
    clock,
    random: () => 0,
    onWait: () => undefined,
    state: () => "",
  };
  const ended = await setUp(edges, place.graph.applications, {
    wish,
    permissions,
    offer,
    found: nothing,
    steps: planSetup(wish, permissions, nothing),
    trust: { applicationId: undefined, adopt: undefined, me: "me", certificate: undefined },
    newCertificate: async () => assert.fail("no certificate is made for it"),
    secret: { displayName: "x", until: "2027-01-01" },
    onApplication: async () => undefined,
    onStep: async () => undefined,
  }).then(
    () => "done",
    (error: unknown) => (error instanceof PrepopError ? error : assert.fail(String(error))),
  );
  const written = place.server.seen.filter(({ method }) => method !== "GET").map(({ method }) => method);
  return { ended, written, waited: clock.slept.reduce((sum, ms) => sum + ms, 0) };
}

/** A tenant in which the registration is seen only after the PATCH, whatever that answered. */
function afterPatch(patch: Reply, found: object, more: Readonly<Record<string, object>> = {}): Script {
  let patched = false;
  return ({ method, path }) => {
    if (method === "PATCH") {
      patched = true;
      return patch;
    }
    const part = Object.keys(more).find(each => path.endsWith(each));
    if (part !== undefined) return { json: { value: more[part] } };
    if (path.startsWith("/v1.0/applications(uniqueName=")) return patched ? { json: found } : { status: 404 };
    if (path.startsWith("/v1.0/applications?")) return { json: { value: [] } };
    if (method === "POST") return { status: 403, json: { error: { code: "Denied", message: "Enough." } } };
    return { json: { value: [] } };
  };
}

const mine = { "/owners": [{ id: "me" }], "/federatedIdentityCredentials": [] };
const theirs = { "/owners": [{ id: "mallory" }], "/federatedIdentityCredentials": [] };

test("a registration that slipped in between the look and the call is granted nothing", async () => {
  const { ended, written } = await outcome(afterPatch({ status: 204 }, registration(), theirs));
  assert.ok(ended instanceof PrepopError && ended.code === "PREPOP_SETUP_NOT_OURS", String(ended));
  assert.match(ended.message, /1 owner/);
  assert.deepEqual(written, ["PATCH"]);
});

test("one whose owners cannot be read is granted nothing", async () => {
  const script = afterPatch({ status: 204 }, registration(), { "/federatedIdentityCredentials": [] });
  const { ended } = await outcome(request =>
    request.path.endsWith("/owners") ? { status: 403, json: {} } : script(request, 0),
  );
  assert.ok(ended instanceof PrepopError && ended.code === "PREPOP_SETUP_NOT_OURS", String(ended));
});

test("ours, whose answer was lost, goes on to its next step", async () => {
  const { ended, written } = await outcome(afterPatch({ status: 504 }, registration(), mine));
  assert.ok(ended instanceof PrepopError && ended.code === "PREPOP_SETUP_FORBIDDEN", String(ended));
  assert.match(ended.message, /^Creating the service principal was refused: Enough\./);
  assert.deepEqual(written, ["PATCH", "POST", "POST", "POST"], "a refusal may be a consent that is too new");
});

test("one that Entra made for us just now is asked about nothing", async () => {
  const { ended } = await outcome(afterPatch({ status: 201, json: registration() }, registration()));
  assert.ok(ended instanceof PrepopError && ended.code === "PREPOP_SETUP_FORBIDDEN", String(ended));
});

test("a service that never shows what it accepted ends it after five minutes, and is written to once", async () => {
  const { ended, written, waited } = await outcome(({ method, path }) =>
    method === "PATCH"
      ? { status: 201, json: registration() }
      : path.includes("?$filter")
        ? { json: { value: [] } }
        : { status: 404 },
  );
  assert.ok(ended instanceof PrepopError && ended.code === "PREPOP_SETUP_NOT_READY", String(ended));
  assert.deepEqual(written, ["PATCH"]);
  assert.ok(waited > 280_000 && waited <= 300_000, String(waited));
});
