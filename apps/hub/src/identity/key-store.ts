// Certificates and keys that come in PKCS #12 from another authority, as PEM. Old files use ciphers that OpenSSL 3 no longer opens (RC2-40); they are
// read all the same, since TAK servers still hand them out.
import { createPrivateKey } from "node:crypto";
import forge from "node-forge";

export interface KeyStore {
  /** Of whoever holds the key; absent in a store of trusted certificates alone. */
  readonly cert: string | undefined;
  readonly key: string | undefined;
  /** All certificates in it. */
  readonly certificates: readonly string[];
}

const MAX_STORE_BYTES = 256 * 1024;
/** Guessing is made slow by iterations, and so is opening: a file that asks for more is not opened. */
const MAX_CERTIFICATES = 20;

/** Undefined when it cannot be opened with this password, or is none. */
export function openKeyStore(bytes: Uint8Array, password: string): KeyStore | undefined {
  if (bytes.length > MAX_STORE_BYTES) return undefined;
  try {
    const asn1 = forge.asn1.fromDer(Buffer.from(bytes).toString("binary"));
    const store = forge.pkcs12.pkcs12FromAsn1(asn1, false, password);
    const { certBag = "", pkcs8ShroudedKeyBag = "", keyBag = "" } = forge.pki.oids;
    const keys = [pkcs8ShroudedKeyBag, keyBag].flatMap((bagType) => store.getBags({ bagType })[bagType] ?? []);
    const certificates = (store.getBags({ bagType: certBag })[certBag] ?? []).flatMap(({ cert }) => (cert === undefined ? [] : [cert]));
    if (certificates.length > MAX_CERTIFICATES) return undefined;
    const key = keys[0]?.key;
    const pem = (certificate: forge.pki.Certificate): string => forge.pki.certificateToPem(certificate).replaceAll("\r\n", "\n");
    const own =
      key === undefined ? undefined : certificates.find(({ publicKey }) => (publicKey as forge.pki.rsa.PublicKey).n.equals(key.n));
    return {
      cert: own === undefined ? undefined : pem(own),
      key:
        key === undefined
          ? undefined
          : createPrivateKey(forge.pki.privateKeyToPem(key)).export({ type: "pkcs8", format: "pem" }).toString(),
      certificates: certificates.map(pem),
    };
  } catch {
    return undefined;
  }
}
