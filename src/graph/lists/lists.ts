import type { ListFile, ListPlace } from "../../model/sharedList.ts";
import type { Call } from "../wire.ts";
import type { Download } from "./download.ts";
import { downloadFile, findFile, uploadBeside } from "./files.ts";
import { type OnlineWorkbook, openOnline } from "./workbook.ts";

/** Lists that live in SharePoint and OneDrive. Like all of Graph here, nothing retries or waits; all throw GraphFault. */
export type Lists = {
  find(place: ListPlace): Promise<ListFile>;
  download(file: ListFile): Promise<AsyncIterable<Uint8Array>>;
  /** Puts a file into the folder of another, over one of that name. */
  uploadBeside(file: ListFile, name: string, bytes: Uint8Array): Promise<void>;
  /** Opens a workbook in Excel Online, to write (`persist`) or only to look. */
  open(file: ListFile, persist: boolean): Promise<OnlineWorkbook>;
};

export function listsAt(call: Call, origin: string, download: Download): Lists {
  return {
    find: place => findFile(call, origin, place),
    download: file => downloadFile(call, file, download),
    uploadBeside: (file, name, bytes) => uploadBeside(call, file, name, bytes),
    open: (file, persist) => openOnline(call, origin, file, persist),
  };
}
