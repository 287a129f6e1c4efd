import { SaxesParser } from "saxes";
import { isDecodingError } from "../fileKind.ts";
import { corrupt, notAWorkbook, tooLarge } from "./zip.ts";

/** What a reader of one XML part wants to hear. Names come without their prefix. */
export type XmlHandlers = {
  open(name: string, attributes: Readonly<Record<string, string>>): void;
  close?(name: string): void;
  text?(text: string): void;
};

export type XmlPart = { readonly file: string; readonly part: string; readonly bytes: AsyncIterable<Buffer> };

/**
 * The parser keeps text until the next tag, so this caps what may arrive between two of its events. A cell holds at
 * most 32,767 characters, six bytes each when escaped.
 */
const maxSilence = 1024 * 1024;
const maxDepth = 256;

/**
 * What stands in these elements is not the list: extensions, readings of Japanese text, and what only a program of
 * the future may read (mc:Choice, beside which mc:Fallback stands).
 */
const skipped = new Set(["extLst", "rPh", "phoneticPr", "Choice"]);

/**
 * Walks one XML part and yields after every piece of it, so that a caller can hand on what was gathered.
 * A document type is refused by name: no workbook has one, and entities are how XML bombs are made.
 */
export async function* walkXml(
  { file, part, bytes }: XmlPart,
  handlers: XmlHandlers,
): AsyncGenerator<undefined> {
  const parser = new SaxesParser<{ position: boolean; xmlns: false }>({ position: false, xmlns: false });
  let silence = 0;
  let depth = 0;
  let skipFrom = 0;

  parser.on("error", error => {
    throw notAWorkbook(file, `its part ${part} is not well-formed XML`, error);
  });
  parser.on("doctype", () => {
    throw notAWorkbook(file, `its part ${part} has a document type definition, which no workbook has`);
  });
  parser.on("opentag", tag => {
    silence = 0;
    depth++;
    if (depth > maxDepth) throw notAWorkbook(file, `its part ${part} is nested too deeply`);
    if (skipFrom > 0) return;
    const name = localName(tag.name);
    if (skipped.has(name)) skipFrom = depth;
    else handlers.open(name, tag.attributes);
  });
  parser.on("closetag", tag => {
    silence = 0;
    if (skipFrom === 0) handlers.close?.(localName(tag.name));
    if (skipFrom === depth) skipFrom = 0;
    depth--;
  });
  const hear = (text: string) => {
    silence = 0;
    if (skipFrom === 0) handlers.text?.(text);
  };
  parser.on("text", hear);
  parser.on("cdata", hear);

  const feed = (text: string) => {
    silence += text.length;
    parser.write(text);
    if (silence > maxSilence) throw tooLarge(file, `its part ${part} holds a text of more than a megabyte`);
  };
  let decoder: TextDecoder | undefined;
  try {
    for await (const chunk of bytes) {
      decoder ??= new TextDecoder(encodingOf(chunk), { fatal: true });
      feed(decoder.decode(chunk, { stream: true }));
      yield;
    }
    if (decoder !== undefined) feed(decoder.decode());
    parser.close();
    yield;
  } catch (cause) {
    if (isDecodingError(cause)) throw corrupt(file, `its part ${part} is not text`, cause);
    throw cause;
  }
}

/** Reads a small part to its end. */
export async function readXml(part: XmlPart, handlers: XmlHandlers): Promise<void> {
  for await (const _ of walkXml(part, handlers));
}

/** `x:row` is `row`: some programs prefix every name. */
export function localName(name: string): string {
  const colon = name.indexOf(":");
  return colon < 0 ? name : name.slice(colon + 1);
}

function encodingOf(chunk: Buffer): "utf-8" | "utf-16le" | "utf-16be" {
  if (chunk[0] === 0xff && chunk[1] === 0xfe) return "utf-16le";
  return chunk[0] === 0xfe && chunk[1] === 0xff ? "utf-16be" : "utf-8";
}
