import { mkdir, writeFile } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import { PrepopError } from "../model/errors.ts";
import { apiDefinition } from "./definition.ts";
import { icon } from "./icon.ts";
import { jsonText } from "./json.ts";
import type { ConnectorOptions } from "./options.ts";
import { apiProperties } from "./properties.ts";
import { readme } from "./readme.ts";

/** A file to be written: its path in the folder, with forward slashes, and what it holds. */
export type MadeFile = { readonly path: string; readonly content: string | Uint8Array };

/** The four files of the connector; the same options give the same bytes. */
export function connectorPackage(options: ConnectorOptions): readonly MadeFile[] {
  return [
    { path: "apiDefinition.swagger.json", content: jsonText(apiDefinition(options)) },
    { path: "apiProperties.json", content: jsonText(apiProperties(options)) },
    { path: "icon.png", content: icon() },
    { path: "README.md", content: readme(options) },
  ];
}

/**
 * Writes files below a folder, which is made where it is missing.
 * @throws PrepopError PREPOP_FILE_WRITE
 */
export async function writeFiles(folder: string, files: readonly MadeFile[]): Promise<void> {
  for (const { path, content } of files) {
    const target = resolve(folder, path);
    try {
      await mkdir(dirname(target), { recursive: true });
      await writeFile(target, content);
    } catch (cause) {
      const why = cause instanceof Error && "code" in cause ? String(cause.code) : "it failed";
      throw new PrepopError("PREPOP_FILE_WRITE", { file: basename(target), why }, cause);
    }
  }
}
