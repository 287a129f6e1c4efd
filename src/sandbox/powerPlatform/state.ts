/** JSON of any shape, as callers send it. */
export type Fields = { readonly [name: string]: unknown };

/** A custom connector that was created. */
export type Api = {
  /** `shared_…`, the connector's id. */
  readonly name: string;
  readonly environment: string;
  /** As sent, without the secret, with what the service adds. */
  properties: Fields;
  /** Whether it has a secret; which one is nobody's to read. */
  hasSecret: boolean;
  readonly permissions: Fields[];
};

export type Blob = { readonly bytes: Buffer; readonly contentType: string };

/** Judges a connector's document as the service does: undefined for a good one, else the text of its answer. */
export type SwaggerJudge = (swagger: string, certification: boolean) => string | undefined;

/** What Power Platform remembers beside the tenant. */
export type PowerPlatform = {
  readonly apis: Map<string, Api>;
  readonly blobs: Map<string, Blob>;
  /** Signatures of upload addresses that were handed out, and the container of each. */
  readonly signatures: Map<string, string>;
  readonly judge: SwaggerJudge;
  /** Host of the blobs, where it is another than the sandbox's: paconn needs `ACCOUNT.blob.SUFFIX`. */
  readonly storageHost: string | undefined;
  made: number;
};

export function emptyPowerPlatform(
  judge: SwaggerJudge | undefined,
  storageHost: string | undefined,
): PowerPlatform {
  return {
    apis: new Map(),
    blobs: new Map(),
    signatures: new Map(),
    judge: judge ?? (() => undefined),
    storageHost,
    made: 0,
  };
}

export function fieldsOf(value: unknown): Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
