/**
 * An X.509 certificate as far as prepop makes any: for the server of the sandbox, and for an application's sign-in.
 * Node reads certificates and has nothing to write one. Keys, time and signature come from the caller.
 * Source: RFC 5280, section 4.1 (the order of the fields) and 4.2.1 (the extensions).
 */
export type CertificateWish = {
  /** Common name. */
  readonly subject: string;
  readonly issuer: string;
  /** Public key of the subject, SPKI in DER. */
  readonly publicKey: Buffer;
  /** Positive, up to 19 bytes. */
  readonly serial: Buffer;
  /** A hash of the subject's key and of the issuer's, by which a chain is found. */
  readonly keyId: Buffer;
  readonly issuerKeyId: Buffer;
  /** Milliseconds since 1970, before 2050. */
  readonly from: number;
  readonly until: number;
  readonly kind:
    | { readonly for: "authority" }
    | { readonly for: "server"; readonly dns: readonly string[]; readonly addresses: readonly Buffer[] }
    | { readonly for: "signIn" };
  readonly algorithm: "ecdsaSha256" | "rsaSha256";
  /** Signs with the issuer's key, by that algorithm. */
  readonly sign: (content: Buffer) => Buffer;
};

/** The certificate in DER. */
export function certificateDer(wish: CertificateWish): Buffer {
  const algorithm = algorithms[wish.algorithm];
  const content = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(wish.serial),
    algorithm,
    name(wish.issuer),
    sequence(time(wish.from), time(wish.until)),
    name(wish.subject),
    wish.publicKey,
    der(0xa3, sequence(...extensionsOf(wish))),
  );
  return sequence(content, algorithm, bits(wish.sign(content)));
}

/** DER as the text that files hold. */
export function pem(label: string, bytes: Buffer): string {
  const lines = bytes.toString("base64").match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

function extensionsOf({ kind, keyId, issuerKeyId }: CertificateWish): Buffer[] {
  return [
    ...extensionsFor(kind),
    extension("551d0e", der(0x04, keyId)),
    extension("551d23", sequence(der(0x80, issuerKeyId))),
  ];
}

function extensionsFor(kind: CertificateWish["kind"]): Buffer[] {
  const basic = sequence(kind.for === "authority" ? yes : Buffer.alloc(0));
  switch (kind.for) {
    case "authority":
      return [extension("551d13", basic, true), extension("551d0f", keyUsage(0x06, 1), true)];
    case "server": {
      const names = kind.dns.map(each => der(0x82, Buffer.from(each)));
      const addresses = kind.addresses.map(each => der(0x87, each));
      return [
        extension("551d13", basic, true),
        extension("551d0f", keyUsage(0x80, 7), true),
        extension("551d25", sequence(oid("2b06010505070301"))),
        extension("551d11", sequence(...names, ...addresses)),
      ];
    }
    case "signIn":
      return [
        extension("551d13", basic, true),
        extension("551d0f", keyUsage(0x80, 7), true),
        extension("551d25", sequence(oid("2b06010505070302"))),
      ];
  }
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(oid(id), ...(critical ? [yes] : []), der(0x04, value));
}

/** A bit string of one byte whose last `unused` bits do not count. */
function keyUsage(mask: number, unused: number): Buffer {
  return der(0x03, Buffer.from([unused, mask]));
}

/** UTCTime knows the years from 1950 to 2049. */
function time(at: number): Buffer {
  const text = new Date(at).toISOString().replace(/[-:T]/g, "").slice(2, 14);
  return der(0x17, Buffer.from(`${text}Z`));
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(oid("550403"), der(0x0c, Buffer.from(commonName)))));
}

/** A first bit that is set would make it negative. */
function integer(bytes: Buffer): Buffer {
  const positive = (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return der(0x02, positive);
}

function bits(bytes: Buffer): Buffer {
  return der(0x03, Buffer.concat([Buffer.from([0]), bytes]));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function oid(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

const yes = der(0x01, Buffer.from([0xff]));

const algorithms = {
  ecdsaSha256: sequence(oid("2a8648ce3d040302")),
  rsaSha256: sequence(oid("2a864886f70d01010b"), der(0x05, Buffer.alloc(0))),
};
