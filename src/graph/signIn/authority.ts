import { type Cloud, clouds } from "../../model/clouds.ts";
import { PrepopError } from "../../model/errors.ts";

/**
 * The origin that signs in: AZURE_AUTHORITY_HOST, else the cloud's own. TLS is not optional, also not on this machine:
 * secrets and refresh tokens go there.
 * @throws PrepopError PREPOP_USAGE_AUTHORITY
 */
export function authorityOf(text: string | undefined, cloud: Cloud): string {
  if (!text) return clouds[cloud].login;
  // The Azure SDKs take a host without its scheme as well, and a slash at the end.
  const url = URL.parse(text.includes("://") ? text : `https://${text}`);
  if (url === null) throw refuse("it is not a URL");
  if (url.protocol !== "https:") throw refuse("it is not https");
  if (url.href !== `${url.origin}/`) throw refuse("it holds more than a host and a port");
  return url.origin;
}

function refuse(why: string): PrepopError {
  return new PrepopError("PREPOP_USAGE_AUTHORITY", { why });
}
