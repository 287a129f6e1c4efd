/**
 * The errors of the emulated endpoints, as data. Where the service's own code or text is not on record, `guess` is
 * set: the answer then carries `x-prepop-guess: 1`, and config `errorCodes` can put another status, code or text in
 * its place. Sources: https://learn.microsoft.com/graph/errors, https://learn.microsoft.com/graph/throttling,
 * https://learn.microsoft.com/graph/json-batching and answers quoted in public issues (read 2026-11-23).
 */
export type ErrorDefinition = {
  readonly status: number;
  readonly code: string;
  /** `{name}` stands for a fact. */
  readonly message: string;
  readonly guess?: true;
  /**
   * The shape of innerError. plain: date and ids. phone: also message (and target), as recorded from this API.
   * throttled: as the throttling page prints it. bare: the date alone, as the directory's 429 is seen.
   */
  readonly inner?: "phone" | "throttled" | "bare" | "nested";
  readonly target?: string;
  /** What `nested` errors hold inside, from the outside in: as Excel Online says more. */
  readonly nested?: readonly { readonly code: string; readonly message: string }[];
};

const badRequest = { status: 400, code: "badRequest", inner: "phone", guess: true } as const;
const odata = { status: 400, code: "BadRequest", guess: true } as const;
const excel = { inner: "nested", guess: true } as const;
const token = { status: 401, code: "InvalidAuthenticationToken" } as const;

