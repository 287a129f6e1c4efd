/** A certificate of an application registration. */
export type KeyCredential = {
  readonly keyId: string;
  /** The certificate, DER in base64; undefined where the service does not show it. */
  readonly certificate: string | undefined;
  /** As it came: a list of certificates is replaced whole, so the older ones are sent back with a new one. */
  readonly asGiven: Readonly<Record<string, unknown>>;
};

/** A secret of an application registration, without its text. */
export type SecretCredential = { readonly keyId: string; readonly displayName: string | undefined };

/** What a registration says that it will ask of one resource. */
export type RequiredAccess = {
  readonly resourceAppId: string;
  readonly resourceAccess: readonly { readonly id: string; readonly type: "Scope" | "Role" }[];
};

/** An application registration, as far as prepop looks at it. */
export type Application = {
  /** Object id of the registration. */
  readonly id: string;
  /** The application's own id: what signs in. */
  readonly appId: string;
  readonly displayName: string;
  readonly tags: readonly string[];
  /** Where web applications are handed over to; a connector's redirect URL is one. */
  readonly webRedirectUris: readonly string[];
  readonly publicRedirectUris: readonly string[];
  /** Whether people may sign in without a secret, by device code too. */
  readonly isPublic: boolean;
  readonly requiredAccess: readonly RequiredAccess[];
  readonly keys: readonly KeyCredential[];
  readonly secrets: readonly SecretCredential[];
};

/** What an application is in a tenant. */
export type ServicePrincipal = { readonly id: string; readonly appId: string };

/** Microsoft Graph in this cloud: its object id, and which permissions it offers, by name. */
export type GraphOffer = {
  readonly principalId: string;
  readonly roles: ReadonlyMap<string, string>;
  readonly scopes: ReadonlyMap<string, string>;
};

/** Delegated permissions of a client, for everybody or for one person. */
export type PermissionGrant = {
  readonly id: string;
  readonly resourceId: string;
  readonly scopes: readonly string[];
  /** Undefined: for everybody. */
  readonly personId: string | undefined;
};

/** A secret at the one moment when its text is told. */
export type NewSecret = { readonly keyId: string; readonly secret: string; readonly validUntil: string };
