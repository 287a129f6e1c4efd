import { clouds } from "../model/clouds.ts";
import { PrepopError } from "../model/errors.ts";
import { isLoopback } from "../model/loopback.ts";

/** Where Graph is: `origin` without a trailing slash; `loopback` for a sandbox or gateway on this machine. */
export type Origin = { readonly origin: string; readonly loopback: boolean };

const globalOrigin: string = clouds.global.graph;
const graphOrigins: readonly string[] = Object.values(clouds).map(({ graph }) => graph);

/**
 * Checks PREPOP_GRAPH_URL: an origin and nothing more, https, or plain http for a loopback address.
 * The value itself is not repeated in the error, because it may hold a password.
 * @throws PrepopError PREPOP_USAGE_GRAPH_URL
 */
export function parseOrigin(text: string = globalOrigin): Origin {
  const url = URL.parse(text);
  if (url === null) throw refuse("it is not a URL");
  if (url.protocol !== "https:" && url.protocol !== "http:") throw refuse("it is neither https nor http");
  // A path, a query, a fragment and a user name all make the href longer than the origin.
  if (url.href !== `${url.origin}/`) throw refuse("it holds more than scheme, host and port");
  const loopback = isLoopback(url.hostname);
  if (url.protocol === "http:" && !loopback) throw refuse("plain http would show the token on the network");
  return { origin: url.origin, loopback };
}

/** The scope to ask a token for. A gateway or sandbox takes tokens for the global Graph. */
export function scopeOf(origin: string): string {
  return `${graphOrigins.includes(origin) ? origin : globalOrigin}/.default`;
}

function refuse(why: string): PrepopError {
  return new PrepopError("PREPOP_USAGE_GRAPH_URL", { why });
}
