import { X509Certificate } from "node:crypto";
import { readFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { readCertificate } from "../../graph/signIn/certificate.ts";
import { newCertificate } from "../../graph/signIn/newCertificate.ts";
import { PrepopError } from "../../model/errors.ts";
import { writeOwn } from "../profiles.ts";

const dayMs = 86_400_000;
/** A certificate that runs out sooner is replaced by the next setup. */
const renewBeforeDays = 30;
/** A registration takes no longer ones (https://learn.microsoft.com/graph/applications-how-to-add-certificate, read 2026-11-28). */
const validDays = 365;

/** The certificate of one profile and its key, in a file that only its owner can read. */
export type CertificateFile = {
  readonly path: string;
  /** The certificate that is good for a while yet, DER in base64; undefined where there is none. */
  usable(now: number): Promise<string | undefined>;
  /** The certificate in use, however long it is good for. */
  registered(): Promise<string | undefined>;
  /** Makes another one beside the one in use, and gives it, DER in base64. */
  renew(now: number): Promise<string>;
  /** Puts the new one in the place of the one in use, now that it is registered. */
  settle(): Promise<void>;
  remove(): Promise<void>;
};

export function certificateFile(home: string, profile: string): CertificateFile {
  const folder = resolve(home, "certificates");
  const name = `${profile.toLowerCase()}.pem`;
  const path = join(folder, name);
  const fresh = `${profile.toLowerCase()}.new.pem`;
  return {
    path,
    usable: async now => {
      const until = now + renewBeforeDays * dayMs;
      return (await read(join(folder, fresh), until)) ?? (await read(path, until));
    },
    registered: async () => certificateIn(await textOf(path)),
    renew: async now => {
      const made = await newCertificate(`prepop ${profile}`, now, validDays);
      await writeOwn(folder, fresh, made.file);
      return made.certificate;
    },
    settle: async () => {
      try {
        await rename(join(folder, fresh), path);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    remove: async () => {
      for (const each of [path, join(folder, fresh)]) await rm(each, { force: true });
    },
  };
}

/** When the certificate in a file runs out, ms since 1970; undefined for a file that holds none. */
export async function certificateEnd(path: string): Promise<number | undefined> {
  const certificate = certificateIn(await textOf(path));
  try {
    if (certificate === undefined) return undefined;
    return new X509Certificate(Buffer.from(certificate, "base64")).validToDate.getTime();
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

/** One that cannot be used at that time counts as none: another is made in its place. */
async function read(path: string, until: number): Promise<string | undefined> {
  const text = await textOf(path);
  try {
    if (text !== undefined) readCertificate(text, undefined, until);
    return certificateIn(text);
  } catch (error) {
    if (error instanceof PrepopError) return undefined;
    throw error;
  }
}

function certificateIn(text: string | undefined): string | undefined {
  return /-----BEGIN CERTIFICATE-----([\s\S]+?)-----END/.exec(text ?? "")?.[1]?.replace(/\s/g, "");
}

async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
