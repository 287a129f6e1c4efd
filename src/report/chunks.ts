/** What a report comes in: text or bytes, in pieces that the caller writes one after the other. */
export type ReportChunks = AsyncIterable<Uint8Array | string>;

/** Around 64 KiB: few enough writes for a million rows, and little memory. */
const chunkLength = 65_536;

/** Joins many short texts into pieces worth a write. */
export async function* chunked(texts: Iterable<string>): AsyncGenerator<string, void, undefined> {
  let parts: string[] = [];
  let length = 0;
  for (const text of texts) {
    parts.push(text);
    length += text.length;
    if (length >= chunkLength) {
      yield parts.join("");
      parts = [];
      length = 0;
    }
  }
  if (length > 0) yield parts.join("");
}
