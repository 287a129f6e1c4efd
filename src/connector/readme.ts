import { operations } from "../model/operations.ts";
import { type ConnectorOptions, clientIdToFillIn } from "./options.ts";
import { type Words, words } from "./words.ts";

/** README.md of the package, with the headings that the public connector repository asks for. */
export function readme(options: ConnectorOptions): string {
  return `# ${options.title}

Manages the phones that users of Microsoft Entra ID are authenticated with (multifactor authentication and self-service
password reset), through Microsoft Graph v1.0. Phones are chosen by label (Mobile, Alternate mobile, Office); no id has to
be typed. The operation ids and parameter names are those of the connector "Azure AD authentication methods" of 2020, so
that flows made with it go on working after an update.

## Publisher: ${options.publisher}

## Prerequisites

- A licence that includes custom connectors (Power Automate Premium or Power Apps Premium).
- An application registration in the tenant, with the delegated permissions ${scopeList()} of Microsoft Graph and the consent of an administrator.
- An account with the role Authentication Administrator or Privileged Authentication Administrator. The first reads numbers masked and may not write to administrators.

## Supported Operations

${Object.values(words)
  .filter(({ visibility }) => visibility !== "internal")
  .map(operationText)
  .join("\n\n")}

## Obtaining Credentials

1. In the Entra admin centre, register an application: accounts in this directory only, no redirect URI yet.
2. API permissions: add ${scopeList()} (delegated, Microsoft Graph) and grant admin consent. In a cloud that does not know the first, take \`UserAuthenticationMethod.ReadWrite.All\`.
3. Certificates and secrets: make a client secret. It is entered when the connector is created and stands in no file.
4. Put the application id into \`clientId\` of apiProperties.json${options.clientId === undefined ? ` (it is \`${clientIdToFillIn}\` now)` : ""}.

## Getting Started

1. Create the connector with \`prepop connector create\`, with paconn, with pac, or by importing apiDefinition.swagger.json in the portal.
2. Read its redirect URL, which exists only then, on the Security tab or with \`prepop connector redirect-url\`, and add it to the application registration (platform Web). Without it, sign-in ends with AADSTS50011.
3. Create a connection and sign in. A connection that cannot reach Graph is refused at once.
4. Use List phone methods and Create a phone method in a flow. \`prepop flow build\` makes the whole flow.

## Known Issues and Limitations

- 500 calls a minute for each connection.
- Every call acts as the person who made the connection; there is no sign-in as an application. A Logic App can call Graph with a managed identity instead.
- A number that somebody else uses for SMS sign-in is answered 409, and is usually stored all the same: read it back.
- The default method of a user who has other methods cannot be deleted until the default is changed.
- This package has not been imported into a real tenant. It was checked against the OpenAPI 2.0 schema, Microsoft's published schemas for connectors, the rules of the certification that can be checked offline, and Microsoft's description of Graph. Please report what an import says.

## Frequently Asked Questions

### Why does a connection of the old connector still work after the update?

Operations and parameters have kept their names. Only the paths, methods and answers behind them changed.

### Why is there no phone type when a phone is updated?

The type of a phone cannot be changed. Create the new phone and delete the old one.

## Deployment Instructions

\`prepop connector create DIR --environment ENVIRONMENT\` creates it, reads back the redirect URL and prints it. With Microsoft's
paconn: \`paconn create --api-def apiDefinition.swagger.json --api-prop apiProperties.json --icon icon.png --secret SECRET\`.
A connector that is made so stands outside every solution; \`pac connector create\` makes one that can go into a solution.
`;
}

function operationText({ summary, description, operationId }: Words): string {
  return `### ${summary}\n\n${description} (\`${operationId}\`)`;
}

function scopeList(): string {
  return `\`${operations.createPhone.permission}\` and \`${operations.getMe.permission}\``;
}
