import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, in PEM. */
export interface Certified {
  cert: string;
  key: string;
}

/** Options of a certificate. */
interface Wanted {
  /** The certificate's name. */
  name: string;
  /** Its subject alternative names, such as `DNS:localhost`. */
  for?: string;
  /** The CA that signs it. By default it is a self-signed CA. */
  by?: Certified;
  /** Whether it has expired. */
  expired?: boolean;
}

/** Creates certificates with openssl. */
export function certify({ name, for: names, by, expired = false }: Wanted): Certified {
  const folder = mkdtempSync(join(tmpdir(), "tsdc-certify-"));
  const at = (file: string) => join(folder, file);
  const openssl = (...args: string[]) => execFileSync("openssl", args, { cwd: folder, stdio: ["ignore", "ignore", "pipe"] });
  try {
    const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", "key.pem", "-subj", `/CN=${name}`];
    if (!by) {
      openssl("req", "-x509", "-days", "2", ...key, "-out", "cert.pem", "-addext", "basicConstraints=critical,CA:TRUE");
    } else {
      writeFileSync(at("ca.pem"), by.cert);
      writeFileSync(at("ca-key.pem"), by.key);
      writeFileSync(
        at("ext"),
        names === undefined ? "extendedKeyUsage=clientAuth\n" : `subjectAltName=${names}\nextendedKeyUsage=serverAuth\n`,
      );
      openssl("req", ...key, "-out", "request.pem");
      const sign = [
        "-req",
        "-in",
        "request.pem",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca-key.pem",
        "-CAcreateserial",
        "-extfile",
        "ext",
        "-out",
        "cert.pem",
      ];
      // a validity that ends the day before it begins
      openssl("x509", ...sign, "-days", expired ? "-1" : "2");
    }
    return { cert: readFileSync(at("cert.pem"), "utf8"), key: readFileSync(at("key.pem"), "utf8") };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
