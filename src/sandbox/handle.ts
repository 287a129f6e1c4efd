import { answer, answerFor, type ExchangeIds } from "./answers.ts";
import { performBatch } from "./batch.ts";
import type { Core } from "./core.ts";
import type { Answer, SandboxRequest } from "./exchange.ts";
import { refuse } from "./exchange.ts";
import { perform } from "./perform.ts";

const mostBodyBytes = 4 * 1024 * 1024;
/** What one PUT may bring (https://learn.microsoft.com/graph/api/driveitem-put-content, read 2026-11-28). */
const mostUploadBytes = 250 * 1024 * 1024;

const isUpload = ({ method, url }: SandboxRequest): boolean =>
  method === "PUT" && /\/content(\?|$)/.test(url);

/**
 * Answers one HTTP request: a batch or a single operation, with the headers every answer has. All it knows of the
 * outside is the time it is given; the server above only carries bytes.
 */
export function handle(core: Core, request: SandboxRequest, now: number): Answer {
  const requestId = core.nextRequestId();
  const ids: ExchangeIds = { requestId, clientRequestId: clientRequestId(request) ?? requestId, now };
  core.journal.requests++;
  const own = choose(core, withoutFragment(request), ids);
  return { ...own, headers: { ...everyAnswer(ids), ...cors(request), ...own.headers } };
}

function choose(core: Core, request: SandboxRequest, ids: ExchangeIds): Answer {
  if (request.method === "OPTIONS") return answer(200, { kind: "none" }, preflight);
  if ((request.body?.length ?? 0) > (isUpload(request) ? mostUploadBytes : mostBodyBytes)) {
    return answerFor(refuse("bodyTooLarge"), ids, core.settings.errorCodes);
  }
  if (/^\/[^/]+\/(\$|%24)batch$/i.test(request.url)) return performBatch(core, request, ids);
  return perform(core, request, ids, undefined);
}

/** Everything from `#` on is lost, which is how an unencoded guest UPN becomes a 404. */
function withoutFragment(request: SandboxRequest): SandboxRequest {
  const at = request.url.indexOf("#");
  return at === -1 ? request : { ...request, url: request.url.slice(0, at) };
}

/** The client's own id comes back as it was sent, if it can stand in a header. */
function clientRequestId(request: SandboxRequest): string | undefined {
  const id = request.headers["client-request-id"];
  return id !== undefined && /^[\x21-\x7e]{1,128}$/.test(id) ? id : undefined;
}

const diagnostic = JSON.stringify({
  ServerInfo: {
    DataCenter: "Sandbox",
    Slice: "E",
    Ring: "5",
    ScaleUnit: "000",
    RoleInstance: "PREPOP00000000",
  },
});

function everyAnswer(ids: ExchangeIds): Record<string, string> {
  return {
    Date: httpDate(ids.now),
    "request-id": ids.requestId,
    "client-request-id": ids.clientRequestId,
    "x-ms-ags-diagnostic": diagnostic,
    "Strict-Transport-Security": "max-age=31536000",
    Vary: "Accept-Encoding",
  };
}

let dateSecond = -1;
let dateText = "";

/** The text is made once a second; it says nothing finer. */
function httpDate(now: number): string {
  const second = Math.floor(now / 1000);
  if (second !== dateSecond) {
    dateSecond = second;
    dateText = new Date(now).toUTCString();
  }
  return dateText;
}

const preflight = {
  "Access-Control-Allow-Methods": "GET, POST, PATCH, PUT, DELETE, OPTIONS",
  "Access-Control-Allow-Headers": "*, Authorization",
  "Access-Control-Max-Age": "3600",
};

/** A page in a browser may call Graph directly. */
function cors(request: SandboxRequest): Record<string, string> {
  if (request.headers.origin === undefined) return {};
  return {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers":
      "ETag, Location, Preference-Applied, Content-Range, request-id, client-request-id, ReadWriteConsistencyToken, SdkVersion, WWW-Authenticate, x-ms-client-gcc-tenant, Retry-After",
  };
}
