/** One element of a list in JSON text, and where it stands: its number from 1, or its line in NDJSON. */
export type JsonElement = { readonly number: number; readonly text: string };

/** The text is not a list of objects. `line` is where that was seen. */
export class JsonShapeError extends Error {
  readonly kind: "corrupt" | "tooLarge" | "shape";
  constructor(kind: JsonShapeError["kind"], message: string) {
    super(message);
    this.name = "JsonShapeError";
    this.kind = kind;
  }
}

/** An element may be a megabyte; a person's record is a few hundred characters. */
const maxElement = 1024 * 1024;

/**
 * Cuts an array of objects into its elements while the text arrives, without holding more than one of them.
 * An object around one array (`{"value":[…]}`) is taken for its array. Where an element ends is all it knows:
 * JSON.parse reads the element.
 *
 * States: `before` the array (walking a wrapper's other members), `between` elements, `inside` one, `after` the array.
 */
export class JsonSplitter {
  #state: "before" | "between" | "inside" | "after" = "before";
  #depth = 0;
  #wrapped = false;
  #inString = false;
  #escaped = false;
  #number = 0;
  #parts: string[] = [];
  #length = 0;
  #seenValue = false;
  #expectComma = false;

  /** Takes a piece of text and returns the elements that ended in it. */
  push(text: string): JsonElement[] {
    const elements: JsonElement[] = [];
    let start = 0;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (this.#inString) {
        if (this.#escaped) this.#escaped = false;
        else if (code === backslash) this.#escaped = true;
        else if (code === quote) this.#inString = false;
        continue;
      }
      switch (this.#state) {
        case "inside":
          if (code === quote) this.#inString = true;
          else if (code === openBrace || code === openBracket) this.#depth++;
          else if (code === closeBrace || code === closeBracket) {
            this.#depth--;
            if (this.#depth > 0) break;
            elements.push(this.#element(text.slice(start, index + 1)));
            this.#state = "between";
            this.#expectComma = true;
          }
          break;
        case "between":
          if (isSpace(code)) break;
          if (code === comma && this.#expectComma) this.#expectComma = false;
          else if (code === openBrace && !this.#expectComma) {
            this.#state = "inside";
            this.#depth = 1;
            start = index;
          } else if (code === closeBracket && (this.#expectComma || this.#number === 0)) {
            this.#state = "after";
            this.#depth = this.#wrapped ? 1 : 0;
          } else throw new JsonShapeError("shape", `element ${this.#number + 1} is not an object`);
          break;
        case "before":
          this.#before(code);
          break;
        case "after":
          this.#after(code);
          break;
      }
    }
    if (this.#state === "inside") this.#keep(text.slice(start));
    return elements;
  }

  /** The text has ended. */
  end(): void {
    if (this.#state === "after" && this.#depth === 0) return;
    if (this.#state === "before" && this.#depth === 0 && this.#seenValue) {
      throw new JsonShapeError("shape", "it holds no array of objects");
    }
    throw new JsonShapeError("corrupt", `the text ends in the middle (after ${this.#number} elements)`);
  }

  #before(code: number): void {
    if (isSpace(code) || code === byteOrderMark) return;
    if (this.#depth === 0) {
      if (this.#seenValue) throw new JsonShapeError("corrupt", "there is text after the end of the list");
      if (code === openBracket) this.#state = "between";
      else if (code === openBrace) {
        this.#wrapped = true;
        this.#depth = 1;
        this.#seenValue = true;
      } else throw new JsonShapeError("shape", "it is neither an array of objects nor one object a line");
      return;
    }
    if (code === quote) this.#inString = true;
    else if (code === openBracket && this.#depth === 1) this.#state = "between";
    else if (code === openBrace || code === openBracket) this.#depth++;
    else if (code === closeBrace || code === closeBracket) this.#depth--;
  }

  #after(code: number): void {
    if (isSpace(code)) return;
    if (this.#depth === 0) throw new JsonShapeError("corrupt", "there is text after the end of the list");
    if (code === quote) this.#inString = true;
    else if (code === openBracket && this.#depth === 1) {
      throw new JsonShapeError("shape", "it holds more than one array, so it is not clear which is the list");
    } else if (code === openBrace || code === openBracket) this.#depth++;
    else if (code === closeBrace || code === closeBracket) this.#depth--;
  }

  #keep(piece: string): void {
    this.#length += piece.length;
    if (this.#length > maxElement) {
      throw new JsonShapeError("tooLarge", `element ${this.#number + 1} is longer than a megabyte`);
    }
    this.#parts.push(piece);
  }

  #element(last: string): JsonElement {
    this.#keep(last);
    const text = this.#parts.join("");
    this.#parts = [];
    this.#length = 0;
    this.#number++;
    return { number: this.#number, text };
  }
}

/** Cuts NDJSON into its lines; blank lines are no elements, and an element's number is its line. */
export class LineSplitter {
  #rest = "";
  #line = 0;

  push(text: string): JsonElement[] {
    const lines = (this.#rest + text).split("\n");
    this.#rest = lines.pop() ?? "";
    if (this.#rest.length > maxElement) {
      throw new JsonShapeError("tooLarge", `line ${this.#line + lines.length + 1} is longer than a megabyte`);
    }
    return lines.flatMap(line => this.#element(line));
  }

  end(): JsonElement[] {
    return this.#rest === "" ? [] : this.#element(this.#rest);
  }

  #element(line: string): JsonElement[] {
    this.#line++;
    const text = line.trim();
    return text === "" ? [] : [{ number: this.#line, text }];
  }
}

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBrace, closeBrace, openBracket, closeBracket] = [0x7b, 0x7d, 0x5b, 0x5d];
const byteOrderMark = 0xfeff;
const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
