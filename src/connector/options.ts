/** What a connector package is made for. */
export type ConnectorOptions = {
  /** As the portal shows it; at most 30 characters. */
  readonly title: string;
  readonly publisher: string;
  readonly contact: { readonly name: string; readonly url: string; readonly email: string };
  /** The tenant whose accounts may sign in; undefined admits every tenant's. */
  readonly tenantId: string | undefined;
  /** The application registration; undefined leaves a place to fill in. */
  readonly clientId: string | undefined;
};

/** The background of the icon. */
export const brandColor = "#0f5c7a";
/** Stands where an application id is still to be filled in. */
export const clientIdToFillIn = "00000000-0000-0000-0000-000000000000";
/** Stands where an address is still to be filled in (RFC 2606: nobody has it). */
export const emailToFillIn = "support@example.com";

export const defaultConnector: ConnectorOptions = {
  title: "Entra phone methods",
  publisher: "prepop",
  contact: {
    name: "prepop",
    url: "https://www.npmjs.com/package/prepop",
    email: emailToFillIn,
  },
  tenantId: undefined,
  clientId: undefined,
};