export const errors = {
  // Sign-in
  tokenEmpty: { ...token, message: "Access token is empty." },
  tokenMalformed: { ...token, message: "CompactToken parsing failed with error code: 80049217" },
  tokenUnknown: { ...token, message: "Access token validation failure. Invalid audience.", guess: true },
  tokenExpired: { ...token, message: "Lifetime validation failed, the token is expired.", guess: true },
  tokenRevoked: { ...token, message: "Access token has been revoked.", guess: true },

  // Permission
  accessDenied: {
    status: 403,
    code: "accessDenied",
    message: "Request Authorization failed",
    inner: "phone",
  },
  requestDenied: {
    status: 403,
    code: "Authorization_RequestDenied",
    message: "Insufficient privileges to complete the operation.",
  },
  policyScopeMissing: {
    status: 403,
    code: "AccessDenied",
    message: "required scopes are missing in the token",
  },
  insufficientClaims: {
    status: 403,
    code: "insufficient_claims",
    message: "Continuous access evaluation resulted in challenge with result: InteractionRequired.",
    guess: true,
  },
  selfServiceUnsupported: {
    status: 403,
    code: "accessDenied",
    message: "Self-service operations aren't supported.",
    inner: "phone",
    guess: true,
  },
  delegatedOnly: {
    status: 400,
    code: "BadRequest",
    message: "/me request is only valid with delegated authentication flow.",
  },

  // What is asked for does not exist
  userNotFound: {
    status: 404,
    code: "Request_ResourceNotFound",
    message:
      "Resource '{id}' does not exist or one of its queried reference-property objects are not present.",
  },
  methodNotFound: {
    status: 404,
    code: "resourceNotFound",
    message: "The user does not have an authentication method with id [{id}].",
    inner: "phone",
    guess: true,
  },
  methodNotAllowed: {
    status: 405,
    code: "Request_BadRequest",
    message: "Specified HTTP method is not allowed for the request target.",
  },
  segmentNotFound: { ...odata, message: "Resource not found for the segment '{segment}'." },
  resourceNotFound: { status: 404, code: "ResourceNotFound", message: "Resource not found.", guess: true },
  notImplemented: { status: 501, code: "NotImplemented", message: "{what} is not supported.", guess: true },

  // Phone rules
  defaultMethod: {
    status: 400,
    code: "badRequest",
    message:
      "The requested authentication method id of [{id}] matches the user's current default authentication method, and cannot be deleted until the default authentication method is changed",
    inner: "phone",
  },
  phoneNumberNotUnique: {
    status: 409,
    code: "phoneNumberNotUnique",
    message: "The phone number is already used for SMS sign-in by another user.",
    inner: "phone",
    target: "phoneNumber",
  },
  phoneTypeTaken: {
    status: 409,
    code: "conflict",
    message: "The user already has a phone method of type {phoneType}.",
    inner: "phone",
    guess: true,
  },
  phoneFormat: {
    ...badRequest,
    message: "The phone number must have the format +{country code} {number}x{extension}.",
    target: "phoneNumber",
  },
  alternateNeedsMobile: {
    ...badRequest,
    message: "An alternate mobile phone needs a mobile phone.",
    target: "phoneType",
  },
  mobileHasAlternate: {
    ...badRequest,
    message: "The mobile phone cannot be deleted while the user has an alternate mobile phone.",
  },
  phoneTypeFixed: {
    ...badRequest,
    message: "The phone type of a phone method cannot be changed.",
    target: "phoneType",
  },
  smsNotSupported: {
    ...badRequest,
    message: "SMS sign-in is not supported for this phone type.",
    target: "phoneType",
  },
  smsNotAllowed: {
    ...badRequest,
    message: "SMS sign-in is not allowed by policy.",
    target: "smsSignInState",
  },
  methodNotRegistered: {
    ...badRequest,
    message: "The user has not registered the method {method}.",
    target: "userPreferredMethodForSecondaryAuthentication",
  },

  // Applications and grants. The texts without `guess` are quoted in public issues and clients (read 2026-11-28).
  applicationUnknown: {
    status: 400,
    code: "Request_BadRequest",
    message: "The appId '{id}' of the service principal does not reference a valid application object.",
  },
  principalExists: {
    status: 409,
    code: "Request_MultipleObjectsWithSameKeyValue",
    message:
      "The service principal cannot be created, updated, or restored because the service principal name {id} is already in use.",
  },
  grantExists: {
    status: 409,
    code: "Request_MultipleObjectsWithSameKeyValue",
    message: "Permission entry already exists.",
  },
  grantReference: {
    status: 404,
    code: "Directory_ObjectNotFound",
    message: "Unable to find the object '{id}' that the permission grant refers to.",
    guess: true,
  },
  assignmentExists: {
    status: 400,
    code: "Request_BadRequest",
    message: "Permission being assigned already exists on the object",
  },
  roleUnknown: {
    status: 400,
    code: "Request_BadRequest",
    message: "Permission being assigned was not found on application '{id}'",
  },
  keyInvalid: {
    status: 400,
    code: "Request_BadRequest",
    message: "Invalid value specified for property 'keyCredentials' of resource 'Application': {why}.",
    guess: true,
  },
  secretUnknown: {
    status: 400,
    code: "Request_BadRequest",
    message: "No password credential found with keyId.",
    guess: true,
  },

  // OData
  queryOption: { ...odata, message: "The query option '{option}' is not supported for this resource." },
  filterInvalid: { ...odata, message: "Invalid filter clause: {why}." },
  selectUnknown: { ...odata, message: "Could not find a property named '{property}' on type '{type}'." },
  pageSize: {
    status: 400,
    code: "Request_BadRequest",
    message: "Invalid page size specified: '{top}'. Must be between 1 and {most} inclusive.",
    guess: true,
  },
  skipToken: { ...odata, message: "The skip token is not valid." },
  countUnsupported: { ...odata, message: "$count is not currently supported." },
  queryUnsupported: {
    status: 400,
    code: "Request_UnsupportedQuery",
    message: "{why}",
    guess: true,
  },
  bodyMalformed: {
    ...odata,
    message:
      "Unable to read JSON request payload. Please ensure Content-Type header is set and payload is of valid JSON format.",
  },
  bodyProperty: {
    ...odata,
    message: "The property '{property}' does not exist on type '{type}' or cannot be set.",
  },
  bodyRequired: { ...odata, message: "The property '{property}' is required." },
  bodyValue: { ...odata, message: "The value of property '{property}' is not valid." },
  bodyTooLarge: {
    status: 413,
    code: "RequestEntityTooLarge",
    message: "The request is too large.",
    guess: true,
  },
  contentTypeMissing: {
    ...odata,
    message:
      "A missing or empty content type header was found when trying to read a message. The content type header is required.",
  },
  contentTypeUnsupported: {
    status: 415,
    code: "UnsupportedMediaType",
    message: "The content type '{type}' is not supported.",
    guess: true,
  },

  // Files (https://learn.microsoft.com/graph/errors) and Excel Online
  // (https://learn.microsoft.com/graph/workbook-error-codes; both read 2026-11-28).
  itemNotFound: { status: 404, code: "itemNotFound", message: "The resource could not be found." },
  shareNotFound: {
    status: 404,
    code: "itemNotFound",
    message: "The sharing link no longer exists, or you do not have permission to access it.",
    guess: true,
  },
  filesDenied: { status: 403, code: "accessDenied", message: "Access denied", guess: true },
  fileLocked: {
    status: 423,
    code: "resourceLocked",
    message: "The resource you are attempting to access is locked",
    guess: true,
  },
  workbookDenied: {
    status: 403,
    code: "AccessDenied",
    message: "Could not obtain a WAC access token.",
    guess: true,
  },
  workbookRequest: {
    ...excel,
    status: 400,
    code: "badRequest",
    message: "The request is malformed or incorrect.",
    nested: [{ code: "badRequestUncategorized", message: "{why}" }],
  },
  workbookNotFound: {
    ...excel,
    status: 404,
    code: "notFound",
    message: "The resource couldn't be found.",
    nested: [{ code: "notFoundUncategorized", message: "The requested resource cannot be found." }],
  },
  workbookSession: {
    ...excel,
    status: 404,
    code: "notFound",
    message: "The resource couldn't be found.",
    nested: [
      {
        code: "invalidSessionReCreatable",
        message:
          "The session specified in the request does not exist or is invalid due to a transient error.",
      },
    ],
  },
  workbookTooLarge: {
    ...excel,
    status: 413,
    code: "payloadTooLarge",
    message: "The request size exceeds the maximum limit.",
    nested: [
      { code: "payloadTooLargeUncategorized", message: "The request payload exceeds the size limit." },
    ],
  },
  workbookLocked: {
    ...excel,
    status: 423,
    code: "locked",
    message: "The file is locked for editing.",
    nested: [
      {
        code: "accessConflict",
        message: "The request failed due to conflicts with other clients that are accessing the workbook.",
      },
    ],
  },
  workbookCannotOpen: {
    inner: "nested",
    status: 500,
    code: "internalServerError",
    message: "An internal server error occurred while processing the request.",
    nested: [
      { code: "internalServerErrorUncategorized", message: "An unspecified error has occurred." },
      { code: "GenericFileOpenError", message: "The workbook cannot be opened." },
    ],
  },

  // Batch. The two texts without `guess` are quoted in msgraph-sdk-dotnet#2628 and msgraph-sdk-dotnet-core#891.
  batchWriteItem: {
    status: 400,
    code: "BadRequest",
    message: "Write request id : {id} does not contain Content-Type header or body.",
  },
  batchDependency: { status: 400, code: "BadRequest", message: "Invalid dependency for request Id : {id}." },
  batchShape: { ...odata, message: "Invalid batch payload format." },
  batchItem: { ...odata, message: "The batch item '{id}' is not valid: {why}." },
  batchTooMany: { ...odata, message: "Number of batch request steps exceeds the maximum value of 20." },
  batchDuplicateId: { ...odata, message: "The request id '{id}' is used more than once in the batch." },
  dependencyFailed: {
    status: 424,
    code: "FailedDependency",
    message: "The request failed because a request it depends on failed.",
    guess: true,
  },

  // Throttling
  throttled: {
    status: 429,
    code: "TooManyRequests",
    message: "Please retry again later.",
    inner: "throttled",
  },
  throttledDirectory: {
    status: 429,
    code: "TooManyRequests",
    message:
      "Too many requests from Identifier:{identifier} under category:aadgraph.app.tenant_large. Please try again later.",
    inner: "bare",
  },
  throttledReports: {
    status: 429,
    code: "UnknownError",
    message:
      "This request is throttled. Please try again after the value specified in the Retry-After header. CorrelationId: {requestId}",
  },

  // Failures of the service itself, used by faults
  serverError: {
    status: 500,
    code: "InternalServerError",
    message: "An unexpected error occurred.",
    guess: true,
  },
  unavailable: {
    status: 503,
    code: "ServiceUnavailable",
    message: "The service is temporarily unavailable.",
    guess: true,
  },
  gatewayTimeout: { status: 504, code: "GatewayTimeout", message: "The gateway timed out.", guess: true },
  conflict: {
    status: 409,
    code: "Conflict",
    message: "The request conflicts with another one.",
    guess: true,
  },
  requestTimeout: { status: 408, code: "RequestTimeout", message: "The request timed out.", guess: true },
  backendError: {
    status: 500,
    code: "UnknownError",
    message: '{"Message":"An error has occurred. No HTTP resource was found that matches the request URI."}',
  },
  emptyCode: {
    status: 403,
    code: "",
    message: "You do not have the required permissions to access this item.",
  },
} as const satisfies Record<string, ErrorDefinition>;

export type ErrorName = keyof typeof errors;

/** Another status, code or text for an error whose own is a guess. */
export type ErrorOverride = { readonly status?: number; readonly code?: string; readonly message?: string };

export type ErrorOverrides = { readonly [Name in ErrorName]?: ErrorOverride };

/** The definition in force. */
export function errorDefinition(name: ErrorName, overrides: ErrorOverrides): ErrorDefinition {
  const own: ErrorDefinition = errors[name];
  const override = overrides[name];
  return override === undefined ? own : { ...own, ...override };
}
