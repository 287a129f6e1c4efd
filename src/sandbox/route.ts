import type { Definition, Version } from "./operation.ts";
import { definitions } from "./operations/index.ts";

/** Where a method and a path lead. */
export type Route =
  | {
      readonly kind: "operation";
      readonly definition: Definition;
      readonly version: Version;
      readonly params: Readonly<Record<string, string>>;
      /** The path began with `/me`. */
      readonly me: boolean;
    }
  | { readonly kind: "wrongMethod" }
  | { readonly kind: "unknown"; readonly segment: string };

/** Finds the operation for a path without its query. */
export function routeOf(method: string, path: string): Route {
  const [version = "", ...rest] = segmentsOf(path);
  if (version !== "v1.0" && version !== "beta") return { kind: "unknown", segment: version };
  const me = rest[0]?.toLowerCase() === "me";
  const segments = me ? ["users", ...rest] : rest;
  const params: Record<string, string> = {};
  let node: Node | undefined = tree;
  for (const segment of segments) {
    const named: Node | undefined = node.named.get(segment.toLowerCase());
    if (named === undefined && node.param !== undefined) params[node.param.name] = segment;
    node = named ?? node.param?.node;
    if (node === undefined) return { kind: "unknown", segment };
  }
  const here = node.definitions.filter(definition => definition.versions.includes(version));
  const known = me
    ? here.filter(({ subject, ...own }) => subject !== "none" && !("self" in own && own.self === "unknown"))
    : here;
  if (known.length === 0) return { kind: "unknown", segment: segments.at(-1) ?? version };
  const definition = known.find(candidate => candidate.method === method);
  if (definition === undefined) return { kind: "wrongMethod" };
  return { kind: "operation", definition, version, params, me };
}

/**
 * Decoded segments. A key in brackets is a segment of its own: `users('kim@contoso.com')`, and with the name of an
 * alternate key or argument, `applications(appId='…')`, which stays in front of it. So is a path between colons,
 * `items/ID:/folder/file.xlsx:/content`, after a segment that is called `path:`.
 */
function segmentsOf(path: string): string[] {
  const addressed = /^([^:]*):\/([^:]*)(?::(\/.*)?)?$/.exec(path);
  if (addressed === null || path.includes("(")) return plainSegments(path);
  const [, before = "", inside = "", after = ""] = addressed;
  return [...plainSegments(before), "path:", decode(inside).replace(/\/+$/, ""), ...plainSegments(after)];
}

function plainSegments(path: string): string[] {
  const segments: string[] = [];
  for (const raw of path.split("/")) {
    if (raw === "") continue;
    // A function without arguments of weight: `usedRange()`, `usedRange(valuesOnly=true)`.
    const bare = /^(\w+)\((?:\w+=(?:true|false))?\)$/.exec(raw)?.[1];
    if (bare !== undefined) {
      segments.push(bare);
      continue;
    }
    const key = /^([\w.]+)\((\w+=)?(?:'|%27)(.*)(?:'|%27)\)$/i.exec(raw);
    if (key === null) segments.push(decode(raw));
    else {
      const [, name = "", alternate = "", value = ""] = key;
      segments.push(decode(name), alternate + decode(value).replaceAll("''", "'"));
    }
  }
  return segments;
}

function decode(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    // A stray percent sign is taken as it stands, as the service's gateway does.
    return text;
  }
}

type Node = {
  readonly named: Map<string, Node>;
  param: { readonly name: string; readonly node: Node } | undefined;
  readonly definitions: Definition[];
};

const tree = buildTree(definitions);

function buildTree(all: readonly Definition[]): Node {
  const root = emptyNode();
  for (const definition of all) {
    for (const path of spellings(definition.path)) place(root, path, definition);
  }
  return root;
}

/** Actions are known by their qualified name as well. */
function spellings(path: string): string[] {
  const qualified = path.replace(/\/(enableSmsSignIn|disableSmsSignIn)$/, "/microsoft.graph.$1");
  return qualified === path ? [path] : [path, qualified];
}

function place(root: Node, path: string, definition: Definition): void {
  let node = root;
  for (const segment of path.split("/").slice(1)) {
    const param = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (param !== undefined) {
      node.param ??= { name: param, node: emptyNode() };
      node = node.param.node;
      continue;
    }
    const key = segment.toLowerCase();
    const next = node.named.get(key) ?? emptyNode();
    node.named.set(key, next);
    node = next;
  }
  node.definitions.push(definition);
}

function emptyNode(): Node {
  return { named: new Map(), param: undefined, definitions: [] };
}
