import { readXml } from "./xml.ts";
import type { Zip } from "./zip.ts";

/** One relation of a part: the last word of its type (`worksheet`, `table`), and the part it leads to. */
export type Relation = { readonly id: string; readonly type: string; readonly target: string };

/** The relations of a part (of the package itself: ""). None when the part has no list of them. */
export async function readRelations(file: string, zip: Zip, source: string): Promise<Relation[]> {
  const slash = source.lastIndexOf("/");
  const part = `${source.slice(0, slash + 1)}_rels/${source.slice(slash + 1)}.rels`;
  const relations: Relation[] = [];
  if (!zip.has(part)) return relations;
  await readXml(
    { file, part, bytes: zip.read(part) },
    {
      open(name, attributes) {
        const { Id, Type, Target, TargetMode } = attributes;
        if (name !== "Relationship" || TargetMode === "External" || !Id || !Type || !Target) return;
        // Strict and transitional workbooks differ in everything before the last word.
        const type = Type.slice(Type.lastIndexOf("/") + 1);
        relations.push({ id: Id, type, target: resolvePart(source.slice(0, slash + 1), Target) });
      },
    },
  );
  return relations;
}

/** A target such as `../tables/table1.xml` or `/xl/tables/table1.xml`, seen from a folder, as a part's name. */
export function resolvePart(folder: string, target: string): string {
  const path = target.replaceAll("\\", "/");
  const steps = path.startsWith("/") ? path.split("/") : `${folder}${path}`.split("/");
  const result: string[] = [];
  for (const step of steps) {
    if (step === "..") result.pop();
    else if (step !== "" && step !== ".") result.push(step);
  }
  return result.join("/");
}
