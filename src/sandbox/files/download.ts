import type { ExchangeIds } from "../answers.ts";
import type { Core } from "../core.ts";
import type { Answer, SandboxRequest } from "../exchange.ts";
import { objectId } from "../ids.ts";
import { record } from "../log.ts";
import type { Call } from "../operation.ts";
import { contentOf, type SharedFile } from "./drives.ts";

const folder = "/_layouts/15/download.aspx";

/** A pre-authenticated address of a file, on another origin than Graph's: whoever has it needs no token. */
export function downloadUrl({ drives, settings, origin }: Call, file: SharedFile): string {
  const signature = objectId(settings.seed, "download", ++drives.made);
  drives.downloads.set(signature, file);
  return `${otherName(origin)}${folder}?tempauth=${signature}`;
}

/** This machine under its other name, so that a client that would send its token along is caught. */
function otherName(origin: string): string {
  const url = new URL(origin);
  url.hostname = url.hostname === "localhost" ? "127.0.0.1" : "localhost";
  return url.origin;
}

/**
 * Answers a download; undefined for any other path. A request that carries a token is refused: the address alone is
 * the right to read, and a token has no business there.
 */
export function answerDownload(core: Core, request: SandboxRequest, now: number): Answer | undefined {
  if (!request.url.startsWith(`${folder}?`)) return undefined;
  const signature = new URLSearchParams(request.url.slice(folder.length)).get("tempauth") ?? "";
  const file = core.drives.downloads.get(signature);
  const withToken = request.headers.authorization !== undefined;
  const status = withToken ? 401 : file === undefined ? 403 : 200;
  const ids: ExchangeIds = { requestId: core.nextRequestId(), clientRequestId: "", now };
  core.journal.requests++;
  record(
    core.journal,
    {
      at: now,
      method: request.method,
      path: folder,
      operation: "download",
      userId: undefined,
      phoneType: undefined,
      status,
      executed: false,
      requestId: ids.requestId,
      clientRequestId: ids.requestId,
    },
    "read",
  );
  return {
    status,
    headers: { "Cache-Control": "no-store", "Content-Type": "application/octet-stream" },
    body:
      file === undefined || withToken
        ? { kind: "text", text: withToken ? "401 UNAUTHORIZED" : "403 FORBIDDEN" }
        : { kind: "later", bytes: contentOf(file) },
    delivery: "send",
    slowMs: 0,
    items: 0,
  };
}
