import type { Cloud } from "../model/clouds.ts";
import type { ChosenPermission, SetupWish } from "../model/setup.ts";

/** A setup that is told to a person in place of being done. */
export type PrintedSetup = {
  readonly wish: SetupWish;
  readonly cloud: Cloud;
  readonly permissions: readonly ChosenPermission[];
};

/**
 * Where applications are registered by hand.
 * Source: https://learn.microsoft.com/entra/identity-platform/authentication-national-cloud (read 2026-11-28).
 */
const portals: Readonly<Record<Cloud, string>> = {
  global: "https://entra.microsoft.com > Entra ID",
  usgov: "https://portal.azure.us > Microsoft Entra ID",
  "usgov-dod": "https://portal.azure.us > Microsoft Entra ID",
  china: "https://portal.azure.cn > Microsoft Entra ID",
};

/** The same by hand in the Entra admin center. */
export function portalSteps({ wish, cloud, permissions }: PrintedSetup): readonly string[] {
  const kind = wish.mode === "application" ? "Application permissions" : "Delegated permissions";
  return [
    `As Privileged Role Administrator or Global Administrator: ${portals[cloud]} > App registrations > New registration.`,
    `Name: ${wish.displayName}. Supported account types: accounts in this organizational directory only. ${
      wish.mode === "delegated"
        ? "Redirect URI: Public client/native, http://localhost."
        : "Redirect URI: none."
    } Register.`,
    `API permissions > Add a permission > Microsoft Graph > ${kind}: ${permissions.map(({ name }) => name).join(", ")}. Add permissions.`,
    "API permissions > Grant admin consent for the tenant > Yes. Every line then says “Granted”.",
    ...(wish.mode === "application"
      ? ["API permissions: remove the delegated User.Read that was added by itself; it is not needed."]
      : [
          "Authentication > Settings > Allow public client flows: Yes, for sign-ins with a device code. Save.",
        ]),
    ...(wish.credential === "secret"
      ? [
          "Certificates & secrets > Client secrets > New client secret. Copy its Value at once; it is not shown again.",
        ]
      : []),
    ...(wish.credential === "certificate"
      ? [
          'On the machine that runs prepop: umask 077; openssl req -x509 -newkey rsa:2048 -sha256 -days 365 -nodes -subj "/CN=prepop" -keyout app.key -out app.crt; cat app.key app.crt > app.pem',
          "Certificates & secrets > Certificates > Upload certificate: app.crt. The key stays where it is.",
        ]
      : []),
    `Overview: copy the Application (client) ID and the Directory (tenant) ID, and run: ${loginCommand(wish, cloud)}`,
    "prepop doctor then says whether all of it is there.",
  ];
}

function loginCommand({ credential }: SetupWish, cloud: Cloud): string {
  const of = cloud === "global" ? "" : ` --cloud ${cloud}`;
  const app = `--tenant TENANT-ID --client-id CLIENT-ID${of}`;
  switch (credential) {
    case "certificate":
      return `prepop login --auth certificate --certificate app.pem ${app}`;
    case "secret":
      return `AZURE_CLIENT_SECRET=… prepop login --auth secret ${app}`;
    case "none":
      return `prepop login ${app}`;
  }
}
