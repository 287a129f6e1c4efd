import { consentAfter } from "../../decide/setup/consent.ts";
import { ensure } from "../../engine/setup/ensure.ts";
import type { Applications } from "../../graph/connect.ts";
import { homeFolder } from "../../ledger/home.ts";
import type { Application } from "../../model/application.ts";
import { PrepopError } from "../../model/errors.ts";
import { consentText } from "../../report/setupText.ts";
import type { Call } from "../command.ts";
import type { Output } from "../output.ts";
import { findProfile, readProfiles } from "../profiles.ts";
import { signInAdmin } from "./admin.ts";

/** An application registration that a connector's redirect URL is added to. */
export type RedirectTarget = {
  readonly appId: string;
  readonly displayName: string;
  /** Whether it had to be added. */
  add(url: string): Promise<"added" | "there">;
  close(): Promise<void>;
};

const rights = ["User.Read", "Application.ReadWrite.All"] as const;

/**
 * Finds the application of `--app` before a connector is created, so that a wrong name makes nothing: by the profile that
 * a setup made, by application or object id, or by its exact name.
 * @throws PrepopError PREPOP_APPLICATION_NOT_FOUND, PREPOP_SETUP_FORBIDDEN, PREPOP_AUTH_*
 */
export async function openRedirectTarget(call: Call, output: Output, app: string): Promise<RedirectTarget> {
  const home = homeFolder(call.surroundings.env, call.surroundings.platform);
  const profile = findProfile(await readProfiles(home), app);
  const made = profile?.setup === undefined ? undefined : profile;
  const admin = await signInAdmin({
    call,
    home,
    output,
    cloud: made?.cloud ?? "global",
    rights,
    profile: made,
    begin: async (_tenant, held) =>
      held === undefined ? undefined : consentAfter(made?.setup?.consent, held, rights),
    state: () =>
      "A connector that was made is there; `prepop connector redirect-url --app` adds its redirect URL later.",
  });
  try {
    const { applications } = admin.graph;
    const found = await findTarget(applications, made?.clientId ?? app);
    return {
      appId: found.appId,
      displayName: found.displayName,
      add: async url => {
        let state: "added" | "there" = "there";
        await ensure(admin.edges, {
          what: "The redirect URL",
          doing: "Adding the redirect URL",
          need: "the permission Application.ReadWrite.All and, for an application of others, the role Cloud Application Administrator",
          harmlessTwice: true,
          look: async () => {
            const now = await applications.get(found.id);
            return now?.webRedirectUris.includes(url) ? true : undefined;
          },
          make: async () => {
            const { webRedirectUris = [] } = (await applications.get(found.id)) ?? {};
            await applications.update(found.id, { web: { redirectUris: [...webRedirectUris, url] } });
            state = "added";
          },
        });
        return state;
      },
      close: async () => {
        for (const line of consentText(admin.consent, made?.name, output)) output.note(line);
        await admin.close();
      },
    };
  } catch (error) {
    await admin.close();
    throw error;
  }
}

async function findTarget(applications: Applications, app: string): Promise<Application> {
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(app);
  const byId = isId ? ((await applications.byAppId(app)) ?? (await applications.get(app))) : undefined;
  if (byId !== undefined) return byId;
  const named = isId ? [] : await applications.named(app);
  const [only] = named;
  if (only !== undefined && named.length === 1) return only;
  const why = named.length === 0 ? "not in the tenant" : `the name of ${named.length} applications`;
  throw new PrepopError("PREPOP_APPLICATION_NOT_FOUND", { application: app, why });
}
