import { walkXml } from "./xml.ts";
import { notAWorkbook, tooLarge, type Zip } from "./zip.ts";

/** The workbook's table of texts, as one block of UTF-8 with offsets: the memory floor of reading Excel's own files. */
export type SharedStrings = {
  /** The text of an index, or undefined when there is none. */
  at(index: number): string | undefined;
};

const limits = { strings: 16_000_000, bytes: 512 * 1024 ** 2, one: 32_767 };
const blockSize = 1024 * 1024;

/** Reads the part of shared strings; phonetic readings are left out. */
export async function readSharedStrings(file: string, zip: Zip, part: string): Promise<SharedStrings> {
  const store = new TextStore(file);
  let text = "";
  let inText = false;
  let root = true;
  const handlers = {
    open(name: string) {
      if (root && name !== "sst") throw notAWorkbook(file, `its part ${part} holds no texts`);
      root = false;
      if (name === "si") text = "";
      inText = name === "t";
    },
    close(name: string) {
      if (name === "si") store.add(text);
      inText = false;
    },
    text(piece: string) {
      if (!inText) return;
      text += piece;
      if (text.length > limits.one * 8)
        throw tooLarge(file, `a text in its part ${part} is longer than a cell may be`);
    },
  };
  for await (const _ of walkXml({ file, part, bytes: zip.read(part) }, handlers));
  return store;
}

/** Texts after each other in blocks of a megabyte; an offset each. A text never spans two blocks. */
class TextStore implements SharedStrings {
  readonly #file: string;
  readonly #blocks: Buffer[] = [];
  #offsets = new Uint32Array(1024);
  #count = 0;
  #end = 0;

  constructor(file: string) {
    this.#file = file;
  }

  add(raw: string): void {
    const text = decodeEscapes(raw);
    if (text.length > limits.one) throw tooLarge(this.#file, "a cell holds more than 32,767 characters");
    const length = Buffer.byteLength(text);
    if (this.#count >= limits.strings || this.#end + length > limits.bytes) {
      throw tooLarge(this.#file, "it holds too many texts");
    }
    let block = this.#blocks.at(-1);
    if (
      block === undefined ||
      (this.#end % blockSize) + length > blockSize ||
      this.#end === this.#blocks.length * blockSize
    ) {
      this.#end = this.#blocks.length * blockSize;
      block = Buffer.allocUnsafeSlow(blockSize);
      this.#blocks.push(block);
    }
    block.write(text, this.#end % blockSize);
    this.#reserve();
    this.#offsets[this.#count * 2] = this.#end;
    this.#offsets[this.#count * 2 + 1] = length;
    this.#count++;
    this.#end += length;
  }

  at(index: number): string | undefined {
    if (!Number.isInteger(index) || index < 0 || index >= this.#count) return undefined;
    const start = this.#offsets[index * 2] ?? 0;
    const length = this.#offsets[index * 2 + 1] ?? 0;
    const within = start % blockSize;
    return this.#blocks[Math.floor(start / blockSize)]?.toString("utf8", within, within + length) ?? "";
  }

  #reserve(): void {
    if ((this.#count + 1) * 2 <= this.#offsets.length) return;
    const grown = new Uint32Array(Math.ceil(this.#offsets.length * 1.5));
    grown.set(this.#offsets);
    this.#offsets = grown;
  }
}

/** `_x000D_` stands for a character that XML cannot hold; `_x005F_` for an underscore that would look like one. */
export function decodeEscapes(text: string): string {
  if (!text.includes("_x")) return text;
  return text.replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}
