import { InvalidArgumentError } from "commander";
import type { ConnectorOptions } from "../connector/options.ts";
import type { Call } from "./command.ts";
import type { OptionSpec } from "./option.ts";

/** How a connector signs in; the same for the package and for the solution that holds it. */
export const connectorSignIn: readonly OptionSpec[] = [
  {
    flags: "--tenant <id>",
    summary: "only accounts of this tenant may sign in (id or domain)",
    parse: tenant,
  },
  { flags: "--client-id <id>", summary: "the application registration it signs in with", parse: id },
];

/** What of it is still to be filled in by hand, one line each. */
export function leftToFillIn(call: Call): readonly string[] {
  return [
    ...(text(call, "tenant") === undefined
      ? ["Accounts of every tenant may sign in: name yours with --tenant."]
      : []),
    ...(text(call, "clientId") === undefined
      ? ["The application id is still to be filled in: give it with --client-id."]
      : []),
  ];
}

/** What a connector is made for, from the options of the command. */
export async function connectorOptions(call: Call): Promise<ConnectorOptions> {
  const { defaultConnector } = await import("../connector/options.ts");
  const publisher = text(call, "publisher") ?? defaultConnector.publisher;
  return {
    ...defaultConnector,
    publisher,
    contact: {
      name: publisher,
      url: text(call, "contactUrl") ?? defaultConnector.contact.url,
      email: text(call, "contactEmail") ?? defaultConnector.contact.email,
    },
    tenantId: text(call, "tenant"),
    clientId: text(call, "clientId"),
  };
}

function id(given: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(given)) {
    throw new InvalidArgumentError("Give the application (client) id, a GUID.");
  }
  return given.toLowerCase();
}

function tenant(given: string): string {
  if (!/^[0-9a-z-]+(\.[0-9a-z-]+)*$/i.test(given)) {
    throw new InvalidArgumentError("Give the tenant's id or one of its domains.");
  }
  return given;
}

function text(call: Call, name: string): string | undefined {
  const value = call.options[name];
  return typeof value === "string" ? value : undefined;
}
