import { type Refusal, refuse, type SandboxRequest } from "./exchange.ts";
import { isObject, parseObject } from "./validate.ts";

/** One request inside a batch. */
export type BatchItem = {
  readonly id: string;
  readonly method: string;
  /** Relative to the version's root, with or without a leading slash. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** Ids in lower case. */
  readonly dependsOn: readonly string[];
};

const mostItems = 20;

/**
 * Reads a batch, or refuses it as a whole: more than 20 items, an id used twice (in any case), a dependency that does
 * not stand earlier, or a write without body and Content-Type (msgraph-sdk-dotnet#2628 quotes the service on that).
 */
export function readBatch(request: SandboxRequest): readonly BatchItem[] | Refusal {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/json\b/i.test(type)) return refuse("contentTypeUnsupported", { type });
  const requests = parseObject(request.body ?? "")?.requests;
  if (!Array.isArray(requests) || requests.length === 0) return refuse("batchShape");
  if (requests.length > mostItems) return refuse("batchTooMany");
  const items: BatchItem[] = [];
  const ids = new Set<string>();
  for (const raw of requests) {
    const item = readItem(raw);
    if ("kind" in item) return item;
    const id = item.id.toLowerCase();
    if (ids.has(id)) return refuse("batchDuplicateId", { id: item.id });
    if (item.dependsOn.some(other => !ids.has(other))) return refuse("batchDependency", { id: item.id });
    ids.add(id);
    items.push(item);
  }
  return items;
}

function readItem(raw: unknown): BatchItem | Refusal {
  if (!isObject(raw)) return refuse("batchShape");
  const { id, method, url, headers = {}, body, dependsOn = [] } = raw;
  if (typeof id !== "string" || id === "") return refuse("batchShape");
  if (typeof method !== "string") return refuse("batchItem", { id, why: "it has no method" });
  if (typeof url !== "string" || url === "") return refuse("batchItem", { id, why: "it has no url" });
  if (!isObject(headers)) return refuse("batchItem", { id, why: "its headers are no object" });
  if (!Array.isArray(dependsOn)) return refuse("batchItem", { id, why: "its dependsOn is no list" });
  const lower = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
  );
  const verb = method.toUpperCase();
  const writes = verb === "POST" || verb === "PATCH" || verb === "PUT";
  if (writes && (body === undefined || lower["content-type"] === undefined)) {
    return refuse("batchWriteItem", { id });
  }
  return {
    id,
    method: verb,
    url,
    headers: lower,
    body:
      body === undefined || body === null
        ? undefined
        : typeof body === "string"
          ? body
          : JSON.stringify(body),
    dependsOn: dependsOn.map(other => String(other).toLowerCase()),
  };
}
