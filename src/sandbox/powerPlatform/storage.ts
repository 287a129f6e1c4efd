import { createHash } from "node:crypto";
import { answer } from "../answers.ts";
import type { Core } from "../core.ts";
import type { Answer, SandboxRequest } from "../exchange.ts";

const prefix = "/connectorstorage-";

/** An address to upload to, signed, as generateResourceStorage hands it out. */
export function uploadAddress(core: Core): string {
  const { powerPlatform, settings } = core;
  const number = ++powerPlatform.made;
  const container = `${prefix}${number}`;
  const signature = createHash("sha256").update(`${settings.seed} ${container}`).digest("hex").slice(0, 32);
  powerPlatform.signatures.set(signature, container);
  return `${storageOrigin(core)}${container}?sv=2019-02-02&sr=c&sp=rw&sig=${signature}`;
}

/** The address under which a file that the service keeps can be read. */
export function keep(core: Core, name: string, bytes: Buffer): string {
  const [origin, query] = uploadAddress(core).split("?");
  const address = new URL(`${origin}/${name}`);
  core.powerPlatform.blobs.set(address.pathname, { bytes, contentType: "application/json" });
  return `${address.href}?${query}`;
}

/** Answers for the blobs; undefined for another path. */
export function answerStorage(core: Core, request: SandboxRequest): Answer | undefined {
  const [path = "", search = ""] = request.url.split("?", 2);
  if (!path.startsWith(prefix)) return undefined;
  const { signatures, blobs } = core.powerPlatform;
  const container = signatures.get(new URLSearchParams(search).get("sig") ?? "");
  if (container === undefined || !path.startsWith(`${container}/`))
    return failed(403, "AuthenticationFailed");
  if (request.method === "PUT") {
    if (request.headers["x-ms-blob-type"] !== "BlockBlob") return failed(400, "MissingRequiredHeader");
    const contentType =
      request.headers["x-ms-blob-content-type"] ??
      request.headers["content-type"] ??
      "application/octet-stream";
    blobs.set(path, { bytes: request.bytes ?? Buffer.alloc(0), contentType });
    return answer(201, { kind: "none" }, { ETag: '"0x1"', "Last-Modified": new Date(0).toUTCString() });
  }
  const blob = blobs.get(path);
  if (blob === undefined || request.method !== "GET") return failed(404, "BlobNotFound");
  return answer(200, { kind: "bytes", bytes: blob.bytes }, { "Content-Type": blob.contentType });
}

function storageOrigin({ origin, powerPlatform: { storageHost } }: Core): string {
  if (storageHost === undefined) return origin;
  const url = new URL(origin);
  return `${url.protocol}//${storageHost}:${url.port}`;
}

function failed(status: number, code: string): Answer {
  const text = `<?xml version="1.0" encoding="utf-8"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`;
  return answer(
    status,
    { kind: "text", text },
    { "Content-Type": "application/xml", "x-ms-error-code": code },
  );
}
