import { refuse, type SignInRefusal } from "./refusals.ts";

/** What a `scope` asks for: permissions of one resource, and whether an identity and a refresh token come with it. */
export type Asked = {
  readonly resource: string;
  readonly scopes: readonly string[] | "all";
  readonly openId: boolean;
  readonly offline: boolean;
};

/** Microsoft Graph in its clouds. The sandbox is Graph under its own origin as well. */
const graphs: readonly string[] = [
  "https://graph.microsoft.com",
  "https://graph.microsoft.us",
  "https://dod-graph.microsoft.us",
  "https://microsoftgraph.chinacloudapi.cn",
];
/** Power Apps, whose tokens Graph does not take. Its address is written with a slash and without. */
export const powerApps = "https://service.powerapps.com";

const graphAppId = "00000003-0000-0000-c000-000000000000";

const ofIdentity: readonly string[] = ["openid", "profile", "email", "offline_access"];

/** Reads `https://graph.microsoft.com/User.Read.All openid …`; a name without a resource is of Graph. */
export function readScopes(text: string, origin: string): Asked | SignInRefusal {
  const words = text.split(/\s+/).filter(word => word !== "");
  const identity = words.filter(word => ofIdentity.includes(word.toLowerCase()));
  const names: string[] = [];
  let resource: string | undefined;
  for (const word of words) {
    if (ofIdentity.includes(word.toLowerCase())) continue;
    const at = word.lastIndexOf("/");
    const of = at === -1 ? graphs[0] : word.slice(0, at);
    const known = resourceOf(of ?? "", origin);
    if (known === undefined) return refuse("resourceNotFound", { resource: of ?? "" });
    if (resource !== undefined && resource !== known) return refuse("scopeInvalid", { scope: text });
    resource = known;
    names.push(word.slice(at + 1));
  }
  const all = names.some(name => name === ".default");
  if (words.length === 0 || (all && names.length > 1)) return refuse("scopeInvalid", { scope: text });
  return {
    resource: resource ?? "https://graph.microsoft.com",
    scopes: all ? "all" : names.length === 0 ? ["User.Read"] : names,
    openId: identity.includes("openid"),
    offline: identity.includes("offline_access"),
  };
}

/** A resource by its address or its application id; undefined for one that the sandbox has no tokens for. */
export function resourceOf(text: string, origin: string): string | undefined {
  const plain = text.replace(/\/$/, "");
  if (plain === graphAppId) return graphs[0];
  return [...graphs, powerApps, origin].find(each => each === plain);
}
